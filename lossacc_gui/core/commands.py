"""What goes into the engine's inbox: hints about files, and wishes from the window."""

from __future__ import annotations

from dataclasses import dataclass

from lossacc_gui.core.rows import Problem, Role, Split


@dataclass(frozen=True, slots=True)
class Hint:
    """Something may have happened at this path; the engine looks for itself."""

    path: str


@dataclass(frozen=True, slots=True)
class Rescan:
    """Time to look at every folder and file again, in case an event was lost."""


@dataclass(frozen=True, slots=True)
class Open:
    """Watch these files and folders as well; they need not exist yet."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """Stop watching this root; its runs leave the next snapshot."""

    root: str


@dataclass(frozen=True, slots=True)
class MapMetric:
    """A person says what a metric is: `tag` of one run, or of every run if `run_key` is ""."""

    run_key: str
    tag: str
    role: Role
    split: Split


@dataclass(frozen=True, slots=True)
class SetClasses:
    """A person says how many classes a run has ("" for every run); None takes it back."""

    run_key: str
    classes: int | None


@dataclass(frozen=True, slots=True)
class Prefer:
    """These runs are looked at: they are judged before all others, in this order."""

    run_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reload:
    """Forget everything and read all roots afresh."""


@dataclass(frozen=True, slots=True)
class Watching:
    """How changes are noticed just now, in words for the status bar."""

    description: str


@dataclass(frozen=True, slots=True)
class SourceProblems:
    """What is wrong just now with the sources that write into watched folders."""

    problems: tuple[Problem, ...]


Event = (
    Hint
    | Rescan
    | Open
    | Close
    | MapMetric
    | SetClasses
    | Prefer
    | Reload
    | Watching
    | SourceProblems
)
