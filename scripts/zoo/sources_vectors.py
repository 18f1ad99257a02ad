"""Sources of plain feature vectors: synthetic rules, mixtures, tables, and bundled data sets."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import zipfile
from pathlib import Path

import numpy as np

from scripts.zoo.sources import Samples, Source

Generator = np.random.Generator
SPREAD = {"easy": 0.6, "medium": 1.0, "hard": 1.6}


def mixture(rng: Generator, difficulty: str) -> Source:
    """Each class is a few Gaussian clouds of unequal shape; linear models reach part of it."""
    classes, dims = int(rng.choice([2, 3, 4, 5, 6, 8, 10, 12, 16, 20])), int(rng.integers(4, 33))
    clouds = int(rng.integers(1, 4))
    reach = {"easy": 4.5, "medium": 2.4, "hard": 1.5}[difficulty]
    centres = rng.normal(size=(classes, clouds, dims))
    centres *= reach / np.sqrt(2 * dims) * np.log2(classes + 2)
    shapes = rng.normal(size=(classes, clouds, dims, dims)) * 0.35 / np.sqrt(dims)
    shapes += np.eye(dims)

    def draw(rng: Generator, count: int) -> Samples:
        labels, which = rng.integers(0, classes, count), rng.integers(0, clouds, count)
        noise = rng.normal(size=(count, dims))
        inputs = centres[labels, which]
        for k in range(classes):
            for c in range(clouds):
                rows = (labels == k) & (which == c)
                inputs[rows] += noise[rows] @ shapes[k, c]
        return inputs, labels

    return Source("mixture", "vector", classes, draw)


def spirals(rng: Generator, difficulty: str) -> Source:
    """Interleaved spiral arms in the plane."""
    classes, turns = int(rng.integers(2, 6)), rng.uniform(0.8, 1.5)
    noise = {"easy": 0.05, "medium": 0.12, "hard": 0.22}[difficulty] * 2 / classes

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        radius = np.sqrt(rng.uniform(0.05, 1, count))
        angle = 2 * np.pi * (labels / classes + turns * radius)
        inputs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
        return 2 * (inputs + noise * rng.normal(size=inputs.shape)), labels

    return Source("spirals", "vector", classes, draw)


def rings(rng: Generator, difficulty: str) -> Source:
    """Nested shells in 2 to 8 dimensions; no linear model separates them."""
    classes, dims = int(rng.integers(2, 6)), int(rng.integers(2, 9))
    noise = {"easy": 0.12, "medium": 0.3, "hard": 0.5}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        direction = rng.normal(size=(count, dims))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        return direction * (labels + 0.7 + noise * rng.normal(size=count))[:, None], labels

    return Source("rings", "vector", classes, draw)


def checkerboard(rng: Generator, difficulty: str) -> Source:
    """A board of squares in the plane, some of the labels flipped by a blurred border."""
    cells, classes = int(rng.integers(3, 5)), int(rng.integers(2, 5))
    noise = {"easy": 0.03, "medium": 0.1, "hard": 0.2}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        inputs = rng.uniform(0, cells, (count, 2))
        blurred = inputs + noise * rng.normal(size=inputs.shape)
        labels = np.floor(blurred).astype(int).sum(1) % classes
        return inputs - cells / 2, labels

    return Source("checkerboard", "vector", classes, draw)


def xor(rng: Generator, difficulty: str) -> Source:
    """The product of the signs of 2 or 3 coordinates among distractors."""
    active, dims = int(rng.integers(2, 4)), int(rng.integers(4, 13))
    noise = {"easy": 0.25, "medium": 0.45, "hard": 0.7}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        signs = rng.choice([-1.0, 1.0], (count, dims))
        labels = (signs[:, :active].prod(1) > 0).astype(int)
        return signs + noise * rng.normal(size=signs.shape), labels

    return Source("xor", "vector", 2, draw)


def teacher(rng: Generator, difficulty: str) -> Source:
    """Labels given by a random network, with noise on its logits."""
    classes, dims = int(rng.integers(2, 11)), int(rng.integers(6, 21))
    first = rng.normal(size=(dims, 24)) / np.sqrt(dims) * 1.8
    second = rng.normal(size=(24, classes)) / np.sqrt(24) * 2
    noise = 0.5 * {"easy": 0.1, "medium": 0.7, "hard": 1.4}[difficulty]
    sample = rng.normal(size=(4000, dims))
    bias = -(np.tanh(sample @ first) @ second).mean(0)

    def draw(rng: Generator, count: int) -> Samples:
        inputs = rng.normal(size=(count, dims))
        logits = np.tanh(inputs @ first) @ second + bias
        return inputs, np.argmax(logits + noise * rng.gumbel(size=logits.shape), 1)

    return Source("teacher", "vector", classes, draw)


def friedman(rng: Generator, difficulty: str) -> Source:
    """Friedman's regression function, noisy, cut into equally frequent grades."""
    classes, dims = int(rng.integers(2, 6)), int(rng.integers(6, 16))
    noise = {"easy": 0.3, "medium": 2.0, "hard": 4.0}[difficulty]

    def value(inputs: np.ndarray) -> np.ndarray:
        curve = 10 * np.sin(np.pi * inputs[:, 0] * inputs[:, 1]) + 20 * (inputs[:, 2] - 0.5) ** 2
        return curve + 10 * inputs[:, 3] + 5 * inputs[:, 4]

    sample = rng.uniform(size=(5000, dims))
    target = value(sample) + noise * rng.normal(size=5000)
    cuts = np.quantile(target, np.arange(1, classes) / classes)

    def draw(rng: Generator, count: int) -> Samples:
        inputs = rng.uniform(size=(count, dims))
        target = value(inputs) + noise * rng.normal(size=count)
        return (inputs - 0.5) * 3.5, np.searchsorted(cuts, target)

    return Source("friedman", "vector", classes, draw)


def topics(rng: Generator, difficulty: str) -> Source:
    """Bag-of-words counts of short documents, one topic each, over a shared vocabulary."""
    classes, words = int(rng.choice([3, 5, 8, 12, 20])), int(rng.integers(60, 161))
    length = int({"easy": 60, "medium": 25, "hard": 12}[difficulty] * rng.uniform(0.8, 1.3))
    common = rng.dirichlet(np.full(words, 0.3))
    themes = 0.6 * common + 0.4 * rng.dirichlet(np.full(words, 0.12), classes)

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        lengths = rng.poisson(length, count) + 3
        counts = rng.poisson(themes[labels] * lengths[:, None])
        return np.log1p(counts), labels

    return Source("topics", "vector", classes, draw)


def fraud(rng: Generator, difficulty: str) -> Source:
    """Heavy-tailed transactions; a few columns are shifted for the second class."""
    dims, told = int(rng.integers(8, 24)), int(rng.integers(3, 6))
    shift = {"easy": 3.0, "medium": 1.6, "hard": 0.9}[difficulty] * rng.uniform(0.5, 1.2, told)
    mixing = np.eye(dims) + 0.25 * rng.normal(size=(dims, dims)) / np.sqrt(dims)

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, 2, count)
        inputs = np.clip(rng.standard_t(4, (count, dims)), -8, 8)
        inputs[:, :told] += shift * labels[:, None]
        return inputs @ mixing, labels

    return Source("fraud", "vector", 2, draw)


def categorical(rng: Generator, difficulty: str) -> Source:
    """One-hot columns of a table; the label depends on pairs of columns."""
    columns, levels, classes = (int(rng.integers(5, 9)), int(rng.integers(3, 6)), 3)
    table = rng.normal(size=(columns - 1, levels, levels, classes))
    noise = {"easy": 0.1, "medium": 0.8, "hard": 1.6}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        cells = rng.integers(0, levels, (count, columns))
        score = sum(table[c][cells[:, c], cells[:, c + 1]] for c in range(columns - 1))
        labels = np.argmax(score + noise * rng.gumbel(size=score.shape), 1)
        return np.eye(levels)[cells].reshape(count, -1) * 2 - 0.5, labels

    return Source("categorical", "vector", classes, draw)


def heavy(rng: Generator, difficulty: str) -> Source:
    """Two clouds and a few far points of one class on the wrong side, in 2 to 4 dimensions."""
    dims, share, far = int(rng.integers(2, 5)), rng.uniform(0.03, 0.07), rng.uniform(9, 20)
    gap = {"easy": 2.3, "medium": 1.6, "hard": 1.1}[difficulty]
    axis, across = np.linalg.qr(rng.normal(size=(dims, 2)))[0].T
    angle = np.deg2rad(rng.uniform(140, 162))
    away = np.cos(angle) * axis + np.sin(angle) * across

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, 2, count)
        inputs = rng.normal(size=(count, dims)) + gap * axis * (2 * labels - 1)[:, None]
        outlying = (rng.random(count) < 2 * share) & (labels == 1)
        inputs[outlying] = far * away + rng.normal(size=(outlying.sum(), dims))
        return inputs, labels

    return Source("heavy", "vector", 2, draw)


def _bundled(name: str) -> Samples:
    from sklearn import datasets

    loaded = getattr(datasets, f"load_{name}")()
    return loaded.data.astype(float), loaded.target.astype(int)


def cancer(rng: Generator, difficulty: str) -> Source:
    """Breast cancer (569 x 30), with noise on the standardised columns when it is to be harder."""
    inputs, labels = _bundled("breast_cancer")
    inputs = (inputs - inputs.mean(0)) / inputs.std(0)
    extra = {"easy": 0.0, "medium": 1.0, "hard": 2.0}[difficulty]
    return Source(
        "cancer", "vector", 2, pool=(inputs + extra * rng.normal(size=inputs.shape), labels)
    )


def one_digit(rng: Generator, difficulty: str) -> Source:
    """Handwritten digits, odd against even, or each against all (8 x 8 flattened)."""
    inputs, labels = _bundled("digits")
    extra = {"easy": 0.0, "medium": 4.0, "hard": 8.0}[difficulty]
    inputs = inputs + extra * rng.normal(size=inputs.shape)
    return Source("odd-digits", "vector", 2, pool=(inputs / 8 - 1, labels % 2))


def _river_rows(file: str) -> list[list[str]]:
    """The rows of a table that the package river bundles."""
    found = importlib.util.find_spec("river")
    if found is None or found.origin is None:
        raise RuntimeError("the package river is needed for this source")
    path = Path(found.origin).parent / "datasets" / file
    if file.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            text = archive.read(archive.namelist()[0]).decode()
    else:
        text = gzip.decompress(path.read_bytes()).decode()
    return [row for row in csv.reader(io.StringIO(text)) if row]


def _table(file: str, target: int, name: str, rng: Generator, difficulty: str) -> Source:
    rows = _river_rows(file)
    body = rows[1:]
    names = sorted({row[target] for row in body})
    labels = np.array([names.index(row[target]) for row in body])
    keep = [c for c in range(len(body[0])) if c != target % len(body[0])]
    inputs = np.array([[float(row[c]) for c in keep] for row in body])
    inputs = (inputs - inputs.mean(0)) / np.maximum(inputs.std(0), 1e-6)
    extra = {"easy": 0.0, "medium": 0.5, "hard": 1.2}[difficulty]
    inputs = np.clip(inputs, -6, 6) + extra * rng.normal(size=inputs.shape)
    return Source(name, "vector", len(names), pool=(inputs, labels))


def segments(rng: Generator, difficulty: str) -> Source:
    """Image segments (2,310 x 18, seven classes), bundled with river."""
    return _table("segment.csv.zip", -1, "segments", rng, difficulty)


def phishing(rng: Generator, difficulty: str) -> Source:
    """Phishing sites (1,250 x 9, two classes), bundled with river."""
    return _table("phishing.csv.gz", -1, "phishing", rng, difficulty)


def products(rng: Generator, difficulty: str) -> Source:
    """All pairs of a modular product, each factor one-hot: generalised late under weight decay."""
    modulus = int(rng.choice([23, 29, 31]))
    first, second = (grid.ravel() for grid in np.meshgrid(*[np.arange(modulus)] * 2))
    one_hot = np.eye(modulus)
    inputs = np.concatenate([one_hot[first], one_hot[second]], 1)
    return Source("products", "vector", modulus, pool=(inputs, first * second % modulus))


SOURCES = {
    "products": products,
    "mixture": mixture,
    "spirals": spirals,
    "rings": rings,
    "checkerboard": checkerboard,
    "xor": xor,
    "teacher": teacher,
    "friedman": friedman,
    "topics": topics,
    "fraud": fraud,
    "categorical": categorical,
    "heavy": heavy,
    "cancer": cancer,
    "odd-digits": one_digit,
    "segments": segments,
    "phishing": phishing,
}
