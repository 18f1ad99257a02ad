"""Follows one run point by point and says, after each, what is the matter and since when.

The run is replayed on the judged grid. Looks are taken at rows that depend on the data only: at
every row while there are few, then at rows 2 % apart. What is raised is raised at such a look, so
a live window that sees the points one by one and a command that sees them all say the same.

Which causes are told, and how sure of each, is the matter of `choice`: of causes that exclude each
other over the same stretch only the likeliest is a finding, causes that do not are all findings,
each with its own probability, and nothing is told below 20 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lossacc_gui.core.diagnosis import choice, steadying, trends, wording
from lossacc_gui.core.diagnosis import curves as curves_module
from lossacc_gui.core.diagnosis.cause import CERTAIN, Signature, all_causes
from lossacc_gui.core.diagnosis.curves import Curves
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.finding import Diagnosis, Finding
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.ranking import check_all, rank
from lossacc_gui.core.series import RunData

EVERY_ROW = 60  # rows looked at one by one; then each look is 2 % further on
STRIDE = 1.02
FEWEST_ROWS = 5  # below that only failures are told
RAISE, HOLD = 0.25, 0.2  # probability needed to raise a finding, and to keep and show it
LOOKS = 2  # looks in a row that must agree, for raising and for dropping
FIRST_ORDERS = ("measurement", "numeric")  # what is judged even where loss and accuracy clash
AT_ONCE = 0.5  # a cause this likely is raised at its first look


def looks_upto(n: int, after: int = 0) -> list[int]:
    """The rows (counts of points) in (after, n] at which a look is taken."""
    out = list(range(max(1, after + 1), min(n, EVERY_ROW) + 1))
    row = EVERY_ROW
    while True:
        row = max(row + 1, round(row * STRIDE))
        if row > n:
            return out
        if row > after:
            out.append(row)


@dataclass(slots=True)
class Track:
    """What is remembered of one cause from look to look. `ready`: enough looks have agreed;
    `raised_at`: when it was first told, which a likelier rival may put off."""

    agreed: int = 0
    missed: int = 0
    ready: bool = False
    raised_at: float | None = None
    raised_as: wording.Raised | None = None
    signature: Signature | None = None
    before: Signature | None = None  # as the look before saw it


@dataclass(slots=True)
class Look:
    """One judged prefix. `sound` is its part before a loss that failed for good. `now` is the
    ranking of this prefix alone, `verdict` steadied by the looks before it; `sure` is how sure it
    is that each cause is there."""

    evidence: Evidence
    sound: Evidence
    signatures: Mapping[str, Signature]
    now: dict[str, float]
    verdict: dict[str, float]
    sure: dict[str, float]

    @property
    def here(self) -> float:
        """The last judged x."""
        return float(self.evidence.curves.grid[-1]) if self.evidence.n else 0.0


@dataclass(slots=True)
class _State:
    """All that a replay carries on; empty at the start of a run."""

    looked: int = 0
    said: list[steadying.Said] = field(default_factory=list)
    tracks: dict[str, Track] = field(default_factory=dict)


class Diagnoser:
    """Keeps the state of one run's diagnosis, so that new points cost little."""

    def __init__(self) -> None:
        self._curves: Curves | None = None
        self._classes: int | None = None
        self._state = _State()
        self._last: Diagnosis | None = None

    def update(self, run: RunData, classes: int | None = None) -> Diagnosis:
        """The diagnosis of `run`; `classes` is the number of classes where a person gave it.

        New points continue the replay; if the past changed (a restart, a rewritten file) it is
        done anew. Never raises on any numbers.
        """
        curves = curves_module.build(run)
        known = self._curves is not None and self._curves.same_past(curves)
        if not known or classes != self._classes:
            self._state = _State()
        elif (
            self._last is not None
            and self._curves is not None
            and (curves.size == self._curves.size)
        ):
            return self._last
        self._curves, self._classes = curves, classes
        look: Look | None = None
        for rows in looks_upto(curves.size, self._state.looked):
            look = _look(self._state, curves.prefix(rows), classes)
            _remember(self._state, look)
            self._state.looked = rows
        if look is None or look.evidence.curves.size < curves.size:
            # for the numbers; raises nothing
            look = _look(self._state, curves.prefix(curves.size), classes)
        self._last = _told(self._state, look)
        return self._last


def diagnose(run: RunData, classes: int | None = None) -> Diagnosis:
    """The diagnosis of a run seen for the first time; equal to what a live `Diagnoser` says."""
    return Diagnoser().update(run, classes)


def _look(state: _State, curves: Curves, classes: int | None) -> Look:
    evidence = measure(curves, classes)
    sound = _sound(evidence, classes)
    signatures = check_all(sound)
    failure = all_causes()[CERTAIN].check(evidence)
    if failure is not None:
        signatures[CERTAIN] = failure
    now = rank(sound, signatures)
    here = float(curves.grid[-1]) if curves.size else 0.0
    looks = [*state.said, steadying.Said(curves.size, here, now)]
    verdict = now if now[CERTAIN] >= AT_ONCE else steadying.steadied(looks, _began(now, signatures))
    agreed = steadying.agreed(looks)
    sure = choice.sureness(verdict, signatures)
    sure = {cause: max(probability, agreed[cause]) for cause, probability in sure.items()}
    return Look(evidence, sound, signatures, now, verdict, sure)


def _sound(evidence: Evidence, classes: int | None) -> Evidence:
    """What is measured before the judged loss failed for good; all of it where it did not.

    Answers of weights that are no numbers say nothing about any other cause.
    """
    curves = evidence.curves
    judged = curves.val if evidence.has_val else curves.train
    first = trends.trailing(judged.failed)
    if first in (0, judged.x.size):
        return evidence
    rows = int(np.searchsorted(curves.grid, judged.x[first], side="left"))
    sound = measure(curves.prefix(rows), classes)
    failed = ("failed_rows", "failed_at_end", "failed_left_out")
    sound.numbers.update({name: evidence.numbers[name] for name in failed})
    return sound


def _began(verdict: Mapping[str, float], signatures: Mapping[str, Signature]) -> float:
    """Where the likeliest cause of this look began, as far as it has a place."""
    leader = max(verdict, key=lambda cause: (verdict[cause], cause))
    signature = signatures.get(leader)
    starts = [start for start, _ in signature.regions] if signature is not None else []
    return max(starts, default=-math.inf)


def _remember(state: _State, look: Look) -> None:
    """Raises, keeps and drops causes by this look."""
    rows = look.evidence.curves.size
    state.said = [*steadying.within(state.said, rows), steadying.Said(rows, look.here, look.now)]
    for cause, probability in look.sure.items():
        if cause == "healthy":
            continue
        signature = look.signatures.get(cause)
        seen = signature is not None and bool(signature.regions)
        enough = look.evidence.n >= FEWEST_ROWS or cause == CERTAIN
        agrees = seen and enough and probability >= RAISE
        track = state.tracks.get(cause)
        if track is None:
            if not agrees:
                continue
            track = state.tracks[cause] = Track()
        if seen:
            track.before, track.signature = track.signature, signature
        track.agreed = track.agreed + 1 if agrees else track.agreed if track.ready else 0
        track.missed = 0 if probability >= HOLD else track.missed + 1
        certain = cause == CERTAIN and signature is not None and signature.strength >= 1.0
        at_once = agrees and (certain or probability >= AT_ONCE)
        track.ready |= at_once or track.agreed >= LOOKS
        if track.ready and track.missed >= LOOKS:
            del state.tracks[cause]
    for cause, track in state.tracks.items():
        track.ready |= track.agreed > 0 and _overtakes(state, cause, look)
    for cause in _chosen(state, look):
        track = state.tracks[cause]
        signature = look.signatures.get(cause)
        if signature is None or not signature.regions:
            continue
        if track.raised_at is None or _elsewhere(track, signature):
            track.raised_at = look.here
            track.raised_as = wording.Raised(look.sure[cause], signature)


def _overtakes(state: _State, cause: str, look: Look) -> bool:
    """Is it likelier by now than a rival that is told about the same stretch?

    That something is the matter there has been agreed on; only its name changes.
    """
    regions = _shown(state.tracks[cause], cause, look).regions
    return any(
        track.ready
        and look.sure[cause] > look.sure[other] >= HOLD
        and choice.are_rivals(cause, other)
        and choice.overlap(regions, _shown(track, other, look).regions)
        for other, track in state.tracks.items()
    )


def _elsewhere(track: Track, signature: Signature) -> bool:
    """Has the cause jumped to a place that lies wholly after it was raised? Then it is a new one.

    A stretch whose start only moves on, look by look, is the same one.
    """
    first = min(start for start, _ in signature.regions)
    moved = track.before is None or not choice.overlap(signature.regions, track.before.regions)
    return track.raised_at is not None and first > track.raised_at and moved


def _shown(track: Track, cause: str, look: Look) -> Signature:
    """The cause as this look sees it, or as it was last seen."""
    signature = look.signatures.get(cause)
    if signature is None or not signature.regions:
        signature = track.signature
    assert signature is not None
    return signature


def _settles(track: Track, cause: str, look: Look) -> bool:
    """Is this a proven fault of the measurement, beside which the rest cannot be judged?"""
    proved = wording.is_proved(_shown(track, cause, look)) and look.sure[cause] >= AT_ONCE
    return proved and all_causes()[cause].ORDER == "measurement"


def _chosen(state: _State, look: Look) -> list[str]:
    """The causes to tell, best first; the winner of the verdict leads if it is among them."""
    leader = max(look.verdict, key=lambda cause: look.verdict[cause])
    ready = [c for c, track in state.tracks.items() if track.ready and look.sure[c] >= HOLD]
    if any(_settles(state.tracks[c], c, look) for c in ready):
        ready = [c for c in ready if all_causes()[c].ORDER in FIRST_ORDERS]
    ready.sort(key=lambda c: (c != leader, -look.sure[c], c))
    return choice.without_rivals((c, _shown(state.tracks[c], c, look).regions) for c in ready)


def _told(state: _State, look: Look) -> Diagnosis:
    """The diagnosis that the memory and the last look amount to."""
    findings: list[Finding] = []
    chosen = _chosen(state, look)
    leader = max(look.verdict, key=lambda cause: look.verdict[cause])
    for cause in chosen:
        track = state.tracks[cause]
        told = wording.Told(
            cause,
            look.sure[cause],
            _shown(track, cause, look),
            look.here if track.raised_at is None else track.raised_at,
            track.raised_as,
            primary=cause == leader,
        )
        if cause == leader:
            beside = {c: p for c, p in look.verdict.items() if c == cause or c not in chosen}
        else:  # what explains other signs is no alternative to a second cause
            beside = {c: p for c, p in look.sure.items() if choice.are_rivals(c, cause)}
            beside = {c: p for c, p in beside.items() if c not in chosen}
        findings.extend(wording.findings(told, beside, look.sound, look.signatures))
    return wording.diagnosis(look.verdict, tuple(findings), look.evidence, FEWEST_ROWS)
