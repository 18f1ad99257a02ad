"""Builds runs, views and snapshots for tests from plain numbers, without files or engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lossacc_gui.core.diagnosis.finding import Diagnosis, Finding, PhaseMap, Verdict
from lossacc_gui.core.rows import Role, Split
from lossacc_gui.core.series import RunData, SeriesView
from lossacc_gui.core.snapshot import RunView, Snapshot, Status


def frozen(values: Sequence[float]) -> np.ndarray:
    """A read-only float64 array."""
    array = np.asarray(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def series(tag: str, role: Role, split: Split, y: Sequence[float], **more) -> SeriesView:
    """One main curve over epochs 1, 2, … unless `x` is given."""
    x = more.pop("x", np.arange(1, len(y) + 1))
    more.setdefault("main", role in ("loss", "accuracy", "lr"))
    return SeriesView(
        key=more.pop("key", f"{split}/{tag}"),
        tag=tag,
        role=role,
        split=split,
        x_kind=more.pop("x_kind", "epoch"),
        x=frozen(x),
        y=frozen(y),
        **more,
    )


def run(name: str = "run-a", curves: Mapping[tuple[Role, Split], Sequence[float]] = {}, **more):
    """A run with one main curve per (role, split); extra RunData fields by keyword."""
    views = tuple(series(f"{split}_{role}", role, split, y) for (role, split), y in curves.items())
    fields = {
        "key": name,
        "name": name,
        "path": f"runs/{name}",
        "format": "csv",
        "files": (f"runs/{name}/log.csv",),
        "state": "live",
        "series": views,
    }
    return RunData(**{**fields, **more})


def diagnosis(*findings: Finding, headline: str = "", judged_until: float | None = None):
    """A diagnosis whose verdict follows the findings, the remainder going to healthy."""
    verdict = [Verdict(f.cause, f.probability) for f in findings if f.primary]
    rest = max(0.0, 1.0 - sum(v.probability for v in verdict))
    verdict.append(Verdict("healthy", rest))
    ranked = tuple(sorted(verdict, key=lambda v: -v.probability))
    headline = headline or (findings[0].title if findings else "Healthy")
    return Diagnosis(ranked, findings, headline, (), PhaseMap(None, ""), judged_until)


def snapshot(*views: RunView, revision: int = 1, status: Status = Status()) -> Snapshot:  # noqa: B008
    """A snapshot of these views."""
    return Snapshot(revision, views, status)
