"""Scores predictions against labelled truth: verdicts, regions, promptness, calibration.

Rules (those of the zoo's README): top-1 counts 1 for the primary cause and one half for the
secondary, averaged per cause and then over causes; region IoU counts rows with ends included;
"promptly" is before half of what is visible of the first region has passed (two rows at least).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from scripts.ranking.validation import calibration_error

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scored:
    """One run's marks; NaN where a mark does not apply."""

    name: str
    generator: str
    primary: str
    first: str
    probability: float
    top1: float
    top2: float
    benign: bool
    alarm: bool
    alarm_shown: bool
    iou: float
    prompt: float
    delay: float


def _merged(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for a, b in sorted((a - 0.5, b + 0.5) for a, b in spans if b >= a):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def overlap(truth: list[Span], found: list[Span]) -> float:
    """Intersection over union of two unions of intervals, in rows."""
    a, b = _merged(truth), _merged(found)
    size = sum(y - x for x, y in a) + sum(y - x for x, y in b)
    both = sum(max(0.0, min(y, v) - max(x, u)) for x, y in a for u, v in b)
    return both / (size - both) if size > both else 0.0


def score_run(
    name: str, generator: str, truth: dict[str, Any], said: dict[str, Any], benign: set[str]
) -> Scored:
    """The marks of one run. `said` has "verdict" and "findings" as `diagnose --json` prints."""
    verdict, findings = said["verdict"], said["findings"]
    first, second = verdict[0]["cause"], verdict[1]["cause"]
    primary, secondary = truth["primary"], truth.get("secondary")
    half = 0.5 if secondary and first == secondary else 0.0
    regions = [r for r in truth.get("regions", []) if r["cause"] == primary]
    mine = [f for f in findings if f["cause"] == primary]
    iou = prompt = delay = math.nan
    if regions:
        iou = overlap(
            [(r["start"], r["end"]) for r in regions], [(f["start"], f["end"]) for f in mine]
        )
        one = min(regions, key=lambda r: r["start"])
        onset = truth.get("onset_visible")
        visible = max(one["start"], one["start"] if onset is None else onset)
        detected = min((f["detected_at"] for f in mine), default=math.inf)
        prompt = float(detected <= visible + max(2.0, 0.5 * (one["end"] - visible)))
        delay = detected - visible if mine else math.nan
    return Scored(
        name,
        generator,
        primary,
        first,
        float(verdict[0]["probability"]),
        1.0 if first == primary else half,
        1.0 if primary in (first, second) else half,
        bool(truth["benign"]),
        first not in benign,
        any(f["cause"] not in benign and f["probability"] >= 0.5 for f in findings),
        iou,
        prompt,
        delay,
    )


def macro(rows: list[Scored], mark: str) -> float:
    """The mean of a mark per primary cause, then over causes."""
    causes = sorted({r.primary for r in rows})
    means = [np.mean([getattr(r, mark) for r in rows if r.primary == c]) for c in causes]
    return float(np.mean(means))


def figures(rows: list[Scored]) -> dict[str, float]:
    """All figures of a set of runs."""
    benign = [r for r in rows if r.benign]
    with_region = [r for r in rows if not math.isnan(r.iou)]
    delays = [r.delay for r in rows if not math.isnan(r.delay)]
    sure = np.array([r.probability for r in rows])
    right = np.array([float(r.first == r.primary) for r in rows])
    return {
        "runs": len(rows),
        "top1": macro(rows, "top1"),
        "top2": macro(rows, "top2"),
        "false_alarms": float(np.mean([r.alarm for r in benign])) if benign else math.nan,
        "false_findings": float(np.mean([r.alarm_shown for r in benign])) if benign else math.nan,
        "iou_median": float(np.median([r.iou for r in with_region])) if with_region else math.nan,
        "promptly": float(np.mean([r.prompt for r in with_region])) if with_region else math.nan,
        "delay_median": float(np.median(delays)) if delays else math.nan,
        "calibration_error": calibration_error(sure, right),
    }


def interval(hits: int, total: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    if not total:
        return math.nan, math.nan
    z, p = 1.96, hits / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(p * (1 - p) / total + z * z / (4 * total**2))
    return max(0.0, centre - half), min(1.0, centre + half)
