"""Decides from a header what each column of a table is: an x, a metric, a split, a run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from lossacc_gui.core.formats._told import (
    NAME_KEYS,
    RUN_KEYS,
    SPLIT_KEYS,
    VALUE_KEYS,
    normal,
    told_split,
)
from lossacc_gui.core.names import recognise, split_word, words_in, x_kind, x_rank
from lossacc_gui.core.rows import Split

Kind = Literal[
    "step", "epoch", "time", "index", "split", "run", "name", "value", "metric", "unused"
]

_INDEX_HEADERS = frozenset({"", "index", "idx", "unnamed: 0", "row", "no", "nr", "n", "#"})
_WANDB_BOUND = re.compile(r"__(?:MIN|MAX)$")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table."""

    kind: Kind
    tag: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All columns of a table, and the format's name as told by its header."""

    fields: tuple[Field, ...]
    name: str
    split: Split | None = None  # told by the file's place for columns without their own

    def first(self, kind: Kind) -> int | None:
        """The index of the first column of this kind."""
        return next((i for i, f in enumerate(self.fields) if f.kind == kind), None)

    @property
    def is_plain(self) -> bool:
        """Whether every row means the same: no split, run or metric names in cells."""
        return not any(f.kind in ("split", "run", "name") for f in self.fields)


def plan_table(
    header: Sequence[str] | None, width: int, path: PurePath, delimiter: str, counted: bool = False
) -> Plan:
    """The plan for a table with this header, or for `width` columns without one.

    `counted` says that the first column of a table without header counts the rows.
    """
    if header is None:
        return _headerless(width, path, delimiter, counted)
    fields = [_field(name) for name in header]
    _settle_x(header, fields)
    _settle_long_form(header, fields)
    if any(_WANDB_BOUND.search(name) for name in header):
        fields = [_wandb_field(f, name) for f, name in zip(fields, header, strict=True)]
    _settle_index(fields)
    name = format_name(header, path, delimiter)
    _name_after_file(fields, path)
    _tell_namesakes_apart(fields)
    return Plan(tuple(fields), name, _split_of_file(path, name))


def _field(name: str) -> Field:
    key = normal(name)
    if kind := x_kind(name):
        return Field(kind, name)
    if key in SPLIT_KEYS:
        return Field("split", name)
    if key in RUN_KEYS:
        return Field("run", name)
    if key in NAME_KEYS:
        return Field("name", name)
    return Field("metric", name)


def _settle_x(header: Sequence[str], fields: list[Field]) -> None:
    """Keeps the best column for each x; the others stay as plain numbers.

    "global_step" is a better step than "batch", which starts over in each epoch: the order in
    the alias file says so.
    """
    for kind in ("step", "epoch", "time"):
        candidates = [i for i, f in enumerate(fields) if f.kind == kind]
        if not candidates:
            continue
        best = min(candidates, key=lambda i: (x_rank(header[i]), i))
        for i in candidates:
            if i != best:
                fields[i] = Field("metric", header[i])


def _settle_long_form(header: Sequence[str], fields: list[Field]) -> None:
    """A table with a column of names and one of values is in long form; otherwise it is not."""
    keys = [normal(name) for name in header]
    value = next((i for i, key in enumerate(keys) if key in VALUE_KEYS), None)
    names = [i for i, key in enumerate(keys) if key in NAME_KEYS]
    if value is not None and names:
        chosen = next((i for i in names if keys[i] != "name"), names[0])
        fields[chosen] = Field("name", header[chosen])
        fields[value] = Field("value", header[value])
        return
    for i, field in enumerate(fields):
        if field.kind == "name":
            fields[i] = Field("metric", header[i])


def _wandb_field(field: Field, name: str) -> Field:
    """A column of W&B's export: "run - metric", with "__MIN" and "__MAX" beside it."""
    if _WANDB_BOUND.search(name):
        return Field("unused", name)
    run, dash, metric = name.rpartition(" - ")
    return Field("metric", metric, run=run) if dash and field.kind == "metric" else field


def _settle_index(fields: list[Field]) -> None:
    """A nameless first column counts the rows: the x where there is no other."""
    if not fields or fields[0].kind != "metric" or normal(fields[0].tag) not in _INDEX_HEADERS:
        return
    has_x = any(f.kind in ("step", "epoch") for f in fields)
    fields[0] = Field("unused" if has_x else "index", fields[0].tag)


def _name_after_file(fields: list[Field], path: PurePath) -> None:
    """Names columns by their file where their own name lacks the quantity.

    A single column called "value", as in TensorBoard's export, and the columns "train" and "val"
    of loss.csv.
    """
    metrics = [i for i, f in enumerate(fields) if f.kind == "metric"]
    tag = tag_of_file(path)
    if recognise(tag).role in ("loss", "accuracy") and recognise(tag).x is None:
        for i in metrics:
            if told_split(fields[i].tag) and recognise(fields[i].tag).role == "other":
                fields[i] = Field("metric", f"{tag}/{fields[i].tag}", run=fields[i].run)
    if len(metrics) == 1 and normal(fields[metrics[0]].tag) in VALUE_KEYS:
        fields[metrics[0]] = Field("metric", tag)


def _tell_namesakes_apart(fields: list[Field]) -> None:
    """A second column of the same name (and run) becomes "loss (2)"."""
    seen: dict[tuple[str, str], int] = {}
    for i, field in enumerate(fields):
        if field.kind != "metric":
            continue
        count = seen[field.tag, field.run] = seen.get((field.tag, field.run), 0) + 1
        if count > 1:
            fields[i] = Field("metric", f"{field.tag} ({count})", run=field.run)


def tag_of_file(path: PurePath) -> str:
    """The metric's name in a file's name: "run-train-tag-epoch_loss.csv" holds "epoch_loss"."""
    return path.stem.rpartition("-tag-")[2] or path.stem


def _split_of_file(path: PurePath, name: str) -> Split | None:
    run, dash, _ = path.stem.rpartition("-tag-")
    if dash:
        return next((s for w in words_in(run) if (s := split_word(w))), None)
    if name == "catboost-tsv":
        return recognise("loss", folders=(path.parent.name, path.name)).split
    return None


def _headerless(width: int, path: PurePath, delimiter: str, counted: bool) -> Plan:
    """A file of bare numbers: its own name says what a single column is.

    Others are called by their place, for the person to say what they are.
    """
    fields = [Field("index", "column 1")] if counted and width > 1 else []
    first = len(fields)
    if width - first == 1:
        fields.append(Field("metric", tag_of_file(path)))
    else:
        fields.extend(Field("metric", f"column {i}") for i in range(first + 1, width + 1))
    return Plan(tuple(fields), "tsv" if delimiter == "\t" else "csv")


def format_name(header: Sequence[str], path: PurePath, delimiter: str) -> str:
    """The format as told to people, from the habits of the loggers that write such headers."""
    names = {name.strip().casefold() for name in header}
    first = header[0].strip().casefold() if header else ""
    for name, holds in (
        ("wandb-csv", any(_WANDB_BOUND.search(h) for h in header)),
        ("tensorboard-csv", {"wall time", "step", "value"} <= names),
        ("ray-csv", {"training_iteration", "time_this_iter_s"} <= names),
        ("sb3-csv", "time/total_timesteps" in names),
        ("catalyst-csv", first == "step" and any(f"{n}/std" in names for n in names)),
        (
            "ultralytics-csv",
            first == "epoch" and any(n.startswith(("lr/pg", "x/lr")) for n in names),
        ),
        ("catboost-tsv", first == "iter" and path.parent.name == "catboost_info"),
        ("flair-tsv", {"epoch", "train_loss", "dev_loss"} <= names and delimiter == "\t"),
        ("fastai-csv", first == "epoch" and {"train_loss", "valid_loss", "time"} <= names),
        ("lightning-csv", {"epoch", "step"} <= names and path.name == "metrics.csv"),
        ("r-keras-csv", {"epoch", "value", "metric", "data"} <= names),
        ("h2o-csv", {"number_of_trees", "training_rmse"} <= names),
        ("dvclive-tsv", first == "step" and len(header) == 2 and "plots" in path.parts),
    ):
        if holds:
            return name
    rest = [name.strip() for name in header[1:]]
    if first == "epoch" and "loss" in rest and rest == sorted(rest) and delimiter in ",;\t":
        return "keras-csv"
    return {"\t": "tsv", " ": "table", "|": "table"}.get(delimiter, "csv")
