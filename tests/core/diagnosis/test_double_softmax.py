"""The floor behind a second softmax, against floors that only come near it."""

from __future__ import annotations

import pytest

from lossacc_gui.core.diagnosis.causes import double_softmax
from lossacc_gui.core.diagnosis.causes.double_softmax import floor_of
from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.examples import as_run, changed, counted, decay, ordinary
from lossacc_gui.core.diagnosis.measures import measure

N = 50


def strength(classes: int, offset: float, first: float) -> float:
    """How strongly it shows in a run that ends at the floor plus `offset`."""
    level = floor_of(classes) + offset
    right = decay(N, 1.0 / classes, 0.9995, 5.0)
    run = changed(
        ordinary(N),
        train_loss=decay(N, first, level, 6.0),
        train_accuracy=right,
        val_loss=decay(N, first, level, 6.0),
        val_accuracy=counted(right, 2000),
    )
    signature = double_softmax.check(measure(build(as_run(run))))
    return 0.0 if signature is None else signature.strength


@pytest.mark.parametrize("classes, first", [(3, 1.09), (10, 2.3)])
def test_a_loss_that_ends_at_the_floor_shows(classes: int, first: float) -> None:
    assert strength(classes, 0.002, first) > 0.8


def test_a_loss_below_the_floor_rules_it_out() -> None:
    assert strength(3, -0.005, 1.09) < 0.2


def test_a_start_at_the_guessing_of_more_classes_rules_it_out() -> None:
    assert strength(3, 0.002, 1.38) < 0.2
