"""Which curves are shown and what they are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lossacc_gui.core.plain import plain
from lossacc_gui.core.series import SeriesView
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot.content import Line
from lossacc_gui.ui.plot.options import PlotOptions


def shown_series(view: RunView, options: PlotOptions) -> list[SeriesView]:
    """The curves to show: all main losses and accuracies but the hidden, and the extra ones."""
    made = []
    for series in view.data.series:
        if series.role not in ("loss", "accuracy"):
            wanted = series.key in options.extra and series.role != "lr"
        else:
            wanted = series.main or series.key in options.extra
        if series.split == "train" and not options.show_train:
            wanted = series.key in options.extra
        if wanted and series.key not in options.hidden and len(series.x):
            made.append(series)
    return made


def line_name(series: SeriesView, run: str) -> str:
    """What stands at the end of a curve."""
    split = "" if series.split == "none" else series.split
    if run:
        return plain(run, 22) + (f" {split}" if split in ("train", "test") else "")
    what = {"loss": "loss", "accuracy": "acc"}.get(series.role, "")
    return f"{split} {what}".strip() if series.main and what else plain(series.tag, 24)


def folder(path: str) -> str:
    """The folder that holds a run, which groups it with its neighbours."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[0] or "."


def told_apart(lines: list[Line], views: Sequence[RunView]) -> list[Line]:
    """Lines of one run that would carry the same name carry their tags instead."""
    tags = {(v.data.key, s.key): s.tag for v in views for s in v.data.series}
    seen = Counter((line.run, line.side, line.name) for line in lines)
    return [
        replace(line, name=plain(tags[line.run, line.key], 28))
        if seen[line.run, line.side, line.name] > 1
        else line
        for line in lines
    ]
