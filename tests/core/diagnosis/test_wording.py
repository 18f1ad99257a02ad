"""What a person is told: units, titles, doubts, proofs, and odd numbers without silly words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

import numpy as np
import pytest

from lossacc_gui.core.diagnosis import diagnose, wording
from lossacc_gui.core.diagnosis.cause import all_causes, quoted
from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import as_run, changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Diagnosis
from lossacc_gui.core.diagnosis.meanings import MEANINGS, meaning
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.ranking import sign_of
from lossacc_gui.core.diagnosis.units import UNITS, value_text
from lossacc_gui.core.resources import resource

N = 40


def told(**curves: object) -> Diagnosis:
    """The diagnosis of an ordinary run with some curves replaced."""
    return diagnose(as_run(changed(ordinary(N), **curves)))


@pytest.mark.parametrize(
    ("feature", "value", "text"),
    [
        ("accuracy_end", 0.9131, "91.3 %"),
        ("gap_end", -0.031, "−3.1 points"),
        ("jitter", 0.012, "1.2 points"),
        ("narrow_plateau_fall", math.log(4.0), "75 %"),
        ("narrow_plateau_fall", -math.log(1.5), "it rose 50 %"),
        ("jump_log", math.log(1.5), "50 %"),
        ("jump_log", math.log(150.0), "150-fold"),
        ("val_excess", math.log(2.0), "2 times"),
        ("lr_fall", 0.0, "none"),
        ("lr_fall", 2.0, "1e+02-fold"),
        ("rise_margin", 1.67, "1.7 times the line"),
        ("drop_z", -1.63, "z = −1.6"),
        ("rise_abs", 0.25, "0.25 nats"),
        ("frozen_to_end", 1.0, "yes"),
        ("still_rows", 12.0, "12"),
        ("jitter", 0.0001, "below 0.1 points"),
        ("gap_soon_over_end", -0.406, "−40.6 %"),
        ("signature:overfitting", 0.9, "90 % of full strength"),
        ("steady_rise", -0.5, "−0.5"),
        ("jump_log", math.nan, "not measurable"),
    ],
)
def test_that_a_measurement_is_told_in_its_unit(feature: str, value: float, text: str) -> None:
    assert value_text(feature, value) == text


def test_that_every_measurement_of_the_ranking_has_a_name_and_at_most_one_unit() -> None:
    names = " ".join(UNITS.values()).split()
    assert len(names) == len(set(names)) and set(names) <= set(MEANINGS)
    document = json.loads(resource("ranking.json").read_text("utf-8"))
    used = {f["name"] for f in document["features"] if sign_of(f["name"]) is None}
    assert used <= set(MEANINGS)


def test_that_no_name_leans_on_another_or_tells_a_unit_of_its_own() -> None:
    for text in MEANINGS.values():
        assert not text.startswith(("that ", "its ", "the same")), text
        assert "logarithm)" not in text and "(z)" not in text and "the line)" not in text, text
    assert len(set(MEANINGS.values())) > 0.9 * len(MEANINGS)


def test_that_quotation_marks_inside_a_title_become_single() -> None:
    assert quoted("“Accuracy” is another quantity") == "“‘Accuracy’ is another quantity”"
    assert meaning("signature:overfitting") == "the signs of “Overfitting”"
    assert meaning("alone:overfitting") == "the signs of “Overfitting” and of nothing else"


def test_that_curves_that_never_move_are_not_called_healthy() -> None:
    still = np.full(N, 0.5)
    found = told(train_loss=still, train_accuracy=still, val_loss=still, val_accuracy=still)
    assert found.verdict[0].cause == "bookkeeping"
    assert "to the last digit" in found.findings[0].summary
    one, zero = np.ones(N), np.zeros(N)
    done = told(train_loss=zero, train_accuracy=one, val_loss=zero, val_accuracy=one)
    assert "bookkeeping" not in {finding.cause for finding in done.findings}


def test_that_an_accuracy_above_one_is_told_and_never_judged() -> None:
    found = told(val_accuracy=ordinary(N)["val_accuracy"] + 0.2)
    first = found.findings[0]
    assert first.cause == "wrong-accuracy-metric"
    assert (
        first.evidence[0].kind == "proved" and "outside 0 to 100 %" in first.evidence[0].statement
    )
    assert "cannot be judged against each other" in found.missing[0]


def test_that_a_negative_loss_is_told_to_be_an_nll_of_probabilities() -> None:
    right = ordinary(N)["val_accuracy"]
    found = told(val_loss=-right, train_loss=-right)
    first = found.findings[0]
    assert first.cause == "loss-not-plain-cross-entropy"
    assert any("NLL" in line.statement for line in first.evidence)
    assert "healthy" not in {other.cause for other in first.alternatives}
    assert "(-" not in first.summary


def test_that_a_proven_fault_of_the_measurement_silences_the_rest() -> None:
    found = told(val_loss=np.zeros(N))
    assert {all_causes()[finding.cause].ORDER for finding in found.findings} == {"measurement"}


def test_that_one_evaluation_is_counted_in_the_singular() -> None:
    one = {name: values[:1] for name, values in ordinary(N).items()}
    assert diagnose(as_run(changed(one))).missing[0].startswith("Only 1 evaluation so far")


def look(curves: Mapping[str, np.ndarray]) -> Evidence:
    """What is measured of an example."""
    return measure(build(as_run(changed(curves))))


@pytest.mark.parametrize(
    ("sure", "headline", "others"),
    [
        (0.4, "Healthy, perhaps: overfitting", ["overfitting", "sampling-noise"]),
        (0.6, "Healthy", ["overfitting"]),
        (0.8, "Healthy", []),
    ],
)
def test_that_a_run_that_is_healthy_by_a_narrow_lead_says_what_it_may_be_instead(
    sure: float, headline: str, others: list[str]
) -> None:
    left = 1.0 - sure
    verdict = {"healthy": sure, "overfitting": 0.6 * left, "sampling-noise": 0.4 * left}
    said = wording.diagnosis(verdict, (), look(ordinary(N)), 5)
    assert said.headline == headline
    assert [other.cause for other in said.alternatives] == others


def test_that_few_evaluations_name_no_fault_in_the_headline() -> None:
    few = {name: values[:8] for name, values in ordinary(N).items()}
    verdict = {"healthy": 0.4, "overfitting": 0.35, "underfitting": 0.25}
    assert wording.diagnosis(verdict, (), look(few), 5).headline == "Healthy so far"


def test_that_a_rate_that_made_things_worse_is_not_called_nothing_to_repair() -> None:
    base, later = ordinary(60), np.arange(60) >= 30
    worse = {
        **base,
        "train_loss": base["train_loss"] + 0.3 * later,
        "train_accuracy": base["train_accuracy"] - 0.08 * later,
        "val_loss": base["val_loss"] + 0.3 * later,
        "val_accuracy": base["val_accuracy"] - 0.08 * later,
        "lr": np.where(later, 0.1, 0.01),
    }
    step = all_causes()["lr-schedule-step"].check(look(worse))
    assert step is not None and step.strength > 0.3
    assert "worsened" in step.summary and "Nothing to repair" not in step.summary
    better = all_causes()["lr-schedule-step"]
    good = better.check(measure(build(as_run(better.FIRES))))
    assert good is not None and "Nothing to repair" in good.summary


def test_that_the_floor_of_the_loss_speaks_of_one_split() -> None:
    curves = {**ordinary(60), "train_loss": decay(60, 2.0, 0.52, 5.0) + noise(60, 0.003, 5)}
    curves["train_accuracy"] = decay(60, 0.4, 0.998, 4.0)
    curves["val_loss"] = decay(60, 1.9, 0.62, 5.0) + noise(60, 0.003, 6)
    floor = all_causes()["loss-floor"].check(look(curves))
    assert floor is not None
    assert "Train loss levels off at 0.52" in floor.statements[0].statement
    assert "99.8 % right" in floor.statements[0].statement


def test_that_roughness_beyond_the_level_is_put_in_words() -> None:
    rough = np.abs(decay(60, 1.8, 0.05, 6.0) + np.random.default_rng(1).lognormal(0.0, 3.0, 60))
    sign = all_causes()["learning-rate-too-high"].check(look({**ordinary(60), "train_loss": rough}))
    assert sign is not None
    assert "more than its level" in sign.summary and "erratic" in sign.label


def test_that_the_number_of_validation_samples_is_told_once() -> None:
    cause = all_causes()["few-samples-dominate"]
    told_of = [f for f in diagnose(as_run(cause.FIRES)).findings if f.cause == cause.ID]
    lines = [line.statement for line in told_of[0].evidence]
    assert sum("500" in line for line in lines) == 1


def test_that_a_divergence_opens_where_the_climb_begins_and_is_told_alone() -> None:
    found = diagnose(as_run(all_causes()["training-divergence"].FIRES)).findings
    assert [f.cause for f in found] == ["training-divergence"]
    assert 30.0 <= found[0].start <= 33.0
