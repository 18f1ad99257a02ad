"""Aim repositories (.aim): sequences of metrics in one RocksDB folder per run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from struct import Struct

from lossacc_gui.core.formats import Sample, StoreReplacedError
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.formats._rocksdb import RocksFolder
from lossacc_gui.core.formats._sqlite_open import snapshot
from lossacc_gui.core.names import split_word
from lossacc_gui.core.rows import Rows, Split

NAME = "aim"
TITLE = "Aim repositories"
WRITTEN_BY = "Aim 3 (aim.Run, and its Lightning, Keras and Hugging Face loggers)"
SAMPLES: tuple[Sample, ...] = ()

MOST_RUNS = 1000

_SENTINEL = 0xFE  # ends every part of a key; a part that begins with it is a number of 8 bytes
_INT, _DOUBLE, _TEXT = 2, 3, 4
_INT64, _FLOAT64 = Struct("<q"), Struct("<d")
_SYSTEM = "__system__"
_NAMES = "SELECT r.hash, r.name, r.is_archived IS 1 FROM run r"

_NUMBER_PART = 11  # bytes at the end of a key: end of the part before, mark, number, end

_Part = str | bytes
_Point = tuple[float, bytes, str, float, float, float]  # step, context, name, y, epoch, time


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
            numbers += RocksFolder(self._folder / "seqs" / "chunks" / name, self._problems).stamp()
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
            if stamp != run.stamp and name not in hidden:
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
        fresh = [row for key in run.sequences.read() if (row := self._point(run, key))]
        contexts = self._contexts(run) if fresh else {}
        for step, context, name, y, epoch, time in sorted(fresh, key=lambda row: row[:3]):
            split, suffix = contexts.get(context, (None, ""))
            self._order += 1
            curve = Curve(name + suffix, label, split)
            points.add(curve, y, self._order, step=step, epoch=epoch, time=time)

    def _point(self, run: _Run, key: bytes) -> _Point | None:
        """The point that a new `val` key stands for."""
        parts = list(_parts(key))
        if len(parts) < 4 or parts[-2] != "val":
            return None
        context, name, _, at = parts[-4:]
        if not (isinstance(context, bytes) and isinstance(name, str) and isinstance(at, bytes)):
            return None
        told = context, name, at
        y = _number(run.sequences.entries.get(key))
        if y is None or told in run.told or name.startswith(_SYSTEM):
            return None
        run.told.add(told)
        stem, end = key[: -len(b"val") - _NUMBER_PART], key[-_NUMBER_PART:]
        step, epoch, time = (
            _number(run.sequences.entries.get(stem + beside + end))
            for beside in (b"step", b"epoch", b"time")
        )
        if step is None:  # the first layout has the step itself where now its hash is
            step = float(int.from_bytes(at, "big", signed=True))
        return step, context, name, y, _float(epoch), _float(time)

    def _contexts(self, run: _Run) -> dict[bytes, tuple[Split | None, str]]:
        """Context -> the split that one of its values names, and the rest for the tag."""
        run.meta.read()
        found: dict[bytes, tuple[Split | None, str]] = {}
        for key in sorted(run.meta.entries.newest):
            parts = list(_parts(key))
            if len(parts) < 5 or parts[0] != "meta" or parts[3] != "contexts":
                continue
            context, value = parts[4], _text(run.meta.entries.get(key))
            if isinstance(context, bytes) and value:
                split, rest = found.get(context, (None, ""))
                said = split_word(value) if split is None else None
                if said is None:
                    rest += f" {'.'.join(map(str, parts[5:]))}={value}"
                found[context] = (said or split, rest)
        return found


def _float(value: float | None) -> float:
    return NAN if value is None else value


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
