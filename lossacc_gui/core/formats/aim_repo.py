"""Aim repositories (.aim): sequences of metrics in one RocksDB folder per run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from struct import Struct
from typing import NamedTuple

from lossacc_gui.core.formats import Sample, StoreReplacedError
from lossacc_gui.core.formats._binary.rocksdb import RocksFolder
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.formats._sqlite.open import snapshot
from lossacc_gui.core.names import split_word
from lossacc_gui.core.rows import Rows, Split

NAME = "aim"
TITLE = "Aim repositories"
WRITTEN_BY = "Aim 3 (aim.Run, and its Lightning, Keras and Hugging Face loggers)"
SAMPLES: tuple[Sample, ...] = ()

MOST_RUNS = 1000
PATIENCE = 20
"""Polls that bring nothing before a point is taken without the fields that are missing."""

_SENTINEL = 0xFE  # ends every part of a key; a part that begins with it is a number of 8 bytes
_INT, _DOUBLE, _TEXT = 2, 3, 4
_INT64, _FLOAT64 = Struct("<q"), Struct("<d")
_SYSTEM = "__system__"
_NAMES = "SELECT r.hash, r.name, r.is_archived IS 1 FROM run r"

_NUMBER_PART = 11  # bytes at the end of a key: end of the part before, mark, number, end

_Part = str | bytes


class _Point(NamedTuple):
    """One tracked value; `at` is what tells it from the others of its metric."""

    step: float
    context: bytes
    name: str
    at: bytes
    y: float
    epoch: float
    time: float
    whole: bool  # all its fields are written


def score(head: bytes, path: PurePath) -> int:
    """By the file VERSION in a folder .aim, which stands for the whole repository."""
    is_marker = path.name == "VERSION" and path.parent.name == ".aim"
    return 95 if is_marker and head[:1].isdigit() else 0


@dataclass(slots=True)
class _Run:
    """One run's folders and what was taken from them: series by context, name and field."""

    sequences: RocksFolder
    meta: RocksFolder
    stamp: tuple[float, ...] = ()
    told: set[tuple[bytes, str, bytes]] = field(default_factory=set)
    waiting: set[bytes] = field(default_factory=set)  # values whose step or context is to come
    patience: int = PATIENCE


class Store:
    """Reads a repository by its file VERSION; points come as runs grow."""

    name = NAME

    def __init__(self, path: PurePath) -> None:
        self._folder = Path(path).parent
        self._problems = Problems(str(path))
        self._runs: dict[str, _Run] = {}
        self._order = 0

    def stamp(self) -> tuple[float, ...]:
        """Changes whenever a run grows: sizes and times in turn."""
        numbers: list[float] = []
        for name in self._chunks():
            for kind in ("seqs", "meta"):  # names and contexts may be written after the points
                folder = self._folder / kind / "chunks" / name
                numbers += RocksFolder(folder, self._problems).stamp()
        return tuple(numbers)

    def poll(self) -> Rows:
        """The points that were tracked since the last poll, one column per run, metric, context."""
        names = self._chunks()
        if not set(self._runs) <= set(names):
            raise StoreReplacedError
        labels, hidden = self._labels()
        points = Points()
        for name in names:
            run = self._runs.get(name) or self._open(name)
            stamp = run.sequences.stamp()
            if (stamp != run.stamp or run.waiting) and name not in hidden:
                self._read(run, labels.get(name) or name, points)
                run.stamp = stamp
        return Rows(points.take(), self._problems.take())

    def _chunks(self) -> list[str]:
        """The runs of the repository.

        Raises:
            OSError: the repository cannot be read.
        """
        folder = self._folder / "seqs" / "chunks"
        if not folder.is_dir():
            self._folder.stat()
            return []
        return sorted(path.name for path in folder.iterdir() if path.is_dir())[:MOST_RUNS]

    def _open(self, name: str) -> _Run:
        seqs, meta = (self._folder / kind / "chunks" / name for kind in ("seqs", "meta"))
        run = _Run(RocksFolder(seqs, self._problems), RocksFolder(meta, self._problems))
        self._runs[name] = run
        return run

    def _labels(self) -> tuple[dict[str, str], set[str]]:
        """Names by run where somebody gave one, and the runs that are archived."""
        try:
            with snapshot(self._folder / "run_metadata.sqlite") as connection:
                found = connection.execute(_NAMES).fetchmany(MOST_RUNS)
        except (OSError, sqlite3.Error):
            return {}, set()  # names are a courtesy
        given = {run: str(name) for run, name, _ in found if name and name != f"Run: {run}"}
        names = list(given.values())
        unique = {r: n if names.count(n) == 1 else f"{n} ({r[:8]})" for r, n in given.items()}
        return unique, {run for run, _, archived in found if archived}

    def _read(self, run: _Run, label: str, points: Points) -> None:
        """Takes the points that are complete; Aim writes a point's fields one after the other."""
        run.waiting |= {key for key in run.sequences.read() if b"\xfeval\xfe\xfe" in key}
        contexts = self._contexts(run) if run.waiting else {}
        patient = run.patience > 0
        found: list[_Point] = []
        for key in list(run.waiting):
            point = _point(run, key)
            if point and patient and not (point.whole and point.context in contexts):
                continue
            run.waiting.discard(key)
            if point and (point.context, point.name, point.at) not in run.told:
                run.told.add((point.context, point.name, point.at))
                found.append(point)
        run.patience = PATIENCE if found or not run.waiting else run.patience - 1
        for point in sorted(found, key=lambda point: (point.step, point.time)):
            split, suffix = contexts.get(point.context, (None, ""))
            self._order += 1
            curve = Curve(point.name + suffix, label, split)
            x = {"step": point.step, "epoch": point.epoch, "time": point.time}
            points.add(curve, point.y, self._order, **x)

    def _contexts(self, run: _Run) -> dict[bytes, tuple[Split | None, str]]:
        """Context -> the split that one of its values names, and the rest for the tag."""
        run.meta.read()
        found: dict[bytes, tuple[Split | None, str]] = {}
        for key in sorted(run.meta.entries.newest):
            parts = list(_parts(key))
            if len(parts) < 5 or parts[0] != "meta" or parts[3] != "contexts":
                continue
            context, value = parts[4], _text(run.meta.entries.get(key))
            if not isinstance(context, bytes):
                continue
            split, rest = found.setdefault(context, (None, ""))
            if value:
                said = split_word(value) if split is None else None
                if said is None:
                    rest += f" {'.'.join(map(str, parts[5:]))}={value}"
                found[context] = (said or split, rest)
        return found


def _point(run: _Run, key: bytes) -> _Point | None:
    """The point that a `val` key stands for, as far as it is written."""
    parts = list(_parts(key))
    if len(parts) < 4 or parts[-2] != "val":
        return None
    context, name, _, at = parts[-4:]
    if not (isinstance(context, bytes) and isinstance(name, str) and isinstance(at, bytes)):
        return None
    entries = run.sequences.entries
    y = _number(entries.get(key))
    if y is None or name.startswith(_SYSTEM):
        return None
    stem, end = key[: -len(b"val") - _NUMBER_PART], key[-_NUMBER_PART:]
    raw = [entries.get(stem + field + end) for field in (b"step", b"epoch", b"time")]
    step, epoch, time = (NAN if (x := _number(value)) is None else x for value in raw)
    if parts[1] != "v2":  # the first layout has the step itself where now its hash is
        step, raw[0] = float(int.from_bytes(at, "big", signed=True)), b""
    return _Point(step, context, name, at, y, epoch, time, None not in raw)


def _parts(key: bytes) -> Iterator[_Part]:
    """The path that a key spells: names, and numbers as their 8 bytes."""
    position = 0
    while position < len(key):
        if key[position] == _SENTINEL:
            yield key[position + 1 : position + 9]
            position += 10
        else:
            stop = key.find(_SENTINEL, position)
            stop = len(key) if stop < 0 else stop
            yield key[position:stop].decode(errors="replace")
            position = stop + 1


def _number(value: bytes | None) -> float | None:
    if value and len(value) == 9:
        if value[0] == _DOUBLE:
            return float(_FLOAT64.unpack_from(value, 1)[0])
        if value[0] == _INT:
            return float(_INT64.unpack_from(value, 1)[0])
    return None


def _text(value: bytes | None) -> str:
    """A text or a whole number as it is shown; "" for anything else."""
    if value and value[0] == _TEXT:
        return value[1:200].decode(errors="replace")
    number = _number(value)
    return "" if number is None else f"{number:g}"
