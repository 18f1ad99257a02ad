"""Labelled sets in the zoo's format: truth.json beside runs/NAME/metrics.csv or .jsonl."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.examples import ROLES
from lossacc_gui.core.formats._table.hollow import ENOUGH
from lossacc_gui.core.series import RunData, SeriesView


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
    by_step = lines.exists()
    if by_step:
        rows = [json.loads(line) for line in lines.read_text("utf-8").splitlines() if line]
    else:
        with (folder / "metrics.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    series = []
    for tag, (role, split) in ROLES.items():
        points = np.array(
            [
                (float(row["step" if by_step else "epoch"]), float(row["epoch"]), float(row[tag]))
                for row in (rows if by_step else _with_hollow(rows, tag))
                if row.get(tag) not in ("", None)
            ]
        )
        if points.size:
            kind = "step" if by_step else "epoch"
            x, epoch, y = points[:, 0], points[:, 1], points[:, 2]
            series.append(SeriesView(tag, tag, role, split, kind, x, y, epoch=epoch, main=True))
    name = folder.name
    return RunData(name, name, str(folder), "zoo", (), "finished", tuple(series))


def _with_hollow(rows: list[dict[str, str]], tag: str) -> list[dict[str, str]]:
    """The rows, with NaN in a loss that stays empty beside its accuracy, as the program has it."""
    accuracy = tag.replace("_loss", "_accuracy")
    beside = [row for row in rows if row.get(accuracy)]
    hollow = tag in rows[0] and not any(row[tag] for row in rows) and len(beside) >= ENOUGH
    if accuracy == tag or not hollow:
        return rows
    return [{**row, tag: "nan"} for row in beside]


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
