"""The two palettes as data, safe for colour-blind eyes, and the style sheet of the program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of the program, "#rrggbb". Text and curve colours reach WCAG AA on `plot`."""

    name: str
    window: str  # behind panes
    plot: str  # behind curves
    raised: str  # cards, buttons, read-outs
    hover: str
    border: str
    text: str
    muted: str  # secondary text, tick labels
    grid: str
    axis: str
    loss: str
    accuracy: str
    lr: str
    critical: str
    warning: str
    info: str
    good: str
    link: str
    selection: str
    selection_text: str
    runs: tuple[str, ...]


LIGHT = Palette(
    name="light",
    window="#f6f7f9",
    plot="#ffffff",
    raised="#ffffff",
    hover="#eef1f5",
    border="#d9dee5",
    text="#1a2230",
    muted="#5b6675",
    grid="#eceff3",
    axis="#c3cad4",
    loss="#0b5cc4",
    accuracy="#ad4c04",
    lr="#5b6675",
    critical="#c01538",
    warning="#8c2a8c",
    info="#4f5d6e",
    good="#0f7a43",
    link="#0b5cc4",
    selection="#dbe8fb",
    selection_text="#10223d",
    runs=(
        "#0b5cc4",
        "#ad4c04",
        "#0f7a5a",
        "#a31f7a",
        "#5a4fcf",
        "#8a6100",
        "#007a99",
        "#c01538",
        "#4d6b12",
        "#6b4a3a",
    ),
)

DARK = Palette(
    name="dark",
    window="#14181f",
    plot="#0e1116",
    raised="#1b212a",
    hover="#252d38",
    border="#2e3744",
    text="#e8ecf2",
    muted="#9aa6b5",
    grid="#1b2129",
    axis="#3d4856",
    loss="#62adff",
    accuracy="#ffad4d",
    lr="#9aa6b5",
    critical="#ff7285",
    warning="#e59bf0",
    info="#a3b0c0",
    good="#5fd495",
    link="#7cbcff",
    selection="#233a5a",
    selection_text="#f2f6fc",
    runs=(
        "#62adff",
        "#ffad4d",
        "#4fd1a5",
        "#ff8fd0",
        "#a79bff",
        "#e3c04b",
        "#5ed3ee",
        "#ff7285",
        "#a5d15a",
        "#d0a58f",
    ),
)


def stylesheet(palette: Palette) -> str:
    """The style sheet of the whole program; object names are listed in the rules."""
    p = palette
    return f"""
* {{ outline: none; }}
QMainWindow, QDialog {{ background: {p.window}; color: {p.text}; }}
QWidget {{ color: {p.text}; }}
QLabel, QCheckBox, QRadioButton {{ background: transparent; }}
QLabel[quiet="true"] {{ color: {p.muted}; }}
QToolBar {{ background: {p.window}; border: none; border-bottom: 1px solid {p.border};
    spacing: 6px; padding: 6px 10px; }}
QStatusBar {{ background: {p.window}; border-top: 1px solid {p.border}; color: {p.muted}; }}
QStatusBar::item {{ border: none; }}
QPushButton, QToolButton, QComboBox {{ background: {p.raised}; border: 1px solid {p.border};
    border-radius: 6px; padding: 4px 11px; min-height: 20px; }}
QPushButton:hover, QToolButton:hover, QComboBox:hover {{ background: {p.hover}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {{
    background: {p.selection}; color: {p.selection_text}; border-color: {p.link}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus,
QDoubleSpinBox:focus, QPlainTextEdit:focus {{ border: 1px solid {p.link}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {p.muted}; }}
QPushButton:flat, QToolButton[flat="true"] {{ background: transparent; border-color: transparent; }}
QToolButton::menu-indicator, QPushButton::menu-indicator {{ image: none; width: 0; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit {{ background: {p.raised};
    border: 1px solid {p.border}; border-radius: 6px; padding: 4px 8px;
    selection-background-color: {p.selection}; selection-color: {p.selection_text}; }}
QListView, QTreeView, QTableView, QTextBrowser, QScrollArea {{ background: {p.window};
    border: none; selection-background-color: {p.selection};
    selection-color: {p.selection_text}; }}
QScrollArea > QWidget > QWidget {{ background: {p.window}; }}
QHeaderView::section {{ background: {p.window}; color: {p.muted}; border: none;
    border-bottom: 1px solid {p.border}; padding: 4px 8px; }}
QMenu {{ background: {p.raised}; border: 1px solid {p.border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {p.selection}; color: {p.selection_text}; }}
QMenu::separator {{ height: 1px; background: {p.border}; margin: 4px 8px; }}
QToolTip {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.border};
    padding: 4px 6px; }}
QSplitter::handle {{ background: {p.border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QProgressBar {{ background: {p.hover}; border: none; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {p.link}; border-radius: 3px; }}
QSlider::groove:horizontal {{ height: 4px; background: {p.border}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {p.link}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {p.raised}; border: 1px solid {p.muted}; width: 12px;
    height: 12px; margin: -5px 0; border-radius: 7px; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {p.link}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {p.axis}; border-radius: 3px; margin: 2px; min-height: 24px;
    min-width: 24px; }}
QScrollBar::handle:hover {{ background: {p.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QFrame[card="true"] {{ background: {p.raised}; border: 1px solid {p.border};
    border-radius: 8px; }}
"""
