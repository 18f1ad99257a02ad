"""Tables of points: what is drawn, the smoothed values included, or everything as logged."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from lossacc_gui.core.rows import Floats
from lossacc_gui.core.snapshot import RunView

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(value: float) -> str:
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(float(value))


def _optional(values: object, place: int) -> str:
    if values is None:
        return ""
    value = float(values[place])  # type: ignore[index]
    return "" if math.isnan(value) else repr(value)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def write_full(views: Sequence[RunView], path: Path) -> None:
    """Every point of every series, one per row, at full precision; accuracies are fractions.

    Raises:
        OSError: the file cannot be written.
    """

    def rows() -> Iterable[Sequence[str]]:
        for view in views:
            for series in view.data.series:
                head = (_cell(view.data.name), _cell(series.tag), series.role, series.split)
                for n in range(len(series.x)):
                    yield (
                        *head,
                        series.x_kind,
                        repr(float(series.x[n])),
                        _number(series.y[n]),
                        _optional(series.step, n),
                        _optional(series.epoch, n),
                        _optional(series.time, n),
                    )

    header = ("run", "tag", "role", "split", "x_is", "x", "y", "step", "epoch", "time")
    _write(path, header, rows())


def write_drawn(
    columns: Sequence[tuple[str, str, Floats, Floats, Floats]], x_name: str, path: Path
) -> None:
    """The curves of a plot: (run, curve, x, y, drawn y) each, arrays of shape (n,).

    `x_name` says what x is; the drawn y is the smoothed one where smoothing is on.

    Raises:
        OSError: the file cannot be written.
    """

    def rows() -> Iterable[Sequence[str]]:
        for run, curve, x, raw, drawn in columns:
            for n in range(len(x)):
                values = (repr(float(x[n])), _number(raw[n]), _number(drawn[n]))
                yield (_cell(run), _cell(curve), x_name, *values)

    _write(path, ("run", "curve", "x_is", "x", "y", "drawn_y"), rows())
