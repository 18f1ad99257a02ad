"""The log formats: one module each, found by folder, chosen by score over the head of a file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Protocol, cast

from lossacc_gui.core.rows import Rows

HEAD_BYTES = 64 * 1024
"""How much of a file `score` may look at."""

CONFIDENT = 50
"""A score below this means "not mine"."""


class Reader(Protocol):
    """Turns the bytes of one growing file into rows. Knows one file; keeps what is unfinished.

    Feeding a file whole, byte by byte or cut anywhere yields the same points. A broken line or
    record is a `Problem`, never an exception.
    """

    @property
    def name(self) -> str:
        """The format as told to people, e.g. "keras-csv"; may get more precise while reading."""

    def feed(self, data: bytes) -> Rows:
        """Consumes bytes appended to the file."""

    def finish(self) -> Rows:
        """The file has come to rest: yields what an unterminated last line or record holds.

        May be called again after more `feed`s. Where a number could be cut in the middle, the
        engine reads the file afresh if bytes are appended after `finish` (see `Engine`).
        """


class StoreReader(Protocol):
    """Reads what is not an append-only file (a database, a folder): asked again on every change."""

    @property
    def name(self) -> str: ...

    def poll(self) -> Rows:
        """Rows that are new since the last poll. Opens read-only, never locks, closes again.

        Raises:
            OSError: the store cannot be read now.
            StoreReplacedError: what was read before is gone; read afresh with a new reader.
        """


class StoreReplacedError(Exception):
    """The store holds less than, or something else than, what was read from it before."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A short log in this format and what must be read from it.

    `points` maps (split or "", tag) to [(x, y), …], with x the step if there is one, else the
    epoch, else NaN-free row count from 1; y as logged.
    """

    file: str
    data: bytes
    points: Mapping[tuple[str, str], Sequence[tuple[float, float]]]

    @classmethod
    def of_text(
        cls, file: str, text: str, points: Mapping[tuple[str, str], Sequence[tuple[float, float]]]
    ) -> Sample:
        """A sample whose log is text, stored as UTF-8."""
        return cls(file, text.encode(), points)


class Format(Protocol):
    """The interface of a module in this folder.

    A stream format offers `Reader(path)`, a store `Store(path)`; the other name is absent.
    """

    NAME: str
    TITLE: str  # for people: "CSV and other delimited tables"
    WRITTEN_BY: str  # for README's table: "Keras CSVLogger, Lightning CSVLogger, pandas …"
    SAMPLES: tuple[Sample, ...]

    def score(self, head: bytes, path: PurePath) -> int:
        """0..100: how sure this format is that the file is its own, from its first bytes."""


@cache
def formats() -> tuple[Format, ...]:
    """Every format in this folder, by name. Works in the frozen executable too."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(cast(Format, module) for module in modules)


def best_format(head: bytes, path: PurePath) -> Format | None:
    """The format with the highest score for this head, or None when none is confident."""
    score, choice = max(((f.score(head, path), f) for f in formats()), key=lambda pair: pair[0])
    return choice if score >= CONFIDENT else None
