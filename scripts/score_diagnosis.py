"""Runs the diagnosis on labelled runs and scores it; measures false alarms on healthy runs.

    python scripts/score_diagnosis.py PATH … [--ranking FILE | --cross-validate]
                                       [--scorer FILE] [--out FILE] [--calibration FILE.png]
    python scripts/score_diagnosis.py --healthy [PATH …]

Each PATH holds runs/NAME and truth.json (or several such folders). Runs go through the same
reading and diagnosis as `lossacc-gui diagnose`. With --cross-validate every generator is judged by
a ranking that was fitted without it, with --ranking by the one in that file; otherwise by
resources/ranking.json as it is. --scorer runs another scorer on the predictions (its arguments:
truth.json predictions.json). --calibration draws how far the probabilities mean what they say.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.diagnosis import diagnose, ranking
from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.finding import Diagnosis
from lossacc_gui.core.engine import read_once
from scripts.ranking import (
    boosting,
    healthy,
    reliability,
    samples,
    scoring,
    sets,
    tables,
    validation,
)


def as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The part of `diagnose --json` that is scored."""
    return {
        "verdict": [{"cause": v.cause, "probability": v.probability} for v in diagnosis.verdict],
        "findings": [
            {
                "cause": f.cause,
                "probability": f.probability,
                "split": f.split,
                "start": f.start,
                "end": f.end,
                "detected_at": f.detected_at,
            }
            for f in diagnosis.findings
        ],
    }


def judged(labelled: sets.Labelled) -> dict[str, Any]:
    """What the command line says about one run."""
    snapshot = read_once([str(labelled.folder)], time.monotonic, time.time(), OFFLINE)
    return as_json(snapshot.runs[0].diagnosis)


def cross_validated(paths: list[Path], runs: list[sets.Labelled]) -> dict[str, dict[str, Any]]:
    """Every run judged by a ranking that has seen nothing of its generator."""
    data = samples.collect(paths)
    _, temperature = validation.by_generator(data)
    said: dict[str, dict[str, Any]] = {}
    for held in validation.folds([labelled.generator for labelled in runs]):
        train = samples.Samples(tuple(s for s in data.items if s.generator not in held))
        document = boosting.document(boosting.fit(train), train, temperature)
        card = ranking.scorecard_from(document)
        ranking.fitted = lambda card=card: card  # type: ignore[assignment]
        for labelled in runs:
            if labelled.generator in held:
                said[labelled.name] = as_json(diagnose(labelled.read()))
    return said


def main() -> int:
    """Scores and prints; 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--ranking", type=Path, help="what scripts/fit_ranking.py --out wrote")
    parser.add_argument("--healthy", action="store_true")
    parser.add_argument("--repeats", type=int, default=40, help="simulated runs per cell")
    parser.add_argument("--scorer", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--calibration", type=Path, help="a picture of the calibration (PNG)")
    options = parser.parse_args()
    runs = list(sets.find(options.paths))
    if options.ranking:
        card = ranking.scorecard_from(json.loads(options.ranking.read_text("utf-8")))
        ranking.fitted = lambda: card  # type: ignore[assignment]
    if options.healthy:
        healthy.report(runs, options.repeats)
        return 0
    benign = {name for name, cause in all_causes().items() if cause.BENIGN}
    if options.cross_validate:
        said = cross_validated(options.paths, runs)
    else:
        said = {labelled.name: judged(labelled) for labelled in runs}
    rows = [scoring.score_run(r.name, r.generator, r.truth, said[r.name], benign) for r in runs]
    tables.report(rows)
    if options.calibration:
        reliability.draw(rows, options.calibration)
    if options.out:
        document = {"runs": [{"run": n.split("/", 1)[1], **s} for n, s in said.items()]}
        options.out.write_text(json.dumps(document), "utf-8")
        if options.scorer:
            truth = runs[0].folder.parent.parent / "truth.json"
            subprocess.run(
                [sys.executable, str(options.scorer), str(truth), str(options.out)], check=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
