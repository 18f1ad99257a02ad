"""Live, quiet, stalled or finished."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lossacc_gui.core.liveness import Pulse, gap_by_clock, state_of
from tests.builders import frozen, series


def log(**more):
    fields = {"gone": False, "failure": "", "more": False, **more}
    return SimpleNamespace(**fields)


@pytest.mark.parametrize(
    ("age", "gap", "state"),
    [
        (2, 0, "live"),
        (30, 0, "quiet"),
        (30, 20, "live"),
        (600, 0, "stalled"),
        (600, 100, "quiet"),
        (7200, 0, "finished"),
        (7200, 600, "stalled"),
    ],
)
def test_that_age_is_judged_against_the_usual_gap(age, gap, state):
    assert state_of([log()], {}, 1000.0, gap, 1000.0 + age) == state


def test_that_gone_unreadable_and_loading_come_first():
    assert state_of([log(gone=True)], {}, 0, 0, 0) == "gone"
    assert state_of([log(failure="denied"), log(gone=True)], {}, 0, 0, 0) == "unreadable"
    assert state_of([log(more=True), log(failure="denied")], {}, 0, 0, 0) == "loading"


def test_that_a_log_that_tells_its_end_is_believed():
    assert state_of([log()], {"state": "Finished"}, 1000, 0, 1001) == "finished"


def test_that_the_gap_is_the_median_of_seen_changes():
    pulse = Pulse()
    for moment in (0, 10, 20, 90, 100):
        pulse.beat(moment)
    assert pulse.gap == 10


def test_that_the_gap_of_an_old_log_comes_from_its_own_times():
    view = series("loss", "loss", "train", [1] * 6, time=frozen([0, 60, 120, 180, 240, 300]))
    assert gap_by_clock([view]) == 60
