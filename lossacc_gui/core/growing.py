"""Columns of numbers that grow by doubling and hand out read-only slices that stay valid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.rows import Floats


class Growing:
    """A float64 matrix of `width` columns that is appended to at its end.

    Cells that were handed out by `column` are never written again: going back (`cut`) copies what
    remains if a slice of it was given away since the last copy.
    """

    def __init__(self, width: int) -> None:
        self._cells: NDArray[np.float64] = np.empty((width, 0))
        self._lent = 0
        self.size = 0

    def extend(self, block: NDArray[np.float64]) -> None:
        """Appends the columns of `block`, shape (width, n)."""
        end = self.size + block.shape[1]
        if end > self._cells.shape[1]:
            self._move(max(end, 2 * self._cells.shape[1], 16))
        self._cells[:, self.size : end] = block
        self.size = end

    def cut(self, size: int) -> None:
        """Forgets everything from position `size` on."""
        self.size = size
        if self._lent > size:
            self._move(self._cells.shape[1])

    def column(self, index: int) -> Floats:
        """A read-only view of shape (size,)."""
        self._lent = max(self._lent, self.size)
        view = self._cells[index, : self.size]
        view.flags.writeable = False
        return view

    def peek(self, index: int) -> Floats:
        """A view for reading at once; it is not protected from later changes."""
        return self._cells[index, : self.size]

    def _move(self, capacity: int) -> None:
        cells = np.empty((self._cells.shape[0], capacity))
        cells[:, : self.size] = self._cells[:, : self.size]
        self._cells = cells
        self._lent = 0
