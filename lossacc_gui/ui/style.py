"""Rules of the style sheet for the panes around the plot, beside those of the palettes."""

from __future__ import annotations

from lossacc_gui.core.resources import resource
from lossacc_gui.ui.theme import Theme


def more_style(theme: Theme) -> str:
    """The rules for lists, panels, tables and dialogs, in the theme's colours."""
    p = theme.palette
    arrow = resource(f"arrow-{p.name}.svg").as_posix()
    return f"""
#runPane, #explainPanel {{ background: {p.window}; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 12px; height: 12px; }}
QComboBox::drop-down {{ width: 22px; }}
QSpinBox::down-button, QSpinBox::up-button, QDoubleSpinBox::down-button,
QDoubleSpinBox::up-button {{ width: 0; border: none; }}
#runPane QToolButton, #runPane QComboBox, #runPane QLineEdit, #explainPanel QToolButton {{
    padding: 3px 9px; }}
QLineEdit[wrong="true"] {{ border: 1px solid {p.critical}; }}
QToolButton[flat="true"] {{ text-align: left; padding: 4px 0; font-weight: 600; }}
QToolButton[flat="true"]:checked {{ background: transparent; color: {p.text};
    border-color: transparent; }}
QStatusBar QLabel {{ color: {p.muted}; }}
QListWidget, QTableWidget {{ background: {p.raised}; border: 1px solid {p.border};
    border-radius: 6px; }}
QListWidget::item {{ padding: 5px 8px; border-radius: 4px; }}
QListWidget::item:selected, QTableWidget::item:selected {{ background: {p.selection};
    color: {p.selection_text}; }}
QTableWidget::item {{ padding: 4px 6px; }}
QTabBar::tab {{ background: transparent; color: {p.muted}; padding: 7px 14px; border: none;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {p.text}; border-bottom: 2px solid {p.link}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {p.border}; }}
QComboBox QAbstractItemView {{ background: {p.raised}; border: 1px solid {p.border};
    selection-background-color: {p.selection}; selection-color: {p.selection_text}; }}
"""
