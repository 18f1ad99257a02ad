"""Mirrors of remote folders, on fsspec's file system in memory; real servers: tests/remote."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest

from lossacc_gui.sources.remote import Mirror, RemoteFolder, is_remote


@pytest.fixture
def remote():
    """An empty file system in memory."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def mirror_of(tmp_path: Path) -> Mirror:
    return Mirror("memory://bucket/runs", tmp_path)


def test_that_an_address_is_told_from_a_path():
    assert is_remote("ssh://host/runs") and is_remote("s3://bucket")
    assert not is_remote("runs/a:b") and not is_remote("file:///runs")


def test_that_only_new_bytes_are_fetched(tmp_path, remote):
    remote.pipe("/bucket/runs/a/log.csv", b"epoch,loss\n0,1\n")
    mirror = mirror_of(tmp_path)
    assert mirror.refresh() == ()
    assert (tmp_path / "a/log.csv").read_bytes() == b"epoch,loss\n0,1\n"
    before = mirror.bytes_fetched
    remote.pipe("/bucket/runs/a/log.csv", b"epoch,loss\n0,1\n1,0.5\n")
    mirror.refresh()
    assert (tmp_path / "a/log.csv").read_bytes() == b"epoch,loss\n0,1\n1,0.5\n"
    assert mirror.bytes_fetched - before == len(b"1,0.5\n") + len(b"epoch,loss\n0,1\n")


def test_that_a_rewritten_file_is_fetched_anew(tmp_path, remote):
    remote.pipe("/bucket/runs/log.csv", b"epoch,loss\n0,1\n1,2\n")
    mirror = mirror_of(tmp_path)
    mirror.refresh()
    remote.pipe("/bucket/runs/log.csv", b"epoch,loss\n7,1\n")
    mirror.refresh()
    assert (tmp_path / "log.csv").read_bytes() == b"epoch,loss\n7,1\n"


def test_that_a_file_gone_there_goes_here(tmp_path, remote):
    remote.pipe("/bucket/runs/log.csv", b"epoch,loss\n0,1\n")
    remote.pipe("/bucket/runs/other.csv", b"epoch,loss\n0,1\n")
    mirror = mirror_of(tmp_path)
    mirror.refresh()
    remote.rm("/bucket/runs/log.csv")
    mirror.refresh()
    assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]


def test_that_weights_and_pictures_are_not_fetched(tmp_path, remote):
    remote.pipe("/bucket/runs/model.pt", b"weights")
    remote.pipe("/bucket/runs/log.csv", b"epoch,loss\n0,1\n")
    mirror_of(tmp_path).refresh()
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


def test_that_a_folder_that_is_not_there_is_told(tmp_path, remote):
    (problem,) = mirror_of(tmp_path).refresh()
    assert "cannot be reached" in problem.message


def test_that_a_remote_name_cannot_leave_the_mirror(tmp_path, remote):
    mirror = mirror_of(tmp_path)
    mirror._root = "/bucket/runs"
    for name in ("/bucket/runs/../../etc/passwd", "/etc/passwd", "/bucket/runs/a/../../../x"):
        assert mirror._local(name).resolve().is_relative_to(tmp_path)


def test_that_an_unknown_kind_of_address_is_told_with_what_is_missing():
    folder = RemoteFolder("nonsense://host/runs")
    try:
        (problem,) = folder.refresh()
    finally:
        folder.close()
    assert problem.file == "nonsense://host/runs" and "nonsense" in problem.message


def test_that_closing_removes_the_copies(remote):
    remote.pipe("/bucket/runs/log.csv", b"epoch,loss\n0,1\n")
    folder = RemoteFolder("memory://bucket/runs")
    folder.refresh()
    path = Path(folder.path)
    assert (path / "log.csv").exists()
    folder.close()
    assert not path.parent.exists()
