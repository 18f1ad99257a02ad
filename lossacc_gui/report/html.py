"""The self-contained HTML report: curves, findings and explanations; opens without a network."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

import jinja2

from lossacc_gui import __version__
from lossacc_gui.core import prose, wording
from lossacc_gui.core.diagnosis.finding import Alternative, Finding
from lossacc_gui.core.plain import STANDARD_INPUT, plain, plain_path
from lossacc_gui.core.resources import resource
from lossacc_gui.core.series import RunData
from lossacc_gui.core.snapshot import RunView, Snapshot
from lossacc_gui.report.picture import draw

_MOST_PROBLEMS = 30
_LONGEST = 2000
_CALM = (
    "No stretch was found in which one gets better while the other gets worse beyond what chance "
    "allows."
)
_OPEN = "No stretch stands out clearly, but other readings remain open."


def write_report(snapshot: Snapshot, path: Path, title: str = "") -> None:
    """Writes the report of all runs, the most serious first.

    Raises:
        OSError: the file cannot be written.
    """
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(resource("report.html.jinja").read_text(encoding="utf-8"))
    runs = [_run(view) for view in sorted(snapshot.runs, key=_weight)]
    text = template.render(
        title=plain(title or _title(snapshot), 120),
        runs=runs,
        files=sum(len(view.data.files) for view in snapshot.runs),
        version=__version__,
        made=time.strftime("%Y-%m-%d %H:%M"),
    )
    path.write_text(text, encoding="utf-8", errors="backslashreplace")


def _title(snapshot: Snapshot) -> str:
    if len(snapshot.runs) == 1:
        return f"Loss and accuracy of {plain(snapshot.runs[0].data.name, 80)}"
    return "Where loss and accuracy disagree"


def _weight(view: RunView) -> tuple[object, ...]:
    found = wording.by_weight(view.diagnosis)
    return (*(wording.rank(found[0]) if found else (9, 0.0)), view.data.name)


def _last(data: RunData, role: str) -> str:
    kind: Any = role
    series = data.main(kind, data.held_out) or data.main(kind, "train")
    if series is None or not len(series.y):
        return "–"
    return wording.value_of(series, float(series.y[-1]))


def _where(data: RunData) -> str:
    """The run's path; what came through a pipe lay in a folder of ours that is gone by now."""
    piped = PurePath(data.path).parts[-2:] == (STANDARD_INPUT, STANDARD_INPUT)
    return plain_path("-" if piped else data.path, 200)


def _rival(other: Alternative) -> dict[str, str]:
    return {
        "title": plain(other.title),
        "share": wording.percent(other.probability),
        "how": plain(other.how_to_tell, _LONGEST),
    }


def _run(view: RunView) -> dict[str, Any]:
    data, diagnosis = view.data, view.diagnosis
    found = wording.by_weight(diagnosis)
    top = found[0] if found else None
    headline = plain(wording.headline_of(diagnosis) or "too few points to judge", 80)
    calm = wording.is_calm(diagnosis)
    level, badge = "ok" if calm or top is not None else "quiet", headline
    if top is not None and not top.benign:
        level = top.severity
        badge = f"{wording.glyph(top.severity)} {headline} · {wording.percent(top.probability)}"
    elif top is not None or calm:
        badge = f"✓ {headline}"
    problems = [
        f"{plain_path(p.file)}, line {p.line}: {plain(p.message)}"
        for p in data.problems[:_MOST_PROBLEMS]
    ]
    if len(data.problems) > _MOST_PROBLEMS:
        problems.append(f"… and {len(data.problems) - _MOST_PROBLEMS} more")
    return {
        "name": plain(data.name, 200),
        "path": _where(data),
        "format": plain(data.format, 80),
        "state": wording.state_word(data.state),
        "loss": _last(data, "loss"),
        "accuracy": _last(data, "accuracy"),
        "level": level,
        "badge": badge,
        "picture": draw(view),
        "calm": _CALM if calm else _OPEN if diagnosis.alternatives else "",
        "rivals": [_rival(a) for a in diagnosis.alternatives],
        "findings": [_finding(group, data) for group in _told_alike(found)],
        "missing": [plain(line, _LONGEST) for line in diagnosis.missing],
        "problems": problems,
        "notes": [plain(note, _LONGEST) for note in data.notes],
    }


def _told_alike(found: Sequence[Finding]) -> list[list[Finding]]:
    """Findings in groups of the same words: one cause at work in several places."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.cause, finding.summary), []).append(finding)
    return list(groups.values())


def _finding(alike: Sequence[Finding], data: RunData) -> dict[str, Any]:
    finding = alike[0]
    framework = wording.framework_of(data)
    remedies = []
    for purpose, group in prose.by_purpose(finding, "any"):
        items = []
        for remedy in group:
            snippet = prose.snippet_for(remedy, framework)
            code = snippet[1] if snippet else ""
            items.append({"text": plain(remedy.text, _LONGEST), "code": code})
        remedies.append({"purpose": prose.PURPOSES[purpose], "remedies": items})
    share = finding.probability if math.isfinite(finding.probability) else 0.0
    return {
        "title": plain(finding.title),
        "where": "; ".join(wording.stretch(each) for each in alike),
        "look": "benign" if finding.benign else finding.severity,
        "glyph": wording.glyph(finding.severity, finding.benign),
        "word": wording.severity_word(finding.severity, finding.benign),
        "share": wording.percent(share),
        "likelihood": wording.likelihood(share),
        "width": round(100 * min(1.0, max(0.0, share))),
        "summary": plain(finding.summary, _LONGEST),
        "evidence": [
            {"kind": e.kind, "statement": plain(wording.powers(e.statement), _LONGEST)}
            for e in finding.evidence
        ],
        "remedies": remedies,
        "rivals": [_rival(a) for a in finding.alternatives],
        "references": [plain(line, _LONGEST) for line in finding.references],
    }
