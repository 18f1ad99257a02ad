"""Writes a run as a user's trainer would: metrics.csv or metrics.jsonl, oracle table, truth."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.zoo.controls import Run
from scripts.zoo.labels import Label
from scripts.zoo.record import BENIGN

COLUMNS = ("train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr")
DROPS = (
    (("lr",), 0.07),
    (("train_accuracy",), 0.05),
    (("val_loss", "val_accuracy"), 0.03),
    (("train_loss", "train_accuracy"), 0.02),
    (("train_accuracy", "val_accuracy"), 0.01),
)


@dataclass(frozen=True)
class Habits:
    """How a trainer logs."""

    format: str
    decimals: int | None
    first_epoch: int
    nan: str
    dropped: tuple[str, ...]
    every: int


def draw_habits(rng: np.random.Generator) -> Habits:
    """Logging habits in the shares found in the zoo."""
    dropped: tuple[str, ...] = ()
    draw = rng.random()
    for names, share in DROPS:
        if 0 <= draw < share:
            dropped = names
        draw -= share
    decimals = rng.choice([4, 0, 6, 5, 3], p=[0.38, 0.33, 0.17, 0.09, 0.03])
    return Habits(
        "jsonl" if rng.random() < 0.17 and not dropped else "csv",
        int(decimals) or None,
        int(rng.random() < 0.77),
        str(rng.choice(["nan", ""])),
        dropped,
        int(rng.integers(1, 6)),
    )


def write_run(folder: Path, name: str, run: Run, habits: Habits) -> None:
    """Writes runs/NAME/metrics.* and oracle/NAME.csv."""
    target = folder / "runs" / name
    target.mkdir(parents=True, exist_ok=True)
    if habits.format == "jsonl":
        (target / "metrics.jsonl").write_text(_json_lines(run, habits))
    else:
        (target / "metrics.csv").write_text(_csv(run, habits))
    (folder / "oracle").mkdir(exist_ok=True)
    (folder / "oracle" / f"{name}.csv").write_text(_oracle_csv(run, habits.first_epoch))


def _number(value: float, habits: Habits) -> str:
    if math.isnan(value):
        return habits.nan
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(float(value)) if habits.decimals is None else f"{value:.{habits.decimals}f}"


def _csv(run: Run, habits: Habits) -> str:
    names = [name for name in COLUMNS if name not in habits.dropped]
    lines = [",".join(["epoch", *names])]
    for epoch in range(run.record.epochs):
        cells = [str(epoch + habits.first_epoch)]
        for name in names:
            value = float(run.trained.logged[name][epoch])
            cells.append(f"{value:.6g}" if name == "lr" else _number(value, habits))
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def _json_lines(run: Run, habits: Habits) -> str:
    """Train rows of every k-th step and one validation row per epoch; JSON's own NaN."""

    def short(value: float) -> float:
        finite = math.isfinite(value) and habits.decimals is not None
        return round(value, habits.decimals) if finite else value

    lines, per_epoch = [], run.trained.steps_per_epoch
    every = max(habits.every, per_epoch // 40)  # or the file would be mostly steps
    by_epoch: dict[int, list[tuple[int, int, float, float, float]]] = {}
    for row in run.trained.steps:
        by_epoch.setdefault(row[0], []).append(row)
    for epoch in range(run.record.epochs):
        for _, step, loss, accuracy, rate in by_epoch.get(epoch, []):
            count = epoch * per_epoch + step + 1
            if count % every and not math.isnan(loss):
                continue
            row = {"step": count, "epoch": epoch + habits.first_epoch, "train_loss": short(loss)}
            row |= {"train_accuracy": short(accuracy), "lr": float(f"{rate:.6g}")}
            lines.append(json.dumps(row, separators=(",", ":")))
        row = {"step": (epoch + 1) * per_epoch, "epoch": epoch + habits.first_epoch}
        row |= {k: short(float(run.trained.logged[k][epoch])) for k in ("val_loss", "val_accuracy")}
        lines.append(json.dumps(row, separators=(",", ":")))
    return "\n".join(lines) + "\n"


def _oracle_csv(run: Run, first_epoch: int) -> str:
    table = {k: v for k, v in run.trained.oracle.items() if np.isfinite(v).any()}
    lines = [",".join(["epoch", *table])]
    for row, epoch in enumerate(run.trained.rows):
        cells = [f"{v[row]:.5g}" if np.isfinite(v[row]) else "" for v in table.values()]
        lines.append(",".join([str(int(epoch) + first_epoch), *cells]))
    return "\n".join(lines) + "\n"


def _rounded(values: dict) -> dict:
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in values.items()}


def truth_of(run: Run, label: Label, habits: Habits) -> dict[str, object]:
    """The run's entry of truth.json, epochs as numbered in the run's own file."""
    first, plan = habits.first_epoch, run.plan
    regions = [{**r, "start": r["start"] + first, "end": r["end"] + first} for r in label.regions]
    kind = plan.loss.kind + ("+mixup" if "mixup" in plan.regularise else "")
    return {
        "primary": label.primary,
        "secondary": label.secondary,
        "benign": label.primary in BENIGN,
        "regions": regions,
        "onset_visible": None if label.onset is None else label.onset + first,
        "K": run.task.classes,
        "n_val": len(run.task.validation),
        "majority_share": round(run.validation_majority, 4),
        "dataset": plan.source,
        "model": plan.arch.family,
        "generator": plan.generator,
        "note": plan.note,
        "hard": bool(label.hard_why),
        "hard_why": label.hard_why,
        "first_epoch": first,
        "last_epoch": run.record.epochs - 1 + first,
        "evidence": _rounded(label.evidence),
        "also_measured": {cause: _rounded(values) for cause, values in label.also.items()},
        "loss_kind": kind,
        "val_aggregation": "batchmean" if plan.validation_batchmean else "mean",
        "decimals": habits.decimals,
        "format": habits.format,
        "dropped": list(habits.dropped),
        "intended": plan.cause,
        "bayes_accuracy": run.task.source.bayes,
        "n_train": len(run.task.train),
        "n_oracle": len(run.task.oracle),
        "optimiser": plan.optimiser,
        "schedule": plan.schedule.shape,
    }
