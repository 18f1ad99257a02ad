"""Sources of decision trees, covariances, photographs, program texts, rhythms and differences."""

from __future__ import annotations

import importlib
import inspect

import numpy as np

from scripts.zoo.sources import Samples, Source

Generator = np.random.Generator
MODULES = ("json.decoder", "argparse", "heapq", "fractions", "csv", "textwrap", "random", "ast")


def decisions(rng: Generator, difficulty: str) -> Source:
    """A random decision tree, one column a level; blurred thresholds make it uncertain."""
    classes, dims, depth = int(rng.choice([2, 3, 4, 6, 8, 10, 12])), int(rng.integers(4, 11)), 4
    columns = rng.permutation(dims)[:depth]
    thresholds = rng.normal(size=2**depth) * 0.4
    turned = rng.random(2**depth) < 0.5
    blur = {"easy": 0.03, "medium": 0.12, "hard": 0.3}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        inputs = rng.normal(size=(count, dims))
        seen, node = inputs + blur * rng.normal(size=inputs.shape), np.ones(count, int)
        for column in columns:
            right = (seen[:, column] > thresholds[node]) != turned[node]
            node = 2 * node + right
        return inputs, (node - 2**depth) * classes // 2**depth

    return Source("decisions", "vector", classes, draw)


def covariances(rng: Generator, difficulty: str) -> Source:
    """Sensors whose classes differ in how the columns vary together, and a little in their mean."""
    classes, dims = int(rng.choice([2, 3, 4, 5, 6, 8, 10])), int(rng.integers(5, 13))
    spread = {"easy": 1.2, "medium": 0.8, "hard": 0.5}[difficulty]
    turns = np.stack([np.linalg.qr(rng.normal(size=(dims, dims)))[0] for _ in range(classes)])
    scales = np.exp(spread * rng.normal(size=(classes, dims)))
    means = spread * 0.7 * rng.normal(size=(classes, dims))

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        loose = rng.normal(size=(count, dims)) * scales[labels]
        return means[labels] + np.einsum("nd,nde->ne", loose, turns[labels]), labels

    return Source("covariances", "vector", classes, draw)


def photographs(rng: Generator, difficulty: str) -> Source:
    """Patches (10 x 10) of scikit-learn's two photographs: which part of which one they are of."""
    from sklearn.datasets import load_sample_images

    pictures = np.stack(load_sample_images().images).astype(float).mean(-1)[:, ::2, ::2] / 128 - 1
    parts = int(rng.choice([1, 1, 2, 3]))
    classes, size = 2 * parts, 10
    band = pictures.shape[2] // parts
    noise = {"easy": 0.05, "medium": 0.2, "hard": 0.4}[difficulty]
    cell = np.arange(size)

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        which, part = labels % 2, labels // 2
        top = rng.integers(0, pictures.shape[1] - size, count)[:, None] + cell
        left = (part * band + rng.integers(0, band - size, count))[:, None] + cell
        patches = pictures[which[:, None, None], top[:, :, None], left[:, None, :]]
        return 2 * (patches + noise * rng.normal(size=patches.shape))[:, None], labels

    return Source("photographs", "image", classes, draw)


def program_texts(rng: Generator, difficulty: str) -> Source:
    """Snippets of the standard library's source (32 characters); the label is the module."""
    classes, letters = int(rng.integers(2, len(MODULES) + 1)), 48
    length = {"easy": 40, "medium": 24, "hard": 14}[difficulty]
    names = rng.permutation(MODULES)[:classes]
    texts = [inspect.getsource(importlib.import_module(str(name))) for name in names]
    known = sorted(set("".join(texts)), key=lambda letter: -sum(t.count(letter) for t in texts))
    codes = {letter: min(rank, letters - 1) for rank, letter in enumerate(known)}
    encoded = [np.array([codes[letter] for letter in " ".join(text.split())]) for text in texts]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        ends = np.array([len(encoded[k]) - length for k in labels])
        starts = (rng.random(count) * ends).astype(int)
        rows = [encoded[k][s : s + length] for k, s in zip(labels, starts, strict=True)]
        return np.stack(rows), labels

    return Source("program-texts", "tokens", classes, draw, vocabulary=letters)


def rhythms(rng: Generator, difficulty: str) -> Source:
    """Pulses whose order of long and short gaps tells the class, begun anywhere (48 samples)."""
    classes, length = int(rng.integers(3, 9)), 48
    gaps = rng.integers(2, 8, (classes, 4))
    jolt = {"easy": 0.1, "medium": 0.25, "hard": 0.4}[difficulty]
    noise = {"easy": 0.15, "medium": 0.3, "hard": 0.5}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        steps = np.tile(gaps[labels], (1, 8)) + jolt * rng.normal(size=(count, 32))
        times = np.cumsum(np.maximum(steps, 1.0), 1) - rng.uniform(5, 25, (count, 1))
        apart = np.arange(length)[None, :, None] - times[:, None, :]
        series = np.exp(-(apart**2) / 0.8).sum(-1)
        return 2 * (series + noise * rng.normal(size=series.shape))[:, None] - 0.6, labels

    return Source("rhythms", "series", classes, draw)


def differences(rng: Generator, difficulty: str) -> Source:
    """Dice (one-hot) of which two matter: their difference, modulo the sides. Understood late."""
    sides = int(rng.integers(2, 4))
    length = {2: 24, 3: 12}[sides]
    first, second = rng.choice(length, 2, replace=False)

    def draw(rng: Generator, count: int) -> Samples:
        dice = rng.integers(0, sides, (count, length))
        one_hot = np.eye(sides)[dice].reshape(count, -1)
        return 2 * one_hot - 2 / sides, (dice[:, first] - dice[:, second]) % sides

    return Source("differences", "vector", sides, draw)


SOURCES = {
    "decisions": decisions,
    "covariances": covariances,
    "photographs": photographs,
    "program-texts": program_texts,
    "rhythms": rhythms,
    "differences": differences,
}
