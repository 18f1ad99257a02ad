"""What is done to data on purpose: wrong labels, shifted inputs, changed tasks, augmentation."""

from __future__ import annotations

import torch

from scripts.zoo.data import Split


def wrong_labels(labels: torch.Tensor, classes: int, kind: str, rate: float) -> torch.Tensor:
    """Labels of which a share is wrong: `sym` to any other class, `asym` to the next one."""
    wrong = torch.rand(len(labels)) < rate
    step = torch.ones_like(labels) if kind == "asym" else torch.randint_like(labels, 1, classes)
    return torch.where(wrong, (labels + step) % classes, labels)


def shuffled(labels: torch.Tensor, share: float) -> torch.Tensor:
    """Labels of which a share is dealt out anew among the samples."""
    chosen = torch.nonzero(torch.rand(len(labels)) < share)[:, 0]
    result = labels.clone()
    result[chosen] = labels[chosen[torch.randperm(len(chosen))]]
    return result


class Shift:
    """A fixed change of the input distribution, applied alike to every split it is given."""

    def __init__(self, kind: str, strength: float, sample: torch.Tensor, vocabulary: int) -> None:
        self.kind, self.strength, self.vocabulary = kind, strength, vocabulary
        self.direction = torch.randn_like(sample[:1].float())
        self.direction /= self.direction.square().mean().sqrt()
        self.dead = torch.rand_like(self.direction) < strength
        self.letters = torch.randperm(vocabulary) if vocabulary else torch.zeros(1)

    def __call__(self, split: Split) -> Split:
        x = split.x
        if self.vocabulary:
            wrong = torch.rand(x.shape) < self.strength
            x = torch.where(wrong, torch.randint_like(x, 0, self.vocabulary), x)
        elif self.kind == "noise":
            x = x + self.strength * torch.randn_like(x) * x.std()
        elif self.kind == "mean":
            x = x + self.strength * self.direction * x.std()
        elif self.kind == "scale":
            x = x * (1 + self.strength)
        elif self.kind == "drop":
            x = torch.where(self.dead, torch.zeros_like(x), x)
        elif self.kind == "roll":
            x = torch.roll(x, max(1, round(self.strength * 4)), dims=-1)
        return Split(x, split.y)


def changed(split: Split, kind: str, strength: float, order: torch.Tensor, shift: Shift) -> Split:
    """The data after a change mid-run: classes renamed, inputs shifted, or columns permuted."""
    if kind == "relabel":
        return Split(split.x, order[split.y])
    if kind == "flip":
        return Split(split.x.flip(-1), split.y)
    return shift(split)


def augment(x: torch.Tensor, strengths: dict[str, float], vocabulary: int) -> torch.Tensor:
    """A batch made harder: noise, random roll, erased parts, replaced tokens."""
    if vocabulary:
        rate = strengths.get("noise", 0.0) * 0.35
        wrong = torch.rand(x.shape) < rate
        return torch.where(wrong, torch.randint_like(x, 0, vocabulary), x) if rate else x
    if "noise" in strengths:
        x = x + strengths["noise"] * torch.randn_like(x)
    if "erase" in strengths:
        x = x * (torch.rand_like(x) >= strengths["erase"])
    if "roll" in strengths:
        reach = int(strengths["roll"])
        x = torch.roll(x, int(torch.randint(-reach, reach + 1, (1,))), dims=-1)
    return x
