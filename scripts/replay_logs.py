"""Replays folders of logs as if they were being written, and compares with reading them at once.

    python scripts/replay_logs.py ../shared/logs [SOURCE …] [--seed N] [--pieces K]

Every file of a source is written in up to K pieces, cut anywhere, the files of a source taking
turns at random, while an engine looks after each piece. In the end the engine must show what a
fresh read of the finished folder shows. Differences are printed; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lossacc_gui.core.budget import Budget
from lossacc_gui.core.commands import Rescan
from lossacc_gui.core.engine import Engine, read_once
from lossacc_gui.core.snapshot import Snapshot

Shown = dict[tuple[str, str, str, str], tuple[list, list]]


def shown(snapshot: Snapshot) -> Shown:
    """What there is to see, in a form that can be compared."""
    return {
        (view.data.name, series.key, series.role, series.split): (
            [str(x) for x in series.x],
            [str(y) for y in series.y],
        )
        for view in snapshot.runs
        for series in view.data.series
        if len(series.x)
    }


def replay(source: Path, target: Path, random: Random, pieces: int) -> tuple[Shown, Shown]:
    """Plays one source; what the live engine shows, and what a fresh read shows."""
    now = [1e9]
    engine = Engine([str(target)], lambda: now[0], judges=False)
    writes = []
    for path in sorted(p for p in source.rglob("*") if p.is_file() and not p.is_symlink()):
        data = path.read_bytes()
        cuts = sorted(random.sample(range(1, len(data) + 1), min(pieces, len(data))))
        bounds = zip([0, *cuts], [*cuts, len(data)], strict=True)
        writes.append([(path, data[a:b]) for a, b in bounds if b > a])
    while writes := [queue for queue in writes if queue]:
        path, piece = random.choice(writes).pop(0)
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with copy.open("ab") as file:
            file.write(piece)
        now[0] += random.choice((0.1, 5.0))
        engine.step([Rescan()], 4e9 + now[0])
    while engine.pending:
        engine.step([], 5e9)
    live = engine.finish(6e9)
    fresh = read_once([str(target)], lambda: 0.0, 6e9, Budget(), judges=False)
    return shown(live), shown(fresh)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("logs", type=Path)
    parser.add_argument("sources", nargs="*")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pieces", type=int, default=12)
    options = parser.parse_args()
    names = options.sources or sorted(p.name for p in options.logs.iterdir() if p.is_dir())
    failed = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            source, target = options.logs / name, Path(folder) / name
            target.mkdir()
            live, fresh = replay(source, target, Random(options.seed), options.pieces)
        if live != fresh:
            failed += 1
            print(f"{name}: not the same")
            for key in sorted(live.keys() | fresh.keys()):
                if live.get(key) != fresh.get(key):
                    counts = [len(side[key][0]) if key in side else None for side in (live, fresh)]
                    print(f"    {key}: live {counts[0]} points, fresh {counts[1]}")
    print(f"{len(names)} sources replayed, {failed} not the same")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
