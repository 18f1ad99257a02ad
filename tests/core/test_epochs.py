"""Points within one epoch stand apart."""

import numpy as np

from lossacc_gui.core.epochs import spread


def test_that_training_rows_of_one_epoch_are_spread_up_to_it():
    assert spread(np.array([1.0, 1, 2, 2])).tolist() == [0.5, 1, 1.5, 2]
    assert spread(np.array([0.5, 1.5])).tolist() == [0.5, 1.5]
