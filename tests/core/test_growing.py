"""Columns that grow by doubling."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.growing import Growing


def block(*values: float) -> np.ndarray:
    return np.array([values, values], dtype=float)


def test_that_a_slice_stays_what_it_was_while_the_column_grows_and_is_cut():
    growing = Growing(2)
    growing.extend(block(1, 2, 3))
    before = growing.column(1)
    growing.extend(block(*range(100)))
    growing.cut(1)
    growing.extend(block(7, 8, 9))
    assert before.tolist() == [1, 2, 3]
    assert growing.column(0).tolist() == [1, 7, 8, 9]


def test_that_a_slice_cannot_be_written_to():
    growing = Growing(2)
    growing.extend(block(1))
    with pytest.raises(ValueError, match="read-only"):
        growing.column(0)[0] = 5


def test_that_cutting_what_nobody_has_seen_copies_nothing():
    growing = Growing(2)
    growing.extend(block(1, 2, 3))
    cells = growing.peek(0).base
    growing.cut(1)
    growing.extend(block(5))
    assert growing.peek(0).base is cells
