"""Sources of images, series, token sequences, sets and graphs, drawn procedurally."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from scripts.zoo.sources import Samples, Source

Generator = np.random.Generator


def _warp(images: np.ndarray, rng: Generator, strength: float) -> np.ndarray:
    """Images (n, h, w) turned, scaled, slanted and moved at random."""
    count = len(images)
    angle = rng.normal(size=count) * 0.25 * strength
    zoom = np.exp(rng.normal(size=count) * 0.12 * strength)
    matrix = np.zeros((count, 2, 3))
    matrix[:, 0, 0], matrix[:, 1, 1] = np.cos(angle) / zoom, np.cos(angle) / zoom
    matrix[:, 0, 1] = -np.sin(angle) + rng.normal(size=count) * 0.12 * strength
    matrix[:, 1, 0] = np.sin(angle)
    matrix[:, :, 2] = rng.normal(size=(count, 2)) * 0.12 * strength
    tensor = torch.as_tensor(images[:, None]).float()
    shape = [count, 1, *images.shape[1:]]
    grid = functional.affine_grid(torch.as_tensor(matrix).float(), shape, align_corners=False)
    return functional.grid_sample(tensor, grid, align_corners=False).numpy()[:, 0]


def _glyph(character: str, size: int) -> np.ndarray:
    from PIL import Image, ImageDraw, ImageFont

    canvas = Image.new("L", (4 * size, 4 * size), 0)
    pen = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(size=3.2 * size)
    pen.text((2 * size, 2 * size), character, fill=255, font=font, anchor="mm")
    return np.asarray(canvas.resize((size, size), Image.Resampling.BILINEAR), float) / 255


def glyphs(rng: Generator, difficulty: str) -> Source:
    """Letters and digits of Pillow's own font, warped and in noise (12 x 12)."""
    classes = int(rng.choice([5, 10, 20, 36]))
    letters = rng.permutation(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))[:classes]
    stencils = np.stack([_glyph(letter, 12) for letter in letters])
    noise = {"easy": 0.15, "medium": 0.4, "hard": 0.7}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        images = _warp(stencils[labels], rng, 1.0)
        images = images + noise * rng.normal(size=images.shape)
        return (images[:, None] - 0.3) * 2, labels

    return Source("glyphs", "image", classes, draw)


def shapes(rng: Generator, difficulty: str) -> Source:
    """Discs, squares, triangles, crosses, bars and rings of random size and place (12 x 12)."""
    classes, size = int(rng.integers(3, 7)), 12
    noise = {"easy": 0.15, "medium": 0.45, "hard": 0.8}[difficulty]
    axis = np.linspace(-1, 1, size)
    grid_y, grid_x = np.meshgrid(axis, axis, indexing="ij")

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        x = grid_x[None] - rng.uniform(-0.3, 0.3, (count, 1, 1))
        y = grid_y[None] - rng.uniform(-0.3, 0.3, (count, 1, 1))
        r = rng.uniform(0.35, 0.65, (count, 1, 1))
        near = np.minimum(np.abs(x), np.abs(y)) < 0.17
        box = np.maximum(np.abs(x), np.abs(y)) < r
        disc = np.hypot(x, y) < r
        drawn = np.stack(
            [
                disc,
                box,
                (y < r) & (np.abs(x) < (y + r) / 2 + 0.05),
                near & box,
                box & (np.abs(y) < 0.25 * r + 0.08),
                disc & (np.hypot(x, y) > 0.6 * r),
            ]
        )
        images = drawn[labels, np.arange(count)] * rng.uniform(0.6, 1.2, (count, 1, 1))
        return (images + noise * rng.normal(size=images.shape))[:, None] * 1.5 - 0.4, labels

    return Source("shapes", "image", classes, draw)


def textures(rng: Generator, difficulty: str) -> Source:
    """Gratings told apart by direction and pitch, of any phase (10 x 10)."""
    classes, size = int(rng.integers(4, 11)), 10
    direction = rng.permutation(classes) * np.pi / classes
    pitch = rng.uniform(2.0, 4.5, classes)
    noise = {"easy": 0.4, "medium": 1.0, "hard": 1.6}[difficulty]
    axis = np.linspace(-1, 1, size)
    grid_y, grid_x = np.meshgrid(axis, axis, indexing="ij")

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        angle = (direction[labels] + rng.normal(size=count) * 0.06)[:, None, None]
        along = np.cos(angle) * grid_x + np.sin(angle) * grid_y
        phase = rng.uniform(0, 2 * np.pi, (count, 1, 1))
        images = np.sin(pitch[labels][:, None, None] * along * 2 + phase)
        return (images + noise * rng.normal(size=images.shape))[:, None], labels

    return Source("textures", "image", classes, draw)


def digit_images(rng: Generator, difficulty: str) -> Source:
    """scikit-learn's 8 x 8 handwritten digits as images."""
    from sklearn.datasets import load_digits

    loaded = load_digits()
    noise = {"easy": 0.0, "medium": 4.0, "hard": 7.0}[difficulty]
    inputs = (loaded.images + noise * rng.normal(size=loaded.images.shape)) / 8 - 1
    return Source("digit-images", "image", 10, pool=(inputs[:, None], loaded.target))


def waves(rng: Generator, difficulty: str) -> Source:
    """Sines, squares, saws, chirps, bursts and beats of random pitch and phase (48 samples)."""
    classes, length = int(rng.integers(3, 7)), 48
    noise = {"easy": 0.15, "medium": 0.5, "hard": 0.9}[difficulty]
    time = np.linspace(0, 1, length)[None]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        pitch, phase = rng.uniform(2, 5, (count, 1)), rng.uniform(0, 2 * np.pi, (count, 1))
        turn = 2 * np.pi * pitch * time + phase
        drawn = np.stack(
            [
                np.sin(turn),
                np.sign(np.sin(turn)),
                turn / np.pi % 2 - 1,
                np.sin(turn * (0.5 + time)),
                np.sin(turn * 2) * np.exp(-30 * (time - rng.uniform(0.2, 0.8, (count, 1))) ** 2),
                np.sin(turn) * np.sin(1.3 * turn + 1),
            ]
        )
        series = drawn[labels, np.arange(count)]
        return (series + noise * rng.normal(size=series.shape))[:, None], labels

    return Source("waves", "series", classes, draw)


def heartbeats(rng: Generator, difficulty: str) -> Source:
    """Beats made of bumps whose height, width or timing tells the class (40 samples)."""
    classes, length = int(rng.integers(2, 6)), 40
    places = np.array([0.2, 0.42, 0.5, 0.58, 0.78])
    heights = np.array([0.3, -0.3, 1.6, -0.5, 0.5]) + rng.normal(size=(classes, 5)) * 0.35
    widths = np.array([0.05, 0.02, 0.025, 0.03, 0.07]) * np.exp(
        rng.normal(size=(classes, 5)) * 0.25
    )
    noise = {"easy": 0.12, "medium": 0.35, "hard": 0.7}[difficulty]
    time = np.linspace(0, 1, length)[None, None]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        place = places + rng.normal(size=(count, 1)) * 0.03
        bumps = np.exp(-0.5 * ((time - place[:, :, None]) / widths[labels][:, :, None]) ** 2)
        series = (heights[labels][:, :, None] * bumps).sum(1)
        series += rng.normal(size=(count, 1)) * 0.3 + noise * rng.normal(size=series.shape)
        return series[:, None], labels

    return Source("heartbeats", "series", classes, draw)


def small_digits_1d(rng: Generator, difficulty: str) -> Source:
    """mnist1d: ten smooth templates, shifted, scaled, in correlated noise (package mnist1d)."""
    from mnist1d.data import get_dataset_args, make_dataset

    args = get_dataset_args()
    args.num_samples, args.train_split, args.seed = 9000, 0.99, int(rng.integers(1 << 30))
    scale = {"easy": 0.3, "medium": 0.8, "hard": 1.5}[difficulty]
    args.corr_noise_scale, args.iid_noise_scale = 0.25 * scale, 0.02 * scale
    made = make_dataset(args)
    return Source("mnist1d", "series", 10, pool=(made["x"][:, None], np.asarray(made["y"])))


def motifs(rng: Generator, difficulty: str) -> Source:
    """Letter sequences that hold one of several short motifs, with misprints."""
    classes, length, letters, width = int(rng.integers(2, 7)), 20, 4, 6
    patterns = rng.integers(0, letters, (classes, width))
    misprint = {"easy": 0.02, "medium": 0.15, "hard": 0.3}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        inputs = rng.integers(0, letters, (count, length))
        start = rng.integers(0, length - width + 1, count)
        found = patterns[labels]
        wrong = rng.random(found.shape) < misprint
        found = np.where(wrong, rng.integers(0, letters, found.shape), found)
        inputs[np.arange(count)[:, None], start[:, None] + np.arange(width)] = found
        return inputs, labels

    return Source("motifs", "tokens", classes, draw, vocabulary=letters)


def markov_tokens(rng: Generator, name: str, difficulty: str, hidden: int) -> Source:
    """Sequences from one chain per class; with hidden states, only their emissions are seen."""
    classes, length, letters = int(rng.integers(2, 7)), 24, 6
    sharp = {"easy": 0.25, "medium": 0.6, "hard": 1.2}[difficulty]
    states = hidden or letters
    steps = rng.dirichlet(np.full(states, sharp), (classes, states)).cumsum(-1)
    shown = rng.dirichlet(np.full(letters, 0.3), (classes, states)).cumsum(-1)

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        state = rng.integers(0, states, count)
        inputs = np.empty((count, length), int)
        for t in range(length):
            uniform = rng.random((count, 1))
            state = np.minimum((uniform > steps[labels, state]).sum(1), states - 1)
            seen = (rng.random((count, 1)) > shown[labels, state]).sum(1)
            inputs[:, t] = np.minimum(seen, letters - 1) if hidden else state
        return inputs, labels

    return Source(name, "tokens", classes, draw, vocabulary=letters)


def hidden_markov(rng: Generator, difficulty: str) -> Source:
    """Sequences of a hidden Markov model per class."""
    return markov_tokens(rng, "hmm", difficulty, hidden=3)


def modular(rng: Generator, difficulty: str) -> Source:
    """All pairs (a, b) of a modular sum or product: the classic of delayed generalisation."""
    modulus = int(rng.choice([29, 31, 37]))
    first, second = (grid.ravel() for grid in np.meshgrid(np.arange(modulus), np.arange(modulus)))
    labels = (first + second) % modulus
    return Source(
        "modular",
        "tokens",
        modulus,
        pool=(np.stack([first, second], 1), labels),
        vocabulary=modulus,
    )


def clouds(rng: Generator, difficulty: str) -> Source:
    """Sets of points; the class is how the cloud is spread, not where it lies (16 members)."""
    classes, members, dims = int(rng.integers(3, 7)), 16, 3
    factors = rng.normal(size=(classes, dims, dims)) * 0.7 + np.eye(dims)
    noise = {"easy": 0.1, "medium": 0.6, "hard": 1.2}[difficulty]

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        points = rng.normal(size=(count, members, dims)) @ factors[labels]
        points += rng.normal(size=(count, 1, dims)) * 0.5
        return points + noise * rng.normal(size=points.shape), labels

    return Source("clouds", "set", classes, draw)


def graphs(rng: Generator, difficulty: str) -> Source:
    """Random graphs of 12 nodes: one, two or three communities, hubs, rings (adjacency, degree)."""
    classes, nodes = int(rng.integers(2, 6)), 12
    blur = {"easy": 0.03, "medium": 0.12, "hard": 0.2}[difficulty]
    place = np.arange(nodes)
    ring = np.abs(place[:, None] - place[None]) % (nodes - 2) <= 2
    chances = np.stack(
        [
            np.full((nodes, nodes), 0.3),
            np.where(place[:, None] // 6 == place[None] // 6, 0.6, 0.04),
            np.where(ring, 0.65, 0.1),
            np.where((place[:, None] < 2) | (place[None] < 2), 0.75, 0.12),
            np.where(place[:, None] // 4 == place[None] // 4, 0.85, 0.08),
        ]
    )
    chances = (1 - 3 * blur) * chances + 3 * blur * 0.3

    def draw(rng: Generator, count: int) -> Samples:
        labels = rng.integers(0, classes, count)
        upper = np.triu(rng.random((count, nodes, nodes)) < chances[labels], 1)
        joined = (upper | upper.transpose(0, 2, 1)).astype(float)
        degree = joined.sum(-1, keepdims=True) / 4 - 1
        return np.concatenate([joined, degree, np.ones_like(degree)], -1), labels

    return Source("graphs", "graph", classes, draw)


SOURCES = {
    "glyphs": glyphs,
    "shapes": shapes,
    "textures": textures,
    "digit-images": digit_images,
    "waves": waves,
    "heartbeats": heartbeats,
    "mnist1d": small_digits_1d,
    "motifs": motifs,
    "hmm": hidden_markov,
    "modular": modular,
    "clouds": clouds,
    "graphs": graphs,
}
