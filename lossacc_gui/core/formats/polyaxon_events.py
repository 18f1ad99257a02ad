"""Polyaxon event files (.plx): one metric a file, columns divided by bars."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._lines import Lines
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import Rows

NAME = "polyaxon"
TITLE = "Polyaxon event files"
WRITTEN_BY = "polyaxon tracking, traceml"

_HEADER = b"step|timestamp|metric"

SAMPLES = (
    Sample(
        "run/events/metric/val_loss.plx",
        b"step|timestamp|metric\n0|2023-11-14 22:13:20+00:00|2.25\n"
        b"10|2023-11-14 22:13:21.500000+00:00|1.5\n|2023-11-14 22:13:22+00:00|nan\n",
        {("", "val_loss"): [(0, 2.25), (10, 1.5), (3, NAN)]},
    ),
)


def score(head: bytes, path: PurePath) -> int:
    """By the suffix and the header of a metric; other kinds of events have another header."""
    return 97 if path.suffix == ".plx" and head.startswith(_HEADER) else 0


class Reader:
    """Reads one growing event file; the tag is the file's name below `metric/`."""

    name = NAME

    def __init__(self, path: PurePath) -> None:
        parts = path.with_suffix("").parts
        at = parts.index("metric") + 1 if "metric" in parts[:-1] else len(parts) - 1
        self._curve = Curve("/".join(parts[at:]))
        self._lines = Lines()
        self._points = Points()
        self._problems = Problems(str(path))

    def feed(self, data: bytes) -> Rows:
        """Yields the column of the lines that are whole."""
        for number, line in self._lines.feed(data):
            self._read(number, line)
        return Rows(self._points.take(), self._problems.take())

    def finish(self) -> Rows:
        """Takes the last line: events are written with the line end before them."""
        if self._lines.unfinished.count(b"|") == 2 and self._lines.unfinished[-1:] != b"|":
            self._read(*self._lines.finish())
        return Rows(self._points.take(), self._problems.take())

    def _read(self, number: int, line: bytes) -> None:
        if not line or line == _HEADER:
            return
        cells = line.decode(errors="replace").split("|")
        try:
            step, time, y = cells
            x = float(step) if step else NAN
            self._points.add(self._curve, float(y), number, step=x, time=_seconds(time))
        except ValueError:
            self._problems.add(number, "expected step, time and value: 10|2023-11-14 22:13:20|0.5")


def _seconds(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return NAN
