"""From the criteria that hold to a label: primary, secondary, regions, hardness, or a rejection."""

from __future__ import annotations

from dataclasses import dataclass, field

from scripts.zoo.criteria import measure
from scripts.zoo.record import BENIGN, Held, Record
from scripts.zoo.visible import onset_visible

# What a cause brings with it anyway, so that it is not a second cause.
ENTAILS: dict[str, frozenset[str]] = {
    "numeric-failure": frozenset(
        {"loss-spike", "learning-rate-too-high", "chance-level", "margin-tradeoff"}
    ),
    "data-change": frozenset(
        {"overfitting", "overconfidence", "loss-spike", "margin-tradeoff", "learning-rate-too-high"}
    ),
    "distribution-shift": frozenset({"margin-tradeoff", "underfitting"}),
    "eval-mode-mismatch": frozenset(
        {"margin-tradeoff", "overfitting", "overconfidence", "underfitting", "chance-level"}
    ),
    "label-noise": frozenset({"margin-tradeoff", "underfitting", "overconfidence"}),
    "no-generalisation": frozenset(
        {"overfitting", "overconfidence", "chance-level", "margin-tradeoff", "label-noise"}
    ),
    "delayed-generalisation": frozenset({"overfitting", "overconfidence", "margin-tradeoff"}),
    "chance-level": frozenset({"underfitting", "margin-tradeoff", "learning-rate-too-high"}),
    "class-imbalance": frozenset({"underfitting", "margin-tradeoff"}),
    "learning-rate-too-high": frozenset({"margin-tradeoff", "loss-spike", "underfitting"}),
    "overfitting": frozenset({"overconfidence", "margin-tradeoff"}),
    "overconfidence": frozenset({"margin-tradeoff"}),
    "underfitting": frozenset({"margin-tradeoff"}),
    "loss-spike": frozenset({"margin-tradeoff"}),
    "margin-tradeoff": frozenset({"underfitting"}),
}

# An event that a reader sees is told even when it is benign and something else is the matter.
TOLD_BESIDE = frozenset({"lr-schedule-step"})
# Benign intentions that may well end in a fault: then the run is labelled with it.
MAY_TURN = TOLD_BESIDE | {"confidence-growth"}


@dataclass
class Label:
    """A run's truth in epochs counted from 0, or why the run is rejected."""

    primary: str = ""
    secondary: str | None = None
    regions: list[dict[str, object]] = field(default_factory=list)
    onset: int | None = None
    hard_why: list[str] = field(default_factory=list)
    evidence: dict[str, float | int | bool | None] = field(default_factory=dict)
    also: dict[str, dict[str, float | int | bool | None]] = field(default_factory=dict)
    rejected: str | None = None


def choose(held: dict[str, Held], intended: str) -> tuple[str, list[str]]:
    """The primary cause and what else counts as a cause of its own, most specific first.

    The intended cause comes first if it holds, except that a benign intention gives way to a fault.
    """
    faults = [cause for cause in held if cause not in BENIGN]
    if len(held) > 1:  # a healthy run meets no other criterion
        held = {cause: fact for cause, fact in held.items() if cause != "healthy"}
    if intended in held and (intended not in BENIGN or not faults):
        primary = intended
    else:
        primary = next(iter(held))
    beside = [
        cause
        for cause in held
        if cause != primary
        and (cause not in BENIGN or cause in TOLD_BESIDE)
        and cause not in ENTAILS.get(primary, frozenset())
    ]
    if primary in BENIGN:
        beside = [cause for cause in beside if cause not in BENIGN]
    return primary, beside


def judge(record: Record, intended: str, built_in: frozenset[str]) -> Label:
    """Puts a run to every criterion and labels or rejects it.

    `built_in` names the causes of which one must show because the recipe built that fault into the
    data or the run (wrong labels, a shift, a spike); empty when the recipe only chose settings.
    """
    if built_in and not measure(record, built_in):  # before any control is trained in vain
        return Label(rejected="a fault was built in but did not show")
    held = measure(record)
    if not held:
        return Label(rejected="no criterion holds")
    primary, beside = choose(held, intended)
    if primary == "healthy" and intended not in BENIGN:
        return Label(primary, rejected="a fault was intended and nothing is to be seen")
    if built_in and primary not in built_in:
        return Label(primary, rejected="a fault was built in but did not show")
    if intended in BENIGN - MAY_TURN and primary not in BENIGN:
        return Label(primary, rejected="a benign intention with a fault")
    if len(beside) > 1:
        return Label(primary, rejected=f"three causes at once: {beside}")
    secondary = beside[0] if beside else None
    chosen = held[primary]
    onset = None if primary == "healthy" else onset_visible(record, primary, chosen.regions)
    if primary != "healthy" and onset is None:
        return Label(primary, rejected="no simple rule sees it in the logged curves")
    label = Label(primary, secondary, evidence=chosen.evidence, onset=onset)
    for cause in (primary, secondary):
        if cause is not None:
            label.regions += [
                {"cause": cause, "split": r.split, "start": r.start, "end": r.end}
                for r in held[cause].regions
            ]
    label.also = {cause: held[cause].evidence for cause in held if cause != primary}
    label.hard_why = hardness(record, primary, secondary, chosen, onset)
    return label


def hardness(
    record: Record, primary: str, secondary: str | None, held: Held, onset: int | None
) -> list[str]:
    """Why a run is hard to diagnose; empty for an easy one."""
    why = []
    facts = record.facts
    if secondary is not None:
        why.append("two causes")
    if held.margin < 1.5:
        why.append("small effect")
    if any(name != "lr" for name in facts.dropped):
        why.append("missing curves")
    if facts.validation_size <= 150 and primary != "sampling-noise":
        why.append("small validation set")
    if primary == "healthy":
        noise = held.evidence.get("sd_val") or 0.0
        if float(noise) > 0.006 or float(held.evidence["acc"] or 0) < 0.6:
            why.append("fluctuates or low ceiling")
    elif onset is not None and held.regions:
        region = next(r for r in held.regions if r.start <= onset <= r.end)
        if onset - region.start > 0.5 * (region.end - region.start) and onset - region.start > 5:
            why.append("visible late")
    return why
