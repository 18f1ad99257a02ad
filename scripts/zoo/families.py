"""More model families: gates, prototypes, maxima, patches, dilations, and pooling by attention."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from scripts.zoo.models import ACTIVATIONS, Block, norm_layers
from scripts.zoo.plan import Architecture


class _Parted(nn.Module):
    """Layers whose every unit is made of several linear ones (`parts`), and a linear head."""

    parts: int

    def __init__(self, arch: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        sizes = [inputs, *[arch.width] * arch.depth]
        self.layers = nn.ModuleList(nn.Linear(a, self.parts * b) for a, b in pairwise(sizes))
        self.tails = nn.ModuleList(
            nn.Sequential(*norm_layers(arch, arch.width), nn.Dropout(arch.dropout))
            for _ in self.layers
        )
        self.head = nn.Linear(arch.width, outputs)


class Gated(_Parted):
    """A perceptron in which every layer is multiplied by gates of its own."""

    parts = 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.flatten(1)
        for layer, tail in zip(self.layers, self.tails, strict=True):
            value, gate = layer(x).chunk(2, -1)
            x = tail(value * torch.sigmoid(gate))
        return self.head(x)


class RadialBasis(nn.Module):
    """A linear model on the nearness to prototypes, which are learned too."""

    def __init__(self, arch: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        count = 3 * arch.width
        self.centres = nn.Parameter(torch.randn(count, inputs) * 0.8)
        self.sharpness = nn.Parameter(torch.zeros(count))
        self.tail = nn.Sequential(*norm_layers(arch, count), nn.Dropout(arch.dropout))
        self.head = nn.Linear(count, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.flatten(1)
        distance = x.square().sum(1, keepdim=True) - 2 * x @ self.centres.t()
        distance = (distance + self.centres.square().sum(1)) * 2 / x.shape[1]
        near = torch.exp(-0.4 * torch.exp(self.sharpness) * distance.clamp_min(0))
        return self.head(self.tail(4 * near))


class Maxout(_Parted):
    """Layers whose every unit is the largest of three linear ones."""

    parts = 3

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.flatten(1)
        for layer, tail in zip(self.layers, self.tails, strict=True):
            x = tail(layer(x).unflatten(1, (3, -1)).amax(1))
        return self.head(x)


class Patches(nn.Module):
    """A small vision transformer: patches with places, one block of attention, mean pooled."""

    def __init__(self, arch: Architecture, shape: tuple[int, ...], outputs: int) -> None:
        super().__init__()
        self.patch = 3 if shape[-1] % 3 == 0 else 2
        width = max(16, arch.width // 2)
        count = (shape[-2] // self.patch) * (shape[-1] // self.patch)
        self.first = nn.Linear(shape[0] * self.patch**2, width)
        self.place = nn.Parameter(torch.randn(count, width) * 0.1)
        self.block = Block(width, arch.dropout)
        self.tail = nn.Sequential(*norm_layers(arch, width))
        self.head = nn.Linear(width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        p = self.patch
        x = x.unfold(2, p, p).unfold(3, p, p).flatten(2, 3).transpose(1, 2).flatten(2)
        x = self.block(self.first(x) + self.place)
        return self.head(self.tail(x.mean(1)))


class Dilated(nn.Module):
    """Residual convolutions over a series, each reaching twice as far as the one before."""

    def __init__(self, arch: Architecture, channels: int, outputs: int) -> None:
        super().__init__()
        width = max(8, arch.width // 3)
        self.first = nn.Conv1d(channels, width, 3, padding=1)
        self.layers = nn.ModuleList(
            nn.Conv1d(width, width, 3, padding=reach, dilation=reach) for reach in (1, 2, 4)
        )
        self.act = ACTIVATIONS[arch.activation]()
        self.tail = nn.Sequential(*norm_layers(arch, 2 * width), nn.Dropout(arch.dropout))
        self.head = nn.Linear(2 * width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.first(x)
        for layer in self.layers:
            x = x + self.act(layer(x))
        return self.head(self.tail(torch.cat([x.mean(2), x.amax(2)], 1)))


class AttentionPool(nn.Module):
    """Tokens or members of a set, each through a perceptron, pooled by learned weights."""

    def __init__(
        self, arch: Architecture, vocabulary: int, shape: tuple[int, ...], outputs: int
    ) -> None:
        super().__init__()
        width = max(16, arch.width // 2)
        self.embedding = nn.Embedding(vocabulary, width) if vocabulary else None
        self.place = nn.Parameter(torch.randn(shape[0], width) * 0.3) if vocabulary else None
        act = ACTIVATIONS[arch.activation]
        self.each = nn.Sequential(
            nn.Linear(width if vocabulary else shape[-1], 2 * width),
            act(),
            nn.Linear(2 * width, width),
            act(),
        )
        self.weight = nn.Linear(width, 4)
        self.tail = nn.Sequential(*norm_layers(arch, 4 * width), nn.Dropout(arch.dropout))
        self.head = nn.Sequential(nn.Linear(4 * width, width), act(), nn.Linear(width, outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.embedding is not None:
            x = self.embedding(x) + self.place
        x = self.each(x)
        shares = self.weight(x).softmax(1)  # four ways to weigh the members
        return self.head(self.tail((shares.transpose(1, 2) @ x).flatten(1)))


class Ngrams(nn.Module):
    """Convolutions over embedded tokens, the strongest answer anywhere in the string."""

    def __init__(self, arch: Architecture, vocabulary: int, outputs: int) -> None:
        super().__init__()
        width = max(16, arch.width // 2)
        self.embedding = nn.Embedding(vocabulary, width)
        self.short, self.long = nn.Conv1d(width, width, 3), nn.Conv1d(width, width, 6)
        self.act = ACTIVATIONS[arch.activation]()
        self.tail = nn.Sequential(*norm_layers(arch, 2 * width), nn.Dropout(arch.dropout))
        self.head = nn.Linear(2 * width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.embedding(x).transpose(1, 2)
        found = [self.act(layer(x)).amax(2) for layer in (self.short, self.long)]
        return self.head(self.tail(torch.cat(found, 1)))
