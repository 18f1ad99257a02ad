"""What all tags of one file say together, worked out once; settles names that tell too little."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lossacc_gui.core._words import read_name
from lossacc_gui.core.rows import Split

_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Facts about the tags of a file. The tag in question may be among them."""

    words: frozenset[tuple[str, ...]]
    loss_splits: frozenset[Split | None]  # the splits that losses name; None for one without
    quality_splits: frozenset[Split | None]  # the same of accuracies and error rates
    has_accuracy: bool
    first_rate: int | None  # the smallest number of a learning rate's parameter group
    held_out_stems: frozenset[tuple[str, ...]]  # names without their split, where it is not train

    @property
    def named_splits(self) -> frozenset[Split]:
        """The splits that losses, accuracies and error rates name."""
        return frozenset(s for s in self.loss_splits | self.quality_splits if s)


@lru_cache(maxsize=256)
def neighbours(tags: frozenset[str]) -> Neighbours:
    """The facts about these tags."""
    readings = [read_name(tag[:_LONGEST_NAME]) for tag in tags]
    rates = [r.number or 0 for r in readings if r.quantity == "lr"]
    return Neighbours(
        words=frozenset(r.words for r in readings),
        loss_splits=frozenset(r.split for r in readings if r.is_loss),
        quality_splits=frozenset(r.split for r in readings if r.is_accuracy or r.is_error),
        has_accuracy=any(r.is_accuracy for r in readings),
        first_rate=min(rates, default=None),
        held_out_stems=frozenset(r.stem for r in readings if r.split in ("val", "test")),
    )
