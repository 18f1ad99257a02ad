"""What stands in the middle before there are curves: the start page, loading, an empty folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core.plain import plain_path
from lossacc_gui.core.snapshot import Snapshot
from lossacc_gui.ui.aloud import hint
from lossacc_gui.ui.markup import menu_text
from lossacc_gui.ui.style import role
from lossacc_gui.ui.text_label import text_label


def _centred(card: QWidget, page: QWidget) -> None:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(card)
    row.addStretch(1)
    box = QVBoxLayout(page)
    box.addStretch(2)
    box.addLayout(row)
    box.addStretch(3)


class WelcomePage(QWidget):
    """Signals: `open_asked()`, `demo_asked()`, `recent_chosen(path)`; drops go to the window."""

    open_asked = Signal()
    demo_asked = Signal()
    recent_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        card = QFrame()
        card.setProperty("card", True)
        card.setFixedWidth(520)
        self._box = QVBoxLayout(card)
        self._box.setContentsMargins(32, 28, 32, 28)
        self._box.setSpacing(10)
        self._title = QLabel("Why do loss and accuracy disagree?")
        role(self._title, "title")
        lead = text_label(
            "Point LossAcc at a folder into which training jobs write. It draws loss and accuracy "
            "live on two axes, shades where they disagree, and explains the likely cause. "
            "Nothing is written there and nothing leaves this machine.",
            quiet=True,
        )
        self.open = QPushButton("Open a folder…")
        self.open.setDefault(True)
        self.open.clicked.connect(self.open_asked)
        self.demo = QPushButton("Watch the demo")
        self.demo.clicked.connect(self.demo_asked)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open)
        buttons.addWidget(self.demo)
        buttons.addStretch(1)
        drop = QLabel("… or drop a folder or a log file anywhere on this window.")
        drop.setProperty("quiet", True)
        self._heading = QLabel("Recent folders")
        self._heading.setProperty("quiet", True)
        for part in (self._title, lead):
            self._box.addWidget(part)
        self._box.addSpacing(6)
        self._box.addLayout(buttons)
        self._box.addWidget(drop)
        self._box.addSpacing(10)
        self._box.addWidget(self._heading)
        self._recent: list[QPushButton] = []
        _centred(card, self)

    def show_recent(self, paths: Sequence[str]) -> None:
        """Lists the folders that were open before, newest first."""
        for button in self._recent:
            button.deleteLater()
        self._recent = []
        for path in [path for path in paths if path != "-"][:6]:  # a pipe cannot be opened again
            button = QPushButton(menu_text(plain_path(path, 62), 64))
            button.setProperty("row", True)
            hint(button, path)
            button.setEnabled(Path(path).exists())
            button.clicked.connect(lambda _=False, p=path: self.recent_chosen.emit(p))
            self._recent.append(button)
            self._box.addWidget(button)
        self._heading.setVisible(bool(self._recent))


class WaitingPage(QWidget):
    """A folder without curves (yet): what is being read, or what was looked for in vain."""

    def __init__(self) -> None:
        super().__init__()
        card = QFrame()
        card.setProperty("card", True)
        card.setFixedWidth(560)
        box = QVBoxLayout(card)
        box.setContentsMargins(32, 28, 32, 28)
        box.setSpacing(10)
        self.title = QLabel()
        role(self.title, "heading")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.text = text_label(quiet=True)
        self.files = text_label(quiet=True)
        for part in (self.title, self.progress, self.text, self.files):
            box.addWidget(part)
        _centred(card, self)

    def show_state(self, snapshot: Snapshot | None, paths: Sequence[str]) -> None:
        """Tells how far reading is, or why there is nothing to show."""
        status = snapshot.status if snapshot else None
        where = ", ".join(plain_path(path, 60) for path in paths[:3])
        if status is None or status.bytes_read < status.bytes_total:
            self.title.setText("Reading…")
            self.text.setText(f"Looking through {where}")
            self.progress.show()
            known = status is not None and status.bytes_total > 0
            self.progress.setRange(0, 1000 if known else 0)
            if status is not None and known:
                self.progress.setValue(int(1000 * status.bytes_read / status.bytes_total))
                megabytes = status.bytes_total / 1e6
                self.text.setText(f"{status.files:,} files, {megabytes:,.1f} MB in {where}")
            self.files.hide()
            return
        self.progress.hide()
        self.title.setText("No training logs here yet")
        self.text.setText(
            f"Looked in {where} and its sub-folders for TensorBoard event files, CSV and JSON "
            "logs, trainer_state.json, Keras, PyTorch, Lightning, Hugging Face, XGBoost and plain "
            "text logs with a loss or an accuracy. The folder is being watched: a run shows up "
            "here as soon as a trainer writes its first line."
        )
        strange = [f"{plain_path(p.file, 60)} — {p.message}" for p in status.unrecognised[:5]]
        strange += [f"{plain_path(p.file, 60)} — {p.message}" for p in status.problems[:5]]
        self.files.setText("Not recognised:\n" + "\n".join(strange) if strange else "")
        self.files.setVisible(bool(strange))
