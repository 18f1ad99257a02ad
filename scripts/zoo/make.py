"""Makes a fresh set of labelled real training runs in the zoo's format.

python scripts/zoo/make.py --out PATH --seed S --count N [--cause C ...] [--held] [--minutes M]
                           [--generator DATASET-FAMILY ...] [--workers 1]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import torch

from scripts.zoo.controls import run_plan
from scripts.zoo.labels import judge
from scripts.zoo.logs import draw_habits, truth_of, write_run
from scripts.zoo.quota import credit, next_cause
from scripts.zoo.recipes import RECIPES
from scripts.zoo.recipes_base import Choice


def attempt(seed: int, cause: str, choice: Choice) -> tuple[str, dict | None, object]:
    """One try: (what came of it, truth entry or None, (run, habits) to write)."""
    rng = np.random.default_rng([seed, 7])
    plan = RECIPES[cause](rng, choice)
    habits = draw_habits(rng)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = run_plan(plan, seed, habits.dropped)
        label = judge(run.record, plan.cause, plan.built_in)
    if label.rejected is not None:
        return f"{label.rejected} ({label.primary})", None, (run, habits)
    return label.primary, truth_of(run, label, habits), (run, habits)


def make(arguments: argparse.Namespace, worker: int) -> None:
    """Runs one worker until its count or its time is used up; truth.json grows after every run."""
    torch.set_num_threads(1)
    out = Path(arguments.out)
    out = out if arguments.workers == 1 else out.with_name(f"{out.name}-{worker}")
    out.mkdir(parents=True, exist_ok=True)
    choice = Choice(arguments.held, tuple(arguments.generator or ()))
    known = out / "truth.json"  # an interrupted set is gone on with: give it another seed
    truth: dict[str, dict] = json.loads(known.read_text()) if known.exists() else {}
    made, tried, started = Counter(), Counter(), time.monotonic()
    for entry in truth.values():
        made += credit(entry)
    rng = np.random.default_rng([arguments.seed, worker])
    seed = arguments.seed * 1_000_000 + worker * 100_000
    while len(truth) < arguments.count:
        if arguments.minutes and time.monotonic() - started > 60 * arguments.minutes:
            break
        seed += 1
        cause = next_cause(arguments.cause or list(RECIPES), made, tried, rng)
        tried[cause] += 1
        clock = time.monotonic()
        try:
            result, entry, (run, habits) = attempt(seed, cause, choice)
        except (ValueError, RuntimeError, IndexError, AssertionError) as error:
            print(f"{seed} {cause}: failed: {type(error).__name__}: {error}", flush=True)
            continue
        spent = time.monotonic() - clock
        plan = run.plan
        print(f"{seed} {spent:5.1f}s {cause} {plan.generator} {plan.note} -> {result}", flush=True)
        if entry is None:
            continue
        made += credit(entry)
        name = f"run-{int(max(truth, default='run-0000')[4:]) + 1:04d}"
        write_run(out, name, run, habits)
        truth[name] = {**entry, "seed": seed}
        partial = out / "truth.json.part"
        partial.write_text(json.dumps(truth, indent=1))
        partial.replace(out / "truth.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--cause", nargs="+", choices=list(RECIPES), help="all unless told")
    parser.add_argument(
        "--generator", nargs="+", help="patterns of DATASET-FAMILY, as in the truth"
    )
    parser.add_argument("--held", action="store_true", help="the generators that are held aside")
    parser.add_argument("--minutes", type=float, default=0.0, help="stop after so long")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.workers == 1:
        make(arguments, 0)
        return
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=make, args=(arguments, worker))
        for worker in range(arguments.workers)
    ]
    for process in workers:
        process.start()
    for process in workers:
        process.join()


if __name__ == "__main__":
    main()
