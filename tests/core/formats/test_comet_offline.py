"""Comet offline experiments."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from pathlib import Path, PurePath

import pytest

from lossacc_gui.core.formats import StoreReplacedError, best_format, comet_offline
from tests.core.formats.feeding import flipped, gathered


def metric(name: str, value: object, step: int, context: str | None = None) -> dict:
    payload = {
        "local_timestamp": 1_700_000_000_500,
        "metric": {"metricName": name, "metricValue": value, "step": step, "epoch": step // 2},
    }
    return {
        "type": "metric_msg",
        "payload": {**payload, **({"context": context} if context else {})},
    }


def write(path: Path, *messages: dict) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("experiment.json", "{}")
        archive.writestr("messages.json", "\n".join(map(json.dumps, messages)))


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "d0eb0998.zip"


def test_that_metrics_are_read_with_split_step_epoch_and_time(file):
    name = {"type": "log_other", "payload": {"key": "Name", "value": "my run"}}
    write(file, name, metric("loss", 0.5, 4), metric("acc", 0.25, 4, "validate"))
    rows = comet_offline.Store(file).poll()
    assert gathered([rows]) == {("", "", "loss"): [(4, 0.5)], ("", "val", "acc"): [(4, 0.25)]}
    assert (rows.columns[0].epoch[0], rows.columns[0].time[0]) == (2, 1_700_000_000.5)
    assert rows.facts == {"name": "my run"}


def test_that_nan_is_a_value_and_machine_metrics_are_left_out(file):
    write(file, metric("loss", "NaN", 1), metric("sys.cpu", 3, 1))
    ((_, _, tag), [(_, y)]) = next(iter(gathered([comet_offline.Store(file).poll()]).items()))
    assert (tag, str(y)) == ("loss", "nan")


def test_that_a_file_is_read_once_and_afresh_when_it_was_written_anew(file):
    write(file, metric("loss", 0.5, 4))
    store = comet_offline.Store(file)
    store.poll()
    assert store.poll().columns == ()
    write(file, metric("loss", 0.5, 4), metric("loss", 0.25, 5))
    with pytest.raises(StoreReplacedError):
        store.poll()


def test_that_a_zip_bomb_is_bounded(file, monkeypatch):
    monkeypatch.setattr(comet_offline, "LARGEST", 8 * 1024 * 1024)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("messages.json", bytes(64 * 1024 * 1024))
    tracemalloc.start()
    rows = comet_offline.Store(file).poll()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "is larger than" in rows.problems[0].message
    assert peak < 12 * 1024 * 1024


@pytest.mark.parametrize("seed", range(20))
def test_that_a_damaged_archive_is_a_problem_and_nothing_worse(file, seed):
    write(file, *(metric("loss", i / 8, i) for i in range(50)))
    file.write_bytes(flipped(file.read_bytes(), seed))
    comet_offline.Store(file).poll()


def test_that_other_archives_are_left_alone(file):
    write(file, metric("loss", 0.5, 4))
    assert best_format(file.read_bytes(), PurePath(file)) is comet_offline
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metrics.jsonl", "[]")
    assert comet_offline.score(file.read_bytes(), PurePath(file)) == 0
