"""A step that starts over in every epoch."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.batch_counter import BatchCounter


def cumulative(step, epoch) -> list[float]:
    return BatchCounter().cumulative(np.array(step, float), np.array(epoch, float)).tolist()


def test_that_a_step_that_only_rises_stays_as_it_is():
    assert cumulative([5, 10, 15], [0, 0, 1]) == [5, 10, 15]


def test_that_epochs_are_put_end_to_end():
    assert cumulative([0, 1, 2, 0, 1, 2, 0], [1, 1, 1, 2, 2, 2, 3]) == [0, 1, 2, 3, 4, 5, 6]
    assert cumulative([4, 8, 12, 4, 8, 12], [1, 1, 1, 2, 2, 2]) == [4, 8, 12, 16, 20, 24]


def test_that_going_back_to_an_earlier_epoch_returns_to_its_place():
    steps, epochs = [1, 2, 1, 2, 1, 2, 1], [1, 1, 2, 2, 3, 3, 2]
    assert cumulative(steps, epochs) == [1, 2, 3, 4, 5, 6, 3]


def test_that_without_epochs_a_step_going_back_is_left_for_the_restart_rule():
    assert cumulative([1, 2, 1], [np.nan, np.nan, np.nan]) == [1, 2, 1]
