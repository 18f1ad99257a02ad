"""Numbers in nested JSON values, named by their path."""

from __future__ import annotations

import math
from collections.abc import Iterator

import orjson

_DEEPEST = 6
_SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def numbers_in_json(tag: str, text: str | bytes) -> Iterator[tuple[str, float]]:
    """(path joined by dots, number); nothing where the text is broken or holds no number.

    Objects with a `_type` are pictures, histograms and the like, and are left alone.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return
    yield from _numbers(tag, value, _DEEPEST)


def _numbers(tag: str, value: object, deepest: int) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        if deepest and "_type" not in value:
            for key, inner in value.items():
                yield from _numbers(f"{tag}.{key}" if tag else key, inner, deepest - 1)
    elif isinstance(value, str) and value in _SPELLED:
        yield tag, _SPELLED[value]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield tag, float(value)
