"""Delimited tables in any dialect: CSV, TSV, semicolons with decimal commas, headers or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from lossacc_gui.core.formats._decoding import Utf8Stream, text
from lossacc_gui.core.formats._points import Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.formats._table import samples
from lossacc_gui.core.formats._table.bulk import SMALLEST_BLOCK, read_block
from lossacc_gui.core.formats._table.dialect import find_start, may_be_header
from lossacc_gui.core.formats._table.rows import RowReader
from lossacc_gui.core.formats._table.score import score_table
from lossacc_gui.core.rows import Rows

NAME = "table"
TITLE = "CSV and other delimited tables"
WRITTEN_BY = (
    "Keras CSVLogger, Lightning CSVLogger, fastai, Ultralytics, Catalyst, CatBoost, DVCLive, flair,"
    " Ray Tune, Stable-Baselines3, H2O, R keras, exports of W&B and TensorBoard, pandas,"
    " spreadsheets"
)
SAMPLES = samples.SAMPLES

LONGEST_LINE = 4 * 1024 * 1024
_LINES_TO_START = 200
_LINES_AT_ONCE = 2000  # before reading in bulk is tried (again)
_BULK_PIECE = 4 * 1024 * 1024


def score(head: bytes, path: PurePath) -> int:
    """How sure it is that the file is a table of a training's metrics."""
    return score_table(head, path)


class Reader:
    """Reads one growing table."""

    def __init__(self, path: PurePath) -> None:
        self._path = path
        self._problems = Problems(str(path))
        self._points = Points()
        self._stream = Utf8Stream()
        self._partial = bytearray()
        self._skipping = False  # inside a line that is too long
        self._waiting: list[tuple[int, str]] = []  # the line that may be the header
        self._line = 0
        self._rows: RowReader | None = None
        self._gave_up = False

    @property
    def name(self) -> str:
        """The format as its header tells it, e.g. "keras-csv"."""
        return self._rows.plan.name if self._rows else "csv"

    def feed(self, data: bytes) -> Rows:
        """Reads the whole lines among the bytes appended; keeps the rest of a line."""
        self._partial += self._stream.feed(data)
        end = self._partial.rfind(b"\n") + 1
        if end:
            block = bytes(self._partial[:end])
            del self._partial[:end]
            self._read(block)
        if len(self._partial) > LONGEST_LINE:
            self._partial.clear()
            self._skipping = True
        return self._take()

    def finish(self) -> Rows:
        """Reads a last line without an end, if it has as many cells as the header."""
        line = bytes(self._partial) + self._stream.feed(b"") + self._stream.finish()
        self._partial.clear()
        complete = self._rows is None or self._rows.is_complete(text(line))
        if line and not self._skipping and complete:
            self._read(line + b"\n")
        return self._take()

    def _take(self) -> Rows:
        columns = self._points.take()
        if self._rows and self._rows.percent:
            signed = self._rows.percent
            columns = tuple(
                replace(c, percent=True) if (c.tag, c.run, c.split) in signed else c
                for c in columns
            )
        return Rows(columns, self._problems.take())

    def _read(self, block: bytes) -> None:
        """Reads whole lines: the first ones singly, the rest of a big block in bulk."""
        if self._skipping:
            _, _, block = block.partition(b"\n")
            self._skipping = False
            self._line += 1
            self._problems.add(self._line, f"a line over {LONGEST_LINE >> 20} MiB is skipped")
        at = 0
        while at < len(block):
            size = len(block) - at
            if self._rows is None or size < SMALLEST_BLOCK or not self._read_bulk(block, at):
                at = self._read_lines(block, at, _LINES_AT_ONCE)
            else:
                at = _piece_end(block, at)

    def _read_lines(self, block: bytes, at: int, most: int) -> int:
        for _ in range(most):
            end = block.find(b"\n", at)
            if end < 0:
                return len(block)
            self._line += 1
            if self._rows is not None:
                self._rows.read(text(block[at:end]), self._line)
            elif not self._gave_up:
                self._begin(text(block[at:end]))
            at = end + 1
        return at

    def _read_bulk(self, block: bytes, at: int) -> bool:
        rows = self._rows
        assert rows is not None
        if rows.silent.watching:
            return False
        piece = block[at : _piece_end(block, at)]
        bulk = read_block(
            piece, rows.dialect, rows.plan, rows.numeric, rows.gaps.held_out, self._line + 1
        )
        if bulk is None:
            return False
        self._line += bulk.rows
        if bulk.validated:
            rows.gaps.met_value()
        for curve, batch in bulk.batches:
            self._points.add_batch(curve, batch)
        return True

    def _begin(self, line: str) -> None:
        """Waits for a row under what may be a header; then reads both."""
        waiting = [*self._waiting, (self._line, line)]
        start = find_start([text for _, text in waiting])
        if start is not None:
            self._rows = RowReader(start, self._path, self._points, self._problems)
            for at, row in waiting[start.first_row :]:
                self._rows.read(row, at)
            self._waiting = []
        elif self._line >= _LINES_TO_START:
            self._gave_up = True
            self._waiting = []
            self._problems.add(self._line, "no table: a header with a row of numbers was expected")
        elif may_be_header(line):
            self._waiting = waiting[-1:]


def _piece_end(block: bytes, at: int) -> int:
    """The end of the lines that are read in bulk at once."""
    if len(block) - at <= _BULK_PIECE:
        return len(block)
    return block.rfind(b"\n", at, at + _BULK_PIECE) + 1 or block.find(b"\n", at) + 1
