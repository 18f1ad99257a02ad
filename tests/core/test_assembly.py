"""The curves of a run: joined, converted, shown once, with their epochs and times."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.commands import Rescan
from lossacc_gui.core.engine import Engine, read_once

LOSS = [2.30258, 1.91235, 1.52341, 1.20112, 0.98123, 0.87654]
ACCURACY = [0.11, 0.32, 0.45, 0.58, 0.66, 0.71]


def table(path: Path, **columns: list[float]) -> None:
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join(str(v) for v in row) for row in rows)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def only_run(folder: Path):
    (view,) = read_once([str(folder)], lambda: 0.0, 1e9, OFFLINE).runs
    return view.data


def by_tag(data, tag: str):
    return next(series for series in data.series if series.tag == tag)


def test_that_percent_becomes_a_fraction_and_is_told(tmp_path):
    percent = [100 * a for a in ACCURACY]
    table(tmp_path / "log.csv", epoch=list(range(6)), loss=LOSS, val_acc=percent)
    data = only_run(tmp_path)
    accuracy = data.main("accuracy", "val")
    assert accuracy.y.tolist() == pytest.approx(ACCURACY)
    assert accuracy.converted == "percent"
    assert any("percent" in note for note in data.notes)


def test_that_a_fraction_beside_a_percentage_stays_a_fraction(tmp_path):
    percent = [100 * a for a in ACCURACY]
    table(tmp_path / "log.csv", epoch=list(range(6)), train_acc=ACCURACY, val_acc=percent)
    data = only_run(tmp_path)
    assert data.main("accuracy", "train").converted == ""
    assert data.main("accuracy", "train").y.tolist() == ACCURACY


def test_that_an_error_rate_stands_in_for_a_missing_accuracy(tmp_path):
    error = [1 - a for a in ACCURACY]
    table(tmp_path / "log.csv", epoch=list(range(6)), test_loss=LOSS, test_error=error)
    data = only_run(tmp_path)
    derived = data.main("accuracy", "test")
    assert (derived.tag, derived.converted) == ("1 - test_error", "error rate")
    assert derived.y.tolist() == pytest.approx(ACCURACY)
    assert by_tag(data, "test_error").y.tolist() == pytest.approx(error)
    assert by_tag(data, "test_error").role == "other"


def test_that_an_error_rate_beside_its_accuracy_adds_nothing(tmp_path):
    error = [1 - a for a in ACCURACY]
    table(tmp_path / "l.csv", epoch=list(range(6)), val_error=error, val_accuracy=ACCURACY)
    assert len(only_run(tmp_path).series) == 2


def test_that_of_two_files_the_one_with_more_digits_is_shown(tmp_path):
    table(tmp_path / "history.csv", epoch=list(range(6)), loss=LOSS, val_accuracy=ACCURACY)
    lines = [
        f"Epoch {i + 1}: loss {a:.2f} val_accuracy {b:.2f}"
        for i, (a, b) in enumerate(zip(LOSS, ACCURACY, strict=True))
    ]
    (tmp_path / "console.log").write_text("\n".join(lines) + "\n")
    data = only_run(tmp_path)
    assert len(data.series) == 2 and len(data.files) == 2
    assert data.main("loss", "train").y.tolist() == LOSS
    assert any("shown once" in note for note in data.notes)


def test_that_the_loss_measured_with_the_accuracy_is_the_main_one(tmp_path):
    rows = []
    for epoch in range(6):
        rows += [
            {"step": 10 * epoch + i, "train_loss_step": LOSS[epoch] + i / 100} for i in range(1, 5)
        ]
        rows.append(
            {"step": 10 * epoch + 9, "train_loss": LOSS[epoch], "train_acc": ACCURACY[epoch]}
        )
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert only_run(tmp_path).main("loss", "train").tag == "train_loss"


def test_that_the_epoch_of_a_step_is_taken_from_the_curve_that_logs_it(tmp_path):
    from tensorboardX import SummaryWriter

    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(8):
            writer.add_scalar("train_loss", 1 / (step + 1), step)
            if step % 2:
                writer.add_scalar("epoch", step // 2, step)
    loss = by_tag(only_run(tmp_path), "train_loss")
    assert [None if e != e else e for e in loss.epoch] == [None, 0, None, 1, None, 2, None, 3]


def test_that_a_curve_that_did_not_change_stays_the_same_object(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('{"step": 1, "loss": 2.0}\n{"step": 1, "val_loss": 2.5}\n')
    engine = Engine([str(tmp_path)], lambda: 0.0)
    before = engine.step([], 1e9)
    with path.open("a") as file:
        file.write('{"step": 2, "loss": 1.0}\n')
    after = engine.step([Rescan()], 2e9)
    first, second = (view.runs[0].data for view in (before, after))
    assert by_tag(first, "val_loss") is by_tag(second, "val_loss")
    assert by_tag(second, "loss").y.tolist() == [2.0, 1.0]


def test_that_curves_of_one_name_and_split_have_keys_of_their_own(tmp_path):
    for name, shift in (("a", 0.0), ("b", 0.3)):
        values = [v + shift for v in LOSS]
        table(tmp_path / f"loss_{name}" / "metrics.csv", epoch=list(range(6)), loss=values)
    table(tmp_path / "exp" / "train.csv", epoch=list(range(6)), loss=LOSS, other=ACCURACY)
    table(tmp_path / "exp" / "valid.csv", epoch=list(range(6)), loss=ACCURACY, other=LOSS)
    for view in read_once([str(tmp_path)], lambda: 0.0, 1e9, OFFLINE).runs:
        keys = [series.key for series in view.data.series]
        assert len(keys) == len(set(keys))


def test_that_nan_and_infinity_are_points(tmp_path):
    (tmp_path / "log.csv").write_text("epoch,loss,val_loss\n0,1,2\n1,inf,nan\n2,3,3\n")
    data = only_run(tmp_path)
    assert [str(v) for v in data.main("loss", "train").y] == ["1.0", "inf", "3.0"]
    assert [str(v) for v in data.main("loss", "val").y] == ["2.0", "nan", "3.0"]
