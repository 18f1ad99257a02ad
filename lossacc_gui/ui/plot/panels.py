"""Parts a content into panels: one with two axes, or loss above accuracy."""

from __future__ import annotations

from dataclasses import replace

from lossacc_gui.ui.plot.content import Content
from lossacc_gui.ui.plot.frame import Side
from lossacc_gui.ui.plot.options import Mode


def panels(content: Content, mode: Mode, several: bool) -> list[Content]:
    """One content (overlay, indexed) or two: stacked, and where colour says the run."""
    sides = {line.side for line in content.lines}
    if mode == "indexed":
        return _indexed(content) if several and len(sides) > 1 else [_on_one_axis(content)]
    if len(sides) < 2:
        return [_only(content, side) for side in sorted(sides)] or [
            replace(content, left=None, right=None)
        ]
    if mode == "stacked" or several:
        return [_only(content, "left"), _below(_only(content, "right"))]
    return [content]


def _only(content: Content, side: Side) -> Content:
    """The part of a content that belongs to one axis."""
    return replace(
        content,
        left=content.left if side == "left" else None,
        right=content.right if side == "right" else None,
        lines=tuple(line for line in content.lines if line.side == side),
        marks=tuple(mark for mark in content.marks if mark.side == side),
        levels=tuple(level for level in content.levels if level.side == side),
    )


def _below(content: Content) -> Content:
    """The second panel: findings and flags are named in the first."""
    flags = tuple(replace(flag, text="") for flag in content.flags)
    return replace(content, label_regions=False, flags=flags)


def _on_one_axis(content: Content) -> Content:
    lines = tuple(replace(line, side="left", ghosts=()) for line in content.lines)
    return replace(content, lines=lines, right=None, marks=(), levels=())


def _indexed(content: Content) -> list[Content]:
    """Losses above errors: where colour says the run, nothing else would tell them apart."""
    axis = content.left
    assert axis is not None
    upper, lower = _on_one_axis(_only(content, "left")), _on_one_axis(_only(content, "right"))
    return [
        replace(upper, left=replace(axis, title="share of the initial loss removed")),
        _below(replace(lower, left=replace(axis, title="share of the initial errors removed"))),
    ]
