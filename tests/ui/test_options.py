"""The settings dialog follows the metadata of the fields."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialogButtonBox, QWidget

from lossacc_gui.settings import Settings
from lossacc_gui.ui.options import SettingsDialog


@pytest.fixture
def dialog(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    made = SettingsDialog(parent, dataclasses.replace(Settings(), smoothing=4.0))
    made.show()
    qtbot.waitExposed(made)
    yield made


def test_that_every_setting_has_an_editor_with_its_label(dialog):
    for spec in dataclasses.fields(Settings):
        editor = dialog.editors[spec.name]
        assert editor.accessibleName() == spec.metadata["label"]
        assert editor.toolTip() == spec.metadata["help"]


def test_that_a_tick_and_a_choice_are_told_at_once(qtbot, dialog):
    tick = dialog.editors["log_loss"]
    assert isinstance(tick, QCheckBox)
    with qtbot.waitSignal(dialog.changed) as changed:
        qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert changed.args[0].log_loss
    choice = dialog.editors["mode"]
    assert isinstance(choice, QComboBox)
    with qtbot.waitSignal(dialog.changed) as changed:
        qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert changed.args[0].mode == "stacked"
    assert changed.args[0].log_loss


def test_that_restoring_brings_back_every_default(qtbot, dialog):
    heard = []
    dialog.changed.connect(heard.append)
    buttons = dialog.findChild(QDialogButtonBox)
    restore = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
    qtbot.mouseClick(restore, Qt.MouseButton.LeftButton)
    assert heard[-1] == Settings()
