"""What `inspect` and `diagnose` print for people."""

from __future__ import annotations

import math
import sys
import unicodedata

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lossacc_gui.core import wording
from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.series import SeriesView
from lossacc_gui.core.snapshot import RunView, Snapshot
from lossacc_gui.report.json import as_logged

_GLYPHS = {"info": "i", "warning": "!", "critical": "!!"}
_COLOURS = {"info": "cyan", "warning": "yellow", "critical": "red"}
_MOST_OTHERS = 12


def console() -> Console:
    """Standard output without markup; wide enough for whole rows where no terminal limits it."""
    wide = None if sys.stdout.isatty() else 160
    return Console(
        markup=False, highlight=False, emoji=False, width=wide, soft_wrap=True, legacy_windows=False
    )


def safe(text: str, most: int = 300) -> str:
    """Text from a log without control or direction characters, cut to a sensible length."""
    kept = "".join(
        c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    return kept if len(kept) <= most else kept[: most - 1] + "…"


def print_inspection(snapshot: Snapshot, console: Console) -> None:
    """Every run with its series and files, then what was not recognised and why."""
    for view in snapshot.runs:
        _print_run(view, console)
    status = snapshot.status
    if status.unrecognised:
        console.print(Text("Not recognised:", style="bold"))
        for problem in status.unrecognised:
            console.print(Text(f"  {safe(problem.file)}: {safe(problem.message)}"))
    for problem in status.problems:
        console.print(Text(f"{safe(problem.file)}: {safe(problem.message)}", style="yellow"))


def _print_run(view: RunView, console: Console) -> None:
    data = view.data
    console.print(Text(safe(data.name), style="bold"), Text(f"  {data.format}  {data.state}"))
    for file in data.files:
        console.print(Text(f"  {safe(file)}", style="dim"))
    table = Table(box=None, padding=(0, 2), show_edge=False)
    for title in ("  series", "split", "metric", "x", "points", "first", "last", "min", "max"):
        right = title in ("points", "first", "last", "min", "max")
        table.add_column(title, justify="right" if right else "left", no_wrap=True)
    others = [series for series in data.series if series.role == "other"]
    for series in [s for s in data.series if s.role != "other"] + others[:_MOST_OTHERS]:
        table.add_row(*(Text(cell) for cell in _cells(series)))
    console.print(table)
    if len(others) > _MOST_OTHERS:
        console.print(Text(f"  and {len(others) - _MOST_OTHERS} other metrics"))
    for note in data.notes:
        console.print(Text(f"  note: {safe(note)}", style="dim"))
    for problem in data.problems:
        where = f"{safe(problem.file)}:{problem.line}" if problem.line else safe(problem.file)
        console.print(Text(f"  {where}: {safe(problem.message)}", style="yellow"))
    console.print()


def _cells(series: SeriesView) -> list[str]:
    x, y = as_logged(series)
    finite = [float(v) for v in y if math.isfinite(v)]
    ends = [_point(x[0], y[0]), _point(x[-1], y[-1])] if len(x) else ["", ""]
    range_ = [f"{min(finite):.5g}", f"{max(finite):.5g}"] if finite else ["", ""]
    mark = "* " if series.main else "  "
    return [
        mark + safe(series.tag, 60), series.split, series.role, series.x_kind, str(len(x)),
        *ends, *range_,
    ]  # fmt: skip


def _point(x: float, y: float) -> str:
    return f"{x:g}: {y:.5g}"


def print_diagnoses(snapshot: Snapshot, console: Console) -> None:
    """Every run with its headline and its findings, most serious first."""
    order = {"critical": 0, "warning": 1, "info": 2}
    for view in snapshot.runs:
        console.print(
            Text(safe(view.data.name), style="bold"), Text(f"  {view.diagnosis.headline}")
        )
        for finding in sorted(view.diagnosis.findings, key=lambda f: order[f.severity]):
            _print_finding(finding, console)
        for missing in view.diagnosis.missing:
            console.print(Text(f"  not testable: {safe(missing)}", style="dim"))
        console.print()
    for problem in snapshot.status.problems:
        console.print(Text(f"{safe(problem.file)}: {safe(problem.message)}", style="yellow"))


def _print_finding(finding: Finding, console: Console) -> None:
    head = f"  {_GLYPHS[finding.severity]} {finding.title}  {finding.probability:.0%}"
    where = (
        f"{finding.x_kind} {finding.start:g} to {finding.end:g}, seen at {finding.detected_at:g}"
    )
    console.print(Text(head, style=_COLOURS[finding.severity]), Text(f"  {where}"))
    console.print(Text(f"    {safe(finding.summary, 600)}"))
    for evidence in finding.evidence:
        statement = safe(wording.powers(evidence.statement), 600)
        console.print(Text(f"    {evidence.kind}: {statement}"))
    for remedy in finding.remedies:
        console.print(Text(f"    do: {safe(remedy.text, 600)}"))
    for other in finding.alternatives:
        line = f"    or {other.title} ({other.probability:.0%}): {safe(other.how_to_tell, 600)}"
        console.print(Text(line))
