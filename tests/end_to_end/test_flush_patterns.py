"""Genuine logs written in the pieces in which trainers flush, followed while they grow."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.commands import Hint
from lossacc_gui.core.engine import Engine, read_once
from lossacc_gui.core.snapshot import Snapshot

DATA = Path(__file__).resolve().parents[1] / "data"
LOGS = (
    "text/bar_ahead.log",
    "text/phase_key.log",
    "text/val_in_brackets.log",
    "table/keras_valfreq.csv",
    "table/lightning.csv",
    "json/loguru.jsonl",
    "json/mmengine.jsonl",
    "tensorboard/torch.tfevents",
)
BLOCK = 97
BEGAN = 1_700_000_000.0


def by_line(data: bytes) -> Iterator[bytes]:
    """As `print(..., flush=True)` and bars that are written over do."""
    start = 0
    for at, byte in enumerate(data):
        if byte in b"\r\n":
            yield data[start : at + 1]
            start = at + 1
    yield data[start:]


def by_block(data: bytes) -> Iterator[bytes]:
    """As a buffered stream does: full blocks that end anywhere, the rest when it is closed."""
    for at in range(0, len(data), BLOCK):
        yield data[at : at + BLOCK]


def all_at_once(data: bytes) -> Iterator[bytes]:
    """As a process does that is never flushed before it ends."""
    yield data


def told(snapshot: Snapshot) -> dict[tuple[str, str, str], object]:
    return {
        (series.tag, series.role, series.split): (series.main, series.x.tolist(), str(series.y))
        for view in snapshot.runs
        for series in view.data.series
    }


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("flush", [by_line, by_block, all_at_once], ids=lambda f: f.__name__)
@pytest.mark.parametrize("pause", [0.2, 20.0], ids=["busy", "resting"])
def test_that_a_followed_log_ends_as_one_that_is_read_afterwards(tmp_path, log, flush, pause):
    path = tmp_path / Path(log).name
    ticks = itertools.count()
    engine, now = Engine([str(tmp_path)], lambda: next(ticks) * 1e-6, judges=False), BEGAN
    with path.open("wb", buffering=0) as file:
        for piece in flush((DATA / log).read_bytes()):
            file.write(piece)
            engine.step((Hint(str(path)),), now)
            now += pause
            engine.step((), now)
    snapshot = engine.finish(now)
    afterwards = read_once([str(tmp_path)], lambda: next(ticks) * 1e-6, now, OFFLINE, judges=False)
    assert told(afterwards) and told(snapshot) == told(afterwards)
