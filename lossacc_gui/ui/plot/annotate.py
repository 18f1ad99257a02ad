"""What is told about curves in place: best values, early stopping, restarts, notes, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from lossacc_gui.core import wording
from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.envelope import Envelope
from lossacc_gui.core.plain import plain
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot import ticks
from lossacc_gui.ui.plot.content import Content, Flag, Line, Mark
from lossacc_gui.ui.plot.options import Note, PlotOptions, XMode
from lossacc_gui.ui.plot.xaxis import XMap

_BLOCK = 4096


def best_marks(
    view: RunView, lines: Mapping[str, Line], options: PlotOptions, mode: XMode
) -> tuple[Mark, ...]:
    """The best held-out loss and accuracy as logged, and where patience would have ended."""
    run = view.data
    made: list[Mark] = []
    loss = run.main("loss", run.held_out)
    line = lines.get(loss.key) if loss else None
    if line is not None:
        index = best(line.curve.raw, least=True)
        if index is not None:
            made.append(_mark(line, index, "best loss", mode))
        stop = early_stop(line.curve.y, options.patience)
        if stop is not None:
            x, y = float(line.curve.x[stop]), float(line.curve.shown.y[stop])
            text = f"early stop (patience {options.patience}) · {ticks.place(x, mode, short=True)}"
            made.append(Mark(x, y, line.side, line.colour, text, "stop"))
    accuracy = run.main("accuracy", run.held_out)
    line = lines.get(accuracy.key) if accuracy else None
    if line is not None:
        index = best(line.curve.raw, least=False)
        if index is not None:
            made.append(_mark(line, index, "best accuracy", mode))
    return tuple(made)


def _mark(line: Line, index: int, words: str, mode: XMode) -> Mark:
    x, y = float(line.curve.x[index]), float(line.curve.y[index])
    value = ticks.percent(y, 3) if line.unit == "percent" else ticks.number(y, 3)
    return Mark(
        x, y, line.side, line.colour, f"{words} {value} · {ticks.place(x, mode, short=True)}"
    )


def best(curve: Envelope, *, least: bool) -> int | None:
    """Index of the first least (greatest) finite value; None unless there are two different."""
    extent = curve.range(-np.inf, np.inf)
    if extent is None or extent[0] == extent[1]:
        return None
    return int(np.argmax(curve.y == extent[0 if least else 1]))


def early_stop(y: Floats, patience: int) -> int | None:
    """Index at which early stopping on this loss gives up: `patience` values without a new best.

    A value that is not a number counts as no improvement. None while it would still be running.
    """
    if patience < 1:
        return None
    lowest, best_at = np.inf, 0
    for start in range(0, len(y), _BLOCK):  # it gives up early in most long runs
        part = y[start : start + _BLOCK]
        values = np.where(np.isfinite(part), part, np.inf)
        before = np.minimum.accumulate(np.concatenate(([lowest], values)))
        index = np.arange(start, start + len(part))
        records = np.where(values < before[:-1], index, -1)
        since = index - np.maximum(np.maximum.accumulate(records), best_at)
        if (since >= patience).any():
            return int(index[np.argmax(since >= patience)])
        lowest, best_at = float(before[-1]), int(index[-1] - since[-1])
    return None


def flags(
    view: RunView, xmap: XMap, lines: Mapping[str, Line], notes: Sequence[Note]
) -> Iterator[Flag]:
    """Restarts of the shown curves, each place once, and the person's notes."""
    seen: set[float] = set()
    for series in view.data.series:
        if series.key not in lines:
            continue
        for restart in series.restarts:
            x = xmap.to_shown(restart, series.x_kind)
            if x is not None and round(x, 9) not in seen:
                seen.add(round(x, 9))
                yield Flag(x, "restart", "restart")
    for note in notes:
        kind = xmap.mode if note.x_mode == "auto" else note.x_mode
        x = xmap.to_shown(note.x, kind)
        if x is not None:
            yield Flag(x, plain(note.text, 60), "note")


def region_title(finding: Finding) -> str:
    """The finding's name with its probability."""
    return f"{plain(finding.title, 48)} {wording.percent(finding.probability)}"


def made_by(finding: Finding, view: RunView) -> frozenset[str]:
    """The curves that a finding speaks about: those of its evidence, else those of its split."""
    named = {e.series for e in finding.evidence if e.series}
    if named:
        return frozenset(named)
    run = view.data
    splits = {"both": ("train", run.held_out), "val": (run.held_out,), "train": ("train",)}
    wanted = splits[finding.split]
    return frozenset(s.key for s in run.series if s.main and s.split in wanted)


def with_place(content: Content, view: RunView, xmap: XMap, x: float, key: str) -> Content:
    """The content with a ring at `x` of the run's own axis, on the curve of series `key`."""
    lines = [line for line in content.lines if line.run == view.data.key]
    line = next((line for line in lines if line.key == key), None)
    series = next((s for s in view.data.series if s.key == key), None)
    place = xmap.to_shown(x, series.x_kind) if line is not None and series is not None else None
    if line is None or place is None or not len(line.curve.x):
        return content
    y = float(np.interp(place, line.curve.x, line.curve.shown.y))
    mark = Mark(place, y, line.side, line.colour, "", "place")
    return replace(content, marks=(*content.marks, mark))
