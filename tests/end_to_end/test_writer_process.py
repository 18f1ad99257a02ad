"""From the first byte that another process writes to the snapshot."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lossacc_gui.core.snapshot import Snapshot
from lossacc_gui.sources.worker import LiveWorker


class Writer:
    """The other process; every command is answered before `tell` returns."""

    def __init__(self, path: Path) -> None:
        script = Path(__file__).with_name("writer.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, *commands: str) -> None:
        for command in commands:
            assert self._process.stdin is not None and self._process.stdout is not None
            print(command, file=self._process.stdin, flush=True)
            assert self._process.stdout.readline() == "done\n"

    def close(self) -> None:
        self._process.communicate(timeout=20)
        assert self._process.returncode == 0


class Watcher:
    """A live worker, stepped until its snapshot is as wanted."""

    def __init__(self, folder: Path) -> None:
        self._arrived = threading.Event()
        self._worker = LiveWorker([str(folder)])
        self._worker.open(self._arrived.set)

    def until(self, wanted: Callable[[Snapshot], bool]) -> Snapshot:
        for _ in range(300):
            snapshot = self._worker.step([], time.time())
            if wanted(snapshot):
                return snapshot
            self._arrived.wait(max(self._worker.pause(), 0.01))
            self._arrived.clear()
        raise AssertionError([view.data for view in snapshot.runs])

    def close(self) -> None:
        self._worker.close()


@pytest.fixture
def scene(tmp_path):
    """A writer process and a watcher on the same folder, which is empty at first."""
    folder = tmp_path / "exp"
    folder.mkdir()
    writer, watcher = Writer(folder / "train.log"), Watcher(folder)
    yield writer, watcher
    watcher.close()
    writer.close()


def line(epoch: int, loss: float) -> str:
    return f"line Epoch {epoch}: loss {loss} accuracy {1 - loss / 10:.3f} val_loss {loss + 0.1:.2f}"


def losses(snapshot: Snapshot) -> list[float]:
    for view in snapshot.runs:
        for series in view.data.series:
            if series.role == "loss" and series.split == "train":
                return series.y.tolist()
    return []


def ghosts(snapshot: Snapshot) -> list[float]:
    return [
        y
        for view in snapshot.runs
        for series in view.data.series
        if series.role == "loss" and series.split == "train"
        for ghost in series.ghosts
        for y in ghost.y.tolist()
    ]


def test_that_lines_of_another_process_arrive_as_they_are_written(scene):
    writer, watcher = scene
    for epoch, loss in enumerate((2.5, 1.25, 0.75), start=1):
        writer.tell(line(epoch, loss))
        watcher.until(lambda s, n=epoch: len(losses(s)) == n)
    assert losses(watcher.until(lambda s: True)) == [2.5, 1.25, 0.75]


def test_that_a_line_written_in_halves_is_one_point(scene):
    writer, watcher = scene
    writer.tell(line(1, 2.5), "half Epoch 2: loss 1.")
    watcher.until(lambda s: losses(s) == [2.5])
    writer.tell("line 25 accuracy 0.5 val_loss 1.3")
    assert losses(watcher.until(lambda s: len(losses(s)) == 2)) == [2.5, 1.25]


def test_that_a_rotated_log_goes_on_as_one_curve(scene):
    writer, watcher = scene
    writer.tell(line(1, 2.5), line(2, 2.0))
    watcher.until(lambda s: len(losses(s)) == 2)
    writer.tell("rotate", line(3, 1.5))
    snapshot = watcher.until(lambda s: len(losses(s)) == 3)
    assert losses(snapshot) == [2.5, 2.0, 1.5] and ghosts(snapshot) == []


@pytest.mark.parametrize("act", ["truncate", "replace"])
def test_that_a_log_begun_anew_keeps_the_old_points_as_ghosts(scene, act):
    writer, watcher = scene
    writer.tell(line(1, 2.5), line(2, 2.0))
    watcher.until(lambda s: len(losses(s)) == 2)
    writer.tell(act, line(1, 3.5))
    snapshot = watcher.until(lambda s: losses(s) == [3.5])
    assert ghosts(snapshot) == [2.5, 2.0]
