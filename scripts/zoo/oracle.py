"""Measurements after an epoch on a large fresh sample: the evidence on which truth rests."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from scripts.zoo.data import Split
from scripts.zoo.losses import Objective

CHUNK = 4096
FIT_SAMPLE = 2000  # the temperature is fitted on so many
TRAIN_SAMPLE = 1500  # at most so many training samples are measured in eval mode


@torch.no_grad()
def logits_of(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Logits of a split in eval mode, in chunks."""
    return torch.cat([model(x[i : i + CHUNK]) for i in range(0, len(x), CHUNK)])


def fit_temperature(logits: torch.Tensor, y: torch.Tensor) -> tuple[float, float]:
    """(temperature, loss after it) by a golden-section-like search over ln T."""
    logits = logits - logits.max(1, keepdim=True).values
    centre, reach = 0.0, 3.0
    best = (1.0, float("inf"))
    for _ in range(4):
        for log_t in np.linspace(centre - reach, centre + reach, 7):
            loss = float(functional.cross_entropy(logits / float(np.exp(log_t)), y))
            if loss < best[1]:
                best = (float(np.exp(log_t)), loss)
        centre, reach = float(np.log(best[0])), reach / 3
    return best


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error over equal-width bins."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for k in range(bins):
        inside = place == k
        if inside.any():
            error += abs(confidence[inside].mean() - right[inside].mean()) * inside.mean()
    return float(error)


class Oracle:
    """Collects one row of measurements per measured epoch of one run.

    brief: only loss, accuracy and the clean training loss, as control runs need.
    """

    def __init__(
        self,
        sample: Split,
        train: Split,
        true_labels: torch.Tensor,
        objective: Objective,
        brief: bool = False,
        unshifted: Split | None = None,
        labels_shuffled: bool = False,
        batch_norm: bool = False,
    ) -> None:
        self.sample, self.objective, self.brief = sample, objective, brief
        self.unshifted, self.batch_norm = unshifted, batch_norm
        self.labels_shuffled = labels_shuffled
        self.use_train(train, true_labels)
        self.right_before: torch.Tensor | None = None
        self.table: dict[str, list[float]] = {}
        self.rows: list[int] = []

    def use_train(self, train: Split, true_labels: torch.Tensor) -> None:
        """The training data now in use, with their true labels."""
        self.train = Split(train.x[:TRAIN_SAMPLE], train.y[:TRAIN_SAMPLE])
        self.true = true_labels[:TRAIN_SAMPLE]

    def measure(self, model: nn.Module, epoch: int, temperature: bool, extra: dict) -> None:
        """Adds the row of an epoch (0 is the first)."""
        model.eval()
        row = self._basic(model)
        if not self.brief:
            row |= self._detailed(model, temperature)
            row |= extra
        model.train()
        self.rows.append(epoch)
        for name, value in row.items():
            self.table.setdefault(name, []).append(value)

    def _basic(self, model: nn.Module) -> dict[str, float]:
        self.logits = logits_of(model, self.sample.x)
        right = self.logits.argmax(1) == self.sample.y
        train = logits_of(model, self.train.x)
        row = {
            "loss": float(functional.cross_entropy(self.logits, self.sample.y)),
            "acc": float(right.float().mean()),
        }
        row["train_loss_clean"] = float(functional.cross_entropy(train, self.true))
        row["train_acc_clean"] = float((train.argmax(1) == self.true).float().mean())
        corrupted = self.train.y != self.true
        if self.labels_shuffled:
            row["train_acc_given"] = float((train.argmax(1) == self.train.y).float().mean())
        elif corrupted.any():
            kept = train.argmax(1)[corrupted] == self.train.y[corrupted]
            row["memorised"] = float(kept.float().mean())
        return row

    @torch.no_grad()
    def _detailed(self, model: nn.Module, temperature: bool) -> dict[str, float]:
        logits, y = self.logits, self.sample.y
        classes = logits.shape[1]
        shares = logits.softmax(1)
        confidence, answer = shares.max(1)
        right = answer == y
        counts = torch.bincount(y, minlength=classes).clamp_min(1)
        recall = torch.bincount(y[right], minlength=classes) / counts
        present = torch.bincount(y, minlength=classes) > 0
        nan = float("nan")
        row = {
            "bacc": float(recall[present].mean()),
            "ece": calibration_error(np.nan_to_num(confidence.numpy()), right.numpy()),
            "conf": float(confidence.mean()),
            "conf_err": float(confidence[~right].mean()) if (~right).any() else nan,
            "ptrue": float(shares[torch.arange(len(y)), y].mean()),
            "top_pred": float(torch.bincount(answer, minlength=classes).max() / len(y)),
            "flip_rw": nan,
            "flip_wr": nan,
            "ts_loss": nan,
            "temp": nan,
        }
        if self.right_before is not None:
            row["flip_rw"] = float((self.right_before & ~right).float().mean())
            row["flip_wr"] = float((~self.right_before & right).float().mean())
        self.right_before = right
        if temperature and bool(torch.isfinite(logits).all()):
            row["temp"], row["ts_loss"] = fit_temperature(logits[:FIT_SAMPLE], y[:FIT_SAMPLE])
            row["ts_loss"] += row_difference(logits, y)
        if not self.objective.plain:
            row["obj"] = float(self.objective(logits, y, model))
        if self.unshifted is not None:
            other = logits_of(model, self.unshifted.x)
            row["id_loss"] = float(functional.cross_entropy(other, self.unshifted.y))
            row["id_acc"] = float((other.argmax(1) == self.unshifted.y).float().mean())
        if self.batch_norm:
            row |= self._with_fresh_statistics(model)
        return row

    def _with_fresh_statistics(self, model: nn.Module) -> dict[str, float]:
        """Loss and accuracy with BatchNorm statistics recomputed from one large batch."""
        layers = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
        before = [(m.running_mean.clone(), m.running_var.clone(), m.momentum) for m in layers]
        drops = [m for m in model.modules() if isinstance(m, nn.Dropout)]
        model.train()
        for layer in layers:
            layer.momentum = 1.0
        for drop in drops:
            drop.eval()
        model(self.train.x)
        model.eval()
        logits = logits_of(model, self.sample.x)
        for layer, (mean, variance, momentum) in zip(layers, before, strict=True):
            layer.running_mean.copy_(mean)
            layer.running_var.copy_(variance)
            layer.momentum = momentum
        return {
            "fix_loss": float(functional.cross_entropy(logits, self.sample.y)),
            "fix_acc": float((logits.argmax(1) == self.sample.y).float().mean()),
        }

    def columns(self) -> dict[str, np.ndarray]:
        return {name: np.array(values, float) for name, values in self.table.items()}


def row_difference(logits: torch.Tensor, y: torch.Tensor) -> float:
    """How much the whole sample's loss differs from its first part's, on which T is fitted."""
    if len(y) <= FIT_SAMPLE:
        return 0.0
    part = functional.cross_entropy(logits[:FIT_SAMPLE], y[:FIT_SAMPLE])
    return float(functional.cross_entropy(logits, y) - part)
