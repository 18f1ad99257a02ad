"""Rules of the style sheet for the panes around the plot, beside those of the palettes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from lossacc_gui.core.resources import resource
from lossacc_gui.ui.theme import Theme

_ROLES = {  # size against the normal text, weight, more
    "title": (1.5, 600, ""),
    "heading": (1.25, 600, ""),
    "strong": (1.0, 600, ""),
    "section": (0.85, 600, "letter-spacing: 0.6px;"),
    "key": (0.92, 500, ""),
}


def role(widget: QWidget, name: str) -> QWidget:
    """Gives a label one of the sizes and weights of `_ROLES`; the style sheet does the rest."""
    widget.setProperty("role", name)
    return widget


def _type(theme: Theme) -> str:
    """Sizes and weights. In the sheet, because a styled label may lose a font set by hand."""
    normal = theme.font()
    rules = [f"QWidget {{ font-size: {normal.pixelSize()}px; }}"]
    for name, (size, weight, more) in _ROLES.items():
        pixels = theme.font(size).pixelSize()
        rules.append(
            f'QLabel[role="{name}"] {{ font-size: {pixels}px; font-weight: {weight}; {more} }}'
        )
    small = theme.font(0.92).pixelSize()
    rules.append(f'*[role="code"] {{ font-family: monospace; font-size: {small}px; }}')
    return "\n".join(rules)


def more_style(theme: Theme) -> str:
    """The rules for lists, panels, tables and dialogs, in the theme's colours."""
    p = theme.palette
    arrow = resource(f"arrow-{p.name}.svg").as_posix()
    tick = resource(f"check-{p.name}.svg").as_posix()
    return f"""
{_type(theme)}
#runPane, #explainPanel {{ background: {p.window}; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 12px; height: 12px; }}
QComboBox::drop-down {{ width: 22px; }}
QSpinBox::down-button, QSpinBox::up-button, QDoubleSpinBox::down-button,
QDoubleSpinBox::up-button {{ width: 0; border: none; }}
#runPane QToolButton, #runPane QComboBox, #runPane QLineEdit, #explainPanel QToolButton {{
    padding: 3px 9px; min-height: 1.6em; max-height: 1.6em; margin: 0; }}
QCheckBox::indicator, QListWidget::indicator {{ width: 14px; height: 14px; border-radius: 4px;
    border: 1px solid {p.muted}; background: {p.raised}; }}
QCheckBox::indicator:checked, QListWidget::indicator:checked {{ background: {p.link};
    border-color: {p.link}; image: url("{tick}"); }}
QCheckBox:focus {{ color: {p.link}; }}
QLabel[role="key"] {{ background: {p.raised}; border: 1px solid {p.border}; border-radius: 4px;
    padding: 1px 7px; }}
#qt_toolbar_ext_button {{ padding: 0; min-width: 18px; max-width: 18px; }}
QLineEdit[wrong="true"] {{ border: 1px solid {p.critical}; }}
QPushButton[fold="true"] {{ text-align: left; padding: 4px 0; font-weight: 600;
    background: transparent; border-color: transparent; }}
QPushButton[fold="true"]:hover {{ color: {p.link}; }}
QPushButton[fold="true"]:focus {{ border-color: {p.link}; }}
QPushButton[row="true"] {{ text-align: left; font-weight: 500; }}
QFileDialog QToolButton {{ padding: 3px; min-width: 18px; }}
QStatusBar QLabel {{ color: {p.muted}; }}
QListWidget, QTableWidget {{ background: {p.raised}; border: 1px solid {p.border};
    border-radius: 6px; }}
QListWidget::item {{ padding: 5px 8px; border-radius: 4px; }}
QListWidget::item:selected, QTableWidget::item:selected {{ background: {p.selection};
    color: {p.selection_text}; }}
QTableWidget::item {{ padding: 4px 4px; }}
QHeaderView::section {{ padding: 4px 4px; }}
QTabBar::tab {{ background: transparent; color: {p.muted}; padding: 7px 14px; border: none;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {p.text}; border-bottom: 2px solid {p.link}; }}
QTabWidget::pane {{ border: none; }}
QTreeWidget {{ background: {p.raised}; border: 1px solid {p.border}; border-radius: 6px; }}
QTreeWidget::item {{ padding: 5px 8px; }}
QTreeWidget::item:selected {{ background: {p.selection}; color: {p.selection_text}; }}
QComboBox QAbstractItemView {{ background: {p.raised}; border: 1px solid {p.border};
    selection-background-color: {p.selection}; selection-color: {p.selection_text}; }}
"""
