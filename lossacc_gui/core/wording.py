"""Words for numbers: probabilities, severities, ages and quantities as every place tells them."""

from __future__ import annotations

import math
import re

from lossacc_gui.core.diagnosis.finding import Diagnosis, Finding, Severity
from lossacc_gui.core.series import RunData, SeriesView, State

UNLIKELY = 0.05
"""A finding that is less probable than this is told in the list alone."""

_LIKELIHOODS = (
    (0.95, "almost certain"),
    (0.8, "very likely"),
    (0.6, "likely"),
    (0.4, "about even"),
    (0.15, "possible"),
    (0.0, "unlikely"),
)
_SEVERITIES: dict[Severity, tuple[str, str]] = {
    "critical": ("■", "serious"),
    "warning": ("▲", "worth a look"),
    "info": ("i", "for information"),
}
_STATES: dict[State, str] = {
    "loading": "loading",
    "live": "live",
    "quiet": "quiet",
    "stalled": "stalled: no new point for much longer than usual",
    "finished": "finished",
    "unreadable": "unreadable",
    "gone": "its files are gone",
}
_SPLITS = {
    "train": "training",
    "val": "validation",
    "test": "test",
    "both": "training and validation",
}
_FRAMEWORKS = (
    ("keras", ("keras", "tensorflow", "tf-")),
    ("lightning", ("lightning",)),
    ("huggingface", ("hf", "hugging", "trainer-state", "transformers", "llamafactory")),
    ("xgboost", ("xgboost",)),
    ("lightgbm", ("lightgbm",)),
    ("catboost", ("catboost",)),
    ("sklearn", ("sklearn", "scikit")),
    ("fastai", ("fastai",)),
    ("pytorch", ("torch", "timm", "ignite", "mmengine", "composer", "accelerate", "ultralytics")),
    ("jax", ("flax", "jax", "clu")),
)


def likelihood(probability: float) -> str:
    """A probability in words, e.g. "very likely"."""
    return next(word for bound, word in _LIKELIHOODS if probability >= bound or bound == 0.0)


def percent(fraction: float) -> str:
    """A share as a whole percentage that never claims certainty it does not have."""
    if not math.isfinite(fraction):
        return "–"
    if 0.99 < fraction < 1.0:
        return "> 99 %"
    if 0.0 < fraction < 0.01:
        return "< 1 %"
    return f"{100 * fraction:.0f} %"


def glyph(severity: Severity, benign: bool = False) -> str:
    """The sign that tells the severity without colour."""
    return "i" if benign else _SEVERITIES[severity][0]


def severity_word(severity: Severity, benign: bool = False) -> str:
    """The severity in words; a benign finding says so."""
    return "harmless" if benign else _SEVERITIES[severity][1]


def state_word(state: State) -> str:
    """The state of a run in words."""
    return _STATES[state]


def split_word(split: str) -> str:
    """ "val" as "validation"."""
    return _SPLITS.get(split, split)


def number(value: float, digits: int = 4) -> str:
    """A value with enough digits to tell it from its neighbours: 0.5321, 12.3, 1.2e-05."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    size = abs(float(f"{value:.{digits - 1}e}"))
    if size < 1e-4 or size >= 1e7:
        text = f"{value:.{max(digits - 2, 1)}e}"
    else:
        whole = math.floor(math.log10(size))
        decimals = max(0, digits - 1 - whole) if whole >= 0 else digits - 2 - whole
        text = f"{value:.{decimals}f}"
    return text.replace("-", "−", 1) if value < 0 else text


_POWER = re.compile(r"(?<![\w.])(\d(?:\.\d+)?)e([+−-]?\d{1,3})(?![\w.]?\w)")
_RAISED = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻", "+")


def powers(text: str) -> str:
    """ "p = 6.3e-07" as people write it: "p = 6.3·10⁻⁷"."""

    def raised(found: re.Match[str]) -> str:
        sign = "-" if found[2][0] in "-−" else ""
        exponent = sign + (found[2].lstrip("+-−0") or "0")
        return f"{found[1]}·10{exponent.translate(_RAISED)}"

    return _POWER.sub(raised, text)


def accuracy(fraction: float) -> str:
    """An accuracy as a percentage with one decimal: "91.0 %"."""
    if not math.isfinite(fraction):
        return number(fraction)
    return f"{100 * fraction:.1f} %"


def value_of(series: SeriesView, value: float) -> str:
    """A value of this curve in its own unit."""
    return accuracy(value) if series.role == "accuracy" else number(value)


def position(x: float) -> str:
    """An x (step or epoch) as people say it: "41", "2.5", "120,000"."""
    return f"{x:,.0f}" if x == int(x) else f"{x:,.2f}".rstrip("0").rstrip(".")


def place_of(series: SeriesView, index: int) -> str:
    """Where a point stands: "epoch 41" where epochs are known, else "step 990"."""
    epoch = series.epoch
    if series.x_kind == "step" and epoch is not None and math.isfinite(epoch[index]):
        return f"epoch {position(float(epoch[index]))}"
    return f"{series.x_kind} {position(float(series.x[index]))}"


def age(seconds: float) -> str:
    """How long ago, short: "2 s", "5 min", "3 h", "4 d"."""
    if seconds < 0 or not math.isfinite(seconds):
        return "now"
    if seconds < 10:
        return f"{seconds:.0f} s" if seconds >= 1 else "now"
    for limit, unit, name in ((90, 1, "s"), (5400, 60, "min"), (129600, 3600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds / 86400:.0f} d"


def stretch(finding: Finding) -> str:
    """Where a finding lies: "validation, epochs 41–120"."""
    unit = "epoch" if finding.x_kind == "epoch" else "step"
    split = split_word(finding.split)
    if finding.start == finding.end:
        return f"{split}, {unit} {position(finding.start)}"
    return f"{split}, {unit}s {position(finding.start)}–{position(finding.end)}"


def is_quiet(finding: Finding) -> bool:
    """Whether a finding is told but not shaded: harmless, or too unlikely to draw the eye to."""
    return finding.benign or finding.severity == "info" or finding.probability < UNLIKELY


def is_judged(diagnosis: Diagnosis) -> bool:
    """Whether there is a verdict yet; curves are shown before they are judged."""
    return bool(diagnosis.verdict)


def is_calm(diagnosis: Diagnosis) -> bool:
    """Whether the run is called healthy without any doubt beside it."""
    return diagnosis.headline == "Healthy"


_GRAVITY: dict[Severity, float] = {"critical": 2.0, "warning": 1.0, "info": 0.5}


def rank(finding: Finding) -> tuple[int, float]:
    """Sort key: what is grave and probable first; a likely warning precedes a doubtful alarm."""
    unlikely = finding.benign or finding.probability < UNLIKELY
    return unlikely, -finding.probability * _GRAVITY[finding.severity]


def headline_of(diagnosis: Diagnosis) -> str:
    """The run's headline; the weightiest finding's name where the headline names another one."""
    found = by_weight(diagnosis)
    others = {finding.title for finding in found[1:]}
    return found[0].title if diagnosis.headline in others else diagnosis.headline


def by_weight(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """The findings of a run, the most serious first."""
    return tuple(sorted(diagnosis.findings, key=rank))


def framework_of(run: RunData) -> str:
    """The framework that wrote the log, as snippets name it; "" when the format does not tell."""
    name = run.format.lower()
    for framework, words in _FRAMEWORKS:
        if any(word in name for word in words):
            return framework
    return ""
