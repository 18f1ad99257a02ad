"""The machine-readable output of `inspect` and `diagnose`, schema 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson

from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.rows import Floats, Problem
from lossacc_gui.core.series import SeriesView
from lossacc_gui.core.snapshot import RunView, Snapshot

SCHEMA = 1


def inspection(snapshot: Snapshot, points: bool = False) -> dict[str, Any]:
    """Runs, series and problems as `inspect --json` prints them; `points` adds every point."""
    return {
        "schema": SCHEMA,
        "runs": [_inspected(view, points) for view in snapshot.runs],
        "unrecognised": [_problem(p) for p in snapshot.status.unrecognised],
        "problems": [_problem(p) for p in snapshot.status.problems],
    }


def diagnoses(snapshot: Snapshot) -> dict[str, Any]:
    """Verdicts and findings as `diagnose --json` prints them."""
    return {"schema": SCHEMA, "runs": [_diagnosed(view) for view in snapshot.runs]}


def text(document: dict[str, Any]) -> str:
    """The document as one JSON text, indented."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def as_logged(series: SeriesView) -> tuple[Floats, Floats]:
    """x and y of every point in the order of logging, those before restarts included."""
    x, y = series.x, series.y
    for ghost in reversed(series.ghosts):
        if not len(ghost.x):
            continue
        place = int(np.searchsorted(x, ghost.x[0])) if _rising(x) else 0
        x = np.concatenate([x[:place], ghost.x, x[place:]])
        y = np.concatenate([y[:place], ghost.y, y[place:]])
    return x, y


def _rising(x: Floats) -> bool:
    return bool(np.all(np.diff(x) > 0))


def number(value: float) -> float | int | str:
    """A JSON number, or one of the strings "nan", "inf", "-inf"."""
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _inspected(view: RunView, points: bool) -> dict[str, Any]:
    data = view.data
    return {
        "run": plain(data.name),
        "path": plain(data.path),
        "format": data.format,
        "state": data.state,
        "files": [plain(file) for file in data.files],
        "series": [_series(series, points) for series in data.series],
        "problems": [_problem(p) for p in data.problems],
        "notes": [plain(note) for note in data.notes],
    }


def _series(series: SeriesView, points: bool) -> dict[str, Any]:
    x, y = as_logged(series)
    finite = y[np.isfinite(y)]
    entry: dict[str, Any] = {
        "tag": plain(series.tag),
        "split": series.split,
        "metric": series.role,
        "x": series.x_kind,
        "main": series.main,
        "converted": series.converted,
        "files": [plain(file) for file in series.files],
        "n_points": len(x),
        "first": [number(x[0]), number(y[0])] if len(x) else None,
        "last": [number(x[-1]), number(y[-1])] if len(x) else None,
        "min": number(finite.min()) if len(finite) else None,
        "max": number(finite.max()) if len(finite) else None,
        "restarts": [number(r) for r in series.restarts],
    }
    if points:
        entry["points"] = [[number(a), number(b)] for a, b in zip(x, y, strict=True)]
    return entry


def _diagnosed(view: RunView) -> dict[str, Any]:
    return {
        "run": plain(view.data.name),
        "path": plain(view.data.path),
        "headline": view.diagnosis.headline,
        "verdict": [
            {"cause": v.cause, "probability": number(v.probability)} for v in view.diagnosis.verdict
        ],
        "findings": [_finding(finding) for finding in view.diagnosis.findings],
        "missing": list(view.diagnosis.missing),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "cause": finding.cause,
        "title": finding.title,
        "probability": number(finding.probability),
        "severity": finding.severity,
        "split": finding.split,
        "x": finding.x_kind,
        "start": number(finding.start),
        "end": number(finding.end),
        "detected_at": number(finding.detected_at),
        "summary": plain(finding.summary),
        "evidence": [
            {"kind": e.kind, "statement": plain(e.statement), "value": number(e.value)}
            for e in finding.evidence
        ],
        "remedies": [remedy.text for remedy in finding.remedies],
        "alternatives": [
            {
                "cause": a.cause,
                "probability": number(a.probability),
                "how_to_tell": a.how_to_tell,
            }
            for a in finding.alternatives
        ],
        "primary": finding.primary,
        "benign": finding.benign,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": plain(problem.file),
        "line": problem.line,
        "message": plain(problem.message),
    }


def plain(text: str) -> str:
    """Text that can be encoded: bytes of a path that are no UTF-8 are spelled as \\x…."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def severities(runs: Sequence[RunView]) -> set[str]:
    """The severities that occur among all findings."""
    return {finding.severity for view in runs for finding in view.diagnosis.findings}
