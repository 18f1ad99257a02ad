"""One curve from one or several files: joined in the order of the files' age, scaled to fractions.

All of it is kept up to date by what was appended, so that a new line in a run of a million points
costs the line and not the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.curves import Curve
from lossacc_gui.core.growing import Growing
from lossacc_gui.core.left_over import without
from lossacc_gui.core.logfile import LogFile
from lossacc_gui.core.places import Place
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import Ghost
from lossacc_gui.core.series_store import SeriesStore, X, Y


@dataclass(frozen=True, slots=True)
class Member:
    """One file's part in a run: the curves that it holds of the run named `run` inside it."""

    log: LogFile
    place: Place
    run: str


class Source:
    """One curve of a run with the files that it comes from."""

    def __init__(self, parts: Sequence[tuple[LogFile, Curve]]) -> None:
        self.parts = tuple(parts)
        self._joined: SeriesStore | None = None
        self._taken: list[tuple[SeriesStore, int, int]] = []

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of the files."""
        return tuple(log.path for log, _ in self.parts)

    @property
    def percent(self) -> bool:
        """Whether a percent sign stood behind its numbers."""
        return any(curve in log.percent for log, curve in self.parts)

    @property
    def restarted(self) -> bool:
        """Whether x went back in one of its files."""
        return any(s.restarts for log, curve in self.parts if (s := log.curves.get(curve)))

    def store(self) -> SeriesStore:
        """The points of the curve, over all its files."""
        stores = [s for log, curve in self.parts if (s := log.curves.get(curve)) is not None]
        if not stores:
            return SeriesStore("step")
        if len(stores) == 1:
            return stores[0]
        return self._join(stores)

    def signature(self) -> tuple[object, ...]:
        """Equal as long as nothing about the curve changed."""
        parts: list[object] = []
        for log, curve in self.parts:
            store = log.curves.get(curve)
            left = log.left_over.get(curve)
            parts += [id(store), store and (store.generation, store.size), id(left)]
        return tuple(parts)

    def ghosts(self, store: SeriesStore) -> tuple[Ghost, ...]:
        """What restarts and replaced files left behind."""
        ghosts: list[Ghost] = []
        old: list[Ghost] = []
        for log, curve in self.parts:
            part = log.curves.get(curve)
            if part is not None:
                ghosts += part.ghosts()
            old += log.left_over.get(curve, ())
        if store is self._joined:
            ghosts += store.ghosts()
        if old and len(self.parts) > 1:
            old = list(without(old, [Ghost(store.column(X), store.column(Y)), *ghosts]))
        return (*old, *ghosts)

    def _join(self, stores: list[SeriesStore]) -> SeriesStore:
        joined = self._joined
        state = [(s, s.generation, s.size) for s in stores]
        if joined is None or not self._only_grew_at_the_end(state):
            self._joined = joined = SeriesStore(stores[0].mode)
            self._taken = [(s, s.generation, 0) for s in stores]
        for index, store in enumerate(stores):
            points = store.rows(self._taken[index][2])
            if store.mode == "count" and index:
                points[X] += sum(s.size for s in stores[:index])
            joined.extend(points)
        self._taken = state
        return joined

    def _only_grew_at_the_end(self, state: list[tuple[SeriesStore, int, int]]) -> bool:
        if len(state) != len(self._taken):
            return False
        same = all(
            new[0] is old[0] and new[1] == old[1]
            for new, old in zip(state, self._taken, strict=True)
        )
        return same and all(
            new[2] == old[2] for new, old in zip(state[:-1], self._taken[:-1], strict=True)
        )


class Converted:
    """The y of a curve times a factor, or one minus that; appended to as the curve grows."""

    def __init__(self, scale: float, flipped: bool) -> None:
        self.scale = scale
        self.flipped = flipped
        self._values = Growing(1)
        self._state: tuple[SeriesStore, int] | None = None

    def values(self, store: SeriesStore) -> Floats:
        """The converted values, read-only, shape (store.size,)."""
        if self._state != (store, store.generation):
            self._values = Growing(1)
            self._state = (store, store.generation)
        new = store.column(Y)[self._values.size :] * self.scale
        self._values.extend((1.0 - new if self.flipped else new)[np.newaxis])
        return self._values.column(0)


class Lookup:
    """What another curve tells about the points of a curve: their epoch, or their time.

    Lightning and Hugging Face log the epoch as a metric of its own over the steps; a curve in a
    table may be without the clock times that its twin in an event file has. A point gets what was
    logged at exactly its x, NaN otherwise: nothing is interpolated.
    """

    def __init__(self) -> None:
        self._values = Growing(1)
        self._state: tuple[object, ...] = ()
        self._sure = 0  # so many points will not change any more

    def values(self, store: SeriesStore, told: SeriesStore, row: int) -> Floats:
        """Row `row` of `told` at the x of `store`, read-only, shape (store.size,)."""
        state = (store, store.generation, told, told.generation, row)
        if state != self._state:
            self._values, self._state, self._sure = Growing(1), state, 0
        places, values = told.column(X), told.column(row)
        x = store.column(X)[self._sure :]
        index = np.minimum(np.searchsorted(places, x), len(places) - 1)
        found = np.where(places[index] == x, values[index], np.nan)
        self._values.cut(self._sure)
        self._values.extend(found[np.newaxis])
        self._sure += int(np.searchsorted(x, places[-1], side="right"))
        return self._values.column(0)
