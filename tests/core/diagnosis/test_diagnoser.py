"""Online equals offline, the past decides nothing anew, and no numbers break the diagnosis."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lossacc_gui.core.diagnosis import Diagnoser, diagnose
from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.diagnoser import looks_upto
from lossacc_gui.core.diagnosis.examples import as_run, ordinary
from lossacc_gui.core.series import RunData
from tests.builders import run as built
from tests.builders import series

CAUSES = all_causes()


def cut(run: RunData, rows: int) -> RunData:
    """The run as it stood after `rows` points of every curve."""
    return replace(run, series=tuple(replace(s, x=s.x[:rows], y=s.y[:rows]) for s in run.series))


def healthy_run(**curves: object) -> RunData:
    """A healthy run with some curves replaced (None leaves one out)."""
    merged = {**ordinary(60), **curves}
    roles = {
        "train_loss": ("loss", "train"),
        "train_accuracy": ("accuracy", "train"),
        "val_loss": ("loss", "val"),
        "val_accuracy": ("accuracy", "val"),
        "lr": ("lr", "none"),
    }
    return built(curves={roles[name]: list(y) for name, y in merged.items() if y is not None})


def whole(run: RunData) -> None:
    """The invariants of any diagnosis."""
    told = diagnose(run)
    assert {v.cause for v in told.verdict} == set(CAUSES)
    assert sum(v.probability for v in told.verdict) == pytest.approx(1.0)
    assert all(v.probability >= 0.0 for v in told.verdict)
    ranked = [v.probability for v in told.verdict]
    assert ranked == sorted(ranked, reverse=True)
    assert told.headline
    for finding in told.findings:
        assert math.isfinite(finding.start) and finding.start <= finding.end
        text = finding.summary + finding.label
        assert "nan" not in text.lower().replace("nan)", "") or finding.cause == "numeric-failure"


@pytest.mark.parametrize("cause", ["overconfidence", "label-noise", "loss-spike", "data-change"])
def test_that_point_by_point_says_the_same_as_all_at_once(cause):
    run = as_run(CAUSES[cause].FIRES)
    rows = max(s.x.size for s in run.series)
    live = Diagnoser()
    for n in range(1, rows + 1):
        told = live.update(cut(run, n))
    assert told == diagnose(run)


@pytest.mark.parametrize("cause", ["overconfidence", "underfitting"])
def test_that_chunks_of_any_size_say_the_same_as_all_at_once(cause):
    run = as_run(CAUSES[cause].FIRES)
    rows = max(s.x.size for s in run.series)
    live = Diagnoser()
    for n in (3, 4, 17, 18, 40, rows):
        told = live.update(cut(run, n))
    assert told == diagnose(run)


def test_that_a_finding_was_raised_by_what_was_seen_by_then():
    run = as_run(CAUSES["overconfidence"].FIRES)
    finding = diagnose(run).findings[0]
    before = diagnose(cut(run, int(finding.detected_at) - 1))
    then = diagnose(cut(run, int(finding.detected_at)))
    assert finding.cause not in [f.cause for f in before.findings]
    assert finding.cause in [f.cause for f in then.findings]


def test_that_nothing_new_gives_the_same_object():
    run = as_run(CAUSES["overfitting"].FIRES)
    live = Diagnoser()
    assert live.update(run) is live.update(run)


def test_that_a_changed_past_is_judged_anew():
    live = Diagnoser()
    live.update(as_run(CAUSES["overconfidence"].FIRES))
    assert live.update(as_run(CAUSES["chance-level"].FIRES)) == diagnose(
        as_run(CAUSES["chance-level"].FIRES)
    )


def test_that_looks_depend_on_the_count_alone():
    assert looks_upto(500) == looks_upto(200) + looks_upto(500, 200)
    assert looks_upto(60) == list(range(1, 61))
    assert len(looks_upto(100_000)) < 450


@pytest.mark.parametrize("seed", range(6))
def test_that_a_healthy_run_is_told_healthy_and_shades_no_fault(seed):
    curves = ordinary(60, seed=10 * seed)
    told = diagnose(healthy_run(**curves))
    assert CAUSES[told.verdict[0].cause].BENIGN
    assert not [f for f in told.findings if not f.benign and f.probability >= 0.5]


def test_that_steps_instead_of_epochs_change_no_verdict():
    run = as_run(CAUSES["overfitting"].FIRES)
    steps = replace(run, series=tuple(replace(s, x=s.x * 250.0, x_kind="step") for s in run.series))
    a, b = diagnose(run), diagnose(steps)
    assert a.verdict == b.verdict
    assert b.findings[0].start == 250.0 * a.findings[0].start
    assert b.findings[0].x_kind == "step"


def test_that_duplicated_rows_change_no_verdict():
    run = as_run(CAUSES["overconfidence"].FIRES)
    twice = replace(
        run,
        series=tuple(
            replace(s, x=np.repeat(s.x, 2) + np.tile([0.0, 0.0], s.x.size), y=np.repeat(s.y, 2))
            for s in run.series
        ),
    )
    assert diagnose(twice).verdict[0].cause == diagnose(run).verdict[0].cause


@pytest.mark.parametrize(
    "left_out",
    [
        ("val_loss", "val_accuracy"),
        ("train_loss", "train_accuracy"),
        ("train_accuracy", "val_accuracy", "lr"),
        ("val_accuracy",),
        ("val_loss",),
        ("train_accuracy",),
        ("train_loss",),
        ("lr",),
    ],
)
def test_that_a_partial_log_is_judged_and_says_what_is_missing(left_out):
    run = healthy_run(**dict.fromkeys(left_out))
    whole(run)
    told = diagnose(run)
    assert told.missing
    assert not [f for f in told.findings if not f.benign and f.probability >= 0.5]


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
def test_that_few_points_are_called_too_few(rows):
    told = diagnose(cut(healthy_run(), rows))
    assert told.headline == "too few points yet"
    assert not told.findings
    assert any("too few" in line for line in told.missing)


def test_that_an_empty_run_has_nothing_to_judge():
    told = diagnose(built())
    assert told.headline == "nothing to judge yet" and told.judged_until is None


def test_that_validation_every_fifth_epoch_is_judged_on_its_own_rows():
    curves = ordinary(100)
    x = np.arange(5, 101, 5)
    run = built(
        curves={
            ("loss", "train"): curves["train_loss"],
            ("accuracy", "train"): curves["train_accuracy"],
        }
    )
    sparse = (
        series("val_loss", "loss", "val", curves["val_loss"][x - 1], x=x),
        series("val_accuracy", "accuracy", "val", curves["val_accuracy"][x - 1], x=x),
    )
    told = diagnose(replace(run, series=run.series + sparse))
    assert told.judged_until == 100.0
    assert CAUSES[told.verdict[0].cause].BENIGN


def test_that_a_nan_in_the_middle_is_found_where_it_is():
    loss = ordinary(60)["train_loss"].copy()
    loss[30] = np.nan
    told = diagnose(healthy_run(train_loss=loss))
    assert told.findings[0].cause == "numeric-failure"
    assert (told.findings[0].start, told.findings[0].end) == (31.0, 31.0)
    assert told.findings[0].detected_at == 31.0


HOSTILE = {
    "constant": np.full(30, 0.5),
    "zero": np.zeros(30),
    "negative": -np.ones(30),
    "huge": np.full(30, 1e300),
    "all nan": np.full(30, np.nan),
    "all inf": np.full(30, np.inf),
    "alternating": np.tile([0.0, 1.0], 15),
    "percent": np.full(30, 93.0),
    "one late number": np.concatenate((np.full(29, np.nan), [0.3])),
    "tiny": np.full(30, 1e-300),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", HOSTILE)
def test_that_hostile_values_are_judged_without_an_exception(name):
    y = HOSTILE[name]
    base = ordinary(30)
    for curves in (
        {("loss", "val"): y},
        {("accuracy", "val"): y},
        {("loss", "train"): y, ("accuracy", "train"): y},
        {("loss", "train"): y, ("loss", "val"): y, ("accuracy", "val"): y, ("lr", "none"): y},
        {("loss", "train"): base["train_loss"], ("loss", "val"): y, ("accuracy", "val"): y},
        {("loss", "train"): y, ("accuracy", "val"): base["val_accuracy"]},
    ):
        whole(built(curves=curves))


NUMBERS = st.one_of(
    st.floats(0.0, 3.0), st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1.0, -1.0, 1e12])
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(NUMBERS, max_size=25), st.lists(NUMBERS, max_size=25), st.lists(NUMBERS, max_size=9)
)
@example(loss=[], accuracy=[0.0] * 8, train=[0.0, -1.0, math.nan, 1.0])
def test_that_any_numbers_at_all_are_judged(loss, accuracy, train):
    whole(
        built(
            curves={
                ("loss", "val"): loss,
                ("accuracy", "val"): accuracy,
                ("loss", "train"): train,
            }
        )
    )


def test_that_a_long_log_is_thinned_and_judged():
    n = 20_000
    x = np.arange(1, n + 1)
    loss = 0.3 + np.exp(-x / 2000.0) + np.random.default_rng(0).normal(0.0, 0.01, n)
    run = built(curves={("loss", "train"): loss})
    told = diagnose(run)
    assert told.judged_until == n
    assert CAUSES[told.verdict[0].cause].BENIGN


def test_that_given_classes_are_kept():
    told = Diagnoser().update(healthy_run(), classes=7)
    assert told.phase_map.classes == 7 and told.phase_map.origin == "given"


def test_that_the_share_of_the_commonest_class_is_told_where_accuracy_is_nothing_else():
    told = diagnose(as_run(CAUSES["class-imbalance"].FIRES))
    assert any(finding.cause == "class-imbalance" for finding in told.findings)
    assert told.phase_map.majority == pytest.approx(0.9, abs=0.002)
    assert Diagnoser().update(healthy_run()).phase_map.majority is None


def test_that_a_grown_finding_says_what_changed():
    run = as_run(CAUSES["overconfidence"].FIRES)
    finding = diagnose(run).findings[0]
    assert finding.change
    assert "end" in finding.change
