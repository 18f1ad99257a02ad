"""Comet offline experiments: a zip file with one JSON message a line."""

from __future__ import annotations

import lzma
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePath

import orjson

from lossacc_gui.core.formats import Sample, StoreReplacedError
from lossacc_gui.core.formats._lines import Lines
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import Rows, Split

NAME = "comet"
TITLE = "Comet offline experiments"
WRITTEN_BY = "comet_ml OfflineExperiment"
SAMPLES: tuple[Sample, ...] = ()

LARGEST = 512 * 1024 * 1024
"""Bytes of messages that are unpacked at most."""

_MESSAGES = "messages.json"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    KeyError,
    EOFError,
    RuntimeError,
    ValueError,
)
_CHUNK = 1024 * 1024
_SPLITS: dict[str, Split] = {"train": "train", "validate": "val", "test": "test"}


def score(head: bytes, path: PurePath) -> int:
    """A zip file that opens with one of Comet's two documents."""
    if not head.startswith(b"PK\x03\x04"):
        return 0
    first = head[30:128]
    return 95 if first.startswith((b"experiment.json", b"messages.json")) else 0


class Store:
    """Reads an experiment once; it is written whole when the training ends."""

    name = NAME

    def __init__(self, path: PurePath) -> None:
        self._path = Path(path)
        self._problems = Problems(str(path))
        self._stamp: tuple[int, int] | None = None

    def poll(self) -> Rows:
        """All points, the first time; nothing as long as the file stays as it is."""
        facts = self._path.stat()
        stamp = facts.st_size, facts.st_mtime_ns
        if stamp == self._stamp:
            return Rows()
        if self._stamp is not None:
            raise StoreReplacedError
        points = Points()
        told: dict[str, str] = {}
        try:
            for number, line in self._messages():
                self._read(number, line, points, told)
        except _BROKEN as error:
            self._problems.add(0, f"expected a zip file with {_MESSAGES}: {error}")
        self._stamp = stamp
        return Rows(points.take(), self._problems.take(), told)

    def _messages(self) -> Iterator[tuple[int, bytes]]:
        """The lines of the messages, unpacked piece by piece within a bound."""
        lines = Lines()
        left = LARGEST
        with zipfile.ZipFile(self._path) as archive, archive.open(_MESSAGES) as file:
            while data := file.read(min(_CHUNK, left)):
                left -= len(data)
                yield from lines.feed(data)
                if left <= 0:
                    self._problems.add(0, f"{_MESSAGES} is larger than {LARGEST} bytes")
                    return
        if lines.unfinished:
            yield lines.finish()

    def _read(self, number: int, line: bytes, points: Points, told: dict[str, str]) -> None:
        if b'"metric_msg"' not in line and b'"Name"' not in line:
            return
        try:
            payload = orjson.loads(line)["payload"]
            if payload.get("key") == "Name":
                told["name"] = str(payload["value"])
                return
            metric = payload["metric"]
            tag, y = str(metric["metricName"]), _number(metric["metricValue"])
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            self._problems.add(number, "expected a metric message of Comet")
            return
        if not tag.startswith("sys."):
            split = _SPLITS.get(str(payload.get("context")))
            x = {"step": _number(metric.get("step")), "epoch": _number(metric.get("epoch"))}
            time = _number(payload.get("local_timestamp")) / 1000
            points.add(Curve(tag, split=split), y, number, **x, time=time)


def _number(value: object) -> float:
    if isinstance(value, str):
        return {"Infinity": math.inf, "-Infinity": -math.inf}.get(value, NAN)
    return float(value) if isinstance(value, int | float) else NAN
