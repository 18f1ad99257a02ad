"""Builds a model of any family for samples of any kind."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from torch import nn

from scripts.zoo import families, families_mixed, models
from scripts.zoo.plan import Architecture

VECTOR_FAMILIES = (
    *("mlp", "logistic", "random-features", "residual", "wide", "deep-narrow"),
    *("maxout", "gated", "rbf", "cross", "committee"),
)
FAMILIES = {
    "vector": VECTOR_FAMILIES,
    "image": ("cnn", "mlp", "logistic", "mixer", "patches", "depthwise"),
    "series": ("conv1d", "gru", "mlp", "lstm", "mixer", "dilated", "elman"),
    "tokens": ("transformer", "gru", "bag", "lstm", "ngrams", "attention-pool", "elman"),
    "set": ("deepset", "attention-pool"),
    "graph": ("gcn",),
}


def build(
    arch: Architecture, kind: str, shape: tuple[int, ...], vocabulary: int, classes: int
) -> nn.Module:
    """A freshly initialised model of the family for samples of a kind and shape."""
    flat = math.prod(shape)
    deep = replace(arch, depth=4 + arch.depth, width=max(16, min(32, arch.width // 2)))
    makers: dict[str, Callable[[], nn.Module]] = {
        "mlp": lambda: nn.Sequential(nn.Flatten(), *models.stack(arch, flat, classes)),
        "wide": lambda: models.stack(replace(arch, depth=1, width=5 * arch.width), flat, classes),
        "deep-narrow": lambda: models.stack(deep, flat, classes),
        "logistic": lambda: nn.Sequential(nn.Flatten(), nn.Linear(flat, classes)),
        "random-features": lambda: models.RandomFeatures(arch, flat, classes),
        "residual": lambda: models.Residual(arch, flat, classes),
        "gated": lambda: families.Gated(arch, flat, classes),
        "rbf": lambda: families.RadialBasis(arch, flat, classes),
        "maxout": lambda: families.Maxout(arch, flat, classes),
        "cross": lambda: families_mixed.Cross(arch, flat, classes),
        "committee": lambda: families_mixed.Committee(arch, flat, classes),
        "depthwise": lambda: families_mixed.Depthwise(arch, shape[0], classes),
        "elman": lambda: families_mixed.Elman(arch, vocabulary, shape[0], classes),
        "cnn": lambda: models.Convolution(arch, shape, classes),
        "conv1d": lambda: models.Convolution(arch, shape, classes),
        "dilated": lambda: families.Dilated(arch, shape[0], classes),
        "patches": lambda: families.Patches(arch, shape, classes),
        "gru": lambda: models.Recurrent(arch, vocabulary, shape[0], classes),
        "lstm": lambda: models.Recurrent(arch, vocabulary, shape[0], classes),
        "transformer": lambda: models.Attention(arch, vocabulary, shape[0], classes),
        "bag": lambda: models.Bag(arch, vocabulary, shape[0], classes),
        "ngrams": lambda: families.Ngrams(arch, vocabulary, classes),
        "attention-pool": lambda: families.AttentionPool(arch, vocabulary, shape, classes),
        "mixer": lambda: models.Mixer(arch, shape, classes),
        "deepset": lambda: models.DeepSet(arch, shape[-1], classes),
        "gcn": lambda: models.GraphConvolution(arch, shape[0], shape[1] - shape[0], classes),
    }
    assert arch.family in FAMILIES[kind], (arch.family, kind)
    return makers[arch.family]()


def capable(kind: str, family: str) -> Architecture:
    """The control: a model that is wide enough for anything a source of this kind draws."""
    strong = {
        "vector": "mlp",
        "image": "cnn",
        "series": "conv1d",
        "tokens": "gru",
        "set": "deepset",
    }
    chosen = strong.get(kind, family)
    if kind == "tokens" and family in ("transformer", "bag"):
        chosen = family
    return Architecture(chosen, width=128 if kind == "vector" else 64, depth=2)
