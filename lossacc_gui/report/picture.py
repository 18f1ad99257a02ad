"""Draws a run as inline SVG without Qt: loss left, accuracy right, findings shaded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from lossacc_gui.core import wording
from lossacc_gui.core.envelope import Envelope
from lossacc_gui.core.epochs import spread
from lossacc_gui.core.plain import plain
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import SeriesView
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.report.shades import lanes_height, shades, timeline
from lossacc_gui.report.svg import FLOOR, LEFT, RIGHT, TOP, WIDTH, Scale, rule, text

_FAR = WIDTH - 46  # the accuracy axis stands behind the labels of the curves
_LABEL = 15.0  # pixels from one end label to the next
_SPLITS = ("train", "val", "test")
_DENSE = 5.0  # pixels up and down per pixel across, from where a curve is a band


@dataclass(frozen=True, slots=True)
class _Curve:
    series: SeriesView
    x: Floats
    y: Floats

    @property
    def look(self) -> str:
        split = "train" if self.series.split == "train" else "held"
        return f"{self.series.role} {split}"


def _x_of(series: SeriesView, kind: str) -> Floats | None:
    if series.x_kind == kind:
        return series.x
    if kind == "step" or series.epoch is None:
        return series.step
    return spread(series.epoch)


def _curves(view: RunView) -> tuple[list[_Curve], str]:
    """The main curves on one x, and what that x is: that of the findings where there are any."""
    data = view.data
    found = [
        main
        for role in ("loss", "accuracy")
        for split in _SPLITS
        if (main := data.main(role, split)) is not None and len(main.x)  # type: ignore[arg-type]
    ]
    if not found:
        return [], "epoch"
    held = next((s for s in found if s.split == data.held_out), found[0])
    kind = next((f.x_kind for f in view.diagnosis.findings), held.x_kind)
    if _x_of(held, kind) is None:
        kind = held.x_kind
    curves = []
    for series in found:
        x = _x_of(series, kind)
        if x is not None:
            known = np.isfinite(x)
            order = np.argsort(x[known], kind="stable")
            curves.append(_Curve(series, x[known][order], series.y[known][order]))
    return [curve for curve in curves if len(curve.x)], kind


def nice_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Round values between low and high, both finite and different."""
    step = 10 ** math.floor(math.log10((high - low) / count))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= count:
            step *= factor
            break
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def _range(curves: Sequence[_Curve], role: str) -> tuple[float, float] | None:
    values = [c.y[np.isfinite(c.y)] for c in curves if c.series.role == role]
    values = [v for v in values if len(v)]
    if not values:
        return None
    low, high = min(float(v.min()) for v in values), max(float(v.max()) for v in values)
    if role == "accuracy":
        return min(0.0, low), max(1.0, high)
    room = 0.05 * (high - low) or max(0.05 * abs(high), 0.05)
    return low - room, high + room


def draw(view: RunView) -> Markup:
    """The picture of a run as an `svg` element, or a paragraph when nothing can be drawn."""
    curves, kind = _curves(view)
    if not curves:
        return Markup("<p class='quiet'>No loss or accuracy with points to draw.</p>")
    x0, x1 = min(float(c.x[0]) for c in curves), max(float(c.x[-1]) for c in curves)
    if x0 == x1:
        x0, x1 = x0 - 0.5, x1 + 0.5
    across = Scale(x0, x1, LEFT, WIDTH - RIGHT)
    sides = {
        role: Scale(*bounds, FLOOR, TOP)
        for role in ("loss", "accuracy")
        if (bounds := _range(curves, role)) is not None
    }
    parts = [_axis_x(across, kind), *(_axis_y(role, scale) for role, scale in sides.items())]
    found = [f for f in wording.by_weight(view.diagnosis) if f.x_kind == kind]
    parts += shades([f for f in found if not wording.is_quiet(f)], across)
    drawn = [c for c in curves if c.series.role in sides]
    parts += [_line(c, across, sides[c.series.role]) for c in drawn]
    dots, caption = _marks(drawn, across, sides, kind)
    parts += dots
    parts.append(_end_labels(drawn, across, sides))
    parts += timeline(found, across)
    title = f"Loss and accuracy of {plain(view.data.name, 80)}"
    body = Markup("").join(parts)
    return Markup(
        '<div class="wide"><svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "{}</svg></div>{}"
    ).format(WIDTH, FLOOR + 32 + lanes_height(found), title, body, caption)


def _axis_x(across: Scale, kind: str) -> Markup:
    made = [rule(LEFT, FLOOR, WIDTH - RIGHT, FLOOR, "axis")]
    for value in nice_ticks(across.low, across.high, 8):
        x = across(value)
        made.append(rule(x, FLOOR, x, FLOOR + 4, "axis"))
        made.append(text(x, FLOOR + 18, wording.position(value), "tick", "middle"))
    made.append(text(WIDTH - RIGHT + 24, FLOOR + 18, kind, "tick"))
    return Markup("").join(made)


def _told(value: float, values: Sequence[float]) -> str:
    """A tick's label, with as many decimals as those beside it need."""
    step = values[1] - values[0] if len(values) > 1 else abs(value)
    decimals = -math.floor(math.log10(step) + 1e-9) if step > 0 else 0
    return f"{value:.{max(0, decimals)}f}" if -9 < decimals < 5 else f"{value:.4g}"


def _axis_y(role: str, scale: Scale) -> Markup:
    left = role == "loss"
    edge = LEFT if left else _FAR
    made = [rule(edge, TOP, edge, FLOOR, f"axis {role}")]
    values = nice_ticks(scale.low, scale.high)
    for value in values:
        y = scale(value)
        if left:
            made.append(rule(LEFT, y, WIDTH - RIGHT, y, "grid"))
            made.append(text(LEFT - 8, y + 4, _told(value, values), f"tick {role}", "end"))
        else:
            made.append(text(edge + 7, y + 4, f"{100 * value:.0f} %", f"tick {role}"))
    made.append(
        text(4 if left else WIDTH - 4, 16, role, f"name {role}", "start" if left else "end")
    )
    return Markup("").join(made)


def _line(curve: _Curve, across: Scale, up: Scale) -> Markup:
    envelope = Envelope()
    envelope.update(curve.x, curve.y)
    trace = envelope.trace(across.low, across.high, WIDTH)
    heights = np.array([up(y) for y in trace.y[np.isfinite(trace.y)].tolist()])
    filled = np.abs(np.diff(heights)).sum() > _DENSE * (across.end - across.start)
    pieces: list[str] = []
    pen = "M"
    for x, y in zip(trace.x.tolist(), trace.y.tolist(), strict=True):
        if math.isfinite(y):
            pieces.append(f"{pen}{across(x):.1f} {up(y):.1f}")
            pen = "L"
        else:
            pen = "M"
    look = f"{curve.look} dense" if filled else curve.look
    made = Markup('<path d="{}" class="curve {}"/>').format(" ".join(pieces), look)
    bad = [float(curve.x[n]) for n in envelope.bad[:50]]
    return made + Markup("").join(
        text(across(x), FLOOR - 4, "✕", f"bad {curve.series.role}", "middle") for x in bad
    )


def _best(curve: _Curve, kind: str) -> tuple[int, str] | None:
    """Where the best value of a held-out curve stands, and its words."""
    finite = np.isfinite(curve.y)
    if curve.series.split == "train" or finite.sum() < 2:
        return None
    values = np.where(finite, curve.y, math.nan)
    role = curve.series.role
    place = int(np.nanargmax(values) if role == "accuracy" else np.nanargmin(values))
    told = wording.value_of(curve.series, float(curve.y[place]))
    where = f"{kind} {wording.position(float(curve.x[place]))}"
    return place, f"best {curve.series.split} {role} {told}, {where}"


def _marks(
    curves: Sequence[_Curve], across: Scale, sides: dict[str, Scale], kind: str
) -> tuple[list[Markup], Markup]:
    """Dots at the best values, and the line under the picture that says what they are."""
    dots, words = [], []
    for curve in curves:
        found, role = _best(curve, kind), curve.series.role
        if found is None:
            continue
        x, y = across(float(curve.x[found[0]])), sides[role](float(curve.y[found[0]]))
        dot = '<circle cx="{:.1f}" cy="{:.1f}" r="4.5" class="best {}"><title>{}</title></circle>'
        dots.append(Markup(dot).format(x, y, role, found[1]))
        words.append(Markup('<span class="{}">● {}</span>').format(role, found[1]))
    line = '<p class="marks">{}</p>' if words else "{}"
    return dots, Markup(line).format(Markup(" ").join(words))


def _end_labels(curves: Sequence[_Curve], across: Scale, sides: dict[str, Scale]) -> Markup:
    """The names at the ends of the curves, moved apart where they would collide."""
    wanted: list[tuple[float, _Curve, float]] = []
    for curve in curves:
        finite = np.flatnonzero(np.isfinite(curve.y))
        if len(finite):
            last = float(curve.y[finite[-1]])
            wanted.append((sides[curve.series.role](last), curve, last))
    wanted.sort(key=lambda item: item[0])
    at = -math.inf
    heights = []
    for y, _, _ in wanted:
        at = max(y, at + _LABEL)
        heights.append(at)
    over = max(0.0, (heights[-1] if heights else 0.0) - FLOOR)
    made = []
    limit = math.inf
    for (y, curve, value), height in reversed(list(zip(wanted, heights, strict=True))):
        placed = min(height - over, limit) if over else height
        limit = placed - _LABEL
        words = f"{curve.series.split} {curve.series.role} {wording.value_of(curve.series, value)}"
        x = WIDTH - RIGHT + 10
        made.append(rule(across(float(curve.x[-1])), y, x - 2, placed, f"lead {curve.series.role}"))
        made.append(text(x, placed + 4, words, f"end {curve.look}"))
    return Markup("").join(made)
