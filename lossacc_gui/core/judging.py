"""When which run is judged: within the time of a pass, the newest first, and not too often.

A diagnosis of a long run takes longer than reading a line of it. So a run is judged again only
after four times as long as its last diagnosis took, and what does not fit into a pass waits for
the next one; until then it keeps its last diagnosis, or an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable

from lossacc_gui.core.budget import Clock
from lossacc_gui.core.diagnosis.diagnoser import Diagnoser
from lossacc_gui.core.diagnosis.finding import Diagnosis, PhaseMap
from lossacc_gui.core.series import RunData

NOT_YET = Diagnosis((), (), "", (), PhaseMap(None, ""), None)
"""What a run has before it was judged for the first time."""

_REST = 4.0  # a diagnosis takes a fifth of the time at most


class Judge:
    """One run's diagnosis and when it is due again."""

    def __init__(self) -> None:
        self.diagnosis = NOT_YET
        self._diagnoser = Diagnoser()
        self._wanted: tuple[RunData, int | None] | None = None
        self._classes: int | None = None
        self._due = 0.0

    @property
    def waiting(self) -> bool:
        """Whether something about the run has not been judged yet."""
        return self._wanted is not None

    def want(self, run: RunData, classes: int | None) -> None:
        """The run as it now is shall be judged; at once if a person said something about it."""
        if classes != self._classes:
            self._due = 0.0
        self._wanted, self._classes = (run, classes), classes

    def due(self, moment: float) -> bool:
        """Whether it should be judged at this moment of the clock."""
        return self._wanted is not None and moment >= self._due

    def decide(self, clock: Clock) -> None:
        """Judges the run."""
        assert self._wanted is not None
        run, classes = self._wanted
        self._wanted = None
        began = clock()
        self.diagnosis = self._diagnoser.update(run, classes)
        ended = clock()
        self._due = ended + _REST * (ended - began)


def decide_due(judges: Iterable[Judge], clock: Clock, until: float, rest: bool = True) -> bool:
    """Judges what is due, at least one, until the time is over; True if more is due now.

    `rest` false means that nobody waits for a screen: everything is judged at once.
    """
    decided = False
    for judge in judges:
        if judge.due(clock() if rest else float("inf")):
            if decided and rest and clock() >= until:
                return True
            judge.decide(clock)
            decided = True
    return False
