"""What is kept per folder lies beside the settings and survives broken files."""

import json

import pytest

from lossacc_gui.memory import FolderMemory, Note, load_memory, memory_file, save_memory

FULL = FolderMemory(
    hidden=frozenset({"a", "b"}),
    renamed={"a": "baseline <b>"},
    mapped={"Verlust": ("loss", "val")},
    classes=10,
    notes={"a": (Note(3.0, "warm-up ends", "epoch"),)},
    ticked=("b", "a"),
    chosen="b",
    sort="name",
    grouped=True,
    view={"mode": "stacked", "log_loss": True},
)


def test_that_memory_comes_back_as_saved(tmp_path):
    path = memory_file(tmp_path, ("runs",))
    assert save_memory(FULL, path) == ""
    assert load_memory(path) == (FULL, "")


def test_that_each_set_of_folders_has_its_own_file_beside_the_settings(tmp_path):
    one, other = memory_file(tmp_path, ("/x/a",)), memory_file(tmp_path, ("/x/b",))
    assert one != other
    assert one == memory_file(tmp_path, ("/x/a",))
    assert one.is_relative_to(tmp_path)


def test_that_odd_paths_have_a_file_too(tmp_path):
    assert memory_file(tmp_path, ("caf\udce9\n",)).suffix == ".json"


@pytest.mark.parametrize("text", ["", "{", "3", '{"hidden": 3, "notes": {"a": [1, {"x": "y"}]}}'])
def test_that_a_broken_file_is_no_more_than_forgotten(tmp_path, text):
    path = tmp_path / "memory.json"
    path.write_text(text)
    assert load_memory(path)[0] in (FolderMemory(), FolderMemory(notes={"a": ()}))


def test_that_parts_that_do_not_fit_are_left_out(tmp_path):
    path = tmp_path / "memory.json"
    raw = {"mapped": {"x": ["loss"], "y": ["loss", "val"]}, "classes": 1, "sort": 4}
    path.write_text(json.dumps(raw))
    memory, _ = load_memory(path)
    assert memory.mapped == {"y": ("loss", "val")}
    assert memory.classes is None
    assert memory.sort == "newest"
