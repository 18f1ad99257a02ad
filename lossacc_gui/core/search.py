"""Goes over all roots for files that could be logs, a little at every pass."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from lossacc_gui.core.budget import Clock
from lossacc_gui.core.discovery import Found, walk
from lossacc_gui.core.rows import Problem


class Search:
    """One walk after the other; what a walk learned replaces the last one's at its end."""

    def __init__(self) -> None:
        self.problems: tuple[Problem, ...] = ()
        self.folders = 0
        self._walk: Iterator[Found | None] | None = None
        self._again = True
        self._found_problems: list[Problem] = []
        self._found_folders: list[str] = []

    @property
    def pending(self) -> bool:
        """Whether a walk is under way or asked for."""
        return self._walk is not None or self._again

    def again(self) -> None:
        """Asks for a further walk."""
        self._again = True

    def advance(
        self,
        roots: Sequence[str],
        known: Callable[[str], bool],
        add: Callable[[Found], None],
        clock: Clock,
        until: float,
    ) -> None:
        """Goes on until the time is over; `known` roots that are gone are not waited for."""
        if self._walk is None:
            if not self._again:
                return
            self._again = False
            self._found_problems, self._found_folders = [], []
            self._walk = self._over(list(roots), known)
        for found in self._walk:
            if found is not None:
                add(found)
            if clock() >= until:
                return
        self._walk = None
        self.problems = tuple(self._found_problems)
        self.folders = len(set(self._found_folders))

    def _over(self, roots: list[str], known: Callable[[str], bool]) -> Iterator[Found | None]:
        for root in roots:
            if os.path.isdir(root):
                yield from walk(root, self._found_problems, self._found_folders)
            elif os.path.exists(root):
                yield Found(root, root)
            elif not known(root):
                message = "does not exist yet: waiting for it to be written"
                self._found_problems.append(Problem(root, 0, message))
