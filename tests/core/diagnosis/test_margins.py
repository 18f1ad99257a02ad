"""The margins: 1 on the line that defines a cause, beyond it above, and never raised by noise."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import Example, as_run
from lossacc_gui.core.diagnosis.meanings import MEANINGS
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.measures.margins import smallest

EPOCHS = np.arange(60.0)


def measured(val_loss: np.ndarray, val_accuracy: np.ndarray) -> Evidence:
    """The evidence of a run with a plain training side."""
    fall = np.exp(-EPOCHS / 12.0)
    curves = build(
        as_run(
            Example(
                {
                    "train_loss": (0.05 + 1.5 * fall).tolist(),
                    "train_accuracy": (0.98 - 0.6 * fall).tolist(),
                    "val_loss": val_loss.tolist(),
                    "val_accuracy": val_accuracy.tolist(),
                }
            )
        )
    )
    return measure(curves.prefix(curves.size))


def test_that_the_smallest_share_counts_and_a_missing_one_leaves_nothing():
    assert smallest(0.5, 3.0) == 0.5
    assert np.isnan(smallest(0.5, float("nan")))


def test_that_a_clear_turn_lies_beyond_its_line():
    loss = 0.4 + np.maximum(0.0, EPOCHS - 20.0) * 0.01 + np.maximum(0.0, 20.0 - EPOCHS) * 0.05
    accuracy = 0.9 - np.abs(EPOCHS - 20.0) * 0.001
    assert measured(loss, accuracy).number("overfit_margin") > 1.0


@pytest.mark.parametrize("seed", range(5))
def test_that_noise_alone_makes_no_turn(seed):
    random = np.random.default_rng(seed)
    accuracy = 0.9 + random.normal(scale=0.01, size=60)
    loss = 0.3 + 0.5 * np.exp(-EPOCHS / 8.0) + random.normal(scale=0.003, size=60)
    assert measured(loss, accuracy).number("overfit_margin") < 1.0


def test_that_a_constant_answer_of_five_classes_lies_between_its_bounds():
    loss = np.full(60, 0.51)
    accuracy = np.full(60, 0.884)
    assert 0.0 < measured(loss, accuracy).number("constant_answer_place") < 1.0


def test_that_every_margin_has_words():
    loss = 0.4 + np.abs(EPOCHS - 20.0) * 0.01
    names = measured(loss, 0.9 - loss / 10.0).numbers
    assert {n for n in names if "margin" in n or "constant_answer" in n} <= set(MEANINGS)
