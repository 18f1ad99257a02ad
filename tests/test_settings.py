"""Settings survive broken files, wrong values and failed writes."""

import dataclasses
import json

import pytest

from lossacc_gui.settings import Desk, Settings, load, save, write_atomically


def test_that_settings_come_back_as_saved(tmp_path):
    path = tmp_path / "deep" / "settings.json"
    changed = dataclasses.replace(Settings(), theme="dark", smoothing=3.0, alerts=False)
    assert save(changed, path) == ""
    assert load(Settings, path) == (changed, "")


def test_that_a_missing_file_gives_defaults_without_a_message(tmp_path):
    assert load(Settings, tmp_path / "none.json") == (Settings(), "")


@pytest.mark.parametrize("text", ["{", "[1, 2]", "\x00\x01", "", "null", "[" * 100_000])
def test_that_a_broken_file_gives_defaults_and_a_message(tmp_path, text):
    path = tmp_path / "settings.json"
    path.write_text(text, encoding="utf-8")
    settings, message = load(Settings, path)
    assert settings == Settings()
    assert "settings.json" in message


def test_that_a_file_that_is_no_text_gives_defaults_and_a_message(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert load(Settings, path)[0] == Settings()
    assert load(Settings, path)[1]


def test_that_wrong_values_keep_their_defaults_and_are_named(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"theme": "pink", "alerts": 1, "log_loss": True, "more": 3}))
    settings, message = load(Settings, path)
    assert settings == dataclasses.replace(Settings(), log_loss=True)
    assert "theme" in message
    assert "alerts" in message


def test_that_numbers_are_cut_to_their_range(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"smoothing": 1e9, "font_size": -4}')
    settings, message = load(Settings, path)
    assert (settings.smoothing, settings.font_size, message) == (50.0, 0, "")


def test_that_nan_is_not_a_setting(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"smoothing": NaN}')
    assert load(Settings, path)[0] == Settings()


def test_that_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path):
    path = tmp_path / "settings.json"
    save(Settings(), path)
    before = path.read_bytes()
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_that_saving_into_an_impossible_place_says_why(tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be saved" in save(Settings(), tmp_path / "file" / "settings.json")


def test_that_every_setting_carries_what_the_dialog_needs():
    for spec in dataclasses.fields(Settings):
        assert spec.metadata["label"]
        assert spec.metadata["help"]
        assert spec.metadata["section"]
        if isinstance(spec.default, int | float) and not isinstance(spec.default, bool):
            assert spec.metadata["low"] <= spec.default <= spec.metadata["high"]
        if isinstance(spec.default, str):
            assert spec.default in dict(spec.metadata["choices"])


def test_that_the_window_state_comes_back(tmp_path):
    path = tmp_path / "window.json"
    left = Desk(geometry="AAAA", panes=(200, 800, 300), recent=("a", "b"), last=("a",))
    save(left, path)
    assert load(Desk, path) == (left, "")
