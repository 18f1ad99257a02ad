"""Sentences of the explanation panel that are made from a whole run."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core import wording
from lossacc_gui.core.plain import plain
from lossacc_gui.core.rows import Role, Split
from lossacc_gui.core.snapshot import RunView


def has_map(view: RunView) -> bool:
    """Whether loss and accuracy of one split are there to be drawn against each other."""
    data, split = view.data, view.data.held_out
    pairs = ((data.main("loss", s), data.main("accuracy", s)) for s in (split, "train"))
    return any(
        loss is not None
        and acc is not None
        and bool(np.isfinite(loss.y).any() and np.isfinite(acc.y).any())
        for loss, acc in pairs
    )


def origin(view: RunView) -> str:
    """Where the number of classes is from."""
    phase = view.diagnosis.phase_map
    if phase.classes is None:
        return "The number of classes is not known: the bands that need it are left out."
    return plain(f"{phase.classes} classes, {phase.origin or 'given'}.", 300)


def x_word(view: RunView) -> str:
    """What the verdict's x is: the findings tell, else it is the axis on which it lies."""
    for finding in view.diagnosis.findings:
        return finding.x_kind
    splits: tuple[Split, ...] = (view.data.held_out, "train", "none")
    roles: tuple[Role, ...] = ("loss", "accuracy")
    mains = (view.data.main(role, split) for split in splits for role in roles)
    main = next((series for series in mains if series is not None and len(series.x)), None)
    if main is None:
        return "point"
    known = main.epoch is not None and bool((main.epoch == view.diagnosis.judged_until).any())
    return "epoch" if known else main.x_kind


def reading(view: RunView) -> list[str]:
    """How the log was read: its format, and what was converted or guessed."""
    data = view.data
    files = f"{len(data.files):,} file{'' if len(data.files) == 1 else 's'}"
    return [f"Format {data.format or 'unknown'}, {files}.", *data.notes]


def calm(view: RunView) -> str:
    """What is said of a healthy run."""
    until = view.diagnosis.judged_until
    judged = f" up to {x_word(view)} {wording.position(until)}" if until is not None else ""
    if not wording.is_calm(view.diagnosis):
        return f"No stretch stands out clearly{judged}, but other readings remain open."
    if not has_map(view):
        return f"What is logged shows nothing to warn about{judged}. Nothing is shaded."
    return (
        f"Loss and accuracy tell the same story{judged}: no stretch was found in which one gets "
        "better while the other gets worse beyond what chance allows. Nothing is shaded."
    )


def undecided(view: RunView) -> str:
    """What is said of a run whose likeliest cause is no finding."""
    until = view.diagnosis.judged_until
    judged = f"Judged up to {x_word(view)} {wording.position(until)}. " if until is not None else ""
    if view.diagnosis.findings:
        return judged + "Choose a finding below."
    if view.diagnosis.alternatives:
        return judged + "No cause is clear enough, or has a stretch of its own, to be a finding."
    return judged + "Too few points to say more."
