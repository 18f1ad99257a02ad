"""The engine's thread by itself: coalescing, faults, stopping, and the Qt binding underneath."""

import sys
import threading

import pytest

from lossacc_gui.core.snapshot import Snapshot, Status
from lossacc_gui.ui.feed import Feed


class Scripted:
    """A worker that does what the test posts: a number becomes a revision, an error is raised."""

    def __init__(self):
        self.snapshot = Snapshot(0, (), Status())
        self.seen, self.threads = [], set()
        self.closed = threading.Event()

    def open(self, wake):
        self.wake = wake

    def step(self, commands, now):
        self.threads.add(threading.current_thread().name)
        for command in commands:
            self.seen.append(command)
            if isinstance(command, Exception):
                raise command
            self.snapshot = Snapshot(command, (), Status())
        return self.snapshot

    def pause(self):
        return 60.0

    def close(self):
        self.closed.set()


@pytest.fixture
def worker():
    return Scripted()


@pytest.fixture
def feed(qapp, worker):
    made = Feed(worker)
    yield made
    assert made.stop()


def test_that_a_posted_command_comes_back_as_the_newest_snapshot(qtbot, feed, worker):
    feed.start()
    with qtbot.waitSignal(feed.updated):
        feed.post(7)
    assert feed.take().revision == 7
    assert worker.threads == {"lossacc-engine"}


def test_that_a_snapshot_is_handed_over_once(qtbot, feed):
    feed.start()
    with qtbot.waitSignal(feed.updated):
        feed.post(1)
    assert feed.take() is not None
    assert feed.take() is None


def test_that_many_changes_become_few_signals_and_the_last_one_wins(qtbot, feed):
    heard = []
    feed.updated.connect(lambda: heard.append(feed.take()))
    feed.start()
    for revision in range(1, 501):
        feed.post(revision)
    qtbot.waitUntil(lambda: any(s is not None and s.revision == 500 for s in heard))
    assert len(heard) < 100


def test_that_no_signal_comes_when_nothing_changed(qtbot, feed, worker):
    feed.start()
    with qtbot.waitSignal(feed.updated):
        feed.post(3)
    with qtbot.assertNotEmitted(feed.updated, wait=100):
        feed.post(3)
    qtbot.waitUntil(lambda: worker.seen == [3, 3])


@pytest.mark.filterwarnings("ignore")
def test_that_a_fault_in_a_step_is_told_once_and_watching_goes_on(qtbot, feed, worker):
    told = []
    feed.failed.connect(told.append)
    feed.start()
    feed.post(ValueError("odd <b>"))
    qtbot.waitUntil(lambda: len(worker.seen) == 1)
    feed.post(ValueError("odd <b>"))
    feed.post(9)
    qtbot.waitUntil(lambda: 9 in worker.seen or len(worker.seen) == 2)
    feed.post(10)
    qtbot.waitUntil(lambda: 10 in worker.seen)
    assert told == ["A log could not be processed: ValueError: odd <b>"]


def test_that_stopping_ends_the_thread_and_closes_the_worker(qtbot, feed, worker):
    feed.start()
    with qtbot.waitSignal(feed.updated):
        feed.post(1)
    assert feed.stop()
    assert worker.closed.is_set()
    assert "lossacc-engine" not in {thread.name for thread in threading.enumerate()}


def test_that_a_feed_that_was_never_started_stops_too(feed):
    assert feed.stop()


def test_that_emitting_does_not_wear_out_true(feed):
    """PySide6 6.12.0 lost one reference to True per emit and aborted after about a thousand."""
    heard = []
    feed.updated.connect(lambda: heard.append(None))
    before = sys.getrefcount(True)
    for _ in range(100):
        feed.updated.emit()
    assert len(heard) == 100
    assert before - sys.getrefcount(True) < 50
