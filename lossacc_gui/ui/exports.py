"""Writes what the window shows; tables and reports come from functions that are handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lossacc_gui.core.rows import Floats
from lossacc_gui.core.snapshot import RunView, Snapshot
from lossacc_gui.settings import replace_whole
from lossacc_gui.ui.plot.pane import PlotPane
from lossacc_gui.ui.window import Window

Column = tuple[str, str, Floats, Floats, Floats]  # run, curve, x, y, drawn y


@dataclass(frozen=True, slots=True)
class FileWriters:
    """Writes whole files or none. Every method raises OSError when a file cannot be written.

    `report(snapshot, path)`, `full(views, path)` and `drawn(columns, x name, path)` write the
    files that need no Qt.
    """

    report: Callable[[Snapshot, Path], None]
    full: Callable[[Sequence[RunView], Path], None]
    drawn: Callable[[Sequence[Column], str, Path], None]

    def write(
        self,
        kind: str,
        path: Path,
        window: Window,
        snapshot: Snapshot | None,
        views: Sequence[RunView],
    ) -> None:
        """Writes the export `kind`: png, svg, html, csv-drawn or csv-full."""
        if kind == "svg":
            _whole(path, lambda part: window.plot.save_svg(str(part)))
        elif kind == "png":
            _whole(path, lambda part: _save_picture(window, part))
        elif kind == "html" and snapshot is not None:
            _whole(path, lambda part: self.report(snapshot, part))
        elif kind == "csv-full":
            _whole(path, lambda part: self.full(views, part))
        elif kind == "csv-drawn":
            columns, x_name = drawn_columns(window.plot)
            _whole(path, lambda part: self.drawn(columns, x_name, part))


def drawn_columns(plot: PlotPane) -> tuple[list[Column], str]:
    """The curves that the plot draws just now, cut to the visible x, and what its x is."""
    x0, x1 = plot.visible_x()
    columns: list[Column] = []
    for panel in plot.panels:
        if panel.isVisible() and panel.content is not None:
            for line in panel.content.lines:
                x = line.curve.x
                seen = slice(int(x.searchsorted(x0, "left")), int(x.searchsorted(x1, "right")))
                raw, shown = line.curve.raw.y[seen], line.curve.shown.y[seen]
                columns.append((line.run, line.name, x[seen], raw, shown))
    return columns, plot.current_x()


def _save_picture(window: Window, path: Path) -> None:
    if not window.grab().save(str(path), "PNG"):
        raise OSError(f"the picture could not be written to {path}")


def _whole(path: Path, write: Callable[[Path], None]) -> None:
    """An export appears only when it is complete, readable like any file of the person's."""

    def write_readable(part: Path) -> None:
        write(part)
        part.chmod(0o644)

    replace_whole(path, write_readable)
