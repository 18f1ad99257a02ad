"""Which tables of a database hold training curves, and in which columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lossacc_gui.core.names import recognise, x_kind

Tables = Mapping[str, tuple[str, ...]]
"""Plain tables and their stored columns."""

MOST_TABLES = 500

_KEYS = ("key", "metric", "metric_name", "tag", "name", "variable", "metric_key", "indicator")
_VALUES = ("value", "metric_value", "val", "y")
_RUNS = ("run_name", "run", "run_id", "run_uuid", "experiment", "experiment_name", "session")
_SPLITS = ("split", "phase", "stage", "mode", "subset", "partition", "dataset")
_TIMES = ("timestamp", "time", "wall_time", "created_at", "logged_at", "datetime", "date")


@dataclass(frozen=True, slots=True)
class Plan:
    """How one table is read. Names are columns; "" where there is none.

    A row holds one point (`key` and `value`), one of a fixed metric (`value`), one of each of
    `wide`, or a JSON object of values (`json`). `kind` is a column that spells values out which
    SQL has no number for.
    """

    table: str
    key: str = ""
    value: str = ""
    wide: tuple[str, ...] = ()
    json: str = ""
    kind: str = ""
    step: str = ""
    epoch: str = ""
    time: str = ""
    run: str = ""
    split: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to select, in a fixed order: key, value, json, kind, step, epoch, time, run,
        split, then the wide ones."""
        single = (self.key, self.value, self.json, self.kind)
        return (*single, self.step, self.epoch, self.time, self.run, self.split, *self.wide)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A known layout: the tables that tell it, how points are read, how runs get their names.

    `run_names` is a query of (run, name, group, shown); a run that is not shown is left out.
    """

    name: str
    signs: Mapping[str, frozenset[str]]
    plan: Plan
    run_names: str = ""


RECIPES = (
    Recipe(
        "mlflow-sqlite",
        {
            "metrics": frozenset({"key", "value", "timestamp", "run_uuid"}),
            "runs": frozenset({"run_uuid", "name", "experiment_id", "lifecycle_stage"}),
            "experiments": frozenset({"experiment_id", "name"}),
        },
        Plan(
            "metrics",
            key="key",
            value="value",
            kind="is_nan",
            step="step",
            time="timestamp",
            run="run_uuid",
        ),
        "SELECT r.run_uuid, r.name, e.name, r.lifecycle_stage IS NOT 'deleted' FROM runs r "
        "LEFT JOIN experiments e ON e.experiment_id = r.experiment_id",
    ),
    Recipe(
        "trackio",
        {"metrics": frozenset({"run_name", "step", "timestamp", "metrics"})},
        Plan("metrics", json="metrics", step="step", time="timestamp", run="run_name"),
    ),
    Recipe(
        "optuna",
        {
            "studies": frozenset({"study_id", "study_name"}),
            "trials": frozenset({"trial_id", "number", "study_id"}),
            "trial_intermediate_values": frozenset({"trial_id", "step", "intermediate_value"}),
        },
        Plan(
            "trial_intermediate_values",
            value="intermediate_value",
            kind="intermediate_value_type",
            step="step",
            run="trial_id",
        ),
        "SELECT t.trial_id, 'trial ' || t.number, s.study_name, 1 FROM trials t "
        "LEFT JOIN studies s ON s.study_id = t.study_id",
    ),
)


def read_tables(connection: sqlite3.Connection) -> Tables:
    """The plain tables and their columns, without virtual tables and generated columns."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 LIMIT ?"
    names = [name for (name,) in connection.execute(query, (MOST_TABLES,)).fetchall()]
    tables = {}
    for name in names:
        if isinstance(name, str) and not name.startswith("sqlite_"):
            info = connection.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
            tables[name] = tuple(column for _, column, *_ in info)
    return tables


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def recipe_for(tables: Tables) -> Recipe | None:
    """The known layout that these tables have."""
    for recipe in RECIPES:
        if all(columns <= set(tables.get(table, ())) for table, columns in recipe.signs.items()):
            return recipe
    return None


def fitted(plan: Plan, tables: Tables) -> Plan:
    """The plan without the columns that this version of the layout lacks."""
    present = set(tables[plan.table])
    lacking = {
        name: ""
        for name in ("kind", "step", "epoch", "time", "run")
        if getattr(plan, name) not in present
    }
    return replace(plan, **lacking)  # type: ignore[arg-type]


def guessed(tables: Tables) -> list[Plan]:
    """Plans for tables that look like curves.

    They have an x beside key and value, or beside a column named as a loss or an accuracy, or, as
    a bare history, two such columns.
    """
    plans = (_guess(table, columns) for table, columns in tables.items())
    return [plan for plan in plans if plan is not None]


def _guess(table: str, columns: tuple[str, ...]) -> Plan | None:
    by_name = {column.lower(): column for column in columns}

    def first(names: tuple[str, ...]) -> str:
        return next((by_name[name] for name in names if name in by_name), "")

    step = next((c for c in columns if x_kind(c) == "step"), "")
    epoch = next((c for c in columns if x_kind(c) == "epoch"), "")
    has_x = bool(step or epoch)
    key, value = first(_KEYS), first(_VALUES)
    plan = Plan(table, step=step, epoch=epoch, time=first(_TIMES), run=first(_RUNS))
    plan = replace(plan, split=first(_SPLITS))
    if has_x and key and value:
        return replace(plan, key=key, value=value)
    used = {step, epoch, plan.time, plan.run, plan.split, "id", "rowid", "index", "level_0"}
    metrics = tuple(c for c in columns if c not in used and x_kind(c) is None)
    telling = sum(recognise(column).role in ("loss", "accuracy") for column in metrics)
    return replace(plan, wide=metrics) if telling >= (1 if has_x else 2) else None
