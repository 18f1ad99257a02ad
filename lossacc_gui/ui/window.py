"""The window: arranges the panes and hands each one its part of a snapshot; decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core.plain import plain
from lossacc_gui.core.snapshot import Snapshot
from lossacc_gui.ui.actions import Actions
from lossacc_gui.ui.aloud import announce
from lossacc_gui.ui.compare import ComparePane
from lossacc_gui.ui.explain import ExplainPanel
from lossacc_gui.ui.plot.pane import PlotPane
from lossacc_gui.ui.plot.phase import PhaseMap
from lossacc_gui.ui.runs import RunPane
from lossacc_gui.ui.status import StatusLine
from lossacc_gui.ui.theme import Theme
from lossacc_gui.ui.toolbar import ToolBar
from lossacc_gui.ui.welcome import WaitingPage, WelcomePage

SIZE = (1480, 900)
_LIST, _PANEL = (206, 0.18, 268), (280, 0.255, 376)  # least, share of the window, most
_LEAST = (200, 320, 280)  # pixels of list, plot and panel
_PLOT = 0.45  # share of the window that large text leaves to the plot


class Banner(QWidget):
    """One message over the plot that can be put away; a new one replaces it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.away = QToolButton()
        self.away.setText("✕")
        self.away.setAccessibleName("Put the message away")
        self.away.clicked.connect(self.hide)
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 6, 8, 6)
        box.addWidget(self.label, 1)
        box.addWidget(self.away)
        self.hide()
        self.restyle()
        theme.changed.connect(self.restyle)

    def restyle(self) -> None:
        """Takes over the theme's colours."""
        palette = self._theme.palette
        self.setStyleSheet(
            f"Banner {{ background: {palette.selection};"
            f" border-bottom: 1px solid {palette.border}; }}"
        )

    def tell(self, message: str) -> None:
        """Shows a message; an empty one changes nothing."""
        if message:
            self.label.setText(plain(message, 600))
            self.show()
            announce(self, message)


class Window(QMainWindow):
    """Window thread only.

    Signals: `paths_dropped(tuple of paths)`, `closing()`.
    """

    paths_dropped = Signal(tuple)
    closing = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setWindowTitle("LossAcc")
        self.setAcceptDrops(True)
        self.actions_ = Actions(self)
        self.tools = ToolBar(self.actions_)
        self.addToolBar(self.tools)
        self.banner = Banner(theme)
        self.runs = RunPane(theme)
        self.plot = PlotPane(theme)
        self.compare = ComparePane(theme)
        self.explain = ExplainPanel(theme, PhaseMap(theme))
        self.welcome = WelcomePage()
        self.waiting = WaitingPage()
        self.status = StatusLine(theme)
        self.setStatusBar(self.status)
        self.right = QStackedWidget()
        self.right.addWidget(self.explain)
        self.right.addWidget(self.compare)
        self.work = QSplitter(Qt.Orientation.Horizontal)
        self.pages = QStackedWidget()
        self._settled = False  # the person or the last session gave the panes their widths
        self._arrange()
        self.work.splitterMoved.connect(self._settle)
        self.resize(*SIZE)

    def _arrange(self) -> None:
        self.work.setChildrenCollapsible(False)
        self.work.setHandleWidth(1)
        for pane in (self.runs, self.plot, self.right):
            self.work.addWidget(pane)
        self.theme.changed.connect(self._fit_text)
        self.work.setStretchFactor(0, 0)
        self.work.setStretchFactor(1, 1)
        self.work.setStretchFactor(2, 0)
        for page in (self.welcome, self.waiting, self.work):
            self.pages.addWidget(page)
        middle = QWidget()
        box = QVBoxLayout(middle)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.banner)
        box.addWidget(self.pages, 1)
        self.setCentralWidget(middle)

    # --- showing ---------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot | None, paths: tuple[str, ...]) -> None:
        """Shows the list, the status and the page that fits; what is unchanged stays untouched."""
        name = self.tools.show_folder(paths).replace("[*]", "[*][*]")  # Qt's mark of unsaved work
        self.setWindowTitle(f"{name} — LossAcc" if name else "LossAcc")
        self.status.setVisible(bool(paths))
        self.tools.show_plot_tools(bool(snapshot and snapshot.runs))
        if not paths:
            self.pages.setCurrentWidget(self.welcome)
            self.welcome.open.setFocus()
            return
        if snapshot is None or not snapshot.runs:
            self.waiting.show_state(snapshot, paths)
            self.pages.setCurrentWidget(self.waiting)
        else:
            self.runs.show_snapshot(snapshot)
            self.pages.setCurrentWidget(self.work)
        if snapshot is not None:
            self.status.show_snapshot(snapshot)

    def show_comparison(self, on: bool) -> None:
        """The table of the ticked runs at the right instead of the explanation."""
        self.right.setCurrentWidget(self.compare if on else self.explain)

    # --- how it was left -------------------------------------------------------------------

    def restore(self, geometry: str, panes: tuple[int, ...]) -> None:
        """Puts window and panes where they were; what does not fit the screens is ignored."""
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "ignore")))
        self.actions_.check("full-screen", self.isFullScreen())
        self.fit_screen()
        sizes = [size for size in panes if isinstance(size, int) and 0 < size < 20000]
        if len(sizes) == self.work.count():
            self._settled = True
            self.work.setSizes(sizes)

    def fit_screen(self) -> None:
        """Never larger than the screen, nor beyond its edges, frame and title bar included."""
        screen = self.screen().availableGeometry()
        frame = self.frameGeometry().size() - self.size()
        self.resize(
            min(self.width(), screen.width() - frame.width()),
            min(self.height(), screen.height() - frame.height()),
        )
        outer = self.frameGeometry()
        x = max(screen.left(), min(outer.left(), screen.right() + 1 - outer.width()))
        y = max(screen.top(), min(outer.top(), screen.bottom() + 1 - outer.height()))
        if (x, y) != (outer.left(), outer.top()):
            self.move(x, y)

    def come_forward(self) -> None:
        """Shows the window in front of all, as large as it was before it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def left_as(self) -> tuple[str, tuple[int, ...]]:
        """Geometry (base64) and pane widths, for `restore`."""
        geometry = self.saveGeometry().toBase64().data()
        return bytes(geometry).decode("ascii"), tuple(self.work.sizes())

    def _settle(self) -> None:
        self._settled = True

    def _fit_text(self) -> None:
        """Larger text gets wider panes, as far as the plot keeps its share of the window."""
        width = self.width()
        left, _, right = _LEAST
        growth = max(1.0, min(self.theme.scale, (1 - _PLOT) * width / (left + right)))
        for pane, least in zip((self.runs, self.plot, self.right), _LEAST, strict=True):
            pane.setMinimumWidth(least if pane is self.plot else round(least * growth))
        if not self._settled:
            left, right = (
                int(min(most * growth, max(least * growth, share * width)))
                for least, share, most in (_LIST, _PANEL)
            )
            self.work.setSizes([left, max(1, width - left - right), right])

    # --- Qt --------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_text()

    @staticmethod
    def _local(data: QMimeData) -> tuple[str, ...]:
        return tuple(url.toLocalFile() for url in data.urls() if url.isLocalFile())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._local(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = self._local(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.paths_dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
