"""The verdict as the mean of the latest looks."""

from __future__ import annotations

import math

import pytest

from lossacc_gui.core.diagnosis.steadying import Said, agreed, steadied, within


def said(rows: int, healthy: float) -> Said:
    return Said(rows, float(rows), {"healthy": healthy, "overfitting": 1.0 - healthy})


def test_that_one_odd_look_does_not_turn_the_verdict():
    looks = [said(rows, 0.9) for rows in range(80, 100)] + [said(100, 0.2)]
    assert steadied(looks, -math.inf)["healthy"] > 0.8


def test_that_a_look_alone_is_told_as_it_is():
    assert steadied([said(5, 0.3)], -math.inf) == pytest.approx(
        {"healthy": 0.3, "overfitting": 0.7}
    )


def test_that_looks_from_before_the_leading_cause_began_are_left_out():
    looks = [said(rows, 0.9) for rows in range(80, 98)] + [said(99, 0.1), said(100, 0.1)]
    assert steadied(looks, began=99.0)["overfitting"] == pytest.approx(0.9)


def test_that_only_the_last_fifth_counts():
    early = [said(rows, 0.01) for rows in range(1, 60)]
    late = [said(rows, 0.9) for rows in range(80, 101)]
    assert steadied(early + late, -math.inf)["healthy"] == pytest.approx(0.9)
    assert within(early, 100) == []


def test_that_a_look_counts_for_the_rows_it_stands_for():
    looks = [said(80, 0.5), said(99, 0.9), said(100, 0.1)]
    assert steadied(looks, -math.inf)["healthy"] > 0.8


def test_that_what_every_look_excludes_stays_excluded():
    looks = [Said(n, float(n), {"healthy": 1.0, "bookkeeping": 0.0}) for n in range(80, 101)]
    assert steadied(looks, -math.inf) == {"healthy": 1.0, "bookkeeping": 0.0}


def test_that_the_mean_is_a_distribution():
    looks = [said(90, 0.999), said(100, 0.3)]
    assert math.fsum(steadied(looks, -math.inf).values()) == pytest.approx(1.0)


def test_that_what_four_looks_agree_on_is_known_before_the_mean_follows():
    looks = [said(rows, 0.9) for rows in range(80, 97)]
    looks += [said(97, 0.3), said(98, 0.2), said(99, 0.1), said(100, 0.2)]
    assert steadied(looks, -math.inf)["overfitting"] < 0.2
    assert agreed(looks)["overfitting"] == pytest.approx(0.7)
    assert agreed(looks[:-1])["overfitting"] == pytest.approx(0.1)


def test_that_fewer_than_four_looks_agree_on_nothing():
    assert agreed([said(5, 0.1), said(6, 0.1), said(7, 0.1)]) == {"healthy": 0, "overfitting": 0}
