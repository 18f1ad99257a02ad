"""Does what the person asks by name: every act of the table, bound to the desk and its panes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog

from lossacc_gui.core.commands import MapMetric, Rescan, SetClasses
from lossacc_gui.core.plain import plain
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.settings import Settings
from lossacc_gui.ui.actions import ACTS, Actions
from lossacc_gui.ui.command_palette import CommandPalette, ShortcutSheet
from lossacc_gui.ui.desk import Desk
from lossacc_gui.ui.dialogs import MappingDialog, MetricsDialog, ProblemsDialog
from lossacc_gui.ui.exports import FileWriters
from lossacc_gui.ui.options import SettingsDialog
from lossacc_gui.ui.plot.options import PlotOptions
from lossacc_gui.ui.status import problems_of

_FILTERS = {
    "png": "Pictures (*.png)",
    "svg": "Drawings (*.svg)",
    "csv-drawn": "Tables (*.csv)",
    "csv-full": "Tables (*.csv)",
    "html": "Reports (*.html)",
}


class Acts(QObject):
    """Window thread only.

    Signals: `command(core command)` for the engine, `open_asked(paths)`, `demo_asked()`,
    `start_asked()`, `settings_changed(Settings)`.
    """

    command = Signal(object)
    open_asked = Signal(tuple)
    demo_asked = Signal()
    start_asked = Signal()
    settings_changed = Signal(object)

    def __init__(self, desk: Desk, writers: FileWriters) -> None:
        super().__init__(desk)
        self._desk = desk
        self._window = desk.window
        self.writers = writers
        self._folder = str(Path.home())
        self._doing: dict[str, Callable[[], None]] = {
            "open": self._open,
            "open-address": self._open_address,
            "demo": self.demo_asked.emit,
            "rescan": lambda: self.command.emit(Rescan()),
            "start": self.start_asked.emit,
            "problems": self.show_problems,
            "filter": self._window.runs.focus_filter,
            "next-run": lambda: self._window.runs.step(1),
            "previous-run": lambda: self._window.runs.step(-1),
            "tick": self._tick,
            "untick": lambda: self._window.runs.model.set_ticked(()),
            "show-hidden": lambda: desk.set_persons(hidden=frozenset()),
            "next-finding": lambda: desk.step_finding(1),
            "previous-finding": lambda: desk.step_finding(-1),
            "overview": lambda: desk.choose_finding(""),
            "copy-text": lambda: self._window.explain.copy_as("text"),
            "copy-markdown": lambda: self._window.explain.copy_as("markdown"),
            "follow": lambda: self._window.plot.follow(self._checked("follow")),
            "fit": self._window.plot.fit,
            "mode": lambda: desk.cycle("mode", ("overlay", "stacked", "indexed")),
            "x-axis": lambda: desk.cycle("x", self._window.plot.available_x()),
            "log-loss": lambda: desk.change(log_loss=self._checked("log-loss")),
            "better-up": lambda: desk.change(better_up=self._checked("better-up")),
            "smoother": lambda: desk.smooth(1),
            "rougher": lambda: desk.smooth(-1),
            "smoothing-kind": lambda: desk.cycle("smoothing", ("ema", "median")),
            "clip": lambda: desk.change(clip_outliers=self._checked("clip")),
            "train": lambda: desk.change(show_train=self._checked("train")),
            "markers": lambda: desk.change(show_markers=self._checked("markers")),
            "shades": lambda: desk.change(show_findings=self._checked("shades")),
            "metrics": self._metrics,
            "note": self._note_at_end,
            "palette": self._palette,
            "shortcuts": lambda: bring(ShortcutSheet(self._window)),
            "settings": self._settings,
            "alerts": lambda: self._set(alerts=self._checked("alerts")),
            "theme": self._next_theme,
            "bigger": lambda: self._resize_text(1),
            "smaller": lambda: self._resize_text(-1),
            "full-screen": self._full_screen,
            "quit": self._close,
        }

    # --- by name ---------------------------------------------------------------------------

    def do(self, name: str) -> None:
        """Does the act with this name; an unknown one is a fault of the program."""
        if name in _FILTERS:
            self._export(name)
        elif name in self._doing:
            self._doing[name]()
        else:
            self.do_with_run(name, self._desk.run_key)

    def do_with_run(self, name: str, key: str) -> None:
        """An act of the run list's menu."""
        view = self._desk.view if key == self._desk.run_key else None
        if view is None and self._desk.snapshot is not None:
            view = next((v for v in self._desk.snapshot.runs if v.data.key == key), None)
        if name in self._doing:
            self._doing[name]()
        elif view is not None:
            on_run: dict[str, Callable[[RunView], None]] = {
                "reveal": self._reveal,
                "copy-path": lambda v: QGuiApplication.clipboard().setText(v.data.path),
                "rename": self._rename,
                "map": self._map,
                "classes": self._classes,
                "hide": self._hide,
            }
            on_run[name](view)

    def choose_from_palette(self, name: str) -> None:
        """An act, a run ("run:key") or a finding ("finding:key") of the palette."""
        kind, _, key = name.partition(":")
        if kind == "run":
            self._desk.choose_run(key)
        elif kind == "finding":
            self._desk.choose_finding(key)
        else:
            self._toggle_if_checkable(name)
            self.do(name)

    def _toggle_if_checkable(self, name: str) -> None:
        if next(act.checkable for act in ACTS if act.id == name):
            self._window.actions_.check(name, not self._checked(name))

    def _checked(self, name: str) -> bool:
        return self._window.actions_[name].isChecked()

    def show_options(self) -> None:
        """Shows the state of the plot in toolbar and menus."""
        plot, actions = self._window.plot, self._window.actions_
        options = plot.options()
        self._window.tools.show_options(options, plot.current_x(), plot.available_x())
        show_state(actions, options, plot.view_state() == "follow", self._desk.settings)

    # --- folders and files -----------------------------------------------------------------

    def _open(self) -> None:
        path = QFileDialog.getExistingDirectory(self._window, "Open a folder", self._folder)
        if path:
            self._folder = path
            self.open_asked.emit((path,))

    def _open_address(self) -> None:
        address, fine = QInputDialog.getText(
            self._window, "Open an address", "ssh://host/folder, s3://bucket/folder, gs://…"
        )
        if fine and address.strip():
            self.open_asked.emit((address.strip(),))

    def _export(self, name: str) -> None:
        suffix = "." + name.partition("-")[0]
        view = self._desk.view
        base = plain(self._desk.name_of(view), 40) if view else "lossacc"
        safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in base)
        start = str(Path(self._folder) / f"{safe}{suffix}")
        path, _ = QFileDialog.getSaveFileName(self._window, "Export", start, _FILTERS[name])
        if path:
            self.export(name, Path(path if Path(path).suffix else path + suffix))

    def export(self, name: str, path: Path) -> None:
        """Writes an export; a failure is told in the banner."""
        try:
            self.write(name, path)
        except OSError as error:
            self._window.banner.tell(f"{path}: cannot be written: {error.strerror or error}")
        else:
            self._folder = str(path.parent)
            self._window.banner.tell(f"Saved {path}")

    def write(self, name: str, path: Path) -> None:
        """Writes an export; raises OSError when that is not possible."""
        views = self._desk.compared() or ((self._desk.view,) if self._desk.view else ())
        self.writers.write(name, path, self._window, self._desk.snapshot, views)

    def _reveal(self, view: RunView) -> None:
        path = Path(view.data.path)
        folder = path if path.is_dir() else path.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # --- runs ------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._window.runs.model.toggle(self._window.runs.model.find(self._desk.run_key))

    def _hide(self, view: RunView) -> None:
        self._desk.set_persons(hidden=self._desk.memory.hidden | {view.data.key})

    def _rename(self, view: RunView) -> None:
        name, fine = QInputDialog.getText(
            self._window, "Rename here", "Shown name:", text=plain(self._desk.name_of(view), 200)
        )
        if fine:
            renamed = dict(self._desk.memory.renamed)
            renamed.pop(view.data.key, None)
            if name.strip() and name != view.data.name:
                renamed[view.data.key] = name.strip()
            self._desk.set_persons(renamed=renamed)

    def _map(self, view: RunView) -> None:
        dialog = MappingDialog(self._window, view.data, self._desk.memory.mapped)
        dialog.mapped.connect(self._mapped)
        bring(dialog)

    def _mapped(self, tag: str, role: str, split: str) -> None:
        self._desk.remember(mapped={**self._desk.memory.mapped, tag: (role, split)})
        self.command.emit(MapMetric("", tag, role, split))  # type: ignore[arg-type]

    def _classes(self, view: RunView) -> None:
        now = self._desk.memory.classes or view.diagnosis.phase_map.classes or 0
        given, fine = QInputDialog.getInt(
            self._window,
            "Number of classes",
            "Classes of this folder's runs (0: let it be inferred):",
            now,
            0,
            1_000_000,
        )
        if fine:
            classes = given if given >= 2 else None
            self._desk.remember(classes=classes)
            self.command.emit(SetClasses("", classes))

    # --- plot ------------------------------------------------------------------------------

    def _metrics(self) -> None:
        view, options = self._desk.view, self._window.plot.options()
        if view is not None:
            dialog = MetricsDialog(self._window, view.data, options.hidden, options.extra)
            dialog.changed.connect(
                lambda hidden, extra: self._desk.change(hidden=hidden, extra=extra)
            )
            bring(dialog)

    def _note_at_end(self) -> None:
        view = self._desk.view
        main = view.data.main("loss", view.data.held_out) if view else None
        if main is not None and len(main.x):
            self.ask_note(float(main.x[-1]))

    def ask_note(self, x: float) -> None:
        """Asks for the words of a note at x; none removes a note there."""
        kept = self._desk.memory.notes.get(self._desk.run_key, ())
        old = next((n.text for n in kept if n.x == x), "")
        text, fine = QInputDialog.getText(self._window, "Note", f"Note at {x:g}:", text=old)
        if fine:
            self._desk.add_note(x, text.strip())

    # --- window ----------------------------------------------------------------------------

    def show_problems(self) -> None:
        """Opens the list of files with problems."""
        snapshot = self._desk.snapshot
        if snapshot is not None:
            found = problems_of(snapshot)
            bring(ProblemsDialog(self._window, found, snapshot.status.unrecognised))

    def _palette(self) -> None:
        snapshot, view = self._desk.snapshot, self._desk.view
        more = [
            (f"finding:{f.key}", f"Finding: {f.title}", "")
            for f in (view.diagnosis.findings if view else ())
        ]
        more += [
            (f"run:{v.data.key}", f"Run: {plain(self._desk.name_of(v), 80)}", "")
            for v in (snapshot.runs if snapshot else ())
        ]
        palette = CommandPalette(self._window, more)
        palette.chosen.connect(self.choose_from_palette)
        bring(palette)

    def _settings(self) -> None:
        dialog = SettingsDialog(self._window, self._desk.settings)
        dialog.changed.connect(self.settings_changed)
        bring(dialog)

    def _set(self, **changes: object) -> None:
        self.settings_changed.emit(replace(self._desk.settings, **changes))  # type: ignore[arg-type]

    def _next_theme(self) -> None:
        order = ("system", "light", "dark")
        place = order.index(self._desk.settings.theme) + 1
        self._set(theme=order[place % len(order)])

    def _resize_text(self, by: int) -> None:
        now = self._desk.settings.font_size or 10
        self._set(font_size=min(32, max(7, now + by)))

    def _full_screen(self) -> None:
        state = self._window.windowState() ^ Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state)  # what was maximised is so again afterwards
        self._window.actions_.check("full-screen", self._window.isFullScreen())

    def _close(self) -> None:
        self._window.close()


def bring(dialog: QDialog) -> None:
    """Shows a dialog with the keyboard in it, also where no window manager gives it the focus.

    Its window waits for it: a second one of its kind would undo what is chosen in the first.
    """
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    parent = dialog.parentWidget()
    if parent is not None:
        dialog.finished.connect(lambda _: parent.activateWindow())
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def show_state(actions: Actions, options: PlotOptions, following: bool, settings: Settings) -> None:
    """Checks the checkable acts as things stand."""
    for name, on in (
        ("log-loss", options.log_loss),
        ("better-up", options.better_up),
        ("clip", options.clip_outliers),
        ("train", options.show_train),
        ("markers", options.show_markers),
        ("shades", options.show_findings),
        ("follow", following),
        ("alerts", settings.alerts),
    ):
        actions.check(name, on)
