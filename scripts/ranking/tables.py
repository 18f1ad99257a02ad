"""Prints what a diagnosis is worth on labelled runs: figures, causes, confusions, generators."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from scripts.ranking import reliability
from scripts.ranking.scoring import Scored, figures


def report(rows: list[Scored]) -> None:
    """Figures, per-cause table, confusion table, calibration table, figures by generator."""
    for name, value in figures(rows).items():
        print(f"  {name:20s} {value:8.3f}")
    _by_cause(rows)
    print("\n  confusions: truth down, first verdict across (numbers as down)")
    for line in confusion_table(rows):
        print(f"  {line}")
    print("\n  calibration: probability said, share right (95 % interval), runs")
    for one in reliability.bins(rows):
        bar = "#" * round(40 * one.right)
        interval = f"{one.low:.2f}-{one.high:.2f}"
        print(f"  {one.said:5.2f} {one.right:5.2f} ({interval}) {one.runs:4d} {bar}")
    print("\n  by generator")
    for generator in sorted({r.generator for r in rows}):
        mine = [r for r in rows if r.generator == generator]
        print(f"  {generator:34s} {len(mine):4d} runs, top-1 {np.mean([r.top1 for r in mine]):.2f}")


def _by_cause(rows: list[Scored]) -> None:
    print(f"\n  {'cause':26s} runs recall said precision  IoU promptly")
    for cause in sorted({r.primary for r in rows}):
        mine = [r for r in rows if r.primary == cause]
        said = [r for r in rows if r.first == cause]
        recall = np.mean([r.first == cause for r in mine])
        precision = np.mean([r.primary == cause for r in said]) if said else math.nan
        iou = np.median([r.iou for r in mine])
        prompt = np.mean([r.prompt for r in mine])
        print(
            f"  {cause:26s} {len(mine):4d} {recall:6.2f} {len(said):4d} {precision:9.2f} "
            f"{iou:4.2f} {prompt:8.2f}"
        )


def confusion_table(rows: list[Scored]) -> list[str]:
    """One line per cause that is a truth or a first verdict; a dot where there is no run."""
    causes = sorted({r.primary for r in rows} | {r.first for r in rows})
    counts = Counter((r.primary, r.first) for r in rows)
    width = max(2, len(str(max(counts.values(), default=0)))) + 1
    lines = [" " * 31 + "".join(f"{n:{width}d}" for n in range(1, len(causes) + 1))]
    for number, truth in enumerate(causes, start=1):
        cells = (str(counts[truth, first] or ".").rjust(width) for first in causes)
        lines.append(f"{number:2d} {truth:28s}" + "".join(cells))
    return lines
