"""What a criterion may look at: one run's logged curves, its oracle table, facts and controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

BENIGN = frozenset(
    {
        "healthy",
        "confidence-growth",
        "regularised-training",
        "sampling-noise",
        "lr-schedule-step",
        "loss-floor",
    }
)


@dataclass(frozen=True)
class Facts:
    """What is known of a run without looking at a curve."""

    classes: int
    validation_size: int
    oracle_size: int
    majority_share: float
    prior_entropy: float
    noise_rate: float = 0.0
    labels_are_noise: bool = False
    shifted: bool = False
    batch_norm: bool = False
    plain_loss: bool = True
    change_epoch: int | None = None
    dropped: tuple[str, ...] = ()

    @property
    def chance(self) -> float:
        return 1.0 / self.classes


@dataclass
class Controls:
    """Control runs, trained only when a criterion asks; None where a control makes no sense.

    reference: best oracle accuracy over the epochs of a capable model on the same training data.
    clean_labels: oracle accuracy per row of the same run with clean labels.
    slow: (logged train loss per epoch, clean train loss per row) of the same run at lr/15.
    unchanged: logged train loss per epoch of the same run without learning-rate changes.
    """

    reference: Callable[[], float | None] = lambda: None
    clean_labels: Callable[[], np.ndarray | None] = lambda: None
    slow: Callable[[], tuple[np.ndarray, np.ndarray] | None] = lambda: None
    unchanged: Callable[[], np.ndarray | None] = lambda: None


@dataclass
class Record:
    """One run: `logged` has one value per epoch, `oracle` one per measured row.

    `rows` gives the epoch (0 is the first) of each oracle row. Logged keys: train_loss,
    train_accuracy, val_loss, val_accuracy, lr; oracle keys as in the oracle file.
    """

    logged: dict[str, np.ndarray]
    oracle: dict[str, np.ndarray]
    rows: np.ndarray
    facts: Facts
    controls: Controls = field(default_factory=Controls)

    @property
    def epochs(self) -> int:
        return len(self.logged["train_loss"])

    def at_rows(self, name: str) -> np.ndarray:
        """A logged curve at the epochs of the oracle's rows."""
        return self.logged[name][self.rows]

    def objective(self) -> np.ndarray:
        """The logged objective on the oracle: plain cross-entropy unless another was logged."""
        return self.oracle["obj"] if "obj" in self.oracle else self.oracle["loss"]

    def finite(self) -> bool:
        """Whether the oracle's loss and the logged losses are finite throughout."""
        curves = [self.oracle.get("loss"), self.logged["train_loss"], self.logged["val_loss"]]
        return all(curve is not None and bool(np.isfinite(curve).all()) for curve in curves)


@dataclass(frozen=True)
class Region:
    """A stretch of epochs (0 is the first, ends included) and the split that shows it."""

    split: str
    start: int
    end: int


@dataclass(frozen=True)
class Held:
    """A criterion that holds: where, with which numbers, how many times its main threshold."""

    regions: tuple[Region, ...]
    evidence: dict[str, float | int | bool | None]
    margin: float = 9.0
