"""Epoch sawtooth: the train loss has the period of one epoch."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import Signature, above, all_of, percent, said
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import Example, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "epoch-sawtooth"
TITLE = "Sawtooth with the period of an epoch"
BENIGN = False
ORDER = "numeric"
ADVICE = (
    Remedy(
        "Shuffle the training data every epoch.",
        "any",
        (("pytorch", "DataLoader(dataset, shuffle=True)"), ("keras", "model.fit(shuffle=True)")),
    ),
    Remedy("If the logger averages since the epoch's start, log windowed means instead."),
)
HOW_TO_TELL = {
    "learning-rate-too-high": "A smaller rate calms overshoot; a sawtooth keeps its period.",
    "sampling-noise": "Does the shape repeat every epoch? Noise has no period.",
}
REFERENCES = ("Google, Machine learning crash course: interpreting loss curves",)
_N = 200
FIRES = Example(
    {
        "train_loss": [
            float(1.2 * 0.99**i + 0.25 * (1.0 - (i % 10) / 10.0) + d)
            for i, d in enumerate(noise(_N, 0.01, 5))
        ]
    },
    x=tuple((i + 1) / 10.0 for i in range(_N)),
)
QUIET = Example({"train_loss": [float(v) for v in ordinary(_N)["train_loss"]]})


def check(e: Evidence) -> Signature | None:
    """Train loss logged several times an epoch, with a mean shape inside the epoch."""
    share, size = e.number("sawtooth_share", 0.0), e.number("sawtooth_size", 0.0)
    if share < 0.2:
        return None
    strength = all_of(above(share, 0.3, 0.6), above(size, 0.03, 0.1))
    rows = e.number("sawtooth_rows")
    lines = (
        said(
            "measured",
            f"{percent(share, 0)} of the variance from point to point repeats with the epoch "
            f"({rows:.0f} points).",
            share,
        ),
        said("measured", f"Its size is {percent(size, 0)} of the level.", size),
    )
    return Signature(
        strength,
        "train",
        ((e.at(0), e.at(e.n - 1)),),
        f"period {rows:.0f} points, ±{percent(size / 2, 0)}",
        f"The training loss repeats a shape of {percent(size, 0)} of its level every epoch "
        f"({rows:.0f} logged points): unshuffled order, or an average that restarts with the "
        "epoch.",
        lines,
    )
