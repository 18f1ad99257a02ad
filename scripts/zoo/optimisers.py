"""The usual optimisers on one flat vector of parameters: a few operations a step.

Update rules as in PyTorch's optimisers of the same names (their documentation gives the sources).
"""

from __future__ import annotations

import torch
from torch import nn


class Optimiser:
    """Moves a model's parameters into one flat tensor and updates it; `rate` is set per step."""

    def __init__(self, name: str, model: nn.Module, decay: float, only_last: bool = False) -> None:
        parameters = list(model.parameters())
        size = sum(p.numel() for p in parameters)
        self.values, self.gradient = torch.empty(size), torch.zeros(size)
        offset = 0
        for parameter in parameters:
            part = slice(offset, offset + parameter.numel())
            self.values[part] = parameter.detach().flatten()
            parameter.data = self.values[part].view_as(parameter)
            parameter.grad = self.gradient[part].view_as(parameter)
            offset += parameter.numel()
        self.frozen = size - parameters[-1].numel() if only_last else 0
        self.name, self.decay, self.steps = name, decay, 0
        self.first, self.second = torch.zeros(size), torch.zeros(size)

    def clear(self) -> None:
        self.gradient.zero_()

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """One update from the gradient that backward() has left."""
        gradient, values = self.gradient, self.values
        if self.frozen:
            gradient[: self.frozen] = 0
        self.steps += 1
        if self.decay and self.name == "adamw":
            values.mul_(1 - rate * self.decay)
        elif self.decay:
            gradient.add_(values, alpha=self.decay)
        if self.name == "sgd":
            values.add_(gradient, alpha=-rate)
        elif self.name in ("momentum", "nesterov"):
            self.first.mul_(0.9).add_(gradient)
            ahead = gradient + 0.9 * self.first if self.name == "nesterov" else self.first
            values.add_(ahead, alpha=-rate)
        elif self.name == "rmsprop":
            self.second.mul_(0.99).addcmul_(gradient, gradient, value=0.01)
            values.addcdiv_(gradient, self.second.sqrt().add_(1e-8), value=-rate)
        elif self.name == "adagrad":
            self.second.addcmul_(gradient, gradient)
            values.addcdiv_(gradient, self.second.sqrt().add_(1e-10), value=-rate)
        else:
            self._adam(rate)

    def _adam(self, rate: float) -> None:
        self.first.lerp_(self.gradient, 0.1)
        self.second.mul_(0.999).addcmul_(self.gradient, self.gradient, value=0.001)
        root = self.second.sqrt().div_((1 - 0.999**self.steps) ** 0.5).add_(1e-8)
        self.values.addcdiv_(self.first, root, value=-rate / (1 - 0.9**self.steps))

    def norm(self) -> float:
        """The gradient's Euclidean norm."""
        return float(self.gradient.norm())
