"""The settings dialog, generated from the metadata of the Settings fields."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.settings import Settings


class SettingsDialog(QDialog):
    """Applies each change at once. Signal: `changed(Settings)`."""

    changed = Signal(object)

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        self._settings = settings
        self.editors: dict[str, QWidget] = {}
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.setAccessibleName(self.windowTitle())
        tabs.tabBar().setDrawBase(False)
        forms: dict[str, QFormLayout] = {}
        for spec in dataclasses.fields(Settings):
            section = spec.metadata["section"]
            if section not in forms:
                page = QWidget()
                forms[section] = QFormLayout(page)
                forms[section].setContentsMargins(14, 16, 14, 14)
                forms[section].setVerticalSpacing(10)
                tabs.addTab(page, section)
            self._add(forms[section], spec)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.RestoreDefaults | QDialogButtonBox.StandardButton.Close
        )
        buttons.rejected.connect(self.close)
        restore = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        restore.clicked.connect(self._restore)
        box = QVBoxLayout(self)
        box.addWidget(tabs)
        box.addWidget(buttons)

    def _add(self, form: QFormLayout, spec: dataclasses.Field[Any]) -> None:
        editor = self._editor(spec, getattr(self._settings, spec.name))
        editor.setObjectName(spec.name)
        editor.setAccessibleName(spec.metadata["label"])
        editor.setAccessibleDescription(spec.metadata["help"])
        editor.setToolTip(spec.metadata["help"])
        self.editors[spec.name] = editor
        help_label = QLabel(spec.metadata["help"])
        help_label.setProperty("quiet", True)
        help_label.setWordWrap(True)
        if isinstance(editor, QCheckBox):
            form.addRow(editor)
        else:
            form.addRow(spec.metadata["label"], editor)
        form.addRow(help_label)

    def _editor(self, spec: dataclasses.Field[Any], value: Any) -> QWidget:
        data, name = spec.metadata, spec.name
        if isinstance(spec.default, bool):
            tick = QCheckBox(data["label"])
            tick.setChecked(value)
            tick.toggled.connect(lambda on: self._set(name, on))
            return tick
        if data["choices"]:
            combo = QComboBox()
            for key, label in data["choices"]:
                combo.addItem(label, key)
            combo.setCurrentIndex(max(0, combo.findData(value)))
            combo.activated.connect(lambda _: self._set(name, combo.currentData()))
            return combo
        spin: QSpinBox | QDoubleSpinBox
        if isinstance(spec.default, int):
            spin = QSpinBox()
            spin.setRange(int(data["low"]), int(data["high"]))
        else:
            spin = QDoubleSpinBox()
            spin.setDecimals(1)
            spin.setSingleStep(0.5)
            spin.setRange(data["low"], data["high"])
        spin.setSuffix(data["unit"])
        spin.setSpecialValueText(data["least"])
        spin.lineEdit().setTextMargins(6, 0, 6, 0)
        spin.setValue(value)
        spin.setAlignment(Qt.AlignmentFlag.AlignLeft)
        spin.valueChanged.connect(lambda number: self._set(name, number))
        return spin

    def _set(self, name: str, value: Any) -> None:
        changed = dataclasses.replace(self._settings, **{name: value})
        if changed != self._settings:
            self._settings = changed
            self.changed.emit(changed)

    def _restore(self) -> None:
        for name, editor in self.editors.items():
            value: Any = getattr(Settings(), name)
            if isinstance(editor, QCheckBox):
                editor.setChecked(value)
            elif isinstance(editor, QComboBox):
                editor.setCurrentIndex(max(0, editor.findData(value)))
                self._set(name, value)
            elif isinstance(editor, QSpinBox | QDoubleSpinBox):
                editor.setValue(value)
