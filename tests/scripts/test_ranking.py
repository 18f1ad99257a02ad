"""The scorer's marks, the booster on data it must learn, and the reader of labelled sets."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage

from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.ranking import FITTED, scorecard_from
from lossacc_gui.core.engine import read_once
from scripts.ranking import boosting, reliability, scoring, sets, tables, validation
from scripts.ranking.samples import Sample, Samples

BENIGN = {"healthy", "loss-floor"}


def said(first: str, second: str, findings: list[dict] | None = None) -> dict:
    """A prediction as the command line prints it."""
    verdict = [{"cause": first, "probability": 0.7}, {"cause": second, "probability": 0.2}]
    return {"verdict": verdict, "findings": findings or []}


def truth(primary: str, start: float, end: float, **more) -> dict:
    """A label with one region."""
    region = {"cause": primary, "start": start, "end": end, "split": "val"}
    return {"primary": primary, "benign": primary in BENIGN, "regions": [region], **more}


def test_that_overlap_counts_rows_with_their_ends():
    assert scoring.overlap([(11, 30)], [(21, 40)]) == pytest.approx(10 / 30)
    assert scoring.overlap([(3, 3)], [(3, 3)]) == pytest.approx(1.0)
    assert scoring.overlap([(1, 5)], []) == 0.0


def test_that_the_secondary_first_counts_one_half():
    label = truth("overfitting", 5, 20, secondary="label-noise", onset_visible=8)
    row = scoring.score_run("r", "g", label, said("label-noise", "overfitting"), BENIGN)
    assert (row.top1, row.top2) == (0.5, 1.0)


def test_that_promptly_is_the_first_half_of_what_is_visible():
    label = truth("overfitting", 5, 20, onset_visible=8)

    def prompt(detected: float) -> float:
        finding = {
            "cause": "overfitting",
            "probability": 0.9,
            "start": 5,
            "end": 20,
            "detected_at": detected,
        }
        told = said("overfitting", "healthy", [finding])
        return scoring.score_run("r", "g", label, told, BENIGN).prompt

    assert prompt(14.0) == 1.0
    assert prompt(14.5) == 0.0


def test_that_a_fault_named_on_a_benign_run_is_an_alarm():
    label = {"primary": "healthy", "benign": True, "regions": []}
    row = scoring.score_run("r", "g", label, said("overfitting", "healthy"), BENIGN)
    assert row.alarm and math.isnan(row.iou)


def test_that_the_interval_of_nothing_in_forty_reaches_nine_percent():
    low, high = scoring.interval(0, 40)
    assert low == 0.0 and high == pytest.approx(0.088, abs=0.002)


def made_up(count: int = 120) -> Samples:
    """Samples in which a large rise is overconfidence and a small one health."""
    random = np.random.default_rng(0)
    items = []
    for i in range(count):
        sick = i % 2 == 1
        values = {
            "rise": float(random.uniform(0.2, 1.0) if sick else random.uniform(0.0, 0.1)),
            "rise_z": float(random.normal()),
            "signature:overconfidence": float(sick) * 0.8,
            "signature:healthy": float(not sick) * 0.8,
        }
        label = "overconfidence" if sick else "healthy"
        generator = f"set-{i % 4}"
        items.append(Sample(f"run-{i}", generator, label, None, not sick, 1.0, True, values))
    return Samples(tuple(items))


def test_that_the_booster_learns_what_separates():
    data = made_up()
    figures, temperature = validation.by_generator(data)
    assert figures["top1"] > 0.95
    assert temperature > 0.0


def test_that_the_written_card_scores_as_the_fitted_one():
    data = made_up()
    card = boosting.fit(data)
    written = scorecard_from(json.loads(json.dumps(boosting.document(card, data, 1.0))))
    values = data.matrix(list(written.features))
    whole = data.matrix(card.names)
    for row in range(6):
        told = written.probabilities(values[row])
        expected = validation.probabilities(card.scores(whole[row : row + 1]), 1.0)[0]
        assert np.allclose(told, expected, atol=0.01)
        assert FITTED[int(told.argmax())] == data.labels[row]


def test_that_folds_keep_a_generator_together():
    generators = [f"g{i % 7}" for i in range(50)]
    parts = validation.folds(generators, 3)
    assert sum(len(part) for part in parts) == 7
    assert set().union(*parts) == set(generators)


ROWS = "epoch,train_loss,train_accuracy,val_loss,val_accuracy,lr\n" + "".join(
    f"{i},{1 / (i + 1):.4f},{1 - 0.4 / (i + 1):.4f},"
    f"{'nan' if i == 7 else f'{1.1 / (i + 1):.4f}'},{1 - 0.5 / (i + 1):.4f},0.01\n"
    for i in range(12)
)


SILENT = "epoch,train_loss,train_accuracy,val_loss,val_accuracy\n" + "".join(
    f"{i},,0.1,,0.3\n" for i in range(9)
)


@pytest.mark.parametrize("rows", [ROWS, SILENT])
def test_that_the_small_reader_gives_what_the_program_reads(tmp_path, rows):
    folder = tmp_path / "runs" / "run-1"
    folder.mkdir(parents=True)
    (folder / "metrics.csv").write_text(rows, "utf-8")
    snapshot = read_once([str(folder)], time.monotonic, 0.0, OFFLINE)
    program, small = build(snapshot.runs[0].data), build(sets.read(folder))
    assert np.array_equal(program.grid, small.grid)
    assert np.array_equal(program.val.loss, small.val.loss, equal_nan=True)
    assert np.array_equal(program.val.failed, small.val.failed)
    assert program.x_kind == small.x_kind


@pytest.mark.parametrize(
    ("intended", "primary", "also", "expected"),
    [
        ("overfitting", "overconfidence", {}, True),
        ("healthy", "underfitting", {}, False),
        ("healthy", "healthy", {"confidence-growth": {}}, False),
        ("sampling-noise", "healthy", {}, False),
        ("lr-schedule-step", "overfitting", {}, True),
        ("two-causes", "overfitting", {}, True),
        (None, "overfitting", {}, True),
    ],
)
def test_that_only_labels_that_keep_the_rules_are_learned_from(intended, primary, also, expected):
    truth = {"intended": intended, "primary": primary, "also_measured": also}
    assert sets.trusted(truth) is expected


def scored(probability: float, right: bool, first: str = "overfitting") -> scoring.Scored:
    """A marked run whose verdict is right or not."""
    truth_of_it = first if right else "healthy"
    row = scoring.score_run("r", "g", truth(truth_of_it, 1, 9), said(first, "loss-floor"), BENIGN)
    return replace(row, probability=probability)


def test_that_bins_hold_the_share_right_with_its_interval():
    rows = [scored(0.82, True)] * 3 + [scored(0.88, False), scored(1.0, True)]
    low, high = reliability.bins(rows)
    assert (low.runs, low.right, low.said) == (4, 0.75, pytest.approx(0.835))
    assert (low.low, low.high) == scoring.interval(3, 4)
    assert (high.runs, high.right) == (1, 1.0)


def test_that_the_picture_of_the_calibration_shows_each_bin(qapp, tmp_path):
    file = tmp_path / "calibration.png"
    reliability.draw([scored(0.82, True)] * 3, file)
    one = QImage(str(file))
    reliability.draw([scored(0.82, True)] * 3 + [scored(0.31, False)] * 2, file)
    two = QImage(str(file))
    assert one.size() == two.size() and one.size().width() == 1040
    assert one != two


def test_that_a_picture_that_cannot_be_written_is_an_error(qapp, tmp_path):
    with pytest.raises(OSError, match="could not be written"):
        reliability.draw([scored(0.82, True)], tmp_path / "nowhere" / "c.png")


def test_that_the_confusion_table_counts_truth_against_first_verdict():
    rows = [scored(0.9, True)] * 2 + [scored(0.6, False)] * 13
    head, healthy, overfitting = tables.confusion_table(rows)
    assert head.split() == ["1", "2"]
    assert healthy.split() == ["1", "healthy", ".", "13"]
    assert overfitting.split() == ["2", "overfitting", ".", "2"]
