"""Names as frameworks and people spell them, and what they must be read as."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.names import fraction_scale, recognise, split_word, x_kind, x_rank


@pytest.mark.parametrize(
    ("tag", "role", "split"),
    [
        ("loss", "loss", "train"),
        ("val_loss", "loss", "val"),
        ("valLoss", "loss", "val"),
        ("Loss/train", "loss", "train"),
        ("Validation.top1", "accuracy", "val"),
        ("eval/accuracy", "accuracy", "val"),
        ("DEV_ACCURACY", "accuracy", "val"),
        ("acc_val_epoch", "accuracy", "val"),
        ("sparse_categorical_accuracy", "accuracy", "train"),
        ("valid_0's binary_logloss", "loss", "val"),
        ("train-mlogloss", "loss", "train"),
        ("metrics/accuracy_top1", "accuracy", "train"),
        ("Acc@1", "accuracy", "train"),
        ("test_prec1", "accuracy", "test"),
        ("record.extra.top1", "accuracy", "train"),
        ("tr nll", "loss", "train"),
        ("dev top-1", "accuracy", "val"),
        ("val/cross_entropy", "loss", "val"),
        ("cross-entropy", "loss", "train"),
        ("xent", "loss", "train"),
        ("lm loss", "loss", "train"),
        ("trainloss", "loss", "train"),
        ("batchloss", "loss", "train"),
        ("eval_train_loss", "loss", "train"),
        ("MulticlassAccuracy", "accuracy", "train"),
        ("Validation score", "accuracy", "val"),
        ("Verlust_val", "loss", "val"),
        ("Genauigkeit", "accuracy", "train"),
        ("perte entraînement", "loss", "train"),
        ("précision (validation)", "accuracy", "val"),
        ("pérdida de validación", "loss", "val"),
        ("acurácia_val", "accuracy", "val"),
        ("accuratezza", "accuracy", "train"),
        ("验证准确率", "accuracy", "val"),
        ("训练损失", "loss", "train"),
        ("検証精度", "accuracy", "val"),
        ("точность на валидации", "accuracy", "val"),
        ("learning_rate", "lr", "train"),
        ("lr/group_0", "lr", "train"),
        ("x/lr0", "lr", "train"),
    ],
)
def test_that_role_and_split_come_from_the_parts_of_a_name(tag, role, split):
    name = recognise(tag)
    assert (name.role, name.split) == (role, split)


@pytest.mark.parametrize(
    "tag",
    [
        *("auc", "val_f1_score", "top5_acc", "acc5", "perplexity", "grad_norm", "loss_scale"),
        *(
            "accuracy03",
            "best_val_loss",
            "val_loss__MIN",
            "momentum",
            "train_runtime",
        ),
        *("epoch", "val_sparse_top_k_categorical_accuracy", "mAP50", "precision", "hp_metric", ""),
    ],
)
def test_that_other_measures_are_neither_loss_nor_accuracy(tag):
    name = recognise(tag)
    assert name.role == "other"
    assert not name.converted


@pytest.mark.parametrize(
    "tag",
    ["test-error", "valid_1's multi_error", "top1_error", "Err@1", "val_error_rate", "eval-merror"],
)
def test_that_an_error_rate_is_other_and_says_that_an_accuracy_follows_from_it(tag):
    name = recognise(tag)
    assert (name.role, name.converted) == ("other", "error rate")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("loss", "total_loss"),
        ("total_loss", "cross_entropy"),
        ("cross_entropy", "box_loss"),
        ("cross_entropy", "s0.loss"),
        ("accuracy", "top1"),
        ("top1", "balanced_accuracy"),
        ("train_loss_epoch", "train_loss_step"),
        ("Loss/train", "Loss/batch"),
        ("val_accuracy", "val_head2_accuracy"),
    ],
)
def test_that_the_main_series_is_the_one_with_the_higher_priority(better, worse):
    assert recognise(better).priority > recognise(worse).priority


@pytest.mark.parametrize(
    ("tag", "siblings", "split"),
    [
        ("loss", ["val_loss"], "train"),
        ("accuracy", ["train_loss", "valid_loss"], "val"),
        ("metrics/accuracy_top1", ["train/loss", "test/loss"], "test"),
        ("accuracy", ["accuracy/validation"], "train"),
        ("loss", ["train_loss", "val_loss"], "train"),
        ("loss", ["train_loss", "train_accuracy", "accuracy"], "val"),
        ("validation_0-logloss", ["validation_1-logloss"], "train"),
        ("validation_1-logloss", ["validation_0-logloss"], "val"),
        ("valid_0's auc", ["valid_1's auc"], "val"),
        ("test", ["learn"], "val"),
    ],
)
def test_that_neighbours_settle_the_split_of_a_name_without_one(tag, siblings, split):
    assert recognise(tag, siblings=siblings).split == split


def test_that_a_bare_split_is_an_accuracy_where_a_loss_stands_beside_it():
    assert recognise("Train", siblings=["Loss", "Val"]).role == "accuracy"
    assert recognise("learn", siblings=["test"]).role == "loss"
    assert recognise("Train").role == "other"


def test_that_only_the_first_parameter_groups_rate_is_the_learning_rate():
    assert recognise("lr/pg1", siblings=["lr/pg0", "lr/pg2"]).role == "other"
    assert recognise("lr-Adam/pg1", siblings=["lr-Adam/pg2"]).role == "lr"


def test_that_the_mean_of_a_logged_metric_is_not_counted_as_a_second_loss():
    assert recognise("loss/mean", siblings=["loss"]).role == "other"
    assert recognise("loss/mean").role == "loss"


def test_that_the_summary_of_a_finished_training_is_not_a_curve():
    assert recognise("train_loss", siblings=["loss", "train_runtime"]).role == "other"


@pytest.mark.parametrize(
    ("folders", "split"),
    [
        (["logs", "validation", "events.out.tfevents.1.host"], "val"),
        (["exp", "loss_train", "events.out.tfevents.1.host"], "train"),
        (["csv", "valid.csv"], "val"),
        (["workdir", "eval"], "val"),
        (["test_run_7", "log.csv"], "train"),
        (["catboost_info", "test_error.tsv"], "val"),
    ],
)
def test_that_the_path_gives_the_split_where_the_name_has_none(folders, split):
    assert recognise("loss", folders).split == split


def test_that_the_path_does_not_override_names_that_tell_splits_themselves():
    assert recognise("loss", ["test", "log.csv"], siblings=["val_loss"]).split == "train"


def test_that_the_readers_context_wins_only_over_silence():
    assert recognise("loss", ["train"], "val").split == "val"
    assert recognise("train_loss", (), "val").split == "train"


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        *(("epoch", "epoch"), ("Epoche", "epoch"), ("trainer/global_step", "step")),
        *(("Iteration", "step"), ("training_iteration", "step"), ("current_steps", "step")),
        *(("Wall time", "time"), ("_timestamp", "time"), ("轮次", "epoch"), ("time", "time")),
        *(("epoch_time", None), ("total_steps", None), ("epoch_loss", None), ("loss", None)),
    ],
)
def test_that_counters_and_clocks_are_told_from_metrics(tag, kind):
    assert x_kind(tag) == kind


def test_that_a_global_step_is_a_better_x_than_a_batch_counter():
    assert x_rank("global_step") < x_rank("iter") < x_rank("batch")


def test_that_a_heading_tells_a_split_only_if_it_says_little_else():
    assert split_word("Validation Results") == "val"
    assert split_word("train epoch done") == "train"
    assert split_word("tested on gpu") is None


@pytest.mark.parametrize(
    ("values", "sign", "scale"),
    [
        ([0.1, 0.9], False, 1.0),
        ([10.0, 93.2], False, 0.01),
        ([0.4, 0.9, 1.2], False, 1.0),
        ([0.4, 0.9], True, 0.01),
        ([math.nan, 55.0, math.inf], False, 0.01),
        ([120.0, 4000.0], False, 1.0),
        ([], False, 1.0),
    ],
)
def test_that_percentages_are_told_from_the_whole_series(values, sign, scale):
    assert fraction_scale("acc", values, sign) == scale


def test_that_a_name_with_a_percent_sign_is_in_percent():
    assert fraction_scale("Accuracy (%)", [0.4, 0.9]) == 0.01


def test_that_a_fraction_beside_a_percentage_stays_a_fraction():
    assert fraction_scale("acc", [0.375, 0.5], siblings=[37.0, 52.0]) == 1.0
    assert fraction_scale("acc", [0.4, 0.8], siblings=[0.9, 1.1, 61.0]) == 0.01


def test_that_a_percentage_that_never_grows_is_told_by_how_both_splits_begin():
    train = [1.6, 9.9, 13.3, 40.2, 56.4]
    assert fraction_scale("acc", [0.0, 0.36, 0.08, 0.2, 0.33], siblings=train) == 0.01
    assert fraction_scale("acc", [0.0], siblings=train) == 1.0
    assert fraction_scale("acc", [0.09, 0.3, 0.31, 0.38, 0.55], siblings=train) == 1.0


@given(st.lists(st.floats(0, 100), max_size=30))
def test_that_the_unit_once_found_to_be_percent_stays_so(values):
    scales = [fraction_scale("acc", values[:n]) for n in range(len(values) + 1)]
    assert scales == sorted(scales, reverse=True)


@given(st.text(max_size=80), st.text(max_size=80))
def test_that_any_text_is_a_name(tag, sibling):
    name = recognise(tag, [sibling], siblings=[sibling])
    assert name.role in ("loss", "accuracy", "lr", "other")
    assert name.split in ("train", "val", "test", "none")
