"""The objectives that runs log: plain cross-entropy and its usual variants."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from scripts.zoo.plan import Loss


class Objective:
    """Computes a loss from logits; `weights` are the class weights of a weighted loss."""

    def __init__(self, loss: Loss, weights: torch.Tensor | None = None) -> None:
        self.loss, self.weights = loss, weights

    @property
    def plain(self) -> bool:
        return self.loss.kind in ("ce", "ownsoftmax")

    def __call__(self, logits: torch.Tensor, y: torch.Tensor, model: nn.Module) -> torch.Tensor:
        kind, strength = self.loss.kind, self.loss.strength
        if kind == "ls":
            return functional.cross_entropy(logits, y, label_smoothing=strength)
        if kind == "weighted":
            return functional.cross_entropy(logits, y, weight=self.weights)
        if kind == "focal":
            each = functional.cross_entropy(logits, y, reduction="none")
            return ((1 - torch.exp(-each)) ** strength * each).mean()
        if kind == "ce+l2":
            penalty = sum(p.square().sum() for p in model.parameters() if p.ndim > 1)
            return functional.cross_entropy(logits, y) + strength * penalty
        if kind == "ownsoftmax":  # a hand-written softmax that overflows and takes log(0)
            powers = torch.exp(logits)
            shares = powers / powers.sum(1, keepdim=True)
            return -torch.log(shares[torch.arange(len(y)), y]).mean()
        return functional.cross_entropy(logits, y)
