"""The worker: an engine with its sources, as the window's feed drives it."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable

from lossacc_gui.core.commands import Close, Open
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.snapshot import Snapshot
from lossacc_gui.sources.demo import Demo
from lossacc_gui.sources.stdin import StandardInput
from lossacc_gui.sources.worker import PAINTING, LiveWorker, worker_for

HEAD = "epoch,loss,val_loss\n"


class Driven:
    """A worker driven in the test's thread, as the feed would do in its own."""

    def __init__(self, worker: LiveWorker) -> None:
        self.worker = worker
        self.arrived = threading.Event()
        worker.open(self.arrived.set)

    def until(self, wanted: Callable[[Snapshot], bool], now: float = 1e9) -> Snapshot:
        """Steps until the snapshot is as wanted; bounded by the number of waits."""
        for _ in range(200):
            snapshot = self.worker.step([], now)
            if wanted(snapshot):
                return snapshot
            self.arrived.wait(max(self.worker.pause(), 0.01))
            self.arrived.clear()
        raise AssertionError(snapshot)


def points(snapshot: Snapshot) -> int:
    return sum(len(series.x) for view in snapshot.runs for series in view.data.series)


def test_that_a_new_folder_and_appended_lines_arrive(tmp_path):
    driven = Driven(LiveWorker([str(tmp_path)]))
    try:
        driven.until(lambda s: s.status.watching == "events and rescan")
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "log.csv").write_text(HEAD + "0,1,1\n")
        driven.until(lambda s: points(s) == 2)
        with (tmp_path / "run" / "log.csv").open("a") as file:
            file.write("1,0.5,0.6\n")
        driven.until(lambda s: points(s) == 4)
    finally:
        driven.worker.close()


def test_that_the_window_has_time_to_draw_before_new_points_are_judged(tmp_path):
    worker = LiveWorker([str(tmp_path)])
    (tmp_path / "log.csv").write_text(HEAD + "0,1,1\n1,0.5,0.6\n")
    drawn = worker.step([], 1e9)
    while not points(drawn):
        drawn = worker.step([], 1e9)
    assert worker.pause() == PAINTING
    judged = worker.step([], 1e9)
    assert judged.runs[0].data.series is drawn.runs[0].data.series
    assert judged.runs[0].diagnosis is not drawn.runs[0].diagnosis
    assert worker.pause() != PAINTING


def test_that_without_events_the_rescan_alone_gives_the_same_state(tmp_path, monkeypatch):
    monkeypatch.setattr("lossacc_gui.sources.local._network_kind", lambda _: "nfs")
    driven = Driven(LiveWorker([str(tmp_path)]))
    try:
        driven.until(lambda s: "network file system" in s.status.watching)
        (tmp_path / "log.csv").write_text(HEAD + "0,1,1\n")
        driven.until(lambda s: points(s) == 2)
    finally:
        driven.worker.close()


def test_that_open_and_close_reach_the_engine_and_the_watch(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "log.csv").write_text(HEAD + "0,1,1\n")
    driven = Driven(LiveWorker([str(tmp_path / "a")]))
    try:
        driven.until(lambda s: len(s.runs) == 1)
        driven.worker.step([Open((str(tmp_path / "b"),))], 1e9)
        driven.until(lambda s: len(s.runs) == 2)
        driven.worker.step([Close(str(tmp_path / "a"))], 1e9)
        driven.until(lambda s: [v.data.name for v in s.runs] == ["b"])
    finally:
        driven.worker.close()


def test_that_the_troubles_of_a_source_are_told(tmp_path):
    class Troubled:
        path = str(tmp_path)

        def start(self, wake):
            wake()

        def problems(self):
            return (Problem("s3://bucket", 0, "cannot be reached"),)

        def close(self):
            pass

    driven = Driven(LiveWorker([], [Troubled()]))
    try:
        driven.until(lambda s: any("reached" in p.message for p in s.status.problems))
    finally:
        driven.worker.close()


def test_that_the_demo_is_played_into_a_folder_that_is_removed(tmp_path):
    (tmp_path / "run.csv").write_text(HEAD + "0,1,1\n1,0.5,0.6\n2,0.3,0.5\n")
    demo = Demo(tmp_path, pace=0.001)
    driven = Driven(LiveWorker([], [demo]))
    try:
        driven.until(lambda s: points(s) == 6)
    finally:
        driven.worker.close()
    from pathlib import Path

    assert not Path(demo.path).exists()


def test_that_paths_addresses_and_standard_input_find_their_sources(tmp_path):
    worker = worker_for([str(tmp_path), "-"], demo=True)
    try:
        kinds = [type(source) for source in worker._sources]
        assert kinds == [Demo, StandardInput]
    finally:
        worker.close()


def test_that_the_run_of_a_pipe_is_called_standard_input():
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as trainer:
        trainer.write(b"loss,val_loss\n1,1\n0.5,0.6\n0.4,0.5\n")
    with os.fdopen(reader, "rb") as source:
        piped = StandardInput(source, io.BytesIO())
        driven = Driven(LiveWorker([], [piped]))
        try:
            seen = driven.until(lambda s: points(s) == 6)
            assert [run.data.name for run in seen.runs] == ["standard input"]
        finally:
            driven.worker.close()
            piped.wait(10)
