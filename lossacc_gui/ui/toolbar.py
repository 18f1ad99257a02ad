"""The strip at the top: the folder, and how the plot is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QSlider, QToolBar, QToolButton, QWidget

from lossacc_gui.core.plain import plain_path
from lossacc_gui.ui.actions import Actions
from lossacc_gui.ui.aloud import hint
from lossacc_gui.ui.plot.options import PlotOptions
from lossacc_gui.ui.style import role

HALF_LIVES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 36.0, 50.0)
X_AXES = {
    "auto": "automatic",
    "epoch": "epoch",
    "step": "step",
    "relative": "time since start",
    "clock": "clock time",
}
MODES = {"overlay": "Overlay", "stacked": "Stacked", "indexed": "Indexed"}
_SLIDER = 110  # pixels
_ROOMY = 70  # heights of a line of text that the strip needs to show all in full
_EXPORTS = ("png", "svg", "csv-drawn", "csv-full", "html")


def nearest_notch(half_life: float) -> int:
    """The slider's notch for a half-life."""
    return min(range(len(HALF_LIVES)), key=lambda n: abs(HALF_LIVES[n] - half_life))


class ToolBar(QToolBar):
    """Window thread only.

    Signals: `half_life_chosen(points)`, `x_chosen(kind)`, `mode_chosen(mode)`.
    """

    half_life_chosen = Signal(float)
    x_chosen = Signal(str)
    mode_chosen = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__("Tools")
        self.setObjectName("toolBar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.folder = QLabel()
        role(self.folder, "strong")
        self.folder.setTextFormat(Qt.TextFormat.PlainText)
        self._of_plot: list[QAction] = []
        self._narrow = False
        self.addWidget(self.folder)
        self._acts(actions, "open", "Open…")
        before = len(self.actions())
        self._acts(actions, "follow", "● Follow live")
        self.x_menu = self._menu_button(X_AXES, self.x_chosen)
        self.mode = self._menu_button(MODES, self.mode_chosen)
        self._acts(actions, "log-loss", "log loss")
        self._acts(actions, "better-up", "better = up")
        self._add_slider()
        self._of_plot = self.actions()[before:]
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        export = QToolButton()
        export.setText("Export ▾")
        export.setAccessibleName("Export")
        export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(export)
        for name in _EXPORTS:
            menu.addAction(actions[name])
        export.setMenu(menu)
        self._of_plot.append(self.addWidget(export))
        self._acts(actions, "shortcuts", "?")

    def _acts(self, actions: Actions, name: str, label: str) -> None:
        button = QToolButton()
        action = actions[name]
        button.setDefaultAction(action)
        keys = action.shortcut().toString()
        button.setText(label)
        button.setToolTip(f"{action.text()}  ({keys})" if keys else action.text())
        button.setAccessibleName(action.text())
        # The action's changes would put its own long title back.
        action.changed.connect(lambda: button.setText(label))
        self.addWidget(button)

    def _menu_button(self, choices: dict[str, str], chosen: SignalInstance) -> QToolButton:
        button = QToolButton()
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for key, label in choices.items():
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setData(key)
            group.addAction(action)
        group.triggered.connect(lambda action: chosen.emit(action.data()))
        button.setMenu(menu)
        self.addWidget(button)
        return button

    def _add_slider(self) -> None:
        word = QLabel("smooth")
        word.setProperty("quiet", True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(HALF_LIVES) - 1)
        self.slider.setPageStep(2)
        self.slider.setFixedWidth(_SLIDER)
        self.amount = QLabel()
        self.amount.setProperty("quiet", True)
        self.amount.setMinimumWidth(44)
        self._word = self.addWidget(word)
        self.addWidget(self.slider)
        self.addWidget(self.amount)
        self.slider.valueChanged.connect(lambda n: self.half_life_chosen.emit(HALF_LIVES[n]))

    def show_plot_tools(self, on: bool) -> None:
        """Offers what is done with a plot only where there is one."""
        for action in self._of_plot:
            action.setVisible(on and not (action is self._word and self._narrow))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the slider gives way, so that no button leaves the strip."""
        super().resizeEvent(event)
        narrow = self.width() < _ROOMY * self.fontMetrics().height()
        if narrow != self._narrow:
            self._narrow = narrow
            self.slider.setFixedWidth(_SLIDER // 2 if narrow else _SLIDER)
            self._word.setVisible(self.slider.isVisibleTo(self) and not narrow)

    def show_folder(self, paths: tuple[str, ...]) -> str:
        """Names what is open; returns that name, "" for nothing."""
        name = paths[0].rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1] if paths else ""
        name = plain_path(name, 28)
        more = f" + {len(paths) - 1}" if len(paths) > 1 else ""
        shown = f"{name}{more}" if name else ""
        self.folder.setText(shown or "LossAcc")
        hint(self.folder, "\n".join(plain_path(path, 200) for path in paths[:20]))
        return shown

    def show_options(
        self, options: PlotOptions, current_x: str, available: tuple[str, ...]
    ) -> None:
        """Shows the state of the plot's options."""
        self.slider.blockSignals(True)
        self.slider.setValue(nearest_notch(options.half_life))
        self.slider.blockSignals(False)
        amount = f"{options.half_life:g} pts" if options.half_life else "off"
        self.amount.setText(amount)
        self.slider.setAccessibleName(f"Smoothing: {amount}")
        kind = "centred median" if options.smoothing == "median" else "moving average, looking back"
        self.slider.setToolTip(
            f"Smoothing ({kind}), half-life in evaluations; the raw curve stays visible"
        )
        shown = X_AXES.get(current_x, current_x)
        self.x_menu.setText(f"x: {shown} ▾")
        self.x_menu.setAccessibleName(f"x axis: {shown}")
        self.mode.setText(f"{MODES[options.mode]} ▾")
        self.mode.setAccessibleName(f"Arrangement: {MODES[options.mode]}")
        self._mark(self.x_menu, options.x, ("auto", *available))
        self._mark(self.mode, options.mode, tuple(MODES))

    @staticmethod
    def _mark(button: QToolButton, current: str, possible: tuple[str, ...]) -> None:
        for action in button.menu().actions():
            action.setChecked(action.data() == current)
            action.setEnabled(action.data() in possible)
