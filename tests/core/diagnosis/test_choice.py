"""Rivals are told once, second causes with a probability of their own, nothing below 20 %."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.diagnosis import diagnose
from lossacc_gui.core.diagnosis.cause import Signature, all_causes, trend_text
from lossacc_gui.core.diagnosis.choice import RIVALS, are_rivals, overlap, sureness, without_rivals
from lossacc_gui.core.diagnosis.examples import as_run
from lossacc_gui.core.diagnosis.settling import SETTLE
from tests.builders import run as built

CAUSES = all_causes()
ROLES = {
    "train_loss": ("loss", "train"),
    "train_accuracy": ("accuracy", "train"),
    "val_loss": ("loss", "val"),
    "val_accuracy": ("accuracy", "val"),
}


def signature(strength: float) -> Signature:
    return Signature(strength, "val", ((1.0, 9.0),), "", "", ())


def test_that_every_rival_is_a_cause_and_every_cause_has_a_test_that_settles_it():
    assert {cause for group in RIVALS for cause in group} <= set(CAUSES)
    assert set(SETTLE) == set(CAUSES)


def test_that_rivals_over_one_stretch_are_told_once_and_elsewhere_both():
    stretch, later = ((1.0, 9.0),), ((10.0, 12.0),)
    ranked = [("overfitting", stretch), ("overconfidence", stretch), ("lr-schedule-step", stretch)]
    assert without_rivals(ranked) == ["overfitting", "lr-schedule-step"]
    assert without_rivals([("loss-spike", stretch), ("data-change", later)]) == [
        "loss-spike",
        "data-change",
    ]
    assert overlap(((1.0, 2.0),), ((2.0, 3.0),)) and not overlap(((1.0, 2.0),), ((2.5, 3.0),))


def test_that_a_second_cause_has_a_probability_of_its_own():
    verdict = {"numeric-failure": 0.98, "overfitting": 0.018, "healthy": 0.002}
    sure = sureness(verdict, {"overfitting": signature(0.9)})
    assert sure["numeric-failure"] == 0.98
    assert 0.6 < sure["overfitting"] < 0.9
    assert sureness(verdict, {"overfitting": signature(0.1)})["overfitting"] < 0.1
    assert sureness(verdict, {})["overfitting"] == 0.018


def test_that_a_harmless_run_is_not_searched_for_second_causes():
    verdict = {"healthy": 0.9, "overfitting": 0.1}
    assert sureness(verdict, {"overfitting": signature(1.0)}) == verdict


def test_that_overfitting_before_a_nan_is_still_told():
    example = CAUSES["overfitting"].FIRES
    curves = {ROLES[n]: np.array(y, float) for n, y in example.curves.items() if n in ROLES}
    for (role, _), y in curves.items():
        if role == "loss":
            y[-8:] = np.nan
    told = diagnose(built(curves=curves))
    assert told.findings[0].cause == "numeric-failure" and told.findings[0].primary
    second = [f for f in told.findings if f.cause == "overfitting"]
    assert second and second[0].probability >= 0.5 and not second[0].primary


@pytest.mark.parametrize("cause", sorted(CAUSES))
def test_that_no_run_has_rival_findings_or_unlikely_ones(cause):
    found = diagnose(as_run(CAUSES[cause].FIRES)).findings
    assert all(f.probability >= 0.2 for f in found)
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            over = one.start <= other.end and other.start <= one.end
            assert not (over and are_rivals(one.cause, other.cause))
            assert other.cause not in [a.cause for a in one.alternatives]


def test_that_no_text_names_what_users_do_not_have():
    for module in CAUSES.values():
        text = " ".join((*module.REFERENCES, *module.HOW_TO_TELL.values()))
        assert "CAUSES" not in text and module.REFERENCES


@pytest.mark.parametrize(
    ("p", "words"),
    [(1.0, "too few"), (6.3e-07, "clear (p < 0.001)"), (0.0312, "p = 0.031"), (0.4, "not beyond")],
)
def test_that_a_trend_is_told_in_words(p, words):
    assert words in trend_text(p)


def test_that_a_rival_over_another_stretch_stands_beside_the_leader():
    verdict = {"overconfidence": 0.8, "margin-tradeoff": 0.15, "healthy": 0.05}
    late = replace(signature(1.0), regions=((50.0, 90.0),))
    early = replace(signature(1.0), regions=((5.0, 20.0),))
    apart = sureness(verdict, {"overconfidence": late, "margin-tradeoff": early})
    over = replace(signature(1.0), regions=((40.0, 60.0),))
    together = sureness(verdict, {"overconfidence": late, "margin-tradeoff": over})
    assert apart["margin-tradeoff"] > 0.5
    assert together["margin-tradeoff"] == 0.15
