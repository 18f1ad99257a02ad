"""A finding as text: for the clipboard, for Markdown and for screen readers."""

from __future__ import annotations

from lossacc_gui.core import wording
from lossacc_gui.core.diagnosis.finding import Finding, Purpose, Remedy
from lossacc_gui.core.plain import plain
from lossacc_gui.core.snapshot import RunView

PURPOSES: dict[Purpose, str] = {
    "any": "In any case",
    "answers": "If you ship the answers",
    "probabilities": "If you ship the probabilities",
}
MEANING = {
    "proved": "follows from the definitions; no model of noise is needed",
    "measured": "read from the logged numbers",
    "inferred": "the likeliest reading of the numbers; the log does not say it",
}


def by_purpose(finding: Finding, purpose: str) -> list[tuple[Purpose, list[Remedy]]]:
    """The remedies by use, the person's own use first."""
    order: list[Purpose] = ["any", "answers", "probabilities"]
    order.sort(key=lambda each: each != purpose)
    return [
        (each, found)
        for each in order
        if (found := [remedy for remedy in finding.remedies if remedy.purpose == each])
    ]


def snippet_for(remedy: Remedy, framework: str) -> tuple[str, str] | None:
    """The (framework, code) that fits the log, else the first there is, else None."""
    if not remedy.snippets:
        return None
    fitting = [pair for pair in remedy.snippets if pair[0] == framework]
    near = {"lightning": "pytorch", "huggingface": "pytorch", "fastai": "pytorch"}
    fitting += [pair for pair in remedy.snippets if pair[0] == near.get(framework)]
    return (fitting or list(remedy.snippets))[0]


def spoken(finding: Finding) -> str:
    """One sentence that says it all, for screen readers and notifications."""
    word = wording.severity_word(finding.severity, finding.benign)
    share = wording.percent(finding.probability)
    return f"{finding.title}, {word}, {share}: {finding.summary} ({wording.stretch(finding)})"


def _sections(view: RunView, finding: Finding) -> list[tuple[str, list[str]]]:
    evidence = [f"{e.kind}: {wording.powers(e.statement)}" for e in finding.evidence]
    remedies = [
        f"{PURPOSES[purpose]}: {remedy.text}"
        for purpose, group in by_purpose(finding, "any")
        for remedy in group
    ]
    rivals = [
        f"{a.title} ({wording.percent(a.probability)}): {a.how_to_tell}"
        for a in finding.alternatives
    ]
    return [
        ("Evidence", evidence),
        ("What to do", remedies),
        ("Could also be", rivals),
        ("Not testable with what is logged", list(view.diagnosis.missing)),
        ("References", list(finding.references)),
    ]


def as_text(view: RunView, finding: Finding) -> str:
    """The whole finding as plain text."""
    share = wording.percent(finding.probability)
    word = wording.severity_word(finding.severity, finding.benign)
    lines = [
        f"{finding.title} — {share}, {wording.likelihood(finding.probability)} ({word})",
        f"run {plain(view.data.name)}: {wording.stretch(finding)}",
        "",
        finding.summary,
    ]
    for heading, items in _sections(view, finding):
        if items:
            lines += ["", heading.upper(), *(f"  - {plain(item, 2000)}" for item in items)]
    return "\n".join(lines) + "\n"


def _markdown(text: str) -> str:
    """Text in which no character starts Markdown or HTML."""
    escaped = plain(text, 2000)
    for sign in "\\`*_[]<>#|":
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped


def as_markdown(view: RunView, finding: Finding) -> str:
    """The whole finding as Markdown, every foreign sign escaped."""
    share = wording.percent(finding.probability)
    lines = [
        f"## {_markdown(finding.title)} — {share}",
        "",
        f"Run **{_markdown(view.data.name)}**, {wording.stretch(finding)}; "
        f"{wording.severity_word(finding.severity, finding.benign)}.",
        "",
        _markdown(finding.summary),
    ]
    for heading, items in _sections(view, finding):
        if items:
            lines += ["", f"### {heading}", "", *(f"- {_markdown(item)}" for item in items)]
    return "\n".join(lines) + "\n"
