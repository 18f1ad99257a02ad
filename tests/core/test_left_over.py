"""Points of a replaced file."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.left_over import without
from lossacc_gui.core.series import Ghost

NAN = float("nan")


def ghost(*points: tuple[float, float]) -> Ghost:
    x, y = zip(*points, strict=True)
    return Ghost(np.array(x, float), np.array(y, float))


def test_that_only_what_is_not_known_again_remains():
    (left,) = without([ghost((1, 5), (2, 4), (3, NAN))], [ghost((1, 5), (3, NAN), (2, 9))])
    assert (left.x.tolist(), left.y.tolist()) == ([2], [4])


def test_that_nothing_remains_of_what_is_all_there_again():
    assert without([ghost((1, 5))], [ghost((1, 5), (2, 4))]) == ()


def test_that_a_ghost_that_is_not_touched_is_the_same_object():
    old = ghost((1, 5))
    assert without([old], [ghost((7, 7))])[0] is old
