"""How the curves come back tells a disturbance from changed data."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import Example, as_run
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.measures.aftermath import pace

SPIKE, CHANGE = all_causes()["loss-spike"], all_causes()["data-change"]


def measured(example: Example, rows: int | None = None) -> Evidence:
    """The evidence of an example's first rows."""
    curves = build(as_run(example))
    return measure(curves.prefix(curves.size if rows is None else rows))


def strength(cause: str, e: Evidence) -> float:
    """How strongly a cause shows; 0 where nothing of it is there."""
    signature = all_causes()[cause].check(e)
    return signature.strength if signature is not None else 0.0


def test_that_a_spike_is_undone_and_changed_data_are_learned_anew():
    spike, change = measured(SPIKE.FIRES), measured(CHANGE.FIRES)
    assert spike.number("jump_relearning") < 0.3
    assert change.number("jump_relearning") > 0.7
    assert spike.number("jump_remains") < 0.1 < 0.4 < change.number("jump_remains")


def test_that_the_signs_of_either_weaken_those_of_the_other():
    spike, change = measured(SPIKE.FIRES), measured(CHANGE.FIRES)
    assert strength("data-change", spike) < 0.3 < strength("loss-spike", spike)
    assert strength("loss-spike", change) < 0.3 < strength("data-change", change)


@pytest.mark.parametrize("scale", [0.1, 1.0, 30.0])
def test_that_learning_as_slowly_as_at_first_has_an_even_pace_in_any_unit(scale):
    first = 0.2 + 2.0 * np.exp(-np.arange(30) / 4.0)
    loss = scale * np.concatenate((first, first))
    assert abs(pace(loss, 30, 30, 0.4 * scale)) < 0.2


def test_that_a_return_in_one_row_is_faster_than_the_first_learning():
    loss = 0.2 + 2.0 * np.exp(-np.arange(60) / 4.0)
    loss[40] += 1.5
    assert pace(loss, 40, 40, 0.4) < -1.0


def test_that_nothing_is_said_of_the_return_in_the_row_of_the_jump():
    e = measured(SPIKE.FIRES, 36)
    assert e.number("jump_log") > 0.2
    assert math.isnan(e.number("jump_relearning"))
    assert strength("loss-spike", e) > 0.0


def test_that_training_alone_tells_the_return():
    kept = {name: values for name, values in CHANGE.FIRES.curves.items() if "val" not in name}
    assert measured(Example(kept)).number("jump_relearning") > 0.6


def test_that_a_calm_run_has_no_return_to_tell():
    assert "jump_relearning" not in measured(SPIKE.QUIET).numbers
