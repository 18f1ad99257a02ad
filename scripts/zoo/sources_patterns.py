"""Sources of strokes, digit pairs, processes, orbits, strings with a grammar, and solids."""

from __future__ import annotations

import numpy as np

from scripts.zoo.sources import Samples, Source

Generator = np.random.Generator


def strokes(rng: Generator, difficulty: str) -> Source:
    """Characters of an invented script: each class a line through four points (12 x 12)."""
    classes, size, points = int(rng.choice([3, 5, 8, 12, 20, 30])), 12, 4
    letters = rng.uniform(-0.8, 0.8, (classes, points, 2))
    shake = {"easy": 0.08, "medium": 0.16, "hard": 0.22}[difficulty]
    noise = {"easy": 0.1, "medium": 0.35, "hard": 0.6}[difficulty]
    axis = np.linspace(-1, 1, size)
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(1, -1, 2)

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        path = letters[labels] + shake * rng.normal(size=(count, points, 2))
        path += 0.1 * rng.normal(size=(count, 1, 2))
        nearest = np.full((count, size * size), np.inf)
        for k in range(points - 1):
            start, along = path[:, None, k], path[:, None, k + 1] - path[:, None, k]
            part = ((grid - start) * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-6)
            foot = start + np.clip(part, 0, 1)[..., None] * along
            nearest = np.minimum(nearest, ((grid - foot) ** 2).sum(-1))
        images = np.exp(-nearest / 0.02).reshape(count, 1, size, size)
        return (images + noise * rng.normal(size=images.shape)) * 2 - 0.4, labels

    return Source("strokes", "image", classes, draw)


def digit_pairs(rng: Generator, difficulty: str) -> Source:
    """Two of scikit-learn's digits beside each other: which is larger, or their rough sum."""
    from sklearn.datasets import load_digits

    loaded = load_digits()
    task, classes = [("larger", 2), ("order", 3), ("sum", 4)][int(rng.integers(3))]
    noise = {"easy": 0.0, "medium": 3.0, "hard": 6.0}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        rows = rng.integers(0, len(loaded.target), (count, 2))
        first, second = loaded.target[rows].T
        if task == "sum":
            labels = (first + second) // 5
        else:
            labels = np.sign(first - second) + 1 if task == "order" else first > second
        pairs = np.concatenate([loaded.images[rows[:, 0]], loaded.images[rows[:, 1]]], -1)
        return ((pairs + noise * rng.normal(size=pairs.shape)) / 8 - 1)[:, None], labels.astype(int)

    return Source("digit-pairs", "image", classes, draw)


def processes(rng: Generator, difficulty: str) -> Source:
    """Autoregressive processes of order two, told apart by their period (48 samples)."""
    from scipy.signal import lfilter

    classes, length = int(rng.integers(2, 8)), 48
    angle = rng.permutation(np.linspace(0.15, 2.6, classes)) + rng.uniform(-0.1, 0.1, classes)
    damping = rng.uniform(
        *{"easy": (0.9, 0.97), "medium": (0.75, 0.9), "hard": (0.5, 0.8)}[difficulty]
    )

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        shocks, series = rng.normal(size=(count, length + 20)), np.empty((count, length))
        for k in range(classes):
            poles = [1.0, -2 * damping * np.cos(angle[k]), damping**2]
            series[labels == k] = lfilter([1.0], poles, shocks[labels == k], axis=1)[:, -length:]
        return (series / series.std(1, keepdims=True))[:, None], labels

    return Source("processes", "series", classes, draw)


def orbits(rng: Generator, difficulty: str) -> Source:
    """Oscillators (pendulum, van der Pol, Duffing, hunters and prey, ...) seen through noise."""
    classes, length = int(rng.integers(3, 7)), 40
    order = rng.permutation(6)[:classes]
    noise = {"easy": 0.15, "medium": 0.5, "hard": 0.9}[difficulty]

    def speeds(which: np.ndarray, x: np.ndarray, v: np.ndarray, t: float) -> list[np.ndarray]:
        forces = [
            -np.sin(1.5 * x) * 2 - 0.3 * v,
            1.5 * (1 - x**2) * v - x,
            x - x**3 - 0.1 * v,
            -4 * x,
            -x + 0.8 * np.cos(2.5 * t),
            -np.sign(x) - 0.2 * v,
        ]
        return [v, np.stack(forces)[which, np.arange(len(which))]]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        which, (x, v) = order[labels], rng.normal(size=(2, count)) * 1.2
        seen, step = np.empty((count, length)), 0.15
        for t in range(2 * length):  # midpoint rule, every second state is seen
            slope_x, slope_v = speeds(which, x, v, t * step)
            half = speeds(which, x + slope_x * step / 2, v + slope_v * step / 2, (t + 0.5) * step)
            x, v = np.clip(x + half[0] * step, -5, 5), np.clip(v + half[1] * step, -5, 5)
            seen[:, t // 2] = x
        return (seen + noise * rng.normal(size=seen.shape))[:, None], labels

    return Source("orbits", "series", classes, draw)


def _brackets(rng: Generator, count: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Balanced strings of two kinds of brackets (0, 1 open; 2, 3 close) and how deep they nest."""
    depth, deepest = np.zeros(count, int), np.zeros(count, int)
    stack, words = np.zeros((count, length), int), np.empty((count, length), int)
    keen = rng.uniform(0.3, 0.8, count)
    everyone = np.arange(count)
    for t in range(length):
        opens = (rng.random(count) < keen) & (depth < length - t)
        opens |= depth == 0
        kind = rng.integers(0, 2, count)
        above = np.maximum(depth - 1, 0)
        words[:, t] = np.where(opens, kind, 2 + stack[everyone, above])
        stack[everyone[opens], depth[opens]] = kind[opens]
        depth += np.where(opens, 1, -1)
        deepest = np.maximum(deepest, depth)
    return words, deepest


def brackets(rng: Generator, difficulty: str) -> Source:
    """Dyck words: how deep they nest, or whether one bracket was replaced; some are misprinted."""
    length, graded = 14, bool(rng.random() < 0.7)
    classes = int(rng.integers(4, 6)) if graded else 2
    misprint = {"easy": 0.01, "medium": 0.05, "hard": 0.12}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        words, deepest = _brackets(rng, count, length)
        labels = np.clip(deepest, 2, classes + 1) - 2
        if not graded:
            labels = rng.integers(0, 2, count)
            rows, place = np.flatnonzero(labels), rng.integers(0, length, count)
            step = rng.integers(1, 4, count)
            words[rows, place[rows]] = (words[rows, place[rows]] + step[rows]) % 4
        wrong = rng.random(words.shape) < misprint
        return np.where(wrong, rng.integers(0, 4, words.shape), words), labels

    return Source("brackets", "tokens", classes, draw, vocabulary=4)


def automata(rng: Generator, difficulty: str) -> Source:
    """Strings read by a random finite automaton; the label is the state it stops in."""
    classes, letters, length = int(rng.integers(3, 9)), int(rng.integers(3, 6)), 10
    table = np.stack([rng.permutation(classes) for _ in range(letters)])
    collapse = rng.random((letters, classes)) < 0.5  # else the whole string would matter
    table = np.where(collapse, rng.integers(0, classes, (letters, classes)), table)
    misprint = {"easy": 0.01, "medium": 0.05, "hard": 0.12}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        words, state = rng.integers(0, letters, (count, length)), np.zeros(count, int)
        for t in range(length):
            state = table[words[:, t], state]
        wrong = rng.random(words.shape) < misprint
        return np.where(wrong, rng.integers(0, letters, words.shape), words), state

    return Source("automata", "tokens", classes, draw, vocabulary=letters)


def solids(rng: Generator, difficulty: str) -> Source:
    """Points on spheres, cubes, rings, rods, discs and helices, turned about one axis at random."""
    classes, members = int(rng.integers(3, 7)), 20
    order = rng.permutation(6)[:classes]
    noise = {"easy": 0.05, "medium": 0.15, "hard": 0.3}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        ball = rng.normal(size=(count, members, 3))
        ball /= np.linalg.norm(ball, axis=-1, keepdims=True)
        turn, high = rng.uniform(0, 2 * np.pi, (2, count, members))
        level = high / np.pi - 1
        circle = np.stack([np.cos(turn), np.sin(turn)], -1)
        cube = ball / np.abs(ball).max(-1, keepdims=True)
        ring = np.concatenate(
            [circle * (1 + 0.25 * np.cos(high))[..., None], 0.25 * np.sin(high)[..., None]], -1
        )
        rod = np.concatenate([0.3 * circle, 1.4 * level[..., None]], -1)
        disc = np.concatenate(
            [circle * np.sqrt(np.abs(level))[..., None], 0 * level[..., None]], -1
        )
        coil = np.stack([np.cos(6 * level), np.sin(6 * level), level], -1)
        points = np.stack([ball, cube, ring, rod, disc, coil])[order[labels], np.arange(count)]
        angle = rng.uniform(0, 2 * np.pi, count)
        spin = np.tile(np.eye(3), (count, 1, 1))
        spin[:, 1, 1], spin[:, 2, 2] = np.cos(angle), np.cos(angle)
        spin[:, 1, 2], spin[:, 2, 1] = -np.sin(angle), np.sin(angle)
        points = points @ spin * np.exp(0.15 * rng.normal(size=(count, 1, 1)))
        return points + noise * rng.normal(size=points.shape), labels

    return Source("solids", "set", classes, draw)


SOURCES = {
    "strokes": strokes,
    "digit-pairs": digit_pairs,
    "processes": processes,
    "orbits": orbits,
    "brackets": brackets,
    "automata": automata,
    "solids": solids,
}
