"""One log file: its format, its problems, its stores, and what it was before."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lossacc_gui.core import logfile
from lossacc_gui.core.budget import Budget
from lossacc_gui.core.formats import StoreReplacedError, table, text
from lossacc_gui.core.logfile import MOST_PROBLEMS, LogFile
from lossacc_gui.core.rows import Column, Problem, Rows
from lossacc_gui.core.series_store import Y

NOW = 1_700_000_000.0


def poll(log: LogFile, now: float = NOW, budget: Budget | None = None) -> bool:
    return log.poll(budget or Budget(), lambda: 0.0, now)


def values(log: LogFile) -> dict[str, list[float]]:
    return {curve.tag: store.column(Y).tolist() for curve, store in log.curves.items()}


def append(path: Path, text: str, at: float = NOW - 60) -> None:
    with path.open("a") as file:
        file.write(text)
    os.utime(path, (at, at))


def rows(*y: float, problems: int = 0) -> Rows:
    found = tuple(Problem("f", n, "a number was expected") for n in range(problems))
    order = np.arange(len(y))
    return Rows((Column("loss", np.array(y, float), order),) if y else (), found)


def test_that_the_format_may_change_its_mind_in_the_first_lines(tmp_path):
    path = tmp_path / "train.log"
    append(path, "starting, please wait\n")
    log = LogFile(str(path))
    poll(log)
    assert not log.curves
    append(path, "epoch,loss\n0,2.5\n1,1.5\n2,0.5\n")
    poll(log)
    assert values(log)["loss"] == [2.5, 1.5, 0.5]


def test_that_nothing_flickers_while_a_replaced_file_is_read_in_pieces(tmp_path):
    path = tmp_path / "log.csv"
    append(path, "epoch,loss\n0,2\n1,1\n")
    log = LogFile(str(path))
    poll(log)
    path.write_text("epoch,loss,lr\n" + "".join(f"{i},{2 - i},0.1\n" for i in range(2)))
    small = Budget(bytes=8, chunk=8)
    seen = []
    while True:
        poll(log, NOW, small)
        seen.append(values(log).get("loss"))
        if not log.more:
            break
    assert all(loss == [2, 1] for loss in seen) and not log.left_over
    assert "lr" in values(log)


def test_that_problems_are_counted_beyond_what_is_listed(tmp_path, monkeypatch):
    reader = SimpleNamespace(
        name="x", feed=lambda _: rows(1.0, problems=1000), finish=lambda: rows()
    )
    fake = SimpleNamespace(NAME="x", TITLE="X", Reader=lambda _: reader)
    monkeypatch.setattr(logfile, "best_format", lambda *_: fake)
    path = tmp_path / "a.log"
    append(path, "x\n")
    log = LogFile(str(path))
    poll(log)
    assert (len(log.problems), log.problem_count) == (MOST_PROBLEMS, 1000)


class FakeStore:
    """Answers `poll` with the next of its answers."""

    name = "fake-store"

    def __init__(self, answers: list) -> None:
        self.answers = answers

    def poll(self) -> Rows:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A file that a store format claims; `answers` is what its polls give."""
    answers: list = []
    fake = SimpleNamespace(NAME="fake", TITLE="Fake", Store=lambda _: FakeStore(answers))
    monkeypatch.setattr(logfile, "best_format", lambda *_: fake)
    path = tmp_path / "store.db"
    append(path, "data")
    return LogFile(str(path)), path, answers


def test_that_a_store_is_asked_when_it_or_its_journal_changed(store):
    log, path, answers = store
    answers += [rows(1.0), rows(2.0), rows(3.0)]
    poll(log)
    poll(log, NOW + 10)
    assert values(log)["loss"] == [1]
    append(path.with_name("store.db-wal"), "more", at=NOW + 20)
    poll(log, NOW + 100)
    assert values(log)["loss"] == [1, 2]


def test_that_a_replaced_store_is_read_afresh_and_its_old_points_are_kept(store):
    log, path, answers = store
    answers += [rows(1.0, 2.0), StoreReplacedError(), rows(1.0, 7.0)]
    poll(log)
    append(path, "x", at=NOW + 20)
    poll(log, NOW + 30)
    poll(log, NOW + 31)
    assert values(log)["loss"] == [1, 7]
    ((ghost,),) = log.left_over.values()
    assert ghost.y.tolist() == [2]


def test_that_a_store_that_is_busy_keeps_its_points_and_says_so(store):
    log, path, answers = store
    answers += [rows(1.0), OSError(16, "database is locked"), rows(2.0)]
    poll(log)
    append(path, "x", at=NOW + 20)
    poll(log, NOW + 30)
    assert log.failure == "database is locked" and values(log)["loss"] == [1]
    append(path, "x", at=NOW + 40)
    poll(log, NOW + 50)
    assert not log.failure and values(log)["loss"] == [1, 2]


def test_that_the_reason_for_showing_nothing_is_told(tmp_path):
    for name, data, words in (
        ("empty.log", b"", "empty so far"),
        ("blob", b"\0\1\2\3" * 100, "binary data of no known kind"),
        ("notes.txt", b"remember the milk\n", "no metrics"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        log = LogFile(str(path))
        poll(log)
        assert words in log.reason_not_read()


def test_that_a_head_that_grew_a_little_is_looked_at_again_once_the_file_rests(
    tmp_path, monkeypatch
):
    looks = []
    choose = logfile.best_format

    def best_format(head: bytes, path: Path):
        looks.append(len(head))
        return choose(head, path) if b"20," not in head else text

    monkeypatch.setattr(logfile, "best_format", best_format)
    path = tmp_path / "log.csv"
    append(path, "epoch,loss\n" + "".join(f"{i},{2 - i / 20:.2f}\n" for i in range(20)), NOW)
    log = LogFile(str(path))
    poll(log)
    append(path, "20,1.00\n", NOW)
    poll(log)
    assert len(looks) == 1 and log.format is table
    assert len(values(log)["loss"]) == 21
    assert not log.finish(NOW + 1) and log.finish(NOW + 3)
    assert len(looks) == 2 and log.format is text


def test_that_a_reader_that_fails_ends_with_its_file_and_keeps_its_points(
    tmp_path, monkeypatch, caplog
):
    answers = [rows(1.0, 2.0)]
    reader = SimpleNamespace(name="x", feed=lambda _: answers.pop(0), finish=lambda: rows())
    fake = SimpleNamespace(NAME="x", TITLE="X", Reader=lambda _: reader)
    monkeypatch.setattr(logfile, "best_format", lambda *_: fake)
    path = tmp_path / "a.log"
    append(path, "x\n" * 300)
    log = LogFile(str(path))
    poll(log)
    append(path, "y\n", at=NOW - 30)
    poll(log)
    append(path, "z\n", at=NOW - 10)
    poll(log)
    assert values(log)["loss"] == [1, 2]
    assert [p.message for p in log.problems] == [
        "the reader failed and stopped: IndexError: pop from empty list"
    ]
    assert "the reader of" in caplog.text
