"""Chooses which causes are told as findings, and how sure each of them is.

Two kinds of causes can show in one run:

* Rivals explain the same signs, so that at most one of them is right about one stretch (`RIVALS`).
  Of rivals over overlapping stretches only the one with the highest probability is a finding; the
  others are its alternatives, with the test that settles them.
* Causes that do not exclude each other are all found. The verdict shares 1 out among all causes, so
  what it leaves to the second is no measure of whether the second is there: overfitting before a
  NaN is as sure as it was before the NaN came. The probability of a second cause is therefore asked
  among what can stand beside the leading fault: its share against its own rivals, as far as their
  signs show, and a remainder (`REMAINDER` of all that can stand beside the leader, for what no
  cause explains), times the strength of its own signature, so that it counts only as far as its
  signs show by themselves.
  Where the leader is harmless nothing of this is done: a harmless run is not searched for faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lossacc_gui.core.diagnosis.cause import Region, Signature, all_causes

REMAINDER = 0.15
RIVALS: tuple[frozenset[str], ...] = (
    # validation has turned for the worse
    frozenset(
        (
            "overconfidence",
            "overfitting",
            "label-noise",
            "few-samples-dominate",
            "no-generalisation",
            "delayed-generalisation",
        )
    ),
    # validation never came along
    frozenset(("distribution-shift", "no-generalisation", "label-noise", "delayed-generalisation")),
    frozenset(("distribution-shift", "eval-mode-mismatch")),
    # accuracy stands still
    frozenset(
        (
            "chance-level",
            "class-imbalance",
            "underfitting",
            "below-threshold-learning",
            "decision-threshold",
            "confidence-growth",
            "wrong-accuracy-metric",
            "margin-tradeoff",
        )
    ),
    # training jumps or is rough
    frozenset(
        (
            "loss-spike",
            "data-change",
            "learning-rate-too-high",
            "training-divergence",
            "epoch-sawtooth",
        )
    ),
    frozenset(("lr-schedule-step", "data-change", "loss-spike")),
    # validation is restless
    frozenset(("eval-mode-mismatch", "sampling-noise", "learning-rate-too-high")),
    # the loss is not what accuracy would make it
    frozenset(
        (
            "loss-floor",
            "double-softmax",
            "loss-not-plain-cross-entropy",
            "wrong-accuracy-metric",
            "bookkeeping",
            "underfitting",
        )
    ),
    # validation looks better than training
    frozenset(("regularised-training", "leaked-validation", "label-noise", "eval-mode-mismatch")),
    frozenset(("leaked-validation", "delayed-generalisation")),
    frozenset(("class-imbalance", "overconfidence")),
    frozenset(("margin-tradeoff", "sampling-noise")),
    # the loss improves while accuracy falls, or the other way round
    frozenset(("margin-tradeoff", "overconfidence", "overfitting", "label-noise")),
)


def are_rivals(cause: str, other: str) -> bool:
    """Whether the two explain the same signs, so that both cannot hold over one stretch."""
    return cause != other and any(cause in group and other in group for group in RIVALS)


def sureness(verdict: Mapping[str, float], signatures: Mapping[str, Signature]) -> dict[str, float]:
    """How sure it is that each cause is there, by cause (see the module); not summing to 1."""
    leader = max(verdict, key=lambda cause: (verdict[cause], cause))
    sure = dict(verdict)
    if all_causes()[leader].BENIGN:
        return sure
    beside = {
        c: p for c, p in verdict.items() if c != leader and not _contend(leader, c, signatures)
    }
    rest = sum(beside.values())
    if rest <= 0.0:
        return sure
    signs = {cause: s.strength for cause, s in signatures.items()}
    for cause, probability in beside.items():
        against = sum(p * signs.get(c, 0.0) for c, p in beside.items() if are_rivals(cause, c))
        own = probability / (probability + against + REMAINDER * rest)
        sure[cause] = max(probability, signs.get(cause, 0.0) * own)
    return sure


def _contend(cause: str, other: str, signatures: Mapping[str, Signature]) -> bool:
    """Whether the two are rivals about one stretch; of stretches apart each has its own cause."""
    if not are_rivals(cause, other):
        return False
    one, two = signatures.get(cause), signatures.get(other)
    if one is None or two is None or not one.regions or not two.regions:
        return True
    return overlap(one.regions, two.regions)


def overlap(some: Iterable[Region], others: Iterable[Region]) -> bool:
    """Whether any of these stretches shares a place with any of those (ends included)."""
    others = tuple(others)
    return any(a <= d and c <= b for a, b in some for c, d in others)


def without_rivals(
    ranked: Iterable[tuple[str, tuple[Region, ...]]],
) -> list[str]:
    """The causes of `ranked` (best first, with their stretches) that no better rival displaces."""
    kept: list[tuple[str, tuple[Region, ...]]] = []
    for cause, regions in ranked:
        if not any(are_rivals(cause, c) and overlap(regions, r) for c, r in kept):
            kept.append((cause, regions))
    return [cause for cause, _ in kept]
