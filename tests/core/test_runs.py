"""Which files are one run, by their places and by what their values say."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.engine import read_once
from lossacc_gui.core.runs import shortest_names


def curve(seed: int, count: int = 12) -> list[float]:
    """Numbers that no other seed gives."""
    rising = random.Random(seed)
    return [2 / (i + 1) + rising.random() for i in range(count)]


def csv(path: Path, seed: int, names: str = "loss,val_loss", digits: int = 10) -> None:
    columns = [curve(seed + 100 * i) for i in range(len(names.split(",")))]
    rows = [
        ",".join([str(i), *(f"{value:.{digits}f}" for value in row)])
        for i, row in enumerate(zip(*columns, strict=True))
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"epoch,{names}\n" + "\n".join(rows) + "\n")


def text(path: Path, seed: int, digits: int = 4) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pairs = zip(curve(seed), curve(seed + 100), strict=True)
    lines = [
        f"Epoch {i + 1}: loss {a:.{digits}f} val_loss {b:.{digits}f}"
        for i, (a, b) in enumerate(pairs)
    ]
    path.write_text("\n".join(lines) + "\n")


def runs(folder: Path) -> dict[str, list[str]]:
    """Names of runs and the files of each, relative to the folder."""
    snapshot = read_once([str(folder)], lambda: 0.0, 1e9, OFFLINE)
    return {
        view.data.name: sorted(str(Path(f).relative_to(folder)) for f in view.data.files)
        for view in snapshot.runs
    }


def test_that_independent_logs_of_one_folder_are_runs_of_their_own(tmp_path):
    csv(tmp_path / "a.csv", 1)
    csv(tmp_path / "b.csv", 2)
    assert runs(tmp_path) == {"a.csv": ["a.csv"], "b.csv": ["b.csv"]}


def test_that_a_log_that_repeats_the_values_of_another_is_of_its_run(tmp_path):
    csv(tmp_path / "history.csv", 1)
    text(tmp_path / "nohup.out", 1)
    assert list(runs(tmp_path).values()) == [["history.csv", "nohup.out"]]


def test_that_a_console_log_above_finds_the_one_run_that_it_repeats(tmp_path):
    text(tmp_path / "slurm-17.out", 1)
    csv(tmp_path / "out" / "one" / "metrics.csv", 1)
    csv(tmp_path / "out" / "two" / "metrics.csv", 2)
    assert runs(tmp_path) == {
        "one": ["out/one/metrics.csv", "slurm-17.out"],
        "two": ["out/two/metrics.csv"],
    }


def test_that_a_log_that_repeats_two_runs_belongs_to_neither(tmp_path):
    text(tmp_path / "sweep.log", 1)
    for name in ("one", "two"):
        csv(tmp_path / name / "metrics.csv", 1)
    assert sorted(map(len, runs(tmp_path).values())) == [1, 1, 1]


def test_that_plain_logs_with_different_curves_are_parts_of_one_run(tmp_path):
    csv(tmp_path / "exp" / "training.csv", 1, "train_loss,train_accuracy")
    csv(tmp_path / "exp" / "evaluation_results.csv", 2, "val_loss,val_accuracy")
    assert list(runs(tmp_path)) == ["exp"]


def test_that_train_and_valid_tables_are_one_run_with_both_splits(tmp_path):
    csv(tmp_path / "exp" / "train.csv", 1, "loss,accuracy")
    csv(tmp_path / "exp" / "valid.csv", 2, "loss,accuracy")
    (view,) = read_once([str(tmp_path)], lambda: 0.0, 1e9, OFFLINE).runs
    splits = {(s.split, s.role) for s in view.data.series if s.main}
    assert splits == {(s, r) for s in ("train", "val") for r in ("loss", "accuracy")}


def test_that_rotated_logs_are_one_curve_in_order(tmp_path):
    lines = [json.dumps({"step": i, "loss": v}) for i, v in enumerate(curve(1))]
    for name, part in (("t.log.2", lines[:4]), ("t.log.1", lines[4:8]), ("t.log", lines[8:])):
        (tmp_path / name).write_text("\n".join(part) + "\n")
    (view,) = read_once([str(tmp_path)], lambda: 0.0, 1e9, OFFLINE).runs
    (loss,) = view.data.series
    assert loss.x.tolist() == list(range(12)) and loss.ghosts == ()


def test_that_growing_copies_in_checkpoints_add_nothing(tmp_path):
    def state(folder: str, count: int) -> None:
        path = tmp_path / folder / "trainer_state.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        history = [{"step": 10 * i, "loss": v} for i, v in enumerate(curve(1)[:count])]
        path.write_text(json.dumps({"global_step": 10 * count, "log_history": history}))

    for folder, count in (("out/checkpoint-40", 4), ("out/checkpoint-100", 10), ("out", 12)):
        state(folder, count)
    (view,) = read_once([str(tmp_path)], lambda: 0.0, 1e9, OFFLINE).runs
    loss = view.data.main("loss", "train")
    assert view.data.name == "out" and loss.x.tolist() == [10.0 * i for i in range(12)]
    assert loss.restarts == ()


def test_that_a_linked_folder_is_the_same_run(tmp_path):
    csv(tmp_path / "run-1" / "metrics.csv", 1)
    (tmp_path / "latest-run").symlink_to("run-1")
    assert list(runs(tmp_path)) == ["run-1"]


def test_that_a_summary_beside_the_log_is_no_run(tmp_path):
    csv(tmp_path / "exp" / "metrics.csv", 1, "loss,val_loss,val_accuracy")
    (tmp_path / "exp" / "results.json").write_text('{"val_accuracy": 0.5, "val_loss": 1.5}')
    assert list(runs(tmp_path)) == ["exp"]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/a/b/run"], ["run"]),
        (["/a/x/v0", "/a/y/v0", "/a/y/v1"], ["x/v0", "y/v0", "v1"]),
        (["/a/b", "/b"], ["a/b", "b"]),
        ([], []),
    ],
)
def test_shortest_names(paths, names):
    assert shortest_names(paths) == names
