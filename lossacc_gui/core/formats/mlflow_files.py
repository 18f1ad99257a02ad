"""MLflow's file store: one file per metric, each line a time, a value and a step."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._lines import Lines
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import Rows

NAME = "mlflow-files"
TITLE = "MLflow file store"
WRITTEN_BY = "mlflow with a file store (mlruns/…/metrics/), Lightning MLFlowLogger"

_LINE = re.compile(
    rb"(?P<time>\d{9,16}) (?P<value>[-+]?(?:\d[\d.]*(?:[eE][-+]?\d+)?|\.\d+|nan|inf(?:inity)?))"
    rb"(?: (?P<step>-?\d{1,19}))?(?: [^\n]*)?",
    re.IGNORECASE,
)
_LONGEST_LINE = 4096
_LARGEST_META = 64 * 1024
_RUN_NAME = re.compile(r"^run_name:[ \t]*(['\"]?)(.*?)\1[ \t]*$", re.MULTILINE)

SAMPLES = (
    Sample(
        "mlruns/0/7a61281ce6d24d3c9b4dcd74ecd5637c/metrics/val/loss",
        b"1700000000000 2.25 0\n1700000001000 1.5 1\n1700000002000 nan 5\n",
        {("", "val/loss"): [(0, 2.25), (1, 1.5), (5, NAN)]},
    ),
)


def score(head: bytes, path: PurePath) -> int:
    """A line in this layout, in a folder named metrics."""
    if "metrics" not in path.parts[:-1]:
        return 0
    line = head[:_LONGEST_LINE].split(b"\n", 1)[0].rstrip(b"\r")
    return 90 if _LINE.fullmatch(line) else 0


class Reader:
    """Reads one growing metric file; the tag is the path below `metrics/`."""

    name = NAME

    def __init__(self, path: PurePath) -> None:
        parts = path.parts
        at = parts.index("metrics") if "metrics" in parts[:-1] else len(parts) - 2
        self._curve = Curve("/".join(parts[at + 1 :]))
        self._run_folder = PurePath(*parts[:at])
        self._points = Points()
        self._problems = Problems(str(path))
        self._lines = Lines(_LONGEST_LINE)
        self._named = False

    def feed(self, data: bytes) -> Rows:
        """Yields the column of the lines that are whole."""
        for number, line in self._lines.feed(data):
            self._read(number, line)
        return self._rows()

    def finish(self) -> Rows:
        """Yields the last line, if it has come to its step."""
        match = _LINE.fullmatch(self._lines.unfinished)
        if match and match["step"]:
            self._read(*self._lines.finish())
        return self._rows()

    def _read(self, number: int, line: bytes) -> None:
        match = _LINE.fullmatch(line)
        try:
            y = float(match["value"]) if match else NAN
        except ValueError:
            match = None
        if match:
            step = float(match["step"]) if match["step"] else NAN
            time = float(match["time"]) / 1000
            self._points.add(self._curve, y, number, step=step, time=time)
        elif line:
            self._problems.add(number, "expected time in ms, value and step: 1700000000000 0.5 1")

    def _rows(self) -> Rows:
        facts = {} if self._named else _run_name(self._run_folder)
        self._named = True
        return Rows(self._points.take(), self._problems.take(), facts)


def _run_name(folder: PurePath) -> dict[str, str]:
    """The run's display name from the meta.yaml in its folder, if it can be read from here."""
    try:
        with Path(folder, "meta.yaml").open(encoding="utf-8", errors="replace") as file:
            found = _RUN_NAME.search(file.read(_LARGEST_META))
    except OSError:
        return {}
    return {"name": found[2]} if found and found[2] else {}
