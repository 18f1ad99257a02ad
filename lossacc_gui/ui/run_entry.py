"""A run as one row tells it, and what orders the rows; plain values, no widget."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

import numpy as np

from lossacc_gui.core import wording
from lossacc_gui.core.plain import plain, plain_path
from lossacc_gui.core.rows import Role
from lossacc_gui.core.series import RunData, SeriesView, State
from lossacc_gui.core.snapshot import RunView

Level = Literal["ok", "info", "warning", "critical", "none"]
SORTS = (
    ("newest", "newest"),
    ("name", "name"),
    ("last", "last accuracy"),
    ("best", "best accuracy"),
    ("severity", "severity"),
)
_LEVELS: dict[Level, int] = {"critical": 0, "warning": 1, "info": 2, "ok": 3, "none": 4}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a run as the list tells it. `best` and `last` order the list, NaN when unknown."""

    key: str
    name: str
    group: str
    state: State
    loss: str
    accuracy: str
    at: str
    changed_at: float
    level: Level
    badge: str
    search: str
    natural: tuple[tuple[int, int, str], ...]
    last: float
    best: float


@dataclass(frozen=True, slots=True)
class Heading:
    """A row that names a folder; its runs follow unless it is folded."""

    group: str
    count: int
    folded: bool


Row = Entry | Heading


def _finite(series: SeriesView | None) -> Any:
    if series is None:
        return np.empty(0)
    return series.y[np.isfinite(series.y)]


def _shown(data: RunData, role: Role) -> SeriesView | None:
    return data.main(role, data.held_out) or data.main(role, "train")


def _last(series: SeriesView | None) -> str:
    if series is None or not len(series.y):
        return "–"
    return wording.value_of(series, float(series.y[-1]))


def _badge(view: RunView) -> tuple[Level, str]:
    if view.data.state == "unreadable":
        return "critical", "■ cannot be read"
    if not wording.is_judged(view.diagnosis):
        return "none", "… being judged"
    findings = wording.by_weight(view.diagnosis)
    headline = plain(wording.headline_of(view.diagnosis), 60)
    calm: Level = "ok" if wording.is_calm(view.diagnosis) else "info"
    if not findings:
        word = f"✓ {headline}" if calm == "ok" else headline or "too few points yet"
        return (calm if headline else "none"), word
    top = findings[0]
    share = "" if "%" in headline or top.benign else f" · {wording.percent(top.probability)}"
    if top.benign:
        return calm, f"✓ {headline}"
    return top.severity, f"{wording.glyph(top.severity)} {headline}{share}"


def entry_of(view: RunView, renamed: str = "") -> Entry:
    """The row of a run."""
    data = view.data
    loss, acc = _shown(data, "loss"), _shown(data, "accuracy")
    level, badge = _badge(view)
    values = _finite(acc)
    longest = acc or loss
    at = wording.place_of(longest, -1) if longest is not None and len(longest.x) else ""
    name = plain(renamed or data.name, 200)
    return Entry(
        key=data.key,
        name=name,
        group=plain_path(str(PurePath(data.path).parent)),
        state=data.state,
        loss=_last(loss),
        accuracy=_last(acc),
        at=at,
        changed_at=data.changed_at,
        level=level,
        badge=badge,
        natural=_natural(name),
        search=f"{name} {plain_path(data.path, 400)} {badge} {data.format}".casefold(),
        last=float(values[-1]) if len(values) else float("nan"),
        best=float(values.max()) if len(values) else float("nan"),
    )


def spoken_row(entry: Entry) -> str:
    """The row in words, for screen readers; what its glyph says is said."""
    glyph, _, rest = entry.badge.partition(" ")
    verdict = rest if len(glyph) == 1 else entry.badge
    if entry.level in ("warning", "critical"):
        verdict = f"{wording.severity_word(entry.level)}: {verdict}"
    parts = (entry.name, wording.state_word(entry.state), f"loss {entry.loss}")
    return ", ".join((*parts, f"accuracy {entry.accuracy}", entry.at, verdict))


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    pieces = re.findall(r"\d{1,18}|\D+", text.casefold())
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces)


def order_of(entry: Entry, sort: str) -> tuple[Any, ...]:
    name = entry.natural
    if sort == "newest":
        # Live runs write in turns; ordering them among themselves by age would make them dance.
        live = entry.state in ("live", "loading")
        return (not live, 0.0 if live else -entry.changed_at, name)
    if sort in ("last", "best"):
        value = entry.last if sort == "last" else entry.best
        return (np.isnan(value), 0.0 if np.isnan(value) else -value, name)
    if sort == "severity":
        return (_LEVELS[entry.level], name)
    return (name,)
