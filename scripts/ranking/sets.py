"""Labelled sets in the zoo's format: truth.json beside runs/NAME/metrics.csv or .jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.examples import ROLES
from lossacc_gui.core.formats import table
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import RunData, SeriesView, XKind

_Curve = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One run with its truth; `generator` is its set, dataset and model."""

    name: str
    folder: Path
    truth: dict[str, Any]

    @property
    def generator(self) -> str:
        """What cross-validation holds out together."""
        return f"{self.truth['dataset']}/{self.truth['model']}"

    def read(self) -> RunData:
        """The run's curves, as the program's own readers give them (a test compares)."""
        return read(self.folder)


def read(folder: Path) -> RunData:
    """A run in the zoo's format: metrics.csv by epoch, or metrics.jsonl by step."""
    lines = folder / "metrics.jsonl"
    kind: XKind = "step" if lines.exists() else "epoch"
    curves = _by_step(lines) if kind == "step" else _by_epoch(folder / "metrics.csv")
    series = tuple(
        SeriesView(tag, tag, *ROLES[tag], kind, x, y, epoch=epoch, main=True)
        for tag, (x, epoch, y) in curves.items()
        if tag in ROLES and y.size
    )
    name = folder.name
    return RunData(name, name, str(folder), "zoo", (), "finished", series)


def _by_step(file: Path) -> dict[str, _Curve]:
    """Step, epoch and value of each metric."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
    found = {}
    for tag in ROLES:
        points = [(r["step"], r["epoch"], r[tag]) for r in rows if r.get(tag) is not None]
        step, epoch, y = np.array(points, dtype=np.float64).reshape(-1, 3).T
        found[tag] = (step, epoch, y)
    return found


def _by_epoch(file: Path) -> dict[str, _Curve]:
    """Epoch (twice) and value of each metric, from the program's reader of tables."""
    reader = table.Reader(file)
    found = {}
    for rows in (reader.feed(file.read_bytes()), reader.finish()):
        for column in rows.columns:
            assert column.epoch is not None
            found[column.tag] = (column.epoch, column.epoch, column.y)
    return found


def trusted(truth: dict[str, Any]) -> bool:
    """Whether a label is fit to learn from; what an older scripts/zoo made may break these rules.

    A harmless intention that ended in a fault says little about that fault, a healthy run meets no
    other criterion, and a run of few validation samples is either sampling noise or too noisy to
    be an example of anything else.
    """
    intended, primary = truth.get("intended"), truth["primary"]
    causes = all_causes()
    if primary == "healthy" and truth.get("also_measured"):
        return False
    if intended not in causes or intended == primary:
        return True
    spoilt = causes[intended].BENIGN and not causes[primary].BENIGN
    return intended != "sampling-noise" and not (spoilt and intended != "lr-schedule-step")


def find(paths: list[Path]) -> Iterator[Labelled]:
    """All labelled runs below these folders, in order; a folder may hold several sets."""
    for path in paths:
        truths = [path / "truth.json"] if (path / "truth.json").exists() else []
        truths = truths or sorted(path.glob("*/truth.json"))
        for file in truths:
            truth = json.loads(file.read_text("utf-8"))
            for name in sorted(truth):
                folder = file.parent / "runs" / name
                if folder.exists():
                    yield Labelled(f"{file.parent.name}/{name}", folder, truth[name])
