"""Watching local folders: which events count, and when to rescan."""

from __future__ import annotations

import threading

import pytest
from watchdog.events import DirCreatedEvent, FileModifiedEvent, FileMovedEvent

from lossacc_gui.sources import local
from lossacc_gui.sources.local import (
    LONGEST_WITH_EVENTS,
    LONGEST_WITHOUT,
    SHORTEST,
    LocalWatch,
    Rhythm,
)


@pytest.fixture
def watch():
    """A watch whose `arrived` is set by every event."""
    arrived = threading.Event()
    made = LocalWatch(arrived.set)
    made.arrived = arrived  # type: ignore[attr-defined]
    yield made
    made.close()


def test_that_events_name_paths_once_and_both_ends_of_a_move(watch):
    watch.on_any_event(FileModifiedEvent("/a"))
    watch.on_any_event(FileModifiedEvent("/a"))
    watch.on_any_event(FileMovedEvent("/b", "/c"))
    watch.on_any_event(DirCreatedEvent("/d"))
    assert watch.take() == ["/a", "/b", "/c", "/d"] and watch.take() == []
    assert watch.arrived.is_set()


def test_that_a_write_in_a_sub_folder_is_heard_and_a_read_is_not(tmp_path, watch):
    (tmp_path / "sub").mkdir()
    log = tmp_path / "sub" / "log.csv"
    log.write_text("a")
    watch.follow([str(tmp_path)])
    with log.open("a") as file:
        file.write("b")
    assert watch.arrived.wait(10)
    assert str(log) in watch.take()
    assert watch.has_events and watch.description(1.0) == "events and rescan"


def test_that_a_root_that_is_missing_is_watched_as_soon_as_it_exists(tmp_path, watch):
    root = tmp_path / "later"
    watch.follow([str(root)])
    assert not watch.has_events and watch.description(1.0) == "rescan every 1 s"
    root.mkdir()
    watch.follow([str(root)])
    assert watch.has_events


def test_that_a_root_made_anew_is_watched_anew(tmp_path, watch):
    root = tmp_path / "runs"
    root.mkdir()
    watch.follow([str(root)])
    root.rename(tmp_path / "old")
    root.mkdir()
    watch.follow([str(root)])
    watch.take()
    watch.arrived.clear()
    (root / "log.csv").write_text("x")
    assert watch.arrived.wait(10)


def test_that_a_refused_watch_falls_back_to_rescans_and_says_why(tmp_path, watch, monkeypatch):
    class Refusing:
        def start(self):
            pass

        def schedule(self, *_, **__):
            raise OSError(28, "inotify watch limit reached")

        def stop(self):
            pass

        def join(self, _):
            pass

    monkeypatch.setattr(local, "Observer", Refusing)
    watch.follow([str(tmp_path)])
    assert watch.description(2.0) == (
        "rescan every 2 s; no file events: inotify watch limit reached"
    )


def test_that_a_network_mount_is_recognised(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\nhost:/x /mnt/cluster nfs4 rw 0 0\n")
    assert local._network_kind("/mnt/cluster/runs", str(mounts)) == "nfs4"
    assert local._network_kind("/home/me", str(mounts)) == ""


def test_that_the_rescan_slows_down_when_nothing_happens_and_wakes_when_something_does():
    rhythm = Rhythm()
    now = 0.0
    for _ in range(40):
        assert rhythm.due(now)
        rhythm.done(now, 0.001, changed=False, has_events=False)
        now += rhythm.interval
    assert rhythm.interval == LONGEST_WITHOUT < LONGEST_WITH_EVENTS
    rhythm.done(now, 0.001, changed=False, has_events=False)
    rhythm.stir(now)
    assert rhythm.wait(now) <= SHORTEST


def test_that_a_slow_rescan_takes_a_twentieth_of_the_time_at_most():
    rhythm = Rhythm()
    rhythm.done(0.0, 2.0, changed=True, has_events=False)
    assert rhythm.interval == 40
