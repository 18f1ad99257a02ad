"""When a run is judged: within the time of a pass, and not too often."""

from __future__ import annotations

from lossacc_gui.core.judging import NOT_YET, Judge, decide_due
from tests.builders import run


class Clock:
    """Rises by what a diagnosis is said to cost, at every second look."""

    def __init__(self, step: float) -> None:
        self.moment, self.step = 0.0, step

    def __call__(self) -> float:
        self.moment += self.step
        return self.moment


def judges(count: int) -> list[Judge]:
    made = [Judge() for _ in range(count)]
    for number, judge in enumerate(made):
        judge.want(run(f"r{number}", {("loss", "val"): [2.0, 1.0]}), None)
    return made


def test_that_a_run_has_an_empty_diagnosis_before_it_is_judged():
    (judge,) = judges(1)
    assert judge.diagnosis is NOT_YET and judge.waiting
    assert decide_due([judge], Clock(0.001), 1.0) is False
    assert judge.diagnosis is not NOT_YET and not judge.waiting


def test_that_what_does_not_fit_into_the_time_waits_but_one_is_always_judged():
    made = judges(3)
    assert decide_due(made, Clock(1.0), until=0.0) is True
    assert [judge.waiting for judge in made] == [False, True, True]


def test_that_a_run_is_judged_again_only_after_a_rest():
    clock, (judge,) = Clock(1.0), judges(1)
    decide_due([judge], clock, 0.0)
    judge.want(run("r", {("loss", "val"): [2.0, 1.0, 0.5]}), None)
    assert not judge.due(clock.moment + 3) and judge.due(clock.moment + 4)


def test_that_a_persons_word_is_judged_at_once():
    clock, (judge,) = Clock(1.0), judges(1)
    decide_due([judge], clock, 0.0)
    judge.want(run("r", {("loss", "val"): [2.0, 1.0]}), 10)
    assert judge.due(0.0)


def test_that_without_a_screen_everything_is_judged():
    made = judges(3)
    assert decide_due(made, Clock(1.0), until=0.0, rest=False) is False
    assert not any(judge.waiting for judge in made)
