"""More model families: crosses of features, committees, depthwise and plain recurrent layers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import torch
from torch import nn

from scripts.zoo.models import ACTIVATIONS, norm_layers, stack
from scripts.zoo.plan import Architecture


class Cross(nn.Module):
    """A perceptron beside crosses: each multiplies the features by a linear function of the last.

    The deep and cross network (v2) of Wang et al. 2021.
    """

    def __init__(self, arch: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Linear(inputs, arch.width)
        self.crosses = nn.ModuleList(nn.Linear(arch.width, arch.width) for _ in range(2))
        self.deep = stack(arch, arch.width, arch.width)
        self.tail = nn.Sequential(*norm_layers(arch, 2 * arch.width), nn.Dropout(arch.dropout))
        self.head = nn.Linear(2 * arch.width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        start = self.first(x.flatten(1))
        crossed = start
        for cross in self.crosses:
            crossed = crossed + start * cross(crossed)
        return self.head(self.tail(torch.cat([crossed, self.deep(start)], 1)))


class Committee(nn.Module):
    """Four small perceptrons of unlike activations whose logits are averaged."""

    def __init__(self, arch: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        width = max(1, arch.width // 2)
        self.members = nn.ModuleList(
            stack(replace(arch, width=width, activation=name), inputs, outputs)
            for name in ("relu", "tanh", "gelu", arch.activation)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.flatten(1)
        return torch.stack([member(x) for member in self.members]).mean(0)


class Depthwise(nn.Module):
    """Separable convolutions on images: each channel by itself, then all channels of a pixel."""

    def __init__(self, arch: Architecture, channels: int, outputs: int) -> None:
        super().__init__()
        sizes = [max(8, arch.width // 3), max(16, arch.width // 2), max(16, arch.width // 2)]
        layers: list[nn.Module] = [nn.Conv2d(channels, sizes[0], 3, padding=1)]
        for inside, outside in pairwise(sizes):
            layers += [
                nn.Conv2d(inside, inside, 3, padding=1, stride=2, groups=inside),
                nn.Conv2d(inside, outside, 1),
                *norm_layers(arch, outside, 2),
                ACTIVATIONS[arch.activation](),
            ]
        self.body = nn.Sequential(*layers)
        self.drop = nn.Dropout(arch.dropout)
        self.head = nn.Linear(2 * sizes[-1], outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.body(x).flatten(2)
        return self.head(self.drop(torch.cat([x.mean(2), x.amax(2)], 1)))


class Elman(nn.Module):
    """A plain recurrent layer over tokens or over frames of four samples, its states averaged."""

    def __init__(self, arch: Architecture, vocabulary: int, channels: int, outputs: int) -> None:
        super().__init__()
        width = max(16, arch.width // 2)
        self.embedding = nn.Embedding(vocabulary, width) if vocabulary else None
        self.cell = nn.RNN(width if vocabulary else 4 * channels, width, batch_first=True)
        self.tail = nn.Sequential(*norm_layers(arch, 2 * width), nn.Dropout(arch.dropout))
        self.head = nn.Linear(2 * width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.embedding is not None:
            x = self.embedding(x)
        else:
            x = x.unfold(2, 4, 4).transpose(1, 2).flatten(2)
        states = self.cell(x)[0]
        return self.head(self.tail(torch.cat([states.mean(1), states.amax(1)], 1)))
