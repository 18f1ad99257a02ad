"""Composition root: builds settings, engine, feed and window, and connects them in one block."""

from __future__ import annotations

import logging
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from lossacc_gui import settings as store
from lossacc_gui.core import wording
from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.commands import MapMetric, Prefer, SetClasses
from lossacc_gui.core.engine import read_once
from lossacc_gui.core.resources import resource
from lossacc_gui.core.snapshot import EMPTY, RunView, Snapshot
from lossacc_gui.memory import FolderMemory, load_memory, memory_file, save_memory
from lossacc_gui.report.csv import write_drawn, write_full
from lossacc_gui.settings import Desk as Left
from lossacc_gui.settings import Settings
from lossacc_gui.sources.worker import LiveWorker, worker_for
from lossacc_gui.ui.acts import Acts
from lossacc_gui.ui.alerts import Alerts
from lossacc_gui.ui.desk import Desk, options_from
from lossacc_gui.ui.exports import FileWriters
from lossacc_gui.ui.feed import Feed
from lossacc_gui.ui.palettes import stylesheet
from lossacc_gui.ui.start import Hook, no_display
from lossacc_gui.ui.start import application as start_application
from lossacc_gui.ui.style import more_style
from lossacc_gui.ui.theme import Theme
from lossacc_gui.ui.window import SIZE, Window

logger = logging.getLogger(__name__)

_RECENT = 12
_LIMIT = 5.0
QUICK = 0.01
"""Seconds between two lines of the demo when only its picture is wanted."""


class App(QObject):
    """The running program. Window thread only; `config` is where settings are kept."""

    def __init__(self, config: Path | None = None) -> None:
        super().__init__()
        self.config = config or store.FOLDER
        self.settings, message = store.load(Settings, self.config / "settings.json")
        self.left, message_left = store.load(Left, self.config / "window.json")
        self.theme = Theme(self.settings.theme)  # type: ignore[arg-type]
        self._restyle()
        self.theme.changed.connect(self._restyle)  # first: panes restyle on top of the sheet
        self.window = Window(self.theme)
        self.desk = Desk(self.window, self.settings)
        self.acts = Acts(self.desk, FileWriters(_write_report, write_full, write_drawn))
        on_tray = [self.window.actions_[name] for name in ("alerts", "quit")]
        self.alerts = Alerts(self.window, self.settings, on_tray)
        self.feed: Feed | None = None
        self._connect()
        self.apply(self.settings)
        self.window.restore(self.left.geometry, self.left.panes)
        self.window.welcome.show_recent(self.left.recent)
        self.window.show_snapshot(None, ())
        self.acts.show_options()
        for told in (message, message_left):
            self.window.banner.tell(told)

    def _connect(self) -> None:
        """Every connection between the parts of the program, in one place."""
        window, desk, acts, plot = self.window, self.desk, self.acts, self.window.plot
        window.actions_.asked.connect(acts.do)
        window.tools.half_life_chosen.connect(lambda points: desk.change(half_life=points))
        window.tools.x_chosen.connect(lambda kind: desk.change(x=kind))
        window.tools.mode_chosen.connect(lambda mode: desk.change(mode=mode))
        window.status.problems_asked.connect(acts.show_problems)
        window.welcome.open_asked.connect(lambda: acts.do("open"))
        window.welcome.demo_asked.connect(lambda: self.open_demo())
        window.welcome.recent_chosen.connect(lambda path: self.open((path,)))
        window.paths_dropped.connect(self.open)
        window.closing.connect(self.close)

        window.runs.chosen.connect(desk.choose_run)
        window.runs.ticked.connect(lambda _: desk.show_ticked())
        window.runs.asked.connect(acts.do_with_run)
        window.runs.arranged.connect(lambda sort, by: desk.remember(sort=sort, grouped=by))
        window.compare.left.connect(lambda: window.runs.model.set_ticked(()))
        window.compare.chosen.connect(desk.choose_run)
        window.compare.baseline_chosen.connect(lambda key: desk.change(baseline=key))
        window.compare.bands_chosen.connect(lambda on: desk.change(bands=on))

        plot.finding_clicked.connect(desk.choose_finding)
        plot.view_changed.connect(acts.show_options)
        plot.follow_changed.connect(lambda _: acts.show_options())
        plot.note_requested.connect(acts.ask_note)
        window.explain.finding_chosen.connect(desk.choose_finding)
        window.explain.place_pointed.connect(plot.show_place)
        window.explain.phase_hovered.connect(plot.read_at)
        plot.x_read.connect(window.explain.point_at)
        self.theme.changed.connect(desk.show_again)

        desk.options_changed.connect(acts.show_options)
        desk.remembered.connect(self._save_memory)
        desk.looked_at.connect(lambda keys: self._post(Prefer(keys)))
        window.runs.rows.verticalScrollBar().valueChanged.connect(self._scrolled)
        acts.open_asked.connect(self.open)
        acts.demo_asked.connect(lambda: self.open_demo())
        acts.start_asked.connect(self.leave_folder)
        acts.settings_changed.connect(self.change_settings)
        acts.command.connect(self._post)
        self.alerts.finding_asked.connect(self._show_alerted)
        self.alerts.unshown.connect(window.banner.tell)

    # --- folders ---------------------------------------------------------------------------

    def open(self, paths: tuple[str, ...]) -> None:
        """Watches these paths instead of what was watched before."""
        wanted = tuple(_absolute(path) for path in paths)
        memory, message = load_memory(memory_file(self.config, wanted))
        self._start(worker_for(wanted), wanted, memory)
        self.window.banner.tell(message)
        recent = [*wanted, *(p for p in self.left.recent if p not in wanted)][:_RECENT]
        self.left = replace(self.left, recent=tuple(recent), last=wanted)
        self._save_left()

    def open_demo(self, pace: float | None = None) -> None:
        """Streams the recorded run into a temporary folder and watches that."""
        self._start(worker_for((), demo=True, pace=pace), ("demo",), FolderMemory())

    def leave_folder(self) -> None:
        """Stops watching and shows the start page."""
        self._stop_feed()
        self.desk.open((), FolderMemory())
        self.window.welcome.show_recent(self.left.recent)

    def _start(self, worker: LiveWorker, paths: tuple[str, ...], memory: FolderMemory) -> None:
        self._stop_feed()
        self.alerts.forget()
        self.desk.open(paths, memory)
        self.feed = Feed(worker)
        self.feed.updated.connect(self._receive)
        self.feed.failed.connect(self.window.banner.tell)
        for tag, (role, split) in memory.mapped.items():
            self.feed.post(MapMetric("", tag, role, split))  # type: ignore[arg-type]
        if memory.classes is not None:
            self.feed.post(SetClasses("", memory.classes))
        self.feed.start()

    def _stop_feed(self) -> None:
        if self.feed is not None:
            self.feed.updated.disconnect(self._receive)
            self.feed.stop(_LIMIT)
            self.feed.deleteLater()
            self.feed = None

    def _receive(self) -> None:
        snapshot = self.feed.take() if self.feed is not None else None
        if snapshot is not None:
            self.desk.receive(snapshot)
            self.alerts.consider(snapshot, self.desk.memory)

    def _post(self, command: object) -> None:
        if self.feed is not None:
            self.feed.post(command)

    def _scrolled(self) -> None:
        snapshot = self.desk.snapshot
        if snapshot and not all(wording.is_judged(view.diagnosis) for view in snapshot.runs):
            self.desk.tell_looked_at()

    def _show_alerted(self, run_key: str, finding_key: str) -> None:
        self.window.come_forward()
        self.desk.show_finding(run_key, finding_key)

    # --- settings --------------------------------------------------------------------------

    def change_settings(self, changed: Settings) -> None:
        """Applies and saves settings."""
        before, self.settings = self.settings, changed
        self.apply(changed)
        if options_from(before) != options_from(changed):
            fresh = options_from(changed)
            self.desk.change(
                mode=fresh.mode,
                x=fresh.x,
                log_loss=fresh.log_loss,
                better_up=fresh.better_up,
                half_life=fresh.half_life,
                smoothing=fresh.smoothing,
            )
        self.acts.show_options()
        self.window.banner.tell(store.save(changed, self.config / "settings.json"))

    def apply(self, chosen: Settings) -> None:
        """Puts settings in force."""
        self.desk.settings = chosen
        self.alerts.settings = chosen
        self.theme.choose(chosen.theme)  # type: ignore[arg-type]
        self.theme.set_font_scale(chosen.font_size / 10 if chosen.font_size else 1.0)
        self._restyle()
        self.desk.choose_purpose()

    def _restyle(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            sheet = stylesheet(self.theme.palette) + more_style(self.theme)
            if application.styleSheet() != sheet:
                application.setStyleSheet(sheet)

    def _save_memory(self) -> None:
        if self.desk.paths:
            path = memory_file(self.config, self.desk.paths)
            self.window.banner.tell(save_memory(self.desk.memory, path))

    def _save_left(self) -> None:
        store.save(self.left, self.config / "window.json")

    def close(self) -> None:
        """Stops everything; called once the window closes."""
        geometry, panes = self.window.left_as()
        self.left = replace(self.left, geometry=geometry, panes=panes)
        self._save_left()
        self._stop_feed()
        self.alerts.close()


def _write_report(snapshot: Snapshot, path: Path) -> None:
    from lossacc_gui.report.html import write_report  # the template engine loads when needed

    write_report(snapshot, path)


def _absolute(path: str) -> str:
    return path if path == "-" or "://" in path else str(Path(path).expanduser().absolute())


def run_window(paths: list[str], demo: bool = False) -> int:
    """Opens the window on `paths` (none: the last folder, or the welcome page).

    Returns:
        The exit status, once the window is closed.
    """
    if no_display():
        print(
            "lossacc-gui: no display to open a window on; `lossacc-gui render PATH -o FILE.png` "
            "draws one off screen, `lossacc-gui diagnose PATH` prints the findings",
            file=sys.stderr,
        )
        return 2
    application = start_application()
    app = App()
    sys.excepthook = Hook(app.window.banner.tell)
    # Python runs the handler at the next tick of a timer; the status line has one every second.
    signal.signal(signal.SIGINT, lambda *_: app.window.close())
    app.window.show()
    app.window.activateWindow()  # where no window manager does it, keys would go nowhere
    wanted = tuple(paths)
    if not wanted and app.settings.demand_folder:
        wanted = tuple(
            path
            for path in app.left.last
            if isinstance(path, str) and ("://" in path or Path(path).exists())
        )
    if demo:
        QTimer.singleShot(0, app.open_demo)
    elif wanted:
        QTimer.singleShot(0, lambda: app.open(wanted))
    return int(application.exec())


def render(
    paths: list[str],
    output: str,
    run: str | None = None,
    width: int = 1480,
    height: int = 900,
    dark: bool = False,
    scale: float = 1.0,
) -> int:
    """Saves the window's picture of `paths` without showing it; SVG holds the plot alone.

    Args:
        run: the name of the run to show; None takes the one with the most serious finding.

    Returns:
        0, or 2 when nothing could be read or written (the reason goes to standard error).
    """
    application = start_application(scale)
    snapshot = read_once(paths, time.monotonic, time.time(), OFFLINE)
    with tempfile.TemporaryDirectory() as config:
        app = App(Path(config))
        app.theme.choose("dark" if dark else "light")
        _off_screen(app, (width, height))
        app.desk.open(tuple(_absolute(path) for path in paths), FolderMemory())
        app.desk.receive(snapshot)
        chosen = _to_show(snapshot, run)
        if chosen is not None:
            app.desk.choose_run(chosen.data.key)
        status = _save(app, application, output)
    return status if snapshot.runs else 2


def demo_picture(output: str, pace: float = QUICK, limit: float = 120.0) -> tuple[int, Snapshot]:
    """Streams the recorded run through the live engine, off screen, and saves the picture.

    Args:
        output: PNG or SVG file.
        pace: seconds between two lines of the recording.
        limit: seconds after which the picture is taken even if something is still to be judged.

    Returns:
        0 and the last snapshot; 2 when the picture could not be written or nothing was read in
        time (the reason goes to standard error).
    """
    application = start_application()
    lines = sum(path.read_bytes().count(b"\n") for path in resource("demo").glob("run*.csv"))
    with tempfile.TemporaryDirectory() as config:
        app = App(Path(config))
        _off_screen(app, SIZE)
        app.open_demo(pace)
        until = time.monotonic() + limit
        while time.monotonic() < until and not _read_and_judged(app.desk.snapshot, lines - 1):
            application.processEvents()
            time.sleep(0.01)
        snapshot = app.desk.snapshot or EMPTY
        status = _save(app, application, output)
    if not snapshot.runs:
        print("lossacc-gui: the demo's log was not read in time", file=sys.stderr)
        status = 2
    return status, snapshot


def _read_and_judged(snapshot: Snapshot | None, points: int) -> bool:
    """Whether the recording was read and judged to its end."""
    if snapshot is None or not snapshot.runs:
        return False
    series = [s for view in snapshot.runs for s in view.data.series if s.role == "loss"]
    if not series or max(len(s.x) for s in series) < points:
        return False
    last = max(float(s.x[-1]) for s in series)
    return all((view.diagnosis.judged_until or -1.0) >= last for view in snapshot.runs)


def _off_screen(app: App, size: tuple[int, int]) -> None:
    """Lays the window out at this size without showing it."""
    app.window.resize(*size)
    app.window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    app.window.show()


def _save(app: App, application: QApplication, output: str) -> int:
    """Saves the picture and closes the window; 0, or 2 with a line on standard error."""
    for _ in range(3):  # layouts settle, labels place themselves
        application.processEvents()
    try:
        app.acts.write("svg" if output.lower().endswith(".svg") else "png", Path(output))
    except OSError as error:
        print(f"lossacc-gui: {output}: cannot be written: {error}", file=sys.stderr)
        return 2
    finally:
        app.window.close()
        app.window.deleteLater()
        application.processEvents()
    return 0


def _to_show(snapshot: Snapshot, name: str | None) -> RunView | None:
    """The run of this name, else the one with the most serious finding, else the newest."""
    named = [view for view in snapshot.runs if name in (view.data.name, view.data.key)]
    if named or not snapshot.runs:
        return named[0] if named else None

    def weight(view: RunView) -> tuple[object, ...]:
        found = wording.by_weight(view.diagnosis)
        return (*(wording.rank(found[0]) if found else (9,)), -view.data.changed_at)

    return min(snapshot.runs, key=weight)
