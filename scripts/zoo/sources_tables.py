"""Sources of tables with many classes, grades, gaps and skew, and of rules learned late."""

from __future__ import annotations

import numpy as np

from scripts.zoo.sources import Samples, Source

Generator = np.random.Generator


def ordinal(rng: Generator, difficulty: str) -> Source:
    """Grades of a latent score; half of the columns are skewed and some cells are missing."""
    classes, dims = int(rng.integers(3, 9)), int(rng.integers(6, 15))
    weights, missing = rng.normal(size=dims), rng.uniform(0.02, 0.15)
    pair = rng.choice(dims, 2, replace=False)
    noise = {"easy": 0.1, "medium": 0.5, "hard": 1.0}[difficulty]

    def made(rng: Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        hidden = rng.normal(size=(count, dims))
        score = hidden @ weights / np.sqrt(dims) + 0.5 * hidden[:, pair].prod(1)
        inputs = hidden.copy()
        inputs[:, ::2] = np.exp(0.7 * inputs[:, ::2]) - 1.3
        inputs[rng.random(inputs.shape) < missing] = 0.0
        return inputs, score + noise * rng.normal(size=count)

    cuts = np.quantile(made(rng, 5000)[1], np.arange(1, classes) / classes)

    def draw(rng: Generator, count: int) -> Samples:
        inputs, score = made(rng, count)
        return inputs, np.searchsorted(cuts, score)

    return Source("ordinal", "vector", classes, draw)


def survey(rng: Generator, difficulty: str) -> Source:
    """Answers (one-hot) beside skewed numbers with missing marks; rules over pairs of columns."""
    classes, columns, levels = int(rng.integers(2, 7)), int(rng.integers(3, 6)), 4
    numbers = int(rng.integers(3, 7))
    of_answers = rng.normal(size=(columns, levels, classes))
    of_numbers = rng.normal(size=(numbers, classes))
    crossed = rng.normal(size=(levels, classes)) * 1.5
    noise = {"easy": 0.15, "medium": 0.7, "hard": 1.4}[difficulty]
    bias = of_answers.mean((0, 1)) * np.sqrt(columns)

    def draw(rng: Generator, count: int) -> Samples:
        answers = rng.integers(0, levels, (count, columns))
        hidden = rng.normal(size=(count, numbers))
        score = sum(of_answers[c][answers[:, c]] for c in range(columns)) / np.sqrt(columns)
        score = score + hidden @ of_numbers / np.sqrt(numbers)
        score += crossed[answers[:, 0]] * np.sign(hidden[:, :1]) - bias
        labels = np.argmax(score + noise * rng.gumbel(size=score.shape), 1)
        gone = rng.random(hidden.shape) < 0.08
        shown = np.where(gone, 0.0, np.exp(0.6 * hidden) - 1.2)
        one_hot = np.eye(levels)[answers].reshape(count, -1) - 0.25
        return np.concatenate([one_hot, shown, gone.astype(float)], 1), labels

    return Source("survey", "vector", classes, draw)


def hierarchy(rng: Generator, difficulty: str) -> Source:
    """Classes in groups (up to 100): groups lie apart, the members of a group overlap."""
    groups, members = int(rng.choice([3, 4, 5, 8, 10])), int(rng.choice([2, 3, 4, 5, 10]))
    dims, classes = int(rng.integers(8, 25)), groups * members
    apart = {"easy": 3.2, "medium": 2.0, "hard": 1.2}[difficulty] * rng.uniform(0.85, 1.15)
    centres = np.repeat(rng.normal(size=(groups, dims)) * 1.8, members, axis=0)
    offsets = rng.normal(size=(classes, dims))
    centres = centres + offsets / np.linalg.norm(offsets, axis=1, keepdims=True) * apart
    bend = rng.normal(size=(dims, dims)) / np.sqrt(dims)

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        inputs = centres[labels] + rng.normal(size=(count, dims))
        return inputs + 0.8 * np.tanh(inputs @ bend), labels

    return Source("hierarchy", "vector", classes, draw)


def spectra(rng: Generator, difficulty: str) -> Source:
    """Spectra of 32 channels: a few peaks per class on a sloping baseline, of unequal intensity."""
    classes, channels = int(rng.choice([3, 5, 8, 12, 20, 30])), 32
    places = rng.uniform(2, channels - 2, (classes, 3))
    heights = rng.uniform(0.3, 1.2, (classes, 3))
    noise = {"easy": 0.12, "medium": 0.35, "hard": 0.6}[difficulty]
    axis = np.arange(channels)[None, None]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        place = places[labels] + rng.normal(size=(count, 1)) * 0.5
        peaks = np.exp(-0.5 * ((axis - place[:, :, None]) / 1.3) ** 2)
        height = heights[labels] * np.exp(0.35 * rng.normal(size=(count, 3)))
        shown = (height[:, :, None] * peaks).sum(1)
        shown += np.linspace(-0.5, 0.5, channels) * rng.normal(size=(count, 1))
        return shown + noise * rng.normal(size=shown.shape), labels

    return Source("spectra", "vector", classes, draw)


def codes(rng: Generator, difficulty: str) -> Source:
    """Codewords of plus and minus ones, some of the signs flipped on the way."""
    classes, length = int(rng.choice([4, 8, 16, 16])), int(rng.integers(16, 41))
    words = rng.choice([-1.0, 1.0], (classes, length))
    flips = {"easy": 0.08, "medium": 0.16, "hard": 0.24}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        signs = np.where(rng.random((count, length)) < flips, -1.0, 1.0)
        return words[labels] * signs + 0.3 * rng.normal(size=signs.shape), labels

    return Source("codes", "vector", classes, draw)


def voronoi(rng: Generator, difficulty: str) -> Source:
    """Cells around random sites in 2 to 4 dimensions, two to a class, with blurred borders."""
    classes, dims = int(rng.choice([3, 4, 6, 8, 12, 20])), int(rng.integers(2, 5))
    sites = rng.uniform(-2, 2, (2 * classes, dims))
    blur = {"easy": 0.05, "medium": 0.2, "hard": 0.4}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        inputs = rng.uniform(-2, 2, (count, dims))
        seen = inputs + blur * rng.normal(size=inputs.shape)
        distance = (sites**2).sum(1) - 2 * seen @ sites.T
        return inputs, distance.argmin(1) // 2

    return Source("voronoi", "vector", classes, draw)


def cultivars(rng: Generator, difficulty: str) -> Source:
    """scikit-learn's wines or irises drawn again and again, each time with some noise."""
    from sklearn import datasets

    loaded = (datasets.load_wine if rng.random() < 0.6 else datasets.load_iris)()
    table = (loaded.data - loaded.data.mean(0)) / loaded.data.std(0)
    noise = {"easy": 0.35, "medium": 0.8, "hard": 1.3}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        rows = rng.integers(0, len(table), count)
        return table[rows] + noise * rng.normal(size=(count, table.shape[1])), loaded.target[rows]

    return Source("cultivars", "vector", 3, draw)


def digit_sums(rng: Generator, difficulty: str) -> Source:
    """Words of digits to a base of 3 to 5 (one-hot); the label is the sum of two, modulo the base.

    Learned by heart long before it is understood.
    """
    base = int(rng.integers(3, 6))
    length = {3: 12, 4: 10, 5: 8}[base]
    active = rng.choice(length, 2, replace=False)

    def draw(rng: Generator, count: int) -> Samples:
        digits = rng.integers(0, base, (count, length))
        one_hot = np.eye(base)[digits].reshape(count, -1)
        return one_hot, digits[:, active].sum(1) % base

    return Source("digit-sums", "vector", base, draw)


def sign_product(rng: Generator, difficulty: str) -> Source:
    """The product of two signs among many that do not matter, all slightly blurred."""
    active, dims = 2, int(rng.integers(20, 36))

    def draw(rng: Generator, count: int) -> Samples:
        signs = rng.choice([-1.0, 1.0], (count, dims))
        labels = (signs[:, :active].prod(1) > 0).astype(int)
        return signs + 0.05 * rng.normal(size=signs.shape), labels

    return Source("sign-product", "vector", 2, draw)


SOURCES = {
    "ordinal": ordinal,
    "survey": survey,
    "hierarchy": hierarchy,
    "spectra": spectra,
    "codes": codes,
    "voronoi": voronoi,
    "cultivars": cultivars,
    "digit-sums": digit_sums,
    "sign-product": sign_product,
}
