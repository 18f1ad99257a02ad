"""Writes one page with a real run per cause: its curves, regions and the panel's text.

    python scripts/cause_pages.py PATH … [--out causes.html] [--sure 0.5]

Each PATH is a log or a run folder, or a labelled set (PATH/runs/NAME). Every run is read and judged
as `lossacc-gui diagnose` does; the surest run of each cause that wins a verdict gets a section.
The page is for reading with an expert's eye and is not committed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.engine import read_once
from lossacc_gui.core.snapshot import RunView, Snapshot
from lossacc_gui.report.html import write_report


def targets(paths: list[Path]) -> Iterator[Path]:
    """The run folders of a set, or the path itself."""
    for path in paths:
        runs = path / "runs"
        yield from sorted(runs.iterdir()) if runs.is_dir() else (path,)


def chosen(paths: list[Path], sure: float) -> tuple[dict[str, RunView], Snapshot | None]:
    """The surest run of every cause that wins a verdict with at least `sure`, and a snapshot."""
    best: dict[str, RunView] = {}
    snapshot: Snapshot | None = None
    for target in targets(paths):
        snapshot = read_once([str(target)], time.monotonic, time.time(), OFFLINE)
        for view in snapshot.runs:
            if not view.diagnosis.verdict:
                continue
            first = view.diagnosis.verdict[0]
            held = best.get(first.cause)
            known = held.diagnosis.verdict[0].probability if held else sure
            if first.probability >= known:
                best[first.cause] = view
    return best, snapshot


def main() -> int:
    """Writes the page and prints which run stands for which cause; 1 when there is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("causes.html"))
    parser.add_argument("--sure", type=float, default=0.5, help="least probability of the verdict")
    options = parser.parse_args()
    best, snapshot = chosen(options.paths, options.sure)
    if snapshot is None or not best:
        print("no run with a verdict")
        return 1
    views = []
    for cause, view in sorted(best.items()):
        print(f"{cause:28} {view.data.name}")
        views.append(replace(view, data=replace(view.data, name=f"{cause}: {view.data.name}")))
    write_report(replace(snapshot, runs=tuple(views)), options.out, "One run per cause")
    return 0


if __name__ == "__main__":
    sys.exit(main())
