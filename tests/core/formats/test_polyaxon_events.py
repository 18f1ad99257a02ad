"""Polyaxon event files."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from lossacc_gui.core.formats import best_format, polyaxon_events
from tests.core.formats.feeding import flipped, gathered, problems, read

PATH = PurePath("run/events/metric/train/loss.plx")
DATA = b"step|timestamp|metric" + b"".join(
    b"\n%d|2023-11-14 22:13:%02d+00:00|%.4f" % (i * 5, i, i / 16) for i in range(50)
)


def curve(data: bytes, seed: int = 0):
    found = gathered(read(polyaxon_events.Reader(PATH), data, seed))
    return found.get(("", "", "train/loss"), [])


@pytest.mark.parametrize("seed", range(4))
def test_that_events_are_read_however_the_file_is_cut(seed):
    assert curve(DATA, seed) == [(i * 5, i / 16) for i in range(50)]


def test_that_the_time_is_in_seconds_since_1970():
    data = b"step|timestamp|metric\n1|2023-11-14 22:13:20.5+00:00|2.0\n"
    assert polyaxon_events.Reader(PATH).feed(data).columns[0].time[0] == 1_700_000_000.5


def test_that_a_last_line_without_its_value_waits():
    assert curve(b"step|timestamp|metric\n1|2023-11-14|") == []


def test_that_a_broken_line_is_named():
    rows = read(polyaxon_events.Reader(PATH), b"step|timestamp|metric\n1|x\n2|y|0.5\n")
    assert "expected step, time and value" in problems(rows)[0]
    assert gathered(rows) == {("", "", "train/loss"): [(2, 0.5)]}


@pytest.mark.parametrize("seed", range(20))
def test_that_flipped_bits_never_raise(seed):
    curve(flipped(DATA, seed), seed % 4)


def test_that_only_metric_events_are_taken():
    assert best_format(DATA, PATH) is polyaxon_events
    assert polyaxon_events.score(b"step|timestamp|text\n", PATH) == 0
