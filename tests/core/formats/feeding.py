"""Feeds readers whole, byte by byte and in random cuts, and gathers what they yield."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator

import numpy as np

from lossacc_gui.core.rows import Rows

Points = dict[tuple[str, str, str], list[tuple[float, float]]]


def gathered(many: Iterable[Rows]) -> Points:
    """(run, split, tag) -> [(step or epoch or row number, y), …] in file order."""
    points: Points = {}
    for rows in many:
        for column in rows.columns:
            seen = points.setdefault((column.run, column.split or "", column.tag), [])
            x = column.step if column.step is not None else column.epoch
            known = np.full(len(column.y), np.nan) if x is None else x
            for at, y in zip(known.tolist(), column.y.tolist(), strict=True):
                seen.append((len(seen) + 1 if math.isnan(at) else at, y))
    return points


def pieces(data: bytes, seed: int) -> Iterator[bytes]:
    """The bytes cut at random places; seed 0 is whole, seed 1 byte by byte."""
    if seed == 0:
        yield data
    elif seed == 1:
        yield from (data[i : i + 1] for i in range(len(data)))
    else:
        dice = random.Random(seed)
        position = 0
        while position < len(data):
            size = dice.choice((1, 7, 100, 5000))
            yield data[position : position + size]
            position += size


def read(reader, data: bytes, seed: int = 0) -> list[Rows]:
    """All rows of these bytes, `finish` included."""
    return [*(reader.feed(piece) for piece in pieces(data, seed)), reader.finish()]


def problems(many: Iterable[Rows]) -> list[str]:
    """The messages of all problems."""
    return [problem.message for rows in many for problem in rows.problems]


def flipped(data: bytes, seed: int, flips: int = 8) -> bytes:
    """The bytes with some bits turned at random."""
    dice = random.Random(seed)
    broken = bytearray(data)
    for _ in range(flips):
        broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
    return bytes(broken)
