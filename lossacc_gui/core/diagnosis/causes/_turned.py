"""The signs that every turn of the validation loss shares, whatever its cause."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import above, below
from lossacc_gui.core.diagnosis.evidence import Evidence


def turned_signs(e: Evidence) -> tuple[float, ...]:
    """How clearly the loss rose: beyond its noise, by no jump, after something was learned."""
    jumped = e.number("rise_from_jump", 0.0) * above(e.number("jump_log", 0.0), 0.3, 1.0)
    return (
        above(e.number("rise_z"), 0.8, 2.6),
        above(e.number("rise_abs"), 0.003, 0.012),
        below(e.number("no_transfer", 0.0), 0.5, 1.0),
        1.0 - 0.8 * jumped,
    )
