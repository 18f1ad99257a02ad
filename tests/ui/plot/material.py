"""Runs and findings for the plot's tests, from plain numbers."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.snapshot import RunView
from tests.builders import diagnosis, run

N = 60
EPOCHS = np.arange(1, N + 1, dtype=float)
VAL_LOSS = 2 * np.exp(-EPOCHS / 8) + 0.3 + 0.008 * np.maximum(0, EPOCHS - 20)
VAL_ACC = 0.9 - 0.7 * np.exp(-EPOCHS / 9)


def finding(key="a", start=25.0, end=50.0, **more):
    """A serious finding on the validation curves over these epochs."""
    fields = {
        "key": key,
        "cause": "overconfidence",
        "title": "Overconfidence",
        "benign": False,
        "probability": 0.86,
        "severity": "warning",
        "split": "val",
        "x_kind": "epoch",
        "start": start,
        "end": end,
        "detected_at": start + 6,
        "label": "val loss +0.19 · val accuracy +0.3 pp",
        "summary": "The model grows too sure of its mistakes.",
        "evidence": (),
        "remedies": (),
        "alternatives": (),
        "references": (),
    }
    return Finding(**{**fields, **more})


def view(*findings, name="run-a", length=N, **more):
    """A run with train and validation curves; `more` goes to the run."""
    curves = {
        ("loss", "train"): 2 * np.exp(-EPOCHS[:length] / 8),
        ("accuracy", "train"): 1 - 0.8 * np.exp(-EPOCHS[:length] / 9),
        ("loss", "val"): VAL_LOSS[:length],
        ("accuracy", "val"): VAL_ACC[:length],
    }
    return RunView(run(name, curves, **more), diagnosis(*findings))
