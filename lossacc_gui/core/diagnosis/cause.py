"""What a cause file offers, the soft logic its check is written in, and how causes are found."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol, cast

from lossacc_gui.core.diagnosis import causes
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import Example
from lossacc_gui.core.diagnosis.finding import Evidence as Statement
from lossacc_gui.core.diagnosis.finding import EvidenceKind, Remedy, Severity

Region = tuple[float, float]
EXPLAINED = 0.85
FAINT = 0.02
CERTAIN = "numeric-failure"  # ranked by its definition; a logged NaN needs no second look
SplitOf = Literal["train", "val", "both"]
Order = Literal[
    "measurement", "numeric", "not learning", "train and validation", "conflict", "benign"
]


@dataclass(frozen=True, slots=True)
class Signature:
    """How strongly a cause shows (0 to 1), where (x, ends included), and in which words."""

    strength: float
    split: SplitOf
    regions: tuple[Region, ...]
    label: str
    summary: str
    statements: tuple[Statement, ...]
    severity: Severity = "warning"


class Cause(Protocol):
    """One file under causes/. EXPLAINS, which a file may leave out, names the causes whose signs
    this one brings along, so that its own strong signature weakens theirs."""

    ID: str
    TITLE: str
    BENIGN: bool
    ORDER: Order
    ADVICE: tuple[Remedy, ...]
    HOW_TO_TELL: Mapping[str, str]
    REFERENCES: tuple[str, ...]
    FIRES: Example
    QUIET: Example

    def check(self, e: Evidence) -> Signature | None:
        """The signature in this evidence; None when nothing of it is there."""
        ...


@cache
def all_causes() -> Mapping[str, Cause]:
    """Every cause by id, found by folder, sorted by id; also inside a frozen program."""
    found: dict[str, Cause] = {}
    for info in pkgutil.iter_modules(causes.__path__):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"{causes.__name__}.{info.name}")
            found[module.ID] = cast(Cause, module)
    return dict(sorted(found.items()))


def explained_away(signatures: Mapping[str, Signature]) -> dict[str, float]:
    """The strength of each signature that the others do not explain, by cause.

    A cause that explains another takes from it what it has itself: strength × (1 − 0.85 × its
    own). Chains are not followed; the raw strengths decide.
    """
    left = {name: signature.strength for name, signature in signatures.items()}
    causes_by_id = all_causes()
    for name, signature in signatures.items():
        for other in getattr(causes_by_id[name], "EXPLAINS", ()):
            if other in left:
                left[other] *= 1.0 - EXPLAINED * signature.strength
    return left


def above(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, straight between; one half when not measurable."""
    if not math.isfinite(value):
        return 0.5
    return min(1.0, max(0.0, (value - low) / (high - low)))


def below(value: float, low: float, high: float) -> float:
    """1 up to `low`, 0 from `high` on; one half when not measurable."""
    return 1.0 - above(value, low, high) if math.isfinite(value) else 0.5


def all_of(*parts: float) -> float:
    """The geometric mean, pulled to the weakest part: one missing sign weakens the whole.

    A missing sign counts `FAINT`, so that what all other signs speak for is not wiped out.
    """
    kept = [max(p, FAINT) for p in parts]
    return math.sqrt(min(kept) * math.exp(sum(math.log(p) for p in kept) / len(kept)))


def said(
    kind: EvidenceKind, statement: str, value: float, x: float | None = None, series: str = ""
) -> Statement:
    """One line of evidence."""
    return Statement(kind, statement, value, x, series)


def percent(share: float, digits: int = 1) -> str:
    """An accuracy or share for people: 0.913 -> "91.3 %"."""
    return f"{100.0 * share:.{digits}f} %"


def points(difference: float) -> str:
    """A difference of accuracies for people, in percentage points: 0.013 -> "1.3 points"."""
    return f"{100.0 * difference:.1f} points"


def signed_points(difference: float) -> str:
    """A difference of accuracies with its sign: -0.068 -> "−6.8 points"."""
    return f"{100.0 * difference:+.1f} points".replace("-", "−")


def loss_text(value: float) -> str:
    """A loss with three significant digits."""
    return f"{value:.3g}".replace("-", "−", 1) if value < 0 else f"{value:.3g}"


def quoted(title: str) -> str:
    """A title in quotation marks, its own ones made single."""
    return f"“{title.replace('“', '‘').replace('”', '’')}”"


def when(e: Evidence, x: float) -> str:
    """A place on the axis for people: "epoch 12" or "step 1200"."""
    return f"{e.curves.x_kind} {place(x)}"


def place(x: float) -> str:
    """An x without its unit: "12", "1200000", "2.25"."""
    return f"{x:.0f}" if x == round(x) else f"{x:.2f}".rstrip("0")


def rows_text(e: Evidence, rows: float) -> str:
    """A number of logged rows for people: "3 epochs" where a row is an epoch, else "3 points"."""
    x = e.own_x if e.own_x.size >= e.x.size else e.x
    each = e.curves.x_kind == "epoch" and x.size > 1 and float(x[-1] - x[0]) == x.size - 1
    unit = "epoch" if each else "logged point"
    return f"{rows:.0f} {unit}" + ("" if round(rows) == 1 else "s")


def trend_text(p: float) -> str:
    """What the trend test says, for people: "the trend is clear (p < 0.001)"."""
    if p >= 1.0:
        return "too few points since then for a test of the trend"
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
    word = "clear" if p < 0.01 else "likely" if p < 0.05 else "not beyond chance yet"
    return f"the trend since then is {word} ({shown})"
