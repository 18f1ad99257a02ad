"""Reads tables that are printed as a log grows: a line of names, then lines of numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

from lossacc_gui.core._words import read_name
from lossacc_gui.core.formats._text.keys import clean, counter, is_noise, split_of
from lossacc_gui.core.rows import Split

_BARS = re.compile(r"[|│┃║￨]")
_WIDE = re.compile(r"\s{2,}|\t")
_RULE = re.compile(r"^[\s|+│┃║]*[-=─━═╌┄]{2,}[-=─━═╌┄\s|+┼╪╇┿┬┴├┤┌┐└┘╞╡╘╛╒╕╤╧╭╮╰╯┡┩┏┓┗┛┳┻╋╈┠┨:]*$")
_DASHES = re.compile(r"-{2,}|={2,}|─{2,}|━{2,}")
_FRAME = re.compile(r"^[\s+┌┐└┘├┤┼─━═╞╡╘╛╒╕╤╧╪╭╮╰╯┏┓┗┛┡┩╇┳┻╋┠┨╟╢╠╣╔╗╚╝╦╩╬┬┴-]+$")
_VALUE = re.compile(
    r"^[+*✓↓↑-]?\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf))\s*(%?)\s*[+*✓↓↑]?:?$",
    re.IGNORECASE,
)
_COUNT = re.compile(r"^[#\[]?\s*(\d{1,12})(?:\.0*)?(?:\s*/\s*(\d+))?[\]:.]?$")
_BAR_TAIL = re.compile(r":?\s+(?:\d{1,3}(?:\.\d+)?\s?%.*)?$")
_WORD = re.compile(r"\S+")
_ABSENT = ("", "-", "--", "na", "n/a", "none", "null", "—", "–", "/", "nil")
_STEP_NAMES = ("#", "example counter", "no", "nr", "n")
_EPOCH_NAMES = ("E", "e")
_MOST_CELLS = 64
_LONGEST_LINE = 1024


class Cell(NamedTuple):
    """A value of a table's row."""

    tag: str
    value: float
    percent: bool
    split: Split | None


class Row(NamedTuple):
    """A row: its counters (NaN: none) and its values."""

    epoch: float
    step: float
    cells: tuple[Cell, ...]


class _Head(NamedTuple):
    names: tuple[str, ...]
    kinds: tuple[str, ...]  # "epoch", "step", "metric", "split" or ""
    barred: bool
    wide: bool  # cells are parted by two blanks and may hold one
    bounds: tuple[tuple[int, int], ...]  # columns of the rule below the names, if there is one
    by_class: bool


class Tables:
    """Remembers the names of the table that is being printed."""

    def __init__(self) -> None:
        self._heads: tuple[_Head, ...] = ()
        self._words_above: tuple[str, ...] = ()
        self._barred_above = False

    @property
    def active(self) -> bool:
        """Whether a line of names has been seen."""
        return bool(self._heads)

    def names(self, line: str) -> bool:
        """Looks at a line without a value; true if it belongs to a table's head."""
        if len(line) > _LONGEST_LINE:
            return False
        if _RULE.match(line) or _FRAME.match(line):
            self._words_above = ()
            spans = tuple(m.span() for m in _DASHES.finditer(line))
            self._heads = tuple(_with_index(head, len(spans)) for head in self._heads)
            ruled = [h for h in self._heads if not h.barred and len(h.names) == len(spans)]
            if ruled and len(spans) > 1:
                self._heads = (ruled[0]._replace(bounds=spans),)
            return True
        text = _BAR_TAIL.sub("", line)
        barred = len(_BARS.findall(text)) >= 2
        cells = _barred(text) if barred else tuple(text.split())
        joined = self._joined(cells, barred)
        self._words_above, self._barred_above = cells, barred
        wide = () if barred else _wide(text)
        heads = [_head(names, barred, names is wide) for names in (joined, wide, cells)]
        if not barred and heads[2] is not None:
            spans = tuple(m.span() for m in _WORD.finditer(text))
            heads[2] = heads[2]._replace(bounds=spans)
        measures = _only_measures(cells)
        if not barred and measures:
            heads.append(_Head(("", *cells), ("", *measures), False, False, (), False))
        if splits := _only_splits(text):
            heads.append(
                _Head(("", *splits), ("", *["split"] * len(splits)), True, False, (), False)
            )
        found = tuple(head for head in heads if head is not None)
        if found:
            self._heads = found
        return bool(found)

    def row(self, line: str) -> Row | None:
        """The row that a line is, or None."""
        if len(line) > _LONGEST_LINE:
            return None
        for head in self._heads:
            cells = _cells(line, head)
            if cells is None or len(cells) != len(head.names):
                continue
            row = _row(head, cells) if "metric" in head.kinds else _transposed(head, cells)
            if row is not None:
                return row
        return None

    def _joined(self, cells: tuple[str, ...], barred: bool) -> tuple[str, ...]:
        """The names where two lines hold them, one below the other."""
        above = self._words_above
        if len(above) != len(cells) or barred != self._barred_above or len(cells) < 3:
            return ()
        return tuple(f"{a} {b}".strip() for a, b in zip(above, cells, strict=True))


def _only_measures(names: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of names that are two metrics or more and nothing else."""
    kinds = tuple(_kind(name) for name in names)
    return kinds if len(kinds) > 1 and set(kinds) == {"metric"} and _measures(names[0]) else ()


def _only_splits(text: str) -> tuple[str, ...]:
    """The cells of a head that names two splits or more and nothing else."""
    cells = tuple(c for c in _barred(text) if c) if _BARS.search(text) else ()
    return cells if len(cells) > 1 and all(_kind(c) == "split" for c in cells) else ()


def _barred(line: str) -> tuple[str, ...]:
    cells = [cell.strip() for cell in _BARS.split(line)]
    if cells and not cells[0]:
        cells = cells[1:]
    if cells and not cells[-1]:
        cells = cells[:-1]
    return tuple(cells)


def _wide(line: str) -> tuple[str, ...]:
    return tuple(cell for cell in _WIDE.split(line.strip()) if cell)


def _head(names: tuple[str, ...], barred: bool, wide: bool) -> _Head | None:
    if not 2 <= len(names) <= _MOST_CELLS or any(len(n) > 40 for n in names):
        return None
    kinds = tuple(_kind(name) for name in names)
    quantities = [n for n, k in zip(names, kinds, strict=True) if k == "metric" and _measures(n)]
    counted = any(k in ("epoch", "step") for k in kinds)
    splits = sum(k == "split" for k in kinds)
    known = sum(bool(k) for k in kinds)
    by_class = names[0].lower() in ("class", "classes", "category", "label", "labels")
    if not quantities and not (barred and splits >= 2 and not counted):
        return None
    if not counted and not barred and not by_class:
        return None
    if not barred and known * 3 < len(names):
        return None
    return _Head(names, kinds, barred, wide, (), by_class)


def _with_index(head: _Head, columns: int) -> _Head:
    """The head with a nameless first column, where the rule below it has one more."""
    if head.barred or columns != len(head.names) + 1:
        return head
    return head._replace(names=("", *head.names), kinds=("", *head.kinds))


def _kind(name: str) -> str:
    if name in _EPOCH_NAMES:
        return "epoch"
    if name.lower() in _STEP_NAMES:
        return "step"
    reading = read_name(name)
    counts = counter(reading)
    if counts:
        return counts
    if reading.x == "time" or is_noise(reading):
        return ""
    if reading.quantity or reading.spoiled:
        return "metric"
    return "split" if reading.split and not reading.unknown else ""


def _measures(name: str) -> bool:
    reading = read_name(name)
    return bool(reading.quantity)


def _cells(line: str, head: _Head) -> tuple[str, ...] | None:
    if head.barred:
        return _barred(line) if _BARS.search(line) else None
    words = tuple(line.split())
    if len(words) == len(head.names):
        return words
    if head.bounds and not head.wide:
        return _by_place(line, head.bounds)
    wide = _wide(line)
    return wide if len(wide) == len(head.names) else _by_place(line, head.bounds)


def _by_place(line: str, bounds: tuple[tuple[int, int], ...]) -> tuple[str, ...] | None:
    """Cells of fixed width: each word belongs to the column that it lies in."""
    if not bounds:
        return None
    cells = [""] * len(bounds)
    for word in _WORD.finditer(line):
        middle = (word.start() + word.end()) / 2
        at = min(range(len(bounds)), key=lambda i: _distance(middle, bounds[i]))
        cells[at] = f"{cells[at]} {word.group()}".strip()
    return tuple(cells)


def _distance(middle: float, bound: tuple[int, int]) -> float:
    return max(bound[0] - middle, middle - bound[1], 0.0)


def _row(head: _Head, cells: tuple[str, ...]) -> Row | None:
    counters = {"epoch": float("nan"), "step": float("nan")}
    values: list[Cell] = []
    split: Split | None = "val" if head.by_class else None
    counted = False
    for name, kind, cell in zip(head.names, head.kinds, cells, strict=True):
        if kind in counters:
            count = _COUNT.match(cell)
            if not count:
                return None
            if counters[kind] != counters[kind]:
                counters[kind] = float(count.group(1))
            counted = True
        elif kind == "metric":
            value = _VALUE.match(cell)
            if value:
                tag = clean(name) or name
                values.append(Cell(tag, float(value.group(1)), bool(value.group(2)), None))
            elif cell.lower() not in _ABSENT:
                return None
    if not counted:
        label = split_of(read_name(cells[0])) if not _VALUE.match(cells[0]) else None
        if label is None and not (
            head.by_class and cells[0].lower() in ("all", "total", "overall")
        ):
            return None
        split = label or split
    if not values:
        return None
    cells_with_split = tuple(value._replace(split=split) for value in values)
    return Row(counters["epoch"], counters["step"], cells_with_split)


def _transposed(head: _Head, cells: tuple[str, ...]) -> Row | None:
    """A row of one metric whose columns are splits."""
    reading = read_name(cells[0])
    if not reading.quantity or is_noise(reading):
        return None
    values: list[Cell] = []
    for name, kind, cell in zip(head.names[1:], head.kinds[1:], cells[1:], strict=True):
        value = _VALUE.match(cell)
        if kind == "split" and value:
            split = split_of(read_name(name))
            tag = clean(cells[0])
            values.append(Cell(tag, float(value.group(1)), bool(value.group(2)), split))
        elif kind == "split" and cell.lower() not in _ABSENT:
            return None
    return Row(float("nan"), float("nan"), tuple(values)) if values else None
