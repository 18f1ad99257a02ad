"""What a reader yields: columns of numbers as logged, with the x values that stood beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Split = Literal["train", "val", "test", "none"]
Role = Literal["loss", "accuracy", "lr", "other"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that could not be read; `message` says what was expected."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """New points of one metric. All arrays have shape (n,).

    `y` is in the unit of the log; NaN and infinities are values that were logged, a missing cell
    is simply not a point. `step`, `epoch` and `time` (seconds since 1970) are what stood beside
    the value: None where the log has none, NaN where single rows lack it. `order` is the position
    in the file (a line or record number): it rises with reading and stands in for x when nothing
    else does. `split` and `run` are told by the place in the file (a heading, a sibling field),
    not by the tag. `percent` means that a percent sign stood behind the numbers.
    """

    tag: str
    y: Floats
    order: Ints
    step: Floats | None = None
    epoch: Floats | None = None
    time: Floats | None = None
    split: Split | None = None
    run: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What one `feed` yielded. `facts` are loose notes about the run, such as its display name."""

    columns: tuple[Column, ...] = ()
    problems: tuple[Problem, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


NOTHING = Rows()
