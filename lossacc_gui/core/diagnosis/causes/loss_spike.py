"""Loss spike: the training loss jumps once and recovers."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    loss_text,
    rows_text,
    said,
    signed_points,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "loss-spike"
TITLE = "Loss spike"
BENIGN = False
ORDER = "numeric"
EXPLAINS = ("healthy", "learning-rate-too-high")
ADVICE = (
    Remedy("One spike that recovers: ignore it, but do not pick a checkpoint inside it."),
    Remedy(
        "Several: clip gradients, lower the rate or Adam's β2, and look at the batches there.",
        "any",
        (
            ("pytorch", "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # before step()"),
            ("keras", "keras.optimizers.Adam(clipnorm=1.0)"),
            ("lightning", "Trainer(gradient_clip_val=1.0)"),
            ("huggingface", "TrainingArguments(max_grad_norm=0.3)  # the default is 1.0"),
        ),
    ),
)
HOW_TO_TELL = {
    "data-change": "A change of data takes several epochs to relearn; a spike falls back at once.",
    "learning-rate-too-high": "Is the loss rough all along? Then it is the rate; a spike stands "
    "alone.",
    "training-divergence": "Wait a few evaluations: a spike comes back.",
    "bookkeeping": "Was the job resumed there? Then it is the optimiser state.",
}
REFERENCES = ("Chowdhery et al. 2022, PaLM: scaling language modeling with pathways",)
_N = 60
_BASE = ordinary(_N)
_SPIKED = _BASE["train_loss"].copy()
_SPIKED[35] += 1.3
_SPIKED[36] += 0.1
FIRES = changed(_BASE, train_loss=_SPIKED)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """One or two isolated jumps above the median of five rows that fall back quickly."""
    jump = e.number("jump_log", 0.0)
    if jump <= 0.0:
        return None
    strength = all_of(
        above(jump, 0.15, 0.35),
        above(e.number("jump_in_noise"), 4.0, 9.0),
        below(e.number("jump_rows"), 2.0, 6.0),
        below(e.number("jump_left_over", 0.0) / jump, 0.35, 0.8),
        below(e.number("jump_share"), 0.08, 0.16),
        max(0.3, below(e.number("jump_train_late", 0.0), 0.1, 0.8)),
        max(0.3, above(e.number("jump_accuracy_late", 0.0), -0.04, -0.005)),
        above(e.number("jump_recovered"), 0.0, 1.0) or 0.15,
        below(e.number("jumps"), 3.0, 7.0),
        above(e.number("jump_abs"), 0.02, 0.06),
        max(0.1, below(e.number("jump_relearning"), 0.2, 0.8)),
        below(e.number("jump_rival", 0.0), 0.2, 0.7),
        above(e.number("jump_over_calm", 99.0), 4.0, 12.0),
    )
    index = e.places["jump_index"]
    spans = e.spans["jumps"]
    joined = e.number("jump_val_log", 0.0) >= 0.18
    regions = tuple((e.own_at(a), e.own_at(b)) for a, b in spans[:4])
    first = spans[index][0]
    x = e.own_at(first)
    before = e.number("jump_before")
    top = before + e.number("jump_abs")
    key = e.curves.keys.get("train_loss", "")
    lines = [
        said(
            "measured",
            f"Train loss jumped from {loss_text(before)} to {loss_text(top)}, "
            f"{e.number('jump_in_noise'):.0f} times the usual noise.",
            e.number("jump_abs"),
            x,
            key,
        ),
        said(
            "measured",
            f"It took {rows_text(e, e.number('jump_rows'))} to fall below a quarter of that "
            "height.",
            e.number("jump_rows"),
            e.own_at(spans[index][1]),
            key,
        ),
    ]
    drop = e.number("jump_accuracy_drop")
    if drop == drop:
        lines.append(
            said("measured", f"Validation accuracy moved by {signed_points(-drop)} there.", drop)
        )
    many = f"; {len(spans)} such jumps in all" if len(spans) > 1 else ""
    return Signature(
        strength,
        "both" if joined else "train",
        regions,
        f"train loss {loss_text(before)} → {loss_text(top)}",
        f"At {when(e, x)} the training loss jumped from {loss_text(before)} to {loss_text(top)} "
        f"and came back{many}: typical of one bad batch or a single oversized step.",
        tuple(lines),
        "warning",
    )
