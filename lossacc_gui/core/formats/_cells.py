"""Reads single cells and values as people and libraries write them: numbers, gaps, clocks."""

from __future__ import annotations

import math
import re
from datetime import datetime
from functools import lru_cache

MISSING = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "–",
        "na",
        "n/a",
        "#n/a",
        "<na>",
        "none",
        "null",
        "nil",
        "missing",
        "?",
        "nat",
    }
)
"""Cells, in lower case, that hold no value. "nan" is a value: the trainer logged it."""

_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_COMMA_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})")
_WRAPPED = re.compile(
    r"(?:(?:tensor|array|(?:np\.|numpy\.)?float\d*|variable)\(|(?=\[))\[{0,3}\s*"
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|[+-]?inf)\s*\]{0,3}(?:,[^\[\]]*)?\)?",
    re.IGNORECASE,
)  # "tensor(0.5, device='cuda:0')", "[0.5]"
_SPREADSHEET_INFINITY = re.compile(r"[+-]?1\.#(?:inf|ind|qnan|snan)\d*", re.IGNORECASE)
_MILLISECONDS, _MICROSECONDS, _NANOSECONDS = 1e11, 1e14, 1e17
_EARLIEST = 3e8  # 1979: a smaller number is a duration, not a clock
_DATE_FORMATS = (
    "%Y-%m-%d_%H-%M-%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d_%H%M%S",
    "%Y-%m-%d %H:%M:%S,%f",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%a %b %d %H:%M:%S %Y",
)
_LONGEST_NUMBER = 64


class NotANumberError(ValueError):
    """The cell holds text."""


def number(cell: str) -> tuple[float | None, bool]:
    """The number in `cell` and whether a percent sign stood behind it; None for a gap.

    A single comma is a decimal comma: the delimiter of the table is settled before.

    Raises:
        NotANumberError: the cell is neither a number nor a gap.
    """
    text = cell.strip()
    try:
        if "_" not in text:
            return float(text), False
    except ValueError:
        pass
    if text.casefold() in MISSING:
        return None, False
    if len(text) > _LONGEST_NUMBER:
        raise NotANumberError(text[:_LONGEST_NUMBER])
    if text.endswith(("%", "％")):
        value, _ = number(text[:-1])
        return value, value is not None
    return _unusual_number(text), False


def _unusual_number(text: str) -> float:
    if _COMMA_GROUPS.fullmatch(text):
        return float(text.replace(",", ""))
    if _DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    if _POINT_GROUPS.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if wrapped := _WRAPPED.fullmatch(text):
        return float(wrapped[1])
    if _SPREADSHEET_INFINITY.fullmatch(text):
        sign = -1.0 if text.startswith("-") else 1.0
        return sign * math.inf if "inf" in text.casefold() else math.nan
    raise NotANumberError(text)


def looks_numeric(cell: str) -> bool:
    """Whether the cell holds a number or nothing."""
    try:
        number(cell)
    except NotANumberError:
        return False
    return True


def is_gap(cell: str) -> bool:
    """Whether the cell holds no value."""
    return cell.strip().casefold() in MISSING


def clock_of_number(value: float) -> float:
    """Seconds since 1970 from seconds, milli-, micro- or nanoseconds; NaN for a mere duration."""
    size = abs(value)
    if not math.isfinite(value) or size < _EARLIEST:
        return math.nan
    if size >= _NANOSECONDS:
        return value / 1e9
    if size >= _MICROSECONDS:
        return value / 1e6
    return value / 1e3 if size >= _MILLISECONDS else value


@lru_cache(maxsize=4096)
def clock_of_text(text: str) -> float:
    """Seconds since 1970 from a date and time, local where no zone is given; NaN otherwise.

    A time of day without a date and a duration ("00:41") say nothing about the calendar: NaN.
    """
    text = text.strip()
    if not 8 <= len(text) <= _LONGEST_NUMBER or not any(c.isdigit() for c in text):
        return _clock_of_digits(text)
    if text.replace(".", "", 1).isdecimal():
        return _clock_of_digits(text)
    moment = _moment(text)
    if moment is None:
        return math.nan
    try:
        return moment.timestamp()
    except (OverflowError, OSError, ValueError):
        return math.nan


def _clock_of_digits(text: str) -> float:
    try:
        return clock_of_number(float(text))
    except ValueError:
        return math.nan


def _moment(text: str) -> datetime | None:
    if ":" not in text and "-" not in text and "_" not in text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None
