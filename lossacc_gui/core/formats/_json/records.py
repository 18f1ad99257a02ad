"""One JSON object as one row of a log: which of its numbers are x, which metrics, which split."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from lossacc_gui.core.formats._cells import (
    NotANumberError,
    clock_of_number,
    clock_of_text,
    number,
)
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._told import (
    NAME_KEYS,
    RUN_KEYS,
    VALUE_KEYS,
    RunTeller,
    normal,
    told_split_of,
)
from lossacc_gui.core.names import recognise, x_kind, x_rank
from lossacc_gui.core.rows import Split

DEEPEST = 8
MOST_NUMBERS = 2000
_VARIANT_KEYS = frozenset({"variant", "series", "label"})
_SETTINGS = frozenset(
    {"config", "configs", "hparams", "hyperparameters", "hyper_parameters", "params", "args"}
    | {"parameters", "settings", "environment", "env_info", "trial_params", "hyperparams"}
)
_COUNTS = frozenset({"epochs", "steps", "iterations", "iters", "batches", "num_epochs"})
MANY_KEYS = 300  # an object with more is no row, unless many of them are losses or accuracies
_FEW_OF_THEM = 0.05


class Leaf(NamedTuple):
    """A number in an object: its dotted path, its own key, and whether a percent sign followed."""

    path: str
    key: str
    value: float
    percent: bool


class Flat(NamedTuple):
    """An object laid flat: its numbers and its short texts, with dotted paths."""

    numbers: list[Leaf]
    texts: list[tuple[str, str]]  # (own key, text)


def flatten(record: Mapping[str, Any]) -> Flat:
    """The numbers and texts of an object; settings and lists are left out, depth is bounded."""
    flat = Flat([], [])
    _flatten(record, "", 0, flat)
    return flat


def _flatten(record: Mapping[str, Any], prefix: str, depth: int, flat: Flat) -> None:
    for key, value in record.items():
        if len(flat.numbers) >= MOST_NUMBERS or not isinstance(key, str):
            return
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            if depth < DEEPEST and not settings_key(key):
                _flatten(value, f"{path}.", depth + 1, flat)
        elif isinstance(value, bool) or value is None:
            continue
        elif isinstance(value, int | float):
            flat.numbers.append(Leaf(path, key, _as_float(value), False))
        elif isinstance(value, str):
            _flatten_text(path, key, value, flat)
        elif _is_rate_list(key, value):
            flat.numbers.append(Leaf(path, key, _as_float(value[0]), False))


def settings_key(key: str) -> bool:
    """Whether what is under this key are settings, not results."""
    return key.casefold() in _SETTINGS


def _flatten_text(path: str, key: str, text: str, flat: Flat) -> None:
    try:
        if text[:1].isalpha() and text[:3].casefold() not in ("nan", "inf"):
            raise NotANumberError
        value, percent = number(text)
    except NotANumberError:
        flat.texts.append((key, text[:200]))
        return
    if value is not None:
        flat.numbers.append(Leaf(path, key, value, percent))
        if normal(key) in RUN_KEYS:
            flat.texts.append((key, text[:200]))


def _is_rate_list(key: str, value: Any) -> bool:
    """A learning rate per parameter group; the first stands for all."""
    is_list = isinstance(value, list) and 0 < len(value) <= 16
    return is_list and isinstance(value[0], int | float) and recognise(key).role == "lr"


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


class RecordReader:
    """Turns objects into points; remembers what earlier objects of the file looked like."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._runs = RunTeller()
        self._seen_epoch = self._seen_iter = False
        self.measured = False  # some object held a loss, an accuracy or an error rate
        self.percent: set[Curve] = set()
        self.keys: set[str] = set()

    def read(
        self, record: Mapping[str, Any], order: int, split: Split | None = None, run: str = ""
    ) -> bool:
        """Reads one object; False if it holds nothing measured (a setting, an event)."""
        flat = flatten(record)
        if not flat.numbers or _is_dictionary(flat):
            return False
        shape = shape_of(tuple(leaf.path for leaf in flat.numbers))
        texts = {normal(k): t for k, t in reversed(flat.texts)}
        split = told_split_of(texts) or split
        told = (self._runs.tell(k, t) for k, t in _run_texts(flat, shape))
        run = " ".join(filter(None, (run, *told)))
        x, taken = _x_of(flat.numbers, shape)
        metrics = [leaf for i, leaf in enumerate(flat.numbers) if i not in taken]
        measured = shape.measured
        if shape.value is not None and (long := _long_form(flat.numbers[shape.value], texts)):
            metrics = [long]
            measured = is_quality(long.path)
        if "time" not in x:
            x["time"] = _text_clock(flat)
        x, split = self._by_habit(record, x, split)
        if not self._is_measurement(metrics, measured, x):
            return False
        step, epoch, time = x.get("step", NAN), x.get("epoch", NAN), x["time"]
        for leaf in metrics:
            curve = Curve(leaf.path, run, split)
            if leaf.percent:
                self.percent.add(curve)
            self._points.add(curve, leaf.value, order, step=step, epoch=epoch, time=time)
        if len(self.keys) < MOST_NUMBERS:
            self.keys.update(record)
        return True

    @property
    def regular(self) -> bool:
        """Whether many objects may be read at once: results were met, no habits to mind."""
        return self.measured and not self._seen_iter

    @staticmethod
    def measures(record: Mapping[str, Any]) -> bool:
        """Whether the object holds a loss, an accuracy or an error rate, under its own name."""
        flat = flatten(record)
        texts = [text for key, text in flat.texts if normal(key) in NAME_KEYS]
        return any(is_quality(name) for name in (*(leaf.path for leaf in flat.numbers), *texts))

    @staticmethod
    def is_row(record: Mapping[str, Any]) -> bool:
        """Whether the object is one row of a log: a loss or accuracy as a number beside an x."""
        if not any(isinstance(v, dict | list) for v in record.values()):
            return True
        numbers = flatten(record).numbers
        has_x = any(_counts(leaf.path) or _counts(leaf.key) for leaf in numbers)
        return has_x and any(is_quality(leaf.path) for leaf in numbers)

    def _is_measurement(self, metrics: list[Leaf], measured: bool, x: Mapping[str, float]) -> bool:
        """Whether these are results and not settings: a loss or accuracy, or an x with numbers."""
        if measured:
            self.measured = True
            return True
        return bool(metrics) and self.measured and ("step" in x or "epoch" in x)

    def _by_habit(
        self, record: Mapping[str, Any], x: dict[str, float], split: Split | None
    ) -> tuple[dict[str, float], Split | None]:
        """MMEngine tells a validation row only by what it lacks; in MMCV its "iter" is no x."""
        if "mode" in record and "iter" in record and split in ("val", "test") and "epoch" in x:
            return {k: v for k, v in x.items() if k != "step"}, split
        if "step" in record and "iter" in record:
            self._seen_iter = True
            self._seen_epoch = self._seen_epoch or "epoch" in record
        elif self._seen_iter and split is None and "step" in record and "epoch" not in record:
            if self._seen_epoch and "step" in x:
                x = {("epoch" if k == "step" else k): v for k, v in x.items()}
            return x, "val"
        return x, split


def _counts(key: str) -> bool:
    return x_kind(key) in ("step", "epoch") and normal(key) not in _COUNTS


def _text_clock(flat: Flat) -> float:
    clocks = (clock_of_text(text) for key, text in flat.texts if x_kind(key) == "time")
    return next((c for c in clocks if not math.isnan(c)), NAN)


@lru_cache(maxsize=8192)
def is_quality(tag: str) -> bool:
    """Whether the name is a loss, an accuracy or an error rate."""
    name = recognise(tag)
    return name.role in ("loss", "accuracy") or bool(name.converted)


def _is_dictionary(flat: Flat) -> bool:
    """Whether it is a vocabulary or another big table of numbers by name."""
    n = len(flat.numbers)
    return n > MANY_KEYS and sum(is_quality(f.path) for f in flat.numbers) < _FEW_OF_THEM * n


class Shape(NamedTuple):
    """What the paths of an object's numbers say, worked out once for all objects alike."""

    x: tuple[tuple[str, tuple[int, ...]], ...]  # per kind the candidates, best first
    measured: bool  # a loss, an accuracy or an error rate is among them
    value: int | None  # the number of a long form
    runs: tuple[int, ...]


@lru_cache(maxsize=1024)
def shape_of(paths: tuple[str, ...]) -> Shape:
    """The shape of objects whose numbers have these paths."""
    candidates: dict[str, list[tuple[int, int, int]]] = {}
    for i, path in enumerate(paths):
        key = path.rpartition(".")[2]
        kind = x_kind(path) or x_kind(key)
        if kind is not None:
            rank = x_rank(key) + 100 * (key in _COUNTS)
            candidates.setdefault(kind, []).append((rank, path.count("."), i))
    return Shape(
        x=tuple((k, tuple(i for _, _, i in sorted(c))) for k, c in candidates.items()),
        measured=any(is_quality(path) for path in paths),
        value=next((i for i, path in enumerate(paths) if normal(path) in VALUE_KEYS), None),
        runs=tuple(i for i, path in enumerate(paths) if normal(path) in RUN_KEYS),
    )


def _run_texts(flat: Flat, shape: Shape) -> Iterator[tuple[str, str]]:
    yield from ((k, t) for k, t in flat.texts if normal(k) in RUN_KEYS)
    for i in shape.runs:
        leaf = flat.numbers[i]
        if leaf.value.is_integer():
            yield leaf.path, str(int(leaf.value))


def _x_of(numbers: list[Leaf], shape: Shape) -> tuple[dict[str, float], set[int]]:
    """The best usable number for each x, and the places of these numbers."""
    x: dict[str, float] = {}
    taken: set[int] = set()
    for kind, candidates in shape.x:
        for i in candidates:
            value = numbers[i].value
            value = clock_of_number(value) if kind == "time" else value
            if math.isfinite(value):
                x[kind] = value
                taken.add(i)
                break
    return x, taken


def _long_form(value: Leaf, texts: Mapping[str, str]) -> Leaf | None:
    """{"metric": "loss", "variant": "train", "value": 0.5}: a name in one field, y in another."""
    name = next((texts[k] for k in texts if k in NAME_KEYS), None)
    if not name:
        return None
    variant = next((texts[k] for k in texts if k in _VARIANT_KEYS and texts[k] != name), "")
    tag = f"{name}/{variant}" if variant else name
    return Leaf(tag, tag, value.value, value.percent)
