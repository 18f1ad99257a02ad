"""Sentences of the explanation panel that are made from a whole run."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core import wording
from lossacc_gui.core.plain import plain
from lossacc_gui.core.snapshot import RunView


def found_any(view: RunView) -> bool:
    """Whether a run has any finding."""
    return bool(view.diagnosis.findings)


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
    main = view.data.main("loss", view.data.held_out) or view.data.main("loss", "train")
    if main is None or not len(main.x):
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
    return (
        f"Loss and accuracy tell the same story{judged}: no stretch was found in which one gets "
        "better while the other gets worse beyond what chance allows. Nothing is shaded."
    )
