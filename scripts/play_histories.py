"""Plays thousands of random histories of file operations against the live engine.

    python scripts/play_histories.py [--first SEED] [--count N] [--length OPERATIONS]

Each history appends, cuts lines in half, truncates, rotates, copies and truncates, replaces by
rename, rewrites in place at the same size, deletes, recreates and resumes, while an engine looks
now and then; at the end its state must equal a fresh read plus what was kept of files that are
gone. A history that fails is printed with its seed; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.histories import History


def play(seed: int, length: int) -> str:
    """Plays one history; what went wrong with it, or ""."""
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder), random)
        try:
            history.play(random.randint(2, length))
            history.check()
        except AssertionError as error:
            return str(error)
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--length", type=int, default=14)
    options = parser.parse_args()
    failed = 0
    for seed in range(options.first, options.first + options.count):
        trouble = play(seed, options.length)
        if trouble:
            failed += 1
            print(f"seed {seed}: {trouble[:1000]}")
    print(f"{options.count} histories, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
