"""Draws where findings lie: shades on the plot, and lanes with their names under it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from lossacc_gui.core import wording
from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.plain import plain
from lossacc_gui.core.stretches import lanes, one
from lossacc_gui.report.svg import FLOOR, LEFT, RIGHT, TOP, WIDTH, Scale, rule, text

_LANES = 6  # of findings under the plot; the others have their sections
_LANE, _BAR = 22, 3
_LETTER = 6.6  # pixels of an average letter at 12 px


def _extent(finding: Finding, across: Scale) -> tuple[float, float]:
    start = max(float(LEFT), across(max(finding.start, across.low)))
    end = min(float(WIDTH - RIGHT), across(min(finding.end, across.high)))
    return start, max(start + 1.5, end)


def shades(found: Sequence[Finding], across: Scale) -> list[Markup]:
    """A shade per stretch, held by bars at top and bottom: findings of one extent share theirs."""
    groups: list[list[Finding]] = []
    for finding in found:
        mine = finding.start, finding.end
        group = next((g for g in groups if one(mine, (g[0].start, g[0].end))), None)
        groups.append([finding]) if group is None else group.append(finding)
    taken = lanes([(group[0].start, group[0].end) for group in groups])
    return [_shade(group, lane, across) for group, lane in zip(groups, taken, strict=True)]


def _shade(group: Sequence[Finding], lane: int, across: Scale) -> Markup:
    start, end = _extent(group[0], across)
    wide, off = end - start, lane * (_BAR + 2)
    # The wider, the fainter: one over the whole plot would only colour the paper.
    share = wide / (WIDTH - RIGHT - LEFT)
    told = " and ".join(finding.title for finding in group)
    box = Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill-opacity="{:.3f}"/>')
    rows = (
        (TOP, FLOOR - TOP, 0.09 * (1 - 0.9 * share**2)),
        (TOP + off, _BAR, 0.7),
        (FLOOR - off - _BAR, _BAR, 0.7),
    )
    parts = [box.format(start, top, wide, tall, strength) for top, tall, strength in rows]
    parts += [rule(x, TOP, x, FLOOR, "edge") for x in (start, end)]
    return Markup('<g class="shade {}"><title>{}</title>{}</g>').format(
        group[0].severity, plain(f"{told}: {group[0].label}", 200), Markup("").join(parts)
    )


def lanes_height(found: Sequence[Finding]) -> int:
    """Pixels that the lanes of these findings take."""
    return _LANE * min(len(found), _LANES + 1)


def timeline(found: Sequence[Finding], across: Scale) -> list[Markup]:
    """A lane per finding, given the weightiest first, under the plot in the order of their starts:
    its name in its bar or, if that is short, beside it."""
    made = []
    for lane, finding in enumerate(sorted(found[:_LANES], key=lambda f: (f.start, f.key))):
        top = FLOOR + 30 + lane * _LANE
        start, end = _extent(finding, across)
        sign = wording.glyph(finding.severity, finding.benign)
        words = plain(f"{sign} {finding.title} {wording.percent(finding.probability)}", 80)
        wide = len(words) * _LETTER
        x = start + 7 if end - start > wide + 14 else end + 7
        if x + wide > WIDTH:
            x = start - 7 - wide
        look = "benign" if finding.benign else finding.severity
        bar = '<g class="lane {}"><rect x="{:.1f}" y="{}" width="{:.1f}" height="17" rx="3"/>{}</g>'
        label = text(max(2.0, x), top + 13, words, "label")
        made.append(Markup(bar).format(look, start, top, max(3.0, end - start), label))
    if len(found) > _LANES:
        words = f"+ {len(found) - _LANES} more below"
        made.append(text(LEFT, FLOOR + 43 + _LANES * _LANE, words, "tick"))
    return made
