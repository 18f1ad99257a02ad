"""Trains the demo's recorded run: a small network on hard data, in NumPy alone.

`python scripts/train_demo.py [-o resources/demo/run.csv]` repeats the training to the last digit
on the same NumPy. Nothing is drawn: the curves come from gradient descent. The data are made so
that both halves of the puzzle occur in one run. A few far samples of class 1 lie deep on the other
class's side: early on, while the network is still nearly linear, serving them tilts the boundary,
so the loss improves while accuracy falls. Later the network bends, accuracy recovers, and with
400 noisy training samples it ends in overconfidence: validation loss rises, accuracy holds.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.random import Generator

FEATURES, HIDDEN, CLASSES = 16, 128, 2
TRAIN_SAMPLES, VALIDATION_SAMPLES = 400, 2000
EPOCHS, WARM_UP, BATCH, PEAK_RATE, MOMENTUM = 180, 56, 64, 0.06, 0.9
SEED = 681


def make_data(
    samples: int, wrong_labels: float, random: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (samples, FEATURES) and labels (samples,): a curved boundary and a far cluster."""
    inputs = random.normal(size=(samples, FEATURES))
    score = 1.83 * inputs[:, 0] + 1.2 * np.sin(2 * inputs[:, 1])
    labels = (score + 0.4 * random.normal(size=samples) > 0).astype(int)
    far = random.random(samples) < 0.067
    inputs[far] = 0.5 * random.normal(size=(far.sum(), FEATURES))
    inputs[far, 0] -= 5.6
    inputs[far, 2] += 1.0
    labels[far] = 1
    wrong = random.random(samples) < wrong_labels
    labels[wrong] = 1 - labels[wrong]
    return inputs, labels


class Network:
    """One hidden layer of tanh units, trained by gradient descent with momentum."""

    def __init__(self, random: Generator) -> None:
        scale = 0.484
        self.weights = [
            random.normal(size=(FEATURES, HIDDEN)) * scale / np.sqrt(FEATURES),
            np.zeros(HIDDEN),
            random.normal(size=(HIDDEN, CLASSES)) * 0.3 * scale / np.sqrt(HIDDEN),
            np.zeros(CLASSES),
        ]
        self.velocity = [np.zeros_like(w) for w in self.weights]

    def predict(self, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Hidden activations (n, HIDDEN) and class probabilities (n, CLASSES)."""
        hidden = np.tanh(inputs @ self.weights[0] + self.weights[1])
        logits = hidden @ self.weights[2] + self.weights[3]
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return hidden, exponentials / exponentials.sum(axis=1, keepdims=True)

    def step(self, inputs: np.ndarray, labels: np.ndarray, rate: float) -> np.ndarray:
        """One update on a batch; returns the probabilities before it."""
        hidden, probabilities = self.predict(inputs)
        error = probabilities.copy()
        error[np.arange(len(labels)), labels] -= 1
        error /= len(labels)
        back = (error @ self.weights[2].T) * (1 - hidden**2)
        gradients = [inputs.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]
        for weight, velocity, gradient in zip(self.weights, self.velocity, gradients, strict=True):
            velocity *= MOMENTUM
            velocity += gradient
            weight -= rate * velocity
        return probabilities


def measure(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Mean cross-entropy in nats, and accuracy as a fraction."""
    right = np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)
    return float(-np.log(right).mean()), float((probabilities.argmax(axis=1) == labels).mean())


def train() -> list[tuple[int, float, float, float, float, float]]:
    """Rows of epoch, training loss and accuracy, validation loss and accuracy, learning rate."""
    random = np.random.default_rng(SEED)
    inputs, labels = make_data(TRAIN_SAMPLES, 0.02, random)
    unseen, truth = make_data(VALIDATION_SAMPLES, 0.0, random)
    network = Network(random)
    rows = []
    for epoch in range(1, EPOCHS + 1):
        rate = PEAK_RATE * min(1.0, (epoch / WARM_UP) ** 2)
        order = random.permutation(TRAIN_SAMPLES)
        seen = np.empty((TRAIN_SAMPLES, CLASSES))
        for start in range(0, TRAIN_SAMPLES, BATCH):
            batch = order[start : start + BATCH]
            seen[batch] = network.step(inputs[batch], labels[batch], rate)
        validation = measure(network.predict(unseen)[1], truth)
        rows.append((epoch, *measure(seen, labels), *validation, rate))
    return rows


def main() -> None:
    """Trains and writes the log."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parent.parent / "resources" / "demo" / "run.csv"
    parser.add_argument("-o", "--output", type=Path, default=default)
    output = parser.parse_args().output
    with output.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = ("epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr")
        writer.writerow(names)
        writer.writerows([row[0], *(f"{value:.6f}" for value in row[1:])] for row in train())


if __name__ == "__main__":
    main()
