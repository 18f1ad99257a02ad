"""Model families by the kind of samples they read: everything small enough for one core."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import nn

from scripts.zoo.plan import Architecture

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "elu": nn.ELU,
    "leaky": nn.LeakyReLU,
    "softsign": nn.Softsign,
}


def norm_layers(arch: Architecture, features: int, spatial: int = 0) -> list[nn.Module]:
    if not arch.batch_norm:
        return []
    layer = nn.BatchNorm2d if spatial == 2 else nn.BatchNorm1d
    return [layer(features, momentum=arch.momentum)]


def stack(arch: Architecture, inputs: int, outputs: int) -> nn.Sequential:
    """A plain multilayer perceptron."""
    layers: list[nn.Module] = []
    for _ in range(arch.depth):
        layers += [nn.Linear(inputs, arch.width), *norm_layers(arch, arch.width)]
        layers.append(ACTIVATIONS[arch.activation]())
        if arch.dropout:
            layers.append(nn.Dropout(arch.dropout))
        inputs = arch.width
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


class RandomFeatures(nn.Module):
    """A linear model on fixed random cosine features (an approximate kernel machine)."""

    def __init__(self, arch: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        self.register_buffer("turn", torch.randn(inputs, 4 * arch.width) * 0.7 / inputs**0.5)
        self.register_buffer("phase", torch.rand(4 * arch.width) * 2 * math.pi)
        body = [*norm_layers(arch, 4 * arch.width)]
        if arch.dropout:
            body.append(nn.Dropout(arch.dropout))
        self.head = nn.Sequential(*body, nn.Linear(4 * arch.width, outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(1.4 * torch.cos(x.flatten(1) @ self.turn + self.phase))


class Residual(nn.Module):
    """Pre-norm residual blocks on vectors."""

    def __init__(self, arch: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Linear(inputs, arch.width)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                *(norm_layers(arch, arch.width) or [nn.LayerNorm(arch.width)]),
                nn.Linear(arch.width, arch.width),
                ACTIVATIONS[arch.activation](),
                nn.Dropout(arch.dropout),
                nn.Linear(arch.width, arch.width),
            )
            for _ in range(arch.depth)
        )
        self.head = nn.Linear(arch.width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.first(x.flatten(1))
        for block in self.blocks:
            x = x + block(x)
        return self.head(x)


class Convolution(nn.Module):
    """Two convolutions with pooling and a linear head, on images or series."""

    def __init__(self, arch: Architecture, shape: tuple[int, ...], outputs: int) -> None:
        super().__init__()
        flat = len(shape) == 3
        layer, pool = (nn.Conv2d, nn.MaxPool2d) if flat else (nn.Conv1d, nn.MaxPool1d)
        size, channels = (3 if flat else 5), [shape[0], arch.width // 4, arch.width // 2]
        layers: list[nn.Module] = []
        for inside, outside in pairwise(channels):
            layers += [
                layer(inside, outside, size, padding=size // 2),
                *norm_layers(arch, outside, 2 if flat else 1),
                ACTIVATIONS[arch.activation](),
                pool(2),
            ]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Dropout(arch.dropout))
        with torch.no_grad():
            self.body.eval()
            features = self.body(torch.zeros(2, *shape)).shape[1]
            self.body.train()
        self.head = nn.Linear(features, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x))


class Recurrent(nn.Module):
    """A GRU or LSTM over tokens or over a series cut into frames of four samples."""

    def __init__(self, arch: Architecture, vocabulary: int, channels: int, outputs: int) -> None:
        super().__init__()
        width = arch.width // 2
        self.embedding = nn.Embedding(vocabulary, width) if vocabulary else None
        cell = nn.GRU if arch.family == "gru" else nn.LSTM
        self.cell = cell(width if vocabulary else 4 * channels, width, batch_first=True)
        self.tail = nn.Sequential(*norm_layers(arch, width), nn.Dropout(arch.dropout))
        self.head = nn.Linear(width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.embedding is not None:
            x = self.embedding(x)
        else:
            x = x.unfold(2, 4, 4).transpose(1, 2).flatten(2)
        return self.head(self.tail(self.cell(x)[0].mean(1)))


class Block(nn.Module):
    """A pre-norm block of attention (one head) and a perceptron."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.query = nn.Linear(width, 3 * width)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.mix = nn.Sequential(
            nn.Linear(width, 2 * width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(2 * width, width),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.query(self.norms[0](x)).chunk(3, -1)
        x = x + (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).softmax(-1) @ v
        return x + self.mix(self.norms[1](x))


class Attention(nn.Module):
    """A small transformer encoder over tokens, mean pooled."""

    def __init__(self, arch: Architecture, vocabulary: int, length: int, outputs: int) -> None:
        super().__init__()
        width = arch.width // 2
        self.embedding = nn.Embedding(vocabulary, width)
        self.place = nn.Parameter(torch.randn(length, width) * 0.1)
        self.block = Block(width, arch.dropout)
        self.tail = nn.Sequential(*norm_layers(arch, width))
        self.head = nn.Linear(width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.block(self.embedding(x) + self.place)
        return self.head(self.tail(x.mean(1)))


class Bag(nn.Module):
    """Token embeddings side by side, then a perceptron."""

    def __init__(self, arch: Architecture, vocabulary: int, length: int, outputs: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, max(8, arch.width // 4))
        self.body = stack(arch, length * max(8, arch.width // 4), outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(self.embedding(x).flatten(1))


class Mixer(nn.Module):
    """An MLP-mixer over patches of an image or frames of a series."""

    def __init__(self, arch: Architecture, shape: tuple[int, ...], outputs: int) -> None:
        super().__init__()
        self.flat, self.patch = len(shape) == 3, 2 if len(shape) == 3 else 4
        width = arch.width // 2
        count = math.prod(side // self.patch for side in shape[1:])
        size = shape[0] * self.patch ** (2 if self.flat else 1)
        self.first = nn.Linear(size, width)
        self.across = nn.Sequential(nn.Linear(count, 24), nn.GELU(), nn.Linear(24, count))
        self.within = nn.Sequential(
            nn.Linear(width, width), nn.GELU(), nn.Dropout(arch.dropout), nn.Linear(width, width)
        )
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.tail = nn.Sequential(*norm_layers(arch, width))
        self.head = nn.Linear(width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        p = self.patch
        if self.flat:
            x = x.unfold(2, p, p).unfold(3, p, p).flatten(2, 3).transpose(1, 2).flatten(2)
        else:
            x = x.unfold(2, p, p).transpose(1, 2).flatten(2)
        x = self.first(x)
        x = x + self.across(self.norms[0](x).transpose(1, 2)).transpose(1, 2)
        x = x + self.within(self.norms[1](x))
        return self.head(self.tail(x.mean(1)))


class DeepSet(nn.Module):
    """A perceptron on every member, their mean, and a perceptron on that."""

    def __init__(self, arch: Architecture, dims: int, outputs: int) -> None:
        super().__init__()
        act = ACTIVATIONS[arch.activation]
        self.each = nn.Sequential(
            nn.Linear(dims, arch.width), act(), nn.Linear(arch.width, arch.width), act()
        )
        self.all = nn.Sequential(
            *norm_layers(arch, arch.width),
            nn.Linear(arch.width, arch.width),
            act(),
            nn.Dropout(arch.dropout),
            nn.Linear(arch.width, outputs),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.all(self.each(x).mean(1))


class GraphConvolution(nn.Module):
    """Graph convolutions on dense adjacency, mean pooled."""

    def __init__(self, arch: Architecture, nodes: int, features: int, outputs: int) -> None:
        super().__init__()
        self.nodes, width = nodes, arch.width // 2
        sizes = [features, *[width] * max(2, arch.depth)]
        self.layers = nn.ModuleList(nn.Linear(2 * a, b) for a, b in pairwise(sizes))
        self.act = ACTIVATIONS[arch.activation]()
        self.tail = nn.Sequential(*norm_layers(arch, 2 * width), nn.Dropout(arch.dropout))
        self.head = nn.Linear(2 * width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        joined, x = x[:, :, : self.nodes], x[:, :, self.nodes :]
        joined = joined / joined.sum(-1, keepdim=True).clamp_min(1)
        for layer in self.layers:
            x = self.act(layer(torch.cat([x, joined @ x], -1)))
        return self.head(self.tail(torch.cat([x.mean(1), x.amax(1)], -1)))
