"""Weights & Biases run files (.wandb): a block log of protobuf records with JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._binary.messages import message_classes
from lossacc_gui.core.formats._binary.record_reader import RecordReader
from lossacc_gui.core.formats._nested import numbers_in_json
from lossacc_gui.core.formats._points import NAN, Curve

NAME = "wandb"
TITLE = "Weights & Biases run files"
WRITTEN_BY = "wandb (online and offline), Lightning WandbLogger, Hugging Face, Ultralytics"

MAGIC = b":W&B"
_LARGEST_JSON = 64 * 1024

_LAYOUT = {
    "Record": {
        "history": (2, "History"),
        "metric": (12, "Metric"),
        "run": (17, "Run"),
        "exit": (18, "Exit"),
    },
    "History": {"item": (1, "Item*"), "step": (2, "Step")},
    "Item": {
        "key": (1, "bytes"),
        "nested_key": (2, "bytes*"),
        "integer": (5, "sint64"),
        "number": (6, "double"),
        "json": (8, "bytes"),
        "value_json": (16, "bytes"),
    },
    "Step": {"num": (1, "int64")},
    "Metric": {"name": (1, "bytes"), "glob_name": (2, "bytes"), "step_metric": (4, "bytes")},
    "Run": {"run_id": (1, "bytes"), "project": (3, "bytes"), "display_name": (8, "bytes")},
    "Exit": {"exit_code": (1, "int32")},
}


_SAMPLE = bytes.fromhex(
    "3a572642e1be009b4fc61b1600018a01130a036162631a066469676974734204626173651305fdd557000112"
    "550a13120a747261696e2f6c6f7373820104322e32350a10120776616c2f616363820104302e32350a0b1205"
    "5f73746570820101300a1b120a5f74696d657374616d7082010c313730303030303030302e30120208009269"
    "de2155000112530a12120a747261696e2f6c6f7373820103312e350a0f120776616c2f616363820103302e35"
    "0a0b12055f73746570820101310a1b120a5f74696d657374616d7082010c313730303030303030312e301202"
    "0801"
)
SAMPLES = (
    Sample(
        "wandb/run-20231114_221320-abc/run-abc.wandb",
        _SAMPLE,
        {
            ("", "train/loss"): [(0, 2.25), (1, 1.5)],
            ("", "val/acc"): [(0, 0.25), (1, 0.5)],
        },
    ),
)


def score(head: bytes, path: PurePath) -> int:
    """By the magic bytes."""
    if head.startswith(MAGIC):
        return 100
    return 60 if path.suffix == ".wandb" and MAGIC.startswith(head) else 0


class Reader(RecordReader):
    """Reads one growing .wandb file: the history, the run's name and how it ended.

    x is the step of the history unless `define_metric` names another, as in wandb's own charts; an
    epoch logged beside the values is handed on as epoch.
    """

    name = NAME
    record = message_classes("lossacc.wandb", _LAYOUT)["Record"]

    def __init__(self, path: PurePath) -> None:
        super().__init__(path)
        self._axes = _StepAxes()

    def _read(self, record: Any, number: int) -> None:
        if record.HasField("history"):
            self._read_history(record.history, number)
        elif record.HasField("metric"):
            self._axes.define(record.metric)
        elif record.HasField("run"):
            run = record.run
            names = (("name", run.display_name), ("project", run.project), ("id", run.run_id))
            self._facts.update({key: _text(value) for key, value in names if value})
        elif record.HasField("exit"):
            self._facts["state"] = "failed" if record.exit.exit_code else "finished"

    def _read_history(self, history: Any, number: int) -> None:
        values = dict(pair for item in history.item for pair in _numbers(item))
        time = values.get("_timestamp", NAN)
        step = values.get("_step", float(history.step.num) if history.HasField("step") else NAN)
        epoch = values.get("epoch", NAN)
        for tag, y in values.items():
            if not tag.startswith("_"):
                own = self._axes.axis(tag)
                x = values.get(own, step) if own and not _is_epoch(own) else step
                at = values.get(own, epoch) if own and _is_epoch(own) else epoch
                self._points.add(Curve(tag), y, number, step=x, epoch=at, time=time)


class _StepAxes:
    """What `define_metric(name, step_metric=…)` told: which metric is the x of which others."""

    def __init__(self) -> None:
        self._exact: dict[str, str] = {}
        self._globs: list[tuple[str, str]] = []

    def define(self, metric: Any) -> None:
        """Takes one definition; wandb allows a star at the end of a name only."""
        axis = _text(metric.step_metric)
        if axis.startswith("_") or not axis:
            return
        if metric.name:
            self._exact[_text(metric.name)] = axis
        elif metric.glob_name and len(self._globs) < 100:
            self._globs.append((_text(metric.glob_name).removesuffix("*"), axis))

    def axis(self, tag: str) -> str:
        """The metric that is the x of `tag`, or "" for the step."""
        exact = self._exact.get(tag)
        if exact is not None:
            return exact
        return next((axis for stem, axis in self._globs if tag.startswith(stem)), "")


def _is_epoch(tag: str) -> bool:
    return tag.rpartition("/")[2].lower() in ("epoch", "epochs")


def _numbers(item: Any) -> Iterator[tuple[str, float]]:
    """(tag, number) of a history item; none for texts, pictures and the like."""
    tag = _text(item.key) if item.key else ".".join(map(_text, item.nested_key))
    if item.HasField("number"):
        yield tag, item.number
    elif item.HasField("integer"):
        yield tag, float(item.integer)
    else:
        text = item.value_json or item.json
        try:
            yield tag, float(text)
        except ValueError:
            if len(text) <= _LARGEST_JSON:
                yield from numbers_in_json(tag, text)


def _text(data: bytes) -> str:
    return data.decode(errors="replace")
