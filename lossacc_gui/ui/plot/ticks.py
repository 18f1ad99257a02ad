"""Where ticks stand on an axis and what is written at them."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Literal

import numpy as np

Unit = Literal["number", "percent", "step", "epoch", "relative", "clock"]
Tick = tuple[float, str]

_STEPS_OF_TIME = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
    86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000,
)  # fmt: skip


def linear(low: float, high: float, pixels: float, unit: Unit, gap: float = 64.0) -> list[Tick]:
    """Ticks at round values in [low, high], about `gap` pixels apart."""
    span = high - low
    if not (math.isfinite(span) and span > 0 and pixels > 0):
        return []
    step = _step(span * gap / pixels, unit)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    if last - first > 200:
        return []
    places = [i * step for i in range(first, last + 1)]
    if unit == "clock":
        places = _clock_places(low, high, step)
    return [(place, label(place, step, unit)) for place in places]


def _step(rough: float, unit: Unit) -> float:
    if unit in ("relative", "clock"):
        if rough > 1:
            return float(next((s for s in _STEPS_OF_TIME if s >= rough), _STEPS_OF_TIME[-1]))
    elif unit in ("step", "epoch"):
        rough = max(rough, 1.0)  # there is nothing between two steps
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999)


def _clock_places(low: float, high: float, step: float) -> list[float]:
    # Round hours and midnights are round in local time, not in seconds since 1970.
    offset = datetime.fromtimestamp(low).astimezone().utcoffset()
    shift = offset.total_seconds() if offset else 0.0
    first = math.ceil((low + shift) / step)
    last = math.floor((high + shift) / step)
    return [i * step - shift for i in range(first, last + 1)]


def logarithmic(low: float, high: float, pixels: float) -> list[Tick]:
    """Ticks of a log axis whose range is given as exponents of ten; places are exponents too."""
    span = high - low
    if not (math.isfinite(span) and span > 0 and pixels > 0):
        return []
    per_decade = pixels / span
    mantissas = (1, 2, 3, 5) if per_decade > 220 else (1, 2, 5) if per_decade > 90 else (1,)
    every = max(1, math.ceil(26 / per_decade))
    made: list[Tick] = []
    low, high = max(low, -300.0), min(high, 300.0)  # as far as a float64 goes
    for power in range(math.floor(low), math.ceil(high) + 1):
        if power % every:
            continue
        for mantissa in mantissas:
            place = power + math.log10(mantissa)
            if low <= place <= high:
                made.append((place, number(mantissa * 10.0**power, digits=6)))
    if (
        len(made) < 2 and high - low < 2
    ):  # zoomed far in: ticks at round values, placed by their logarithm
        values = linear(10.0**low, 10.0**high, pixels, "number", 40)
        made = [(math.log10(v), text) for v, text in values if v > 0]
    return made


def label(value: float, step: float, unit: Unit) -> str:
    """What stands at a tick, with as many digits as tell it from its neighbours."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if unit == "percent":
        return f"{value * 100 + 0.0:.{max(0, decimals - 2)}f}\u202f%".replace("-", "−")
    if unit == "relative":
        return duration(value, step)
    if unit == "clock":
        moment = datetime.fromtimestamp(value)
        midnight = moment.hour == moment.minute == moment.second == 0
        if step >= 86400 or midnight:
            return f"{moment:%b} {moment.day}"
        return f"{moment:%H:%M}" if step >= 60 else f"{moment:%H:%M:%S}"
    if abs(value) < step * 1e-6:
        return "0"
    if abs(value) >= 1e7 or step < 1e-6:
        return number(value, digits=max(3, round(math.log10(abs(value) / step)) + 1))
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace("-", "−")


def number(value: float, digits: int = 4) -> str:
    """A value with `digits` significant digits, short and without trailing noise."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -4 or size >= 7:
        mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}e{int(power)}".replace("-", "−")
    shown = f"{value:.{max(0, digits - 1 - size)}f}"
    if "." in shown and digits > 4:
        shown = shown.rstrip("0").rstrip(".")
    return shown.replace("-", "−")


def percent(value: float, digits: int = 4) -> str:
    """A fraction as percent with `digits` significant digits."""
    if not math.isfinite(value):
        return number(value)
    shown = abs(value) * 100
    size = math.floor(math.log10(shown)) if shown > 0 else 0
    text = f"{value * 100:.{min(6, max(1, digits - 1 - size))}f}"
    if digits > 4:
        text = text.rstrip("0").rstrip(".")
    return f"{text}\u202f%".replace("-", "−")


def duration(seconds: float, step: float = 1.0) -> str:
    """Seconds as 45 s, 12:30, 3:05:00 or 2 d 4 h."""
    sign = "−" if seconds < 0 else ""
    seconds = abs(seconds)
    if step < 1 and seconds < 60:
        return f"{sign}{seconds:.2g} s" if seconds else "0"
    total = round(seconds)
    if total < 60:
        return f"{sign}{total} s" if total else "0"
    if total >= 86400:
        days, rest = divmod(total, 86400)
        hours = f" {rest // 3600} h" if rest >= 3600 else ""
        return f"{sign}{days} d{hours}"
    minutes, seconds_left = divmod(total, 60)
    if minutes < 60:
        return f"{sign}{minutes}:{seconds_left:02d}"
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{seconds_left:02d}"


def place(value: float, mode: str, *, short: bool = False) -> str:
    """An x in words: as the crosshair reads it, or `short` as a mark carries it."""
    if mode == "relative":
        return duration(value) + ("" if short else " after the start")
    if mode == "clock" and short:
        return f"{datetime.fromtimestamp(value):%H:%M}"
    if mode == "clock":
        return f"{datetime.fromtimestamp(value):%Y-%m-%d %H:%M:%S}"
    whole = float(np.round(value))
    shown = f"{whole:,.0f}" if abs(value - whole) < 1e-6 else f"{value:,.2f}"
    return f"{mode} {shown}".replace(",", "\u202f")
