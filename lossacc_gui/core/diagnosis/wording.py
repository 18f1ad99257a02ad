"""Turns a judged look into what is shown: findings, headline, what is missing, the phase map."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lossacc_gui.core.diagnosis.cause import CERTAIN, Signature, all_causes, percent, place, quoted
from lossacc_gui.core.diagnosis.choice import are_rivals
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.finding import Alternative, Diagnosis, Finding, PhaseMap, Verdict
from lossacc_gui.core.diagnosis.finding import Evidence as Statement
from lossacc_gui.core.diagnosis.meanings import meaning
from lossacc_gui.core.diagnosis.missing import FEW_ROWS, missing
from lossacc_gui.core.diagnosis.ranking import reasons, sign_of
from lossacc_gui.core.diagnosis.settling import SETTLE
from lossacc_gui.core.diagnosis.units import value_text

SURE = 0.5  # below it a run that is healthy before anything else is not called so without doubt
NOTEWORTHY = 0.2  # what is less likely is not named beside a run that is healthy
ALTERNATIVE = 0.05  # probability from which another cause is named
MOST_ALTERNATIVES = 3
MOST_REGIONS = 4
MOST_REASONS = 10  # looked through for those that can be told
CLOSE = 0.7  # a rival with this share of the first one's probability is named beside it
ORIGINS = {
    1.0: "given",
    2.0: "inferred from the stretch at chance (loss ≈ ln {k})",
    3.0: "inferred from the first training loss (≈ ln {k})",
}


@dataclass(frozen=True, slots=True)
class Raised:
    """What a finding said when it was first raised."""

    probability: float
    signature: Signature


@dataclass(frozen=True, slots=True)
class Told:
    """One cause that is told: how sure, where, since when, and as what it was first raised."""

    cause: str
    probability: float
    signature: Signature
    raised_at: float
    raised: Raised | None
    primary: bool


def findings(
    told: Told,
    odds: Mapping[str, float],
    e: Evidence,
    signatures: Mapping[str, Signature],
) -> list[Finding]:
    """One finding per region of the cause, all with the same words; the first is the primary.

    `odds` are the probabilities of the causes that may stand in for this one: what is a finding of
    its own is no alternative.
    """
    cause, signature, probability = told.cause, told.signature, told.probability
    module = all_causes()[cause]
    if is_proved(signature):  # then it is not healthy
        odds = {c: p for c, p in odds.items() if c != "healthy"}
    alternatives = _alternatives(cause, odds)
    change = _change(told.raised, signature, probability)
    speaking = _speaking(cause, alternatives, e, signatures)
    out = []
    for number, (start, end) in enumerate(signature.regions[:MOST_REGIONS]):
        out.append(
            Finding(
                key=f"{cause}/{number}",
                cause=cause,
                title=module.TITLE,
                benign=module.BENIGN,
                probability=probability,
                severity="info" if module.BENIGN else signature.severity,
                split=signature.split,
                x_kind=e.curves.x_kind,
                start=start,
                end=max(start, end),
                detected_at=max(told.raised_at, start),
                label=signature.label,
                summary=signature.summary,
                evidence=signature.statements + _inferred(e, signature) + speaking,
                remedies=module.ADVICE,
                alternatives=alternatives,
                references=module.REFERENCES,
                primary=told.primary and number == 0,
                change=change,
            )
        )
    return out


def is_proved(signature: Signature) -> bool:
    """Whether any of its statements follows from a theorem."""
    return any(statement.kind == "proved" for statement in signature.statements)


def _alternatives(cause: str, verdict: Mapping[str, float]) -> tuple[Alternative, ...]:
    ranked = sorted(((p, c) for c, p in verdict.items() if c != cause), key=lambda pc: -pc[0])
    out = []
    for probability, other in ranked[:MOST_ALTERNATIVES]:
        if probability < ALTERNATIVE:
            break
        out.append(Alternative(other, all_causes()[other].TITLE, probability, _tell(cause, other)))
    return tuple(out)


def _tell(cause: str, other: str) -> str:
    """The test that settles `cause` against `other`, from whichever file has it."""
    causes = all_causes()
    return (
        causes[cause].HOW_TO_TELL.get(other)
        or causes[other].HOW_TO_TELL.get(cause)
        or SETTLE[other if other != "healthy" else cause]
    )


def _speaking(
    cause: str,
    alternatives: tuple[Alternative, ...],
    e: Evidence,
    signatures: Mapping[str, Signature],
) -> tuple[Statement, ...]:
    """The measurements that moved the ranking most towards this cause, against its first rival."""
    if cause == CERTAIN:
        return ()
    rival = next((a.cause for a in alternatives if a.cause != cause), "healthy")
    found: dict[str, tuple[str, float]] = {}  # by meaning: what is called the same is told once
    for name, value, lead in reasons(cause, rival, e, signatures, MOST_REASONS):
        own = sign_of(name) in (None, cause)
        if math.isfinite(value) and own and len(found) < 3:
            found.setdefault(meaning(name), (value_text(name, value), lead))
    if not found:
        return ()
    told = "; ".join(f"{name} ({value})" for name, (value, _) in found.items())
    against = quoted(all_causes()[rival].TITLE)
    total = sum(lead for _, lead in found.values())
    return (Statement("inferred", f"What speaks most for this against {against}: {told}.", total),)


def _change(raised: Raised | None, now: Signature, probability: float) -> str:
    """What new data changed in the finding since it was raised; empty when nothing did."""
    if raised is None:
        return ""
    then = raised.signature
    parts = []
    if then.regions and now.regions:
        (start, end), (new_start, new_end) = then.regions[0], now.regions[0]
        if new_start != start:
            parts.append(f"start {place(start)} → {place(new_start)}")
        if new_end != end:
            parts.append(f"end {place(end)} → {place(new_end)}")
    if abs(probability - raised.probability) >= 0.1:
        parts.append(f"probability {percent(raised.probability, 0)} → {percent(probability, 0)}")
    if then.label != now.label:
        parts.append(f"was “{then.label}”")
    return "; ".join(parts)


def _inferred(e: Evidence, signature: Signature) -> tuple[Statement, ...]:
    """How many validation samples there are, where that matters and has not been said yet."""
    total = e.number("samples")
    if signature.split == "train" or not math.isfinite(total):
        return ()
    known = re.compile(rf"\b{total:.0f} (validation )?samples|N = ")
    if any(known.search(s.statement) for s in signature.statements):
        return ()
    text = (
        f"Validation has N = {total:.0f} samples (or a multiple): the smallest number of which "
        "every printed accuracy is a whole count."
    )
    return (Statement("inferred", text, total),)


def _named(finding: Finding) -> str:
    """The title; of two close rivals both in a fixed order, so that a list does not flicker."""
    for other in finding.alternatives[:1]:
        if are_rivals(finding.cause, other.cause) and other.probability >= CLOSE * (
            finding.probability
        ):
            first, second = sorted((finding.title, other.title))
            return f"{first} or {_lowered(second)}"
    return finding.title


def _majority(e: Evidence, found: tuple[Finding, ...]) -> float | None:
    """The share of the commonest class: where the model answers nothing else, accuracy is it."""
    if not any(finding.cause == "class-imbalance" for finding in found):
        return None
    share = e.number("frozen_level" if e.val_accuracy is None else "still_level")
    return share if math.isfinite(share) else None


def diagnosis(
    verdict: Mapping[str, float], found: tuple[Finding, ...], e: Evidence, fewest: int
) -> Diagnosis:
    """The whole diagnosis; `fewest` rows are needed before anything but failures is told."""
    ranked = sorted(verdict.items(), key=lambda item: (-item[1], item[0]))
    told = {finding.cause for finding in found}
    others: tuple[Alternative, ...] = ()
    if ranked[0][0] not in told and e.n >= fewest:
        others = _alternatives(ranked[0][0], {c: p for c, p in verdict.items() if c not in told})
        if ranked[0][0] == "healthy" and ranked[0][1] >= SURE:
            others = tuple(other for other in others if other.probability >= NOTEWORTHY)
    if e.n == 0:
        headline = "nothing to judge yet"
    elif e.n < fewest and not found:
        headline = "too few points yet"
    else:
        headline = _headline(*ranked[0], e.n, found, others)
    classes = e.number("classes")
    known = int(classes) if math.isfinite(classes) else None
    origin = ORIGINS.get(e.number("classes_origin"), "").format(k=known)
    return Diagnosis(
        tuple(Verdict(cause, probability) for cause, probability in ranked),
        found,
        headline,
        missing(e, found, fewest),
        PhaseMap(known, origin, _majority(e, found)),
        float(e.curves.grid[-1]) if e.n else None,
        others,
    )


def _headline(
    leader: str,
    probability: float,
    rows: int,
    found: tuple[Finding, ...],
    others: tuple[Alternative, ...],
) -> str:
    """The likeliest cause, with the first fault that may be there where it is not sure."""
    if leader != "healthy":
        return _named(found[0]) if found else f"Perhaps: {_lowered(all_causes()[leader].TITLE)}"
    doubts = [f.title for f in found if not f.benign]
    if probability < SURE and rows < FEW_ROWS and not doubts:
        return "Healthy so far"
    if probability < SURE:
        doubts += [o.title for o in others if not all_causes()[o.cause].BENIGN]
    return f"Healthy, perhaps: {_lowered(doubts[0])}" if doubts else "Healthy"


def _lowered(title: str) -> str:
    """A title inside a phrase: "Overfitting" -> "overfitting", marks and names kept."""
    return title[:1].lower() + title[1:]
