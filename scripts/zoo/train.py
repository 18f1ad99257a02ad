"""Trains one plan by real gradient descent and logs it the way a trainer would."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from scripts.zoo.building import build
from scripts.zoo.corrupt import Shift, augment, changed, shuffled, wrong_labels
from scripts.zoo.data import Split, Task
from scripts.zoo.losses import Objective
from scripts.zoo.optimisers import Optimiser
from scripts.zoo.oracle import Oracle
from scripts.zoo.plan import Event, Plan

MEASURED_ROWS = 300  # a longer run is measured at fewer epochs


@dataclass
class Prepared:
    """A plan's data with everything done to them, so that controls train on the same."""

    task: Task
    given: torch.Tensor  # the training labels as given to the trainer
    objective: Objective
    shift: Shift | None
    change_order: torch.Tensor
    change_shift: Shift


@dataclass
class Trained:
    """Logged curves per epoch, rows per step for step logs, and the oracle's table."""

    logged: dict[str, np.ndarray]
    steps: list[tuple[int, int, float, float, float]]
    oracle: dict[str, np.ndarray]
    rows: np.ndarray
    steps_per_epoch: int


def prepare(plan: Plan, task: Task) -> Prepared:
    """Corrupts labels and features as planned and fixes the random choices of shifts."""
    given = task.train.y
    if plan.noise[0] != "none":
        given = wrong_labels(given, task.classes, *plan.noise)
    if plan.shuffle_labels:
        given = shuffled(given, plan.shuffle_labels)
    if plan.empty_features:
        for split in (task.train, task.validation, task.oracle):
            split.x = split.x[torch.randperm(len(split))]
    weights = None
    if plan.loss.kind == "weighted":
        counts = torch.bincount(given, minlength=task.classes).clamp_min(1).float()
        weights = (counts.sum() / counts) ** plan.loss.strength
        weights = weights / (weights * counts).sum() * counts.sum()
    vocabulary = task.source.vocabulary
    shift = None
    if plan.shift[0] != "none":
        shift = Shift(*plan.shift, task.train.x, vocabulary)
    strength = plan.change.strength if plan.change else 0.0
    return Prepared(
        task,
        given,
        Objective(plan.loss, weights),
        shift,
        torch.roll(torch.arange(task.classes), 1),
        Shift("mean", strength, task.train.x, vocabulary),
    )


def make_model(plan: Plan, task: Task) -> nn.Module:
    shape = tuple(task.train.x.shape[1:])
    model = build(plan.arch, task.source.kind, shape, task.source.vocabulary, task.classes)
    if plan.initial_scale != 1.0:
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.mul_(plan.initial_scale)
    if plan.prior_bias:  # as often advised: the last bias starts at the classes' log shares
        counts = torch.bincount(task.train.y, minlength=task.classes).clamp_min(1)
        with torch.no_grad():
            list(model.parameters())[-1].copy_(torch.log(counts / counts.sum()))
    if plan.broken == "dead":  # every hidden unit starts far below zero
        kinds = nn.Linear | nn.Conv1d | nn.Conv2d
        layers = [module for module in model.modules() if isinstance(module, kinds)]
        with torch.no_grad():
            for layer in layers[:-1]:
                layer.bias.fill_(-25.0)
    return model


class Trainer:
    """One run: call run() once."""

    def __init__(self, plan: Plan, data: Prepared, oracle: Oracle) -> None:
        self.plan, self.data, self.oracle = plan, data, oracle
        self.task, self.objective = data.task, data.objective
        self.train = Split(self.task.train.x, data.given)
        if plan.broken == "scaled":
            self.train = Split(self.train.x * 1e-6, self.train.y)
            oracle.use_train(self.train, self.task.train.y)
            oracle.sample = Split(oracle.sample.x * 1e-6, oracle.sample.y)
        self.validation = data.shift(self.task.validation) if data.shift else self.task.validation
        self.model = make_model(plan, self.task)
        self.optimiser = Optimiser(
            plan.optimiser, self.model, plan.decay, only_last=plan.broken == "frozen"
        )
        self.steps_per_epoch = max(1, math.ceil(len(self.train) / plan.batch))
        self.logged: dict[str, list[float]] = {}
        self.steps: list[tuple[int, int, float, float, float]] = []
        self.gradient = 0.0
        self.overshoot: list[bool] = []

    def run(self) -> Trained:
        measured = measured_epochs(self.plan.epochs)
        every = max(1, len(measured) // 25)
        for epoch in range(self.plan.epochs):
            self._before(epoch)
            self._epoch(epoch)
            self._validate()
            if epoch in measured:
                extra = {"grad_norm": self.gradient}
                overshot = float(np.mean(self.overshoot)) if self.overshoot else float("nan")
                extra["overshoot"] = overshot
                row = len(self.oracle.rows)
                last = epoch >= self.plan.epochs - 4
                self.oracle.measure(self.model, epoch, row < 2 or row % every == 0 or last, extra)
        logged = {name: np.array(values) for name, values in self.logged.items()}
        rows = np.array(self.oracle.rows)
        return Trained(logged, self.steps, self.oracle.columns(), rows, self.steps_per_epoch)

    def _log(self, name: str, value: float) -> None:
        self.logged.setdefault(name, []).append(value)

    def _event(self, kind: str, epoch: int) -> Event | None:
        return next((e for e in self.plan.events if e.kind == kind and e.epoch == epoch), None)

    def _before(self, epoch: int) -> None:
        """What happens between epochs: kicks, changed data, labels dealt anew."""
        if kick := self._event("kick", epoch):
            with torch.no_grad():
                for parameter in self.model.parameters():
                    noise = torch.randn_like(parameter) * kick.strength
                    parameter.add_(noise * parameter.std(correction=0))
        change = self.plan.change
        if change and change.epoch == epoch:
            order, shift = self.data.change_order, self.data.change_shift
            arguments = (change.kind, change.strength, order, shift)
            self.train = changed(self.train, *arguments)
            self.oracle.use_train(self.train, self.train.y)
            if self.plan.change_validation:
                self.validation = changed(self.validation, *arguments)
                self.oracle.sample = changed(self.oracle.sample, *arguments)
        if self.plan.broken == "dealt":
            self.train = Split(self.train.x, shuffled(self.task.train.y, 1.0))

    def _rate(self, epoch: int, step: int) -> float:
        part = 0.0 if self.plan.schedule.shape == "constant" else step / self.steps_per_epoch
        rate = self.plan.rate * self.plan.schedule.rate(epoch + part, self.plan.epochs)
        for event in self.plan.events:
            jolt = event.kind == "lr" and event.epoch == epoch and step < 6
            if jolt or (event.kind == "diverge" and epoch >= event.epoch):
                rate *= event.strength
        return rate

    def _batch(self, rows: torch.Tensor, epoch: int) -> tuple[torch.Tensor, torch.Tensor]:
        x, y = self.train.x[rows], self.train.y[rows]
        if self.plan.regularise:
            x = augment(x, self.plan.regularise, self.task.source.vocabulary)
        if (event := self._event("inputs", epoch)) and not self.task.source.vocabulary:
            x = x * event.strength
        if event := self._event("labels", epoch):
            wrong = torch.rand(len(y)) < event.strength
            y = torch.where(wrong, y[torch.randperm(len(y))], y)
        return x, y

    def _epoch(self, epoch: int) -> None:
        plan, size = self.plan, len(self.train)
        order = torch.randperm(size)
        losses, rights, weights = [], [], []
        self.overshoot = []
        probes = {0, self.steps_per_epoch // 3, self.steps_per_epoch // 2, self.steps_per_epoch - 1}
        self.model.train()
        for step in range(self.steps_per_epoch):
            rows = order[step * plan.batch : (step + 1) * plan.batch]
            if len(rows) < 2 and step:
                continue
            rate = self._rate(epoch, step)
            probe = not self.oracle.brief and step in probes
            loss, right = self._step(*self._batch(rows, epoch), epoch, step, rate, probe)
            losses.append(loss)
            rights.append(right / len(rows))
            weights.append(len(rows))
            if not self.oracle.brief:
                self.steps.append((epoch, step, loss, rights[-1], rate))
        weight = np.ones(len(weights)) if plan.validation_batchmean else np.array(weights, float)
        self._log("train_loss", float(np.average(losses, weights=weight)))
        self._log("train_accuracy", float(np.average(rights, weights=weight)))
        self._log("lr", rate)

    def _step(
        self,
        x: torch.Tensor,
        y: torch.Tensor,
        epoch: int,
        step: int,
        rate: float,
        probe: bool,
    ) -> tuple[float, float]:
        """One step of the optimiser: (loss, right answers) of the batch before it."""
        mixup = self.plan.regularise.get("mixup", 0.0)
        if mixup:
            share = float(np.random.beta(mixup, mixup))
            other = torch.randperm(len(y))
            logits = self.model(share * x + (1 - share) * x[other])
            loss = share * self.objective(logits, y, self.model)
            loss = loss + (1 - share) * self.objective(logits, y[other], self.model)
        else:
            logits = self.model(x)
            loss = self.objective(logits, y, self.model)
        right = float((logits.argmax(1) == y).sum())
        if self._event("nanbatch", epoch) and step == self.steps_per_epoch // 2:
            loss = loss * float("nan")
        if self._event("transient", epoch) and step == self.steps_per_epoch // 2:
            return float("nan"), right  # as a loss scaler would, the step is left out
        self.optimiser.clear()
        loss.backward()
        if step == self.steps_per_epoch - 1:
            self.gradient = self.optimiser.norm()
        self.optimiser.step(rate)
        value = float(loss.detach())
        if probe and not mixup:
            with torch.no_grad():
                self.overshoot.append(float(self.objective(self.model(x), y, self.model)) > value)
        return value, right

    @torch.no_grad()
    def _validate(self) -> None:
        plan, split = self.plan, self.validation
        if plan.fresh_validation:
            split = self.task.fresh(plan.sizes[1])
            split = self.data.shift(split) if self.data.shift else split
        if plan.broken == "scaled":
            split = Split(split.x * 1e-6, split.y)
        self.model.eval()
        size = plan.batch if plan.validation_batchmean else 2048
        losses, rights, weights = [], [], []
        for start in range(0, len(split), size):
            x, y = split.x[start : start + size], split.y[start : start + size]
            logits = self.model(x)
            losses.append(float(self.objective(logits, y, self.model)))
            rights.append(float((logits.argmax(1) == y).float().mean()))
            weights.append(len(y))
        weight = np.ones(len(weights)) if plan.validation_batchmean else np.array(weights, float)
        self._log("val_loss", float(np.average(losses, weights=weight)))
        self._log("val_accuracy", float(np.average(rights, weights=weight)))
        self.model.train()


def measured_epochs(epochs: int) -> frozenset[int]:
    """Every epoch up to 300; a longer run's first 60 and then evenly spread ones."""
    if epochs <= MEASURED_ROWS:
        return frozenset(range(epochs))
    rest = np.linspace(60, epochs - 1, MEASURED_ROWS - 60).round().astype(int)
    return frozenset(range(60)) | frozenset(int(e) for e in rest)
