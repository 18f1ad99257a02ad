"""What the person looks at just now, and what follows when snapshots or wishes arrive."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core import prose, wording
from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.snapshot import RunView, Snapshot
from lossacc_gui.memory import FolderMemory, Note
from lossacc_gui.settings import Settings
from lossacc_gui.ui.aloud import announce
from lossacc_gui.ui.focus import in_reading_order
from lossacc_gui.ui.plot.options import Note as PlotNote
from lossacc_gui.ui.plot.options import PlotOptions
from lossacc_gui.ui.runs import first_key
from lossacc_gui.ui.theme import run_colours
from lossacc_gui.ui.toolbar import HALF_LIVES, nearest_notch
from lossacc_gui.ui.window import Window

_KEPT_VIEW = [
    "mode",
    "x",
    "log_loss",
    "better_up",
    "half_life",
    "smoothing",
    "clip_outliers",
    "show_train",
    "show_markers",
    "show_findings",
]


def options_from(settings: Settings, view: dict[str, Any] | None = None) -> PlotOptions:
    """The plot's options from the settings, overlaid with what was remembered for the folder."""
    chosen: dict[str, Any] = {
        "mode": settings.mode,
        "x": settings.x_axis,
        "log_loss": settings.log_loss,
        "better_up": settings.up_is_better,
        "half_life": settings.smoothing,
        "smoothing": settings.smoothing_kind,
    }
    defaults = {spec.name: spec.default for spec in fields(PlotOptions)}
    allowed = {
        "mode": ("overlay", "stacked", "indexed"),
        "x": ("auto", "step", "epoch", "relative", "clock"),
        "smoothing": ("ema", "median"),
    }
    for name, value in (view or {}).items():
        fits = name in _KEPT_VIEW and type(value) is type(defaults[name])
        if fits and value in allowed.get(name, (value,)):
            chosen[name] = value
    return PlotOptions(**chosen)


def _told(options: dict[str, Any]) -> str:
    """The options that can be said in a word: "mode stacked, log loss on"."""
    words = {name.replace("_", " "): value for name, value in options.items()}
    said = [
        f"{name} {('off', 'on')[value] if isinstance(value, bool) else value}"
        for name, value in words.items()
        if isinstance(value, bool | str | float)
    ]
    return ", ".join(said)


class Desk(QObject):
    """Keeps which run, finding, ticks and options are in force. Window thread only.

    Signals: `options_changed()`, `remembered()` after something that outlives the session changed,
    `looked_at(run keys)` when other runs are in sight.
    """

    options_changed = Signal()
    remembered = Signal()
    looked_at = Signal(tuple)

    def __init__(self, window: Window, settings: Settings) -> None:
        super().__init__(window)
        self.window = window
        self.settings = settings
        self.memory = FolderMemory()
        self.paths: tuple[str, ...] = ()
        self.snapshot: Snapshot | None = None
        self.run_key = ""
        self.finding_key: str | None = None
        self._opening = True  # until all is judged or the person chose a run
        self._table = True  # of compared runs; a chosen finding takes its place
        self._followed = False  # the plot follows this run once; then the person's word counts
        self._by_person = False  # the person chose the finding (or the overview)
        self._index: dict[str, RunView] = {}
        self._looked_at: tuple[str, ...] = ()

    # --- folders ---------------------------------------------------------------------------

    def open(self, paths: tuple[str, ...], memory: FolderMemory) -> None:
        """Starts afresh on these paths."""
        self.paths, self.memory, self.snapshot = paths, memory, None
        self.run_key, self.finding_key, self._by_person = memory.chosen, None, False
        self._index, self._opening, self._looked_at = {}, True, ()
        self.window.runs.model.show(())
        self.window.runs.show_memory(memory)
        self.window.runs.model.set_ticked(memory.ticked)
        self.window.plot.set_view(options_from(self.settings, dict(memory.view)))
        self.window.show_snapshot(None, paths)
        self._show_run()
        self.options_changed.emit()

    def receive(self, snapshot: Snapshot | None) -> None:
        """Shows a snapshot; only what is another object than before is drawn again."""
        if snapshot is None:
            return
        before = self._index.get(self.run_key)
        ticked = self.ticked_views()
        self.snapshot = snapshot
        self._index = {view.data.key: view for view in snapshot.runs}
        if before is not None and before is not self.view:
            self._show_curves()
            self.window.plot.draw_now()  # list, panel and status follow
        fresh = self.window.pages.currentWidget() is not self.window.work
        self.window.show_snapshot(snapshot, self.paths)
        if self._choose_while_opening() or self.run_key not in self._index:
            before = None
            self._followed = False
        self.window.runs.choose(self.run_key)
        if fresh:  # only now: a list without a current row takes its first one with the focus
            self.window.runs.rows.setFocus()
        after = self._index.get(self.run_key)
        if after is not before or self.ticked_views() != ticked:
            self._show_run()
        if not all(wording.is_judged(view.diagnosis) for view in snapshot.runs):
            self.tell_looked_at()

    def _choose_while_opening(self) -> bool:
        """Takes the remembered or the newest run while more of them keep turning up."""
        wanted = self.memory.chosen if self.memory.chosen in self._index else ""
        if not self._opening and self.run_key in self._index:
            return False
        chosen = wanted or first_key(self._visible())
        judged = all(wording.is_judged(view.diagnosis) for view in self._index.values())
        self._opening = self._opening and not judged
        moved = chosen != self.run_key
        self.run_key = chosen
        return moved

    def _visible(self) -> tuple[RunView, ...]:
        runs = self.snapshot.runs if self.snapshot else ()
        return tuple(view for view in runs if view.data.key not in self.memory.hidden)

    # --- what is looked at -----------------------------------------------------------------

    @property
    def view(self) -> RunView | None:
        """The run that is shown."""
        return self._index.get(self.run_key)

    def name_of(self, view: RunView) -> str:
        """The run's name, as the person renamed it."""
        return self.memory.renamed.get(view.data.key) or view.data.name

    def ticked_views(self) -> tuple[RunView, ...]:
        """The ticked runs in the order of ticking; empty unless two or more."""
        keys = self.window.runs.model.ticked
        views = tuple(self._index[key] for key in keys if key in self._index)
        return views if len(views) > 1 else ()

    @property
    def finding(self) -> Finding | None:
        """The finding that is explained."""
        view = self.view
        found = view.diagnosis.findings if view else ()
        return next((f for f in found if f.key == self.finding_key), None)

    def choose_run(self, key: str) -> None:
        """Shows another run and explains its most serious finding."""
        self.run_key, self.finding_key, self._by_person = key, None, False
        self._followed = self._opening = False
        self._table = True
        self.window.runs.choose(key)
        self._show_run()
        self.remember(chosen=key)

    def choose_finding(self, key: str) -> None:
        """Explains this finding, and brings its stretch into view; "" for the run as a whole."""
        back = not key and bool(self.compared()) and not self._table
        self.finding_key, self._by_person = key or None, True
        self._table = back
        self.window.show_comparison(back)
        self._explain()
        self.window.plot.select_finding(self.finding_key)
        announce(self.window, self._spoken())

    def _spoken(self) -> str:
        if self.finding is not None:
            return prose.spoken(self.finding)
        return self.view.diagnosis.headline if self.view else ""

    def show_finding(self, run_key: str, finding_key: str) -> None:
        """Explains a finding of any run; the gravest where it is gone, nothing without the run."""
        if run_key not in self._index:
            return
        self.choose_run(run_key)
        if any(f.key == finding_key for f in self._index[run_key].diagnosis.findings):
            self.choose_finding(finding_key)

    def step_finding(self, by: int) -> None:
        """Explains the next or the previous finding in the order of the list."""
        keys = [f.key for f in wording.by_weight(self.view.diagnosis)] if self.view else []
        if not keys:
            return
        place = keys.index(self.finding_key) + by if self.finding_key in keys else (by < 0) * -1
        self.choose_finding(keys[place % len(keys)])

    def show_ticked(self) -> None:
        """Compares the ticked runs, or goes back to one."""
        self._table = True
        ticked = self.ticked_views()
        if ticked and self.view not in ticked:  # the last one ticked is the one to explain
            self.run_key, self.finding_key, self._by_person = ticked[-1].data.key, None, False
            self.window.runs.choose(self.run_key)
        self._show_run()
        self.remember(ticked=self.window.runs.model.ticked_at_all)

    def compared(self) -> tuple[RunView, ...]:
        """The runs in the picture when they are several: a run that is not ticked shows alone."""
        ticked = self.ticked_views()
        return ticked if self.view in ticked else ()

    def _show_curves(self) -> None:
        """The newest points of the run that is shown alone; comparing needs its colours first."""
        view = self.view
        if view is not None and not self.compared():
            self.window.plot.show_runs((view,), 0, [self.name_of(view)])

    def tell_looked_at(self) -> None:
        """Says which runs are wanted first: the chosen, the compared, those in sight."""
        compared = [view.data.key for view in self.compared()]
        keys = tuple(dict.fromkeys([self.run_key, *compared, *self.window.runs.in_sight()]))
        if keys != self._looked_at:
            self._looked_at = keys
            self.looked_at.emit(keys)

    def _show_run(self) -> None:
        compared, view = self.compared(), self.view
        if compared:
            place = [v.data.key for v in compared].index(self.run_key)
            names = [self.name_of(v) for v in compared]
            by_name = run_colours((v.data.name for v in compared), self.window.theme.palette)
            colours = {v.data.key: by_name[v.data.name] for v in compared}
            self.window.plot.show_runs(compared, place, names)
            self.window.compare.show_runs(compared, names, colours)
            self.window.runs.show_colours(colours)
        else:
            self.window.plot.show_runs(
                (view,) if view else (), 0, [self.name_of(view)] if view else ()
            )
        self.window.show_comparison(bool(compared) and self._table)
        if view is not None and view.data.state == "live" and not self._followed:
            self._followed = True
            self.window.plot.follow(self.settings.follow)
        self._show_notes()
        self._choose_by_itself()
        self._explain()

    def _choose_by_itself(self) -> None:
        """Until the person chooses, the most serious finding is the one to explain."""
        view = self.view
        keys = {f.key for f in view.diagnosis.findings} if view else set()
        if self.finding_key is not None and self.finding_key not in keys:
            self.finding_key, self._by_person = None, False
        if view is None or self._by_person or self.finding_key is not None:
            return
        found = wording.by_weight(view.diagnosis)
        healthy = [v.cause for v in view.diagnosis.verdict[:1]] == ["healthy"]
        if found and not (found[0].benign and healthy):
            self.finding_key = found[0].key
        self.window.plot.select_finding(self.finding_key, reveal=False)

    def _explain(self) -> None:
        self.window.explain.show_run(self.view, self.finding_key, self.settings.purpose)
        in_reading_order(self.window.explain)

    def choose_purpose(self) -> None:
        """The settings say what the model is for: advice is put in that order."""
        self._explain()

    def show_again(self) -> None:
        """The colours changed."""
        self._show_run()

    # --- how the plot is shown -------------------------------------------------------------

    def change(self, **options: Any) -> None:
        """Changes some of the plot's options."""
        announce(self.window, _told(options))
        plot = self.window.plot
        plot.set_view(replace(plot.options(), **options))
        self.options_changed.emit()
        kept = {k: v for k, v in asdict(plot.options()).items() if k in _KEPT_VIEW}
        self.remember(view=kept)

    def smooth(self, by: int) -> None:
        """Moves the smoothing by notches."""
        notch = nearest_notch(self.window.plot.options().half_life) + by
        self.change(half_life=HALF_LIVES[min(len(HALF_LIVES) - 1, max(0, notch))])

    def cycle(self, name: str, choices: tuple[str, ...]) -> None:
        """Takes the next of the choices of an option."""
        current = getattr(self.window.plot.options(), name)
        place = choices.index(current) + 1 if current in choices else 0
        self.change(**{name: choices[place % len(choices)]})

    # --- what is remembered ----------------------------------------------------------------

    def remember(self, **what: Any) -> None:
        """Keeps something for this folder, beside the settings."""
        changed = replace(self.memory, **what)
        if changed != self.memory:
            self.memory = changed
            self.remembered.emit()

    def set_persons(self, **what: Any) -> None:
        """Keeps hidden or renamed runs and shows the list accordingly."""
        self.remember(**what)
        self.window.runs.show_memory(self.memory)
        if self.run_key in self.memory.hidden:
            self.choose_run(first_key(self._visible()))
        elif self.compared():
            self._show_run()

    def add_note(self, x: float, text: str) -> None:
        """Keeps the person's words at an x of the run; empty words remove the note there."""
        kind = self.window.plot.current_x()
        notes = dict(self.memory.notes)
        kept = [n for n in notes.get(self.run_key, ()) if (n.x, n.kind) != (x, kind)]
        notes[self.run_key] = tuple([*kept, Note(x, text, kind)] if text else kept)
        self.remember(notes=notes)
        self._show_notes()

    def _show_notes(self) -> None:
        notes = self.memory.notes.get(self.run_key, ())
        kinds: tuple[Any, ...] = ("auto", "step", "epoch", "relative", "clock")
        shown = [PlotNote(n.x, n.text, n.kind) for n in notes if n.kind in kinds]  # type: ignore[arg-type]
        self.window.plot.set_notes(shown)
