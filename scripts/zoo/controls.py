"""Runs a plan and prepares its control runs, each trained only when a criterion asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch

from scripts.zoo import (
    measures,
    sources_mixed,
    sources_patterns,
    sources_signals,
    sources_tables,
    sources_vectors,
)
from scripts.zoo.building import capable
from scripts.zoo.corrupt import Shift
from scripts.zoo.data import Split, Task, make_task, standardise
from scripts.zoo.losses import Objective
from scripts.zoo.oracle import Oracle
from scripts.zoo.plan import Loss, Plan, Schedule, priors_for
from scripts.zoo.record import Controls, Facts, Record
from scripts.zoo.sources import Source
from scripts.zoo.train import Prepared, Trained, Trainer, prepare

SOURCES = (
    sources_vectors.SOURCES
    | sources_tables.SOURCES
    | sources_signals.SOURCES
    | sources_patterns.SOURCES
    | sources_mixed.SOURCES
)


@dataclass
class Run:
    """A finished run: its plan, data, training and what the criteria may look at."""

    plan: Plan
    task: Task
    trained: Trained
    record: Record
    validation_majority: float


def seed_everything(seed: int) -> None:
    torch.manual_seed(seed)
    np.random.seed(seed % 2**32)


def _train(plan: Plan, data: Prepared, seed: int, brief: bool) -> Trained:
    seed_everything(seed)
    sample = data.task.oracle
    unshifted = None
    if data.shift is not None:
        unshifted, sample = sample, data.shift(sample)
    oracle = Oracle(
        sample,
        Split(data.task.train.x, data.given),
        data.task.train.y,
        data.objective,
        brief=brief,
        unshifted=unshifted,
        labels_shuffled=plan.shuffle_labels > 0,
        batch_norm=plan.arch.batch_norm,
    )
    return Trainer(plan, data, oracle).run()


class ControlRuns:
    """The control runs of one plan on its own data."""

    def __init__(self, plan: Plan, data: Prepared, seed: int) -> None:
        self.plan, self.data, self.seed = plan, data, seed

    def _clean_data(self) -> Prepared:
        task = self.data.task
        plain = Objective(Loss())
        return replace(self.data, given=task.train.y, shift=None, objective=plain)

    def reference(self) -> float | None:
        """Best oracle accuracy over the epochs of a capable model on the same training data."""
        plan, task = self.plan, self.data.task
        steps = max(1, len(task.train) // 64)
        epochs = int(np.clip(800 // steps, 8, 30))
        control = Plan(
            "reference",
            "",
            plan.source,
            plan.difficulty,
            capable(task.source.kind, plan.arch.family),
            plan.sizes,
            epochs,
            "adam",
            3e-3,
            64,
            1e-5,
            Schedule("cosine"),
        )
        trained = _train(control, self._clean_data(), self.seed + 1, brief=True)
        return float(trained.oracle["acc"].max())

    def clean_labels(self) -> np.ndarray | None:
        """Oracle accuracy of the same run with clean labels."""
        if self.plan.noise[0] == "none":
            return None
        data = replace(self.data, given=self.data.task.train.y)
        return _train(self.plan, data, self.seed, brief=True).oracle["acc"]

    def slow(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The same run at a fifteenth of the learning rate."""
        plan = replace(self.plan, rate=self.plan.rate / 15)
        trained = _train(plan, self.data, self.seed, brief=True)
        return trained.logged["train_loss"], trained.oracle["train_loss_clean"]

    def unchanged(self) -> np.ndarray | None:
        """The same run without learning-rate changes."""
        plan = replace(self.plan, schedule=self.plan.schedule.without_changes())
        return _train(plan, self.data, self.seed, brief=True).logged["train_loss"]

    def lazily(self) -> Controls:
        return Controls(
            cache(self.reference),
            cache(self.clean_labels),
            cache(self.slow),
            cache(self.unchanged),
        )


def make_source(plan: Plan, rng: np.random.Generator) -> Source:
    return SOURCES[plan.source](rng, plan.difficulty)


STRENGTHS = {  # weak to strong, by kind of shift
    "drop": np.linspace(0.05, 0.7, 14),
    "roll": np.arange(1, 13) / 4,
}


def aimed(plan: Plan, task: Task, seed: int) -> Plan:
    """The plan with its shift as strong as costs a briefly trained model the wanted accuracy."""
    brief = replace(plan, shift=("none", 0.0), epochs=min(plan.epochs, 10))
    seed_everything(seed)
    oracle = Oracle(task.oracle, task.train, task.train.y, Objective(plan.loss), brief=True)
    trainer = Trainer(brief, prepare(brief, task), oracle)
    trainer.run()
    trainer.model.eval()
    strengths = STRENGTHS.get(plan.shift[0], np.linspace(0.1, 2.5, 17))
    vocabulary = task.source.vocabulary
    if vocabulary:
        strengths = np.linspace(0.02, 0.6, 15)
    lost = []
    for strength in strengths:
        seed_everything(seed)  # the same direction, or the same columns and more
        shifted = Shift(plan.shift[0], float(strength), task.train.x, vocabulary)(task.oracle)
        with torch.no_grad():
            right = [(trainer.model(s.x).argmax(1) == s.y).float() for s in (task.oracle, shifted)]
        lost.append(float(right[0].mean() - right[1].mean()))
    best = int(np.argmin(np.abs(np.array(lost) - plan.shift_gap)))
    return replace(plan, shift=(plan.shift[0], float(strengths[best])))


def run_plan(plan: Plan, seed: int, dropped: tuple[str, ...]) -> Run:
    """Makes the data, trains the plan and measures it; controls wait until they are asked for."""
    rng = np.random.default_rng(seed)
    seed_everything(seed)
    source = make_source(plan, rng)
    task = make_task(source, rng, plan.sizes, priors_for(plan.majority, source.classes, rng))
    standardise(task)
    if plan.shift_gap:
        plan = aimed(plan, task, seed)
        seed_everything(seed)
    data = prepare(plan, task)
    trained = _train(plan, data, seed, brief=False)
    shares = torch.bincount(task.oracle.y, minlength=task.classes).float() / len(task.oracle)
    validation = torch.bincount(task.validation.y, minlength=task.classes).float()
    noise = 0.0 if plan.noise[0] == "none" else float((data.given != task.train.y).float().mean())
    facts = Facts(
        classes=task.classes,
        validation_size=len(task.validation),
        oracle_size=len(task.oracle),
        majority_share=float(shares.max()),
        prior_entropy=measures.entropy(shares.numpy()),
        noise_rate=noise,
        labels_are_noise=plan.shuffle_labels > 0 or plan.empty_features,
        shifted=data.shift is not None,
        batch_norm=plan.arch.batch_norm,
        plain_loss=data.objective.plain,
        change_epoch=plan.change.epoch if plan.change else None,
        dropped=dropped,
    )
    controls = ControlRuns(plan, data, seed).lazily()
    record = Record(trained.logged, trained.oracle, trained.rows, facts, controls)
    return Run(plan, task, trained, record, float(validation.max() / validation.sum()))
