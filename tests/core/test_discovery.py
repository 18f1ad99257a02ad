"""The walk over folders."""

from __future__ import annotations

import os
from pathlib import Path

from lossacc_gui.core.discovery import is_noise, is_skipped, walk, without_store


def found(root: Path) -> list[str]:
    names = [f.path for f in walk(str(root), [], []) if f is not None]
    return sorted(os.path.relpath(name, root) for name in names)


def write(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_that_logs_are_found_and_noise_is_not(tmp_path):
    write(tmp_path / "a/log.csv", tmp_path / "a/model.pt", tmp_path / "a/config.yaml")
    assert found(tmp_path) == ["a/log.csv"]


def test_that_hidden_folders_are_left_out_but_for_stores(tmp_path):
    write(tmp_path / ".git/log.csv", tmp_path / ".aim/meta", tmp_path / "__pycache__/x.csv")
    assert found(tmp_path) == [".aim/meta"]


def test_that_cyclic_and_doubled_links_are_entered_once(tmp_path):
    write(tmp_path / "run/log.csv")
    (tmp_path / "latest-run").symlink_to("run")
    (tmp_path / "run/again").symlink_to("..")
    (tmp_path / "run/copy.csv").symlink_to("log.csv")
    assert found(tmp_path) == ["run/log.csv"]


def test_that_a_link_out_of_the_folder_is_followed(tmp_path):
    write(tmp_path / "elsewhere/log.csv")
    (tmp_path / "top").mkdir()
    (tmp_path / "top/data").symlink_to(tmp_path / "elsewhere")
    assert found(tmp_path / "top") == ["data/log.csv"]


def test_that_an_unreadable_folder_is_told_and_the_rest_goes_on(tmp_path, monkeypatch):
    write(tmp_path / "a/log.csv", tmp_path / "b/log.csv")
    scan = os.scandir

    def refuse(folder):
        if str(folder).endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    problems: list = []
    names = [f.path for f in walk(str(tmp_path), problems, []) if f is not None]
    assert [os.path.relpath(n, tmp_path) for n in names] == ["b/log.csv"]
    assert problems[0].message == "the folder cannot be read: Permission denied"


def test_that_an_endless_nest_of_folders_is_bounded(tmp_path):
    deep = tmp_path
    for _ in range(30):
        deep = deep / "d"
    write(deep / "log.csv")
    assert found(tmp_path) == []


def test_names_of_noise_and_of_skipped_folders():
    assert is_noise("weights.SAFETENSORS") and is_noise("requirements.txt")
    assert not is_noise("events.out.tfevents.1.h.pb") and not is_noise("train.log.1")
    assert is_skipped("node_modules") and not is_skipped(".aim")


def test_that_a_file_of_a_hidden_store_is_told_by_the_folder_that_holds_it():
    assert without_store("/runs/exp/.aim/meta/x") == "/runs/exp"
    assert without_store("/runs/exp/log.csv") == "/runs/exp/log.csv"
