"""The frozen picture of everything that is handed to the window and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from lossacc_gui.core.diagnosis.finding import Diagnosis
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.series import RunData


@dataclass(frozen=True, slots=True, eq=False)
class RunView:
    """A run with its diagnosis; the same object as in the last snapshot if nothing changed."""

    data: RunData
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Status:
    """What the status bar tells. Times are seconds since 1970."""

    watching: str = ""  # "events and rescan", "rescan every 2 s", …
    files: int = 0
    folders: int = 0
    bytes_read: int = 0
    bytes_total: int = 0  # equal to bytes_read when loading is done
    last_point: float = 0.0
    unrecognised: tuple[Problem, ...] = ()  # files that are no logs, each once, with the reason
    problems: tuple[Problem, ...] = ()  # about folders and sources; those of a run are in the run


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All runs and the status at one moment; `revision` rises with every change."""

    revision: int
    runs: tuple[RunView, ...]
    status: Status


EMPTY = Snapshot(0, (), Status())
