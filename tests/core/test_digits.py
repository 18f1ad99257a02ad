"""Numbers as they were written."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.digits import decimals, same_values

NAN = float("nan")


def test_decimals_of_numbers_as_they_are_spelled():
    assert [decimals(v) for v in (0.25, 3.0, 3e-05, 1e20, NAN)] == [2, 0, 5, -20, 0]


def test_that_same_values_respects_the_digits_of_the_shorter():
    a = np.array([0.1234, 0.1234, NAN, 1.0, 3.5, 71.2])
    b = np.array([0.12, 0.13, NAN, 2.0, 4.0, 71.0])
    assert same_values(a, b).tolist() == [True, False, True, False, False, True]
