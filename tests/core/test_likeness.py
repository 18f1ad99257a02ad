"""Whether two curves are the same numbers."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.likeness import PROOF, agreement, excerpt
from lossacc_gui.core.series_store import SeriesStore


def curve(y, step=None, scale=1.0):
    store = SeriesStore()
    steps = None if step is None else np.array(step, float)
    store.append(np.array(y, float), steps, None, None)
    return excerpt(store, scale)


EXACT = [2.1968969345092773, 1.8472931, 1.512394857, 1.2039485, 0.98234]


def test_that_the_same_numbers_printed_shorter_agree():
    assert agreement(curve(EXACT), curve([round(v, 4) for v in EXACT])) >= PROOF


def test_that_counting_from_0_or_from_1_makes_no_difference():
    printed = curve([round(v, 4) for v in EXACT], step=[1, 2, 3, 4, 5])
    assert agreement(curve(EXACT, step=[0, 1, 2, 3, 4]), printed) >= PROOF


def test_that_single_precision_agrees_with_double():
    assert agreement(curve(EXACT), curve(np.float32(EXACT))) >= PROOF


def test_that_percent_agrees_with_fractions():
    percent = curve([52.25, 61.75, 70.5, 83.75], scale=0.01)
    assert agreement(percent, curve([0.5225, 0.6175, 0.705, 0.8375])) >= PROOF


def test_that_other_numbers_do_not_agree():
    assert agreement(curve(EXACT), curve([v + 0.01 for v in EXACT])) == 0


def test_that_few_round_numbers_prove_nothing():
    assert agreement(curve([0.5, 0.5, 0.5, 1.0]), curve([0.5, 0.5, 0.5, 1.0])) < PROOF
