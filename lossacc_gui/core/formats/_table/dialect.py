"""Finds out how a table is written: its delimiter, its header, whether it has one at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lossacc_gui.core.formats._cells import is_gap, looks_numeric
from lossacc_gui.core.names import recognise, x_kind

COMMENT_MARKS = ("#", "//", "%%")
MOST_COLUMNS = 4096
_DELIMITERS = ("\t", ";", ",", "|", " ")
_BLANKS = re.compile(r"\s{2,}|\t+")
_ASSIGNMENT = re.compile(r"(?!unnamed)\b[a-z][\w@]*[\])]?\s*[:=]\s*[-+\d.]", re.IGNORECASE)
_LONGEST_HEADER_CELL = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the rows of a table are written."""

    delimiter: str
    boxed: bool = False  # a delimiter also at both ends: | a | b |

    def cells(self, line: str) -> list[str]:
        """The cells of one line, without quotes and blanks around; at most MOST_COLUMNS + 1."""
        text = line.strip("\r\n")
        if self.boxed:
            text = text.strip().removeprefix("|").removesuffix("|")
        if self.delimiter == " ":
            words = text.split(None, MOST_COLUMNS + 1)[: MOST_COLUMNS + 1]
            return [word.strip('"') for word in words] if '"' in text else words
        if '"' in text:
            try:
                found = next(csv.reader([text], delimiter=self.delimiter, skipinitialspace=True))
            except (csv.Error, StopIteration):
                found = text.split(self.delimiter, MOST_COLUMNS + 1)
        else:
            found = text.split(self.delimiter, MOST_COLUMNS + 1)
        return [cell.strip() for cell in found[: MOST_COLUMNS + 1]]


@dataclass(frozen=True, slots=True)
class Start:
    """Where a table begins: the dialect, the header (None: there is none), the first row."""

    dialect: Dialect
    header: tuple[str, ...] | None
    first_row: int  # index of the first data line among those given
    counted: bool = False  # no header, and the first column counts the rows


def is_comment(line: str) -> bool:
    """Whether the line is empty, a comment or a rule drawn between header and rows."""
    text = line.strip()
    if not text or not text.strip("-=+|:_ \t"):
        return not text or set(text) <= set("-=+|:_ \t")
    return text.startswith(COMMENT_MARKS)


def may_be_header(line: str) -> bool:
    """Whether the line may stand above the first row: no comment but one that names columns."""
    return not is_comment(line) or _commented_header(line) is not None


def find_start(lines: Sequence[str]) -> Start | None:
    """Looks for the first header with a row under it, or for two rows of numbers.

    Looking at more lines never changes an answer that is not None, so that a growing file is read
    like a whole one.
    """
    previous: tuple[int, str] | None = None
    for at, line in enumerate(lines):
        commented = _commented_header(line)
        if is_comment(line) and commented is None:
            continue
        if previous is not None and (start := _start_at(previous[1], line, at, previous[0])):
            return start
        previous = (at, commented if commented is not None else line)
    return None


def _commented_header(line: str) -> str | None:
    """The header behind a comment mark ("# epoch loss acc"), as numpy.savetxt writes it."""
    text = line.strip()
    if not text.startswith(("#", "%")):
        return None
    names = text.lstrip("#% \t")
    words = re.split(r"[\s,;|]+", names)
    known = sum(1 for w in words if w and _says_something(w))
    return names if known >= 2 and not _ASSIGNMENT.search(names) else None


def _start_at(upper: str, lower: str, at: int, upper_at: int) -> Start | None:
    best: tuple[int, Start] | None = None
    for delimiter in _DELIMITERS:
        boxed = delimiter == "|" and upper.strip().startswith("|") and lower.strip().startswith("|")
        dialect = Dialect(delimiter, boxed)
        start = _start_with(dialect, upper, lower, at, upper_at)
        if start is None:
            continue
        width = len(dialect.cells(lower))
        if best is None or width > best[0]:
            best = (width, start)
    return best[1] if best else None


def _start_with(dialect: Dialect, upper: str, lower: str, at: int, upper_at: int) -> Start | None:
    header, row = dialect.cells(upper), dialect.cells(lower)
    numbers = sum(1 for c in row if looks_numeric(c) and not is_gap(c))
    if numbers == 0 or not (len(row) > 1 or dialect.delimiter == ","):
        return None
    if dialect.delimiter == " " and 2 * numbers < len(row):
        return None
    if is_header(header):
        row_names = len(row) == len(header) + 1 and row[-1] != ""
        if row_names and (dialect.delimiter != " " or row[0].isdecimal()):
            return Start(dialect, ("", *header), at)
        fits = len(row) == len(header) or (dialect.delimiter != " " and len(row) <= len(header) + 1)
        return Start(dialect, tuple(header), at) if fits else None
    if _is_named_value(header) and _is_named_value(row):
        return Start(dialect, ("metric", "step", "value"), upper_at)
    both = [*header, *row]
    if len(header) == len(row) and all(looks_numeric(c) for c in both):
        return Start(dialect, None, upper_at, _counts(header[0], row[0]))
    return None


def is_header(cells: Sequence[str]) -> bool:
    """Whether the cells are names of columns: text, not numbers, not pairs of name and value."""
    filled = [c for c in cells if c]
    if not filled or any(len(c) > _LONGEST_HEADER_CELL for c in filled):
        return False
    if any(_ASSIGNMENT.search(c) or c.endswith((":", "=", ",")) for c in filled):
        return False
    names = [c for c in filled if not looks_numeric(c)]
    return len(names) == len(filled) or (len(names) >= 2 and len(names) >= 0.8 * len(filled))


def _counts(upper: str, lower: str) -> bool:
    """Whether two cells of a column are whole numbers that rise, as steps and epochs do."""
    if not (upper.isdecimal() and lower.isdecimal() and len(lower) < 16):
        return False
    return int(upper) < int(lower)


def _is_named_value(cells: Sequence[str]) -> bool:
    """Whether the row is a metric's name, a step and a value, under no header."""
    if len(cells) != 3 or not looks_numeric(cells[1]) or not looks_numeric(cells[2]):
        return False
    return recognise(cells[0]).role in ("loss", "accuracy")


def _says_something(word: str) -> bool:
    return x_kind(word) is not None or recognise(word).role != "other"
