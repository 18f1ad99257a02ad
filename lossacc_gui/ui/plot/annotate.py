"""What is told about curves in place: best values, early stopping, restarts, notes, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from lossacc_gui.core import wording
from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.plain import plain
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot import ticks
from lossacc_gui.ui.plot.content import Flag, Line, Mark
from lossacc_gui.ui.plot.options import Note, PlotOptions, XMode
from lossacc_gui.ui.plot.xaxis import XMap


def best_marks(
    view: RunView, lines: Mapping[str, Line], options: PlotOptions, mode: XMode
) -> tuple[Mark, ...]:
    """The best held-out loss and accuracy as logged, and where patience would have ended."""
    run = view.data
    made: list[Mark] = []
    loss = run.main("loss", run.held_out)
    line = lines.get(loss.key) if loss else None
    if line is not None:
        index = best(line.curve.y, least=True)
        if index is not None and varies(line.curve.y):
            made.append(_mark(line, index, "best loss", mode))
        stop = early_stop(line.curve.y, options.patience)
        if stop is not None:
            x, y = float(line.curve.x[stop]), float(line.curve.shown.y[stop])
            text = f"early stop (patience {options.patience}) · {ticks.place(x, mode, short=True)}"
            made.append(Mark(x, y, line.side, line.colour, text, "stop"))
    accuracy = run.main("accuracy", run.held_out)
    line = lines.get(accuracy.key) if accuracy else None
    if line is not None:
        index = best(line.curve.y, least=False)
        if index is not None and varies(line.curve.y):
            made.append(_mark(line, index, "best accuracy", mode))
    return tuple(made)


def _mark(line: Line, index: int, words: str, mode: XMode) -> Mark:
    x, y = float(line.curve.x[index]), float(line.curve.y[index])
    value = ticks.percent(y, 3) if line.unit == "percent" else ticks.number(y, 3)
    return Mark(
        x, y, line.side, line.colour, f"{words} {value} · {ticks.place(x, mode, short=True)}"
    )


def best(y: Floats, *, least: bool) -> int | None:
    """Index of the first least (greatest) finite value; None when there is none."""
    finite = np.isfinite(y)
    if not finite.any():
        return None
    filled = np.where(finite, y, np.inf if least else -np.inf)
    return int(np.argmin(filled) if least else np.argmax(filled))


def varies(y: Floats) -> bool:
    """Whether there are two different finite values, so that one of them is the best."""
    finite = y[np.isfinite(y)]
    return len(finite) > 1 and bool((finite != finite[0]).any())


def early_stop(y: Floats, patience: int) -> int | None:
    """Index at which early stopping on this loss gives up: `patience` values without a new best.

    A value that is not a number counts as no improvement. None while it would still be running.
    """
    if patience < 1 or len(y) <= patience:
        return None
    filled = np.where(np.isfinite(y), y, np.inf)
    least = np.minimum.accumulate(filled)
    new_best = np.concatenate(([True], filled[1:] < least[:-1]))
    index = np.arange(len(y))
    since = index - np.maximum.accumulate(np.where(new_best, index, 0))
    reached = since >= patience
    return int(np.argmax(reached)) if reached.any() else None


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
