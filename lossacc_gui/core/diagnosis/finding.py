"""What the diagnosis says: findings with their evidence, alternatives and remedies, all frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lossacc_gui.core.series import XKind

Severity = Literal["info", "warning", "critical"]
EvidenceKind = Literal["measured", "inferred", "proved"]
Purpose = Literal["any", "answers", "probabilities"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement with its number. `x` is the place in the plot that shows it, if there is one.

    `series` is the key of the curve it speaks about ("" for none).
    """

    kind: EvidenceKind
    statement: str
    value: float
    x: float | None = None
    series: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to do, for whom (`purpose`), with a snippet per framework where known."""

    text: str
    purpose: Purpose = "any"
    snippets: tuple[tuple[str, str], ...] = ()  # (framework such as "keras", code)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another cause that the same curves allow, and the cheapest test that settles it."""

    cause: str
    title: str
    probability: float
    how_to_tell: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause at work over one stretch. `start`, `end`, `detected_at` are on the axis `x_kind`.

    `key` stays the same while the finding grows. `label` is the short text on the shade, with the
    two numbers that made it; `summary` one sentence. Severity follows the size of the effect.
    """

    key: str
    cause: str
    title: str
    benign: bool
    probability: float
    severity: Severity
    split: Literal["train", "val", "both"]
    x_kind: XKind
    start: float
    end: float
    detected_at: float
    label: str
    summary: str
    evidence: tuple[Evidence, ...]
    remedies: tuple[Remedy, ...]
    alternatives: tuple[Alternative, ...]
    references: tuple[str, ...]
    primary: bool = True
    change: str = ""  # what new data changed in it since it was first raised


@dataclass(frozen=True, slots=True)
class Verdict:
    """The probability of one cause for the whole run."""

    cause: str
    probability: float


@dataclass(frozen=True, slots=True)
class PhaseMap:
    """What the loss–accuracy map needs beyond the curves: the number of classes and its origin.

    `majority` is the share of the commonest class, 0..1, where the curves tell it.
    """

    classes: int | None
    origin: str  # "given", "inferred from the initial loss (2.31 ≈ ln 10)", … or ""
    majority: float | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The verdict over all causes (sums to 1, best first), the findings, and what is missing.

    `headline` is one short phrase for the run list. `missing` says which causes could not be
    tested and what to log to know more. `alternatives` are other readings of the run where the
    likeliest cause is no finding.
    """

    verdict: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    headline: str
    missing: tuple[str, ...]
    phase_map: PhaseMap
    judged_until: float | None  # the last x that was judged
    alternatives: tuple[Alternative, ...] = ()
