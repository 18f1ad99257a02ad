"""Fits the scorecard of the ranking on labelled real runs and writes resources/ranking.json.

    python scripts/fit_ranking.py PATH …  [--out FILE] [--no-cv]

Each PATH is a folder with runs/NAME/… and truth.json (the format of the zoo). Every run enters
whole, cut short at several places (labelled healthy while nothing of its cause was visible yet),
and with curves left out. Probabilities are tempered by cross-validation over generators
(dataset × model), never over runs, and the cross-validated figures go into the file.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.ranking import boosting, samples, validation

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Reads, validates, fits, writes; prints what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "ranking.json")
    parser.add_argument("--no-cv", action="store_true")
    options = parser.parse_args()
    data = samples.collect(options.paths)
    print(f"{len(data.labels)} samples of {len(set(data.runs))} runs", flush=True)
    figures: dict[str, float] = {}
    temperature = 1.0
    if not options.no_cv:
        figures, temperature = validation.by_generator(data)
        print(json.dumps(figures, indent=1))
    card = boosting.fit(data)
    document = boosting.document(card, data, temperature)
    document["provenance"] = {
        "fitted_by": "scripts/fit_ranking.py",
        "sets": sorted({run.split("/")[0] for run in data.runs}),
        "runs": len(set(data.runs)),
        "samples": len(data.labels),
        "generators": sorted(set(data.generators)),
        "cross_validated_by_generator": figures,
    }
    options.out.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")
    print(f"wrote {options.out} ({options.out.stat().st_size // 1024} KiB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
