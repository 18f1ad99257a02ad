"""Is validation more erratic than its own samples and training's changes can make it?"""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss
from lossacc_gui.core.diagnosis.measures.overshoot import sampling_error

MOVE = 0.12  # of ln(loss), from one evaluation to the next
TIMES_TRAIN = 2.5
UNKNOWN_SAMPLES = 1000.0  # when the print-out does not tell


def measure(e: Evidence) -> None:
    """Noise of validation loss against sampling, and the share of erratic evaluations."""
    if e.val_loss is None or e.n < 8:
        return
    logs = log_loss(e.val_loss)
    if e.val_accuracy is not None:
        late = slice(e.n // 4, None)
        samples = e.number("samples", e.number("samples_least", UNKNOWN_SAMPLES))
        level, right = float(np.median(e.val_loss[late])), float(np.mean(e.val_accuracy[late]))
        noise = trends.second_difference_sd(e.val_loss[late]) + 1e-4
        e.numbers["val_noise_over_sampling"] = noise / sampling_error(level, right, samples)
    if e.train_loss is None:
        return
    train = log_loss(e.train_loss)
    moves, train_moves = np.abs(np.diff(logs))[1:], np.abs(np.diff(train))[1:]
    erratic = (moves > MOVE) & (moves > TIMES_TRAIN * train_moves)
    e.numbers["val_erratic_share"] = float(np.mean(erratic))
