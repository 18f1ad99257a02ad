"""One JSON document, rewritten whole or growing: lists by name, lists of records, summaries."""

from __future__ import annotations

from pathlib import PurePath

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._decoding import head_text
from lossacc_gui.core.formats._json.reader import JsonReader
from lossacc_gui.core.formats._json.score import score_document

NAME = "json_document"
TITLE = "JSON documents"
WRITTEN_BY = (
    "Keras history, Hugging Face trainer_state.json, Sacred, CatBoost, AllenNLP, Ludwig, XGBoost"
    " and LightGBM evals_result, pandas, TensorBoard's JSON export, DVCLive"
)

Reader = JsonReader


def score(head: bytes, path: PurePath) -> int:
    """How sure it is that the document holds a training's history."""
    text = head_text(head)
    return score_document(text, path) if text else 0


SAMPLES: tuple[Sample, ...] = (
    Sample.of_text(
        "history.json",
        '{"accuracy": [0.25, 0.5], "loss": [2.0, NaN], "val_loss": [null, 1.5]}',
        {
            ("", "accuracy"): [(0, 0.25), (1, 0.5)],
            ("", "loss"): [(0, 2.0), (1, float("nan"))],
            ("", "val_loss"): [(1, 1.5)],
        },
    ),
    Sample.of_text(
        "out/trainer_state.json",
        '{\n  "epoch": 1.0,\n  "global_step": 10,\n  "log_history": [\n'
        '    {\n      "epoch": 1.0,\n      "loss": 0.75,\n      "step": 10\n    },\n'
        '    {\n      "epoch": 1.0,\n      "eval_loss": 0.5,\n      "eval_accuracy": 0.875,\n'
        '      "step": 10\n    }\n  ],\n  "max_steps": 10\n}\n',
        {
            ("", "loss"): [(10, 0.75)],
            ("", "eval_loss"): [(10, 0.5)],
            ("", "eval_accuracy"): [(10, 0.875)],
        },
    ),
    Sample.of_text(
        "runs/1/metrics.json",
        '{\n  "training.loss": {\n    "steps": [0, 2],\n'
        '    "timestamps": ["2026-11-22T23:39:40.024997", "2026-11-22T23:39:41"],\n'
        '    "values": [2.0, 1.5]\n  }\n}',
        {("", "training.loss"): [(0, 2.0), (2, 1.5)]},
    ),
    Sample.of_text(
        "catboost_info/catboost_training.json",
        '{\n"meta":{"test_metrics":[{"best_value":"Min","name":"Logloss"}],'
        '"learn_metrics":[{"best_value":"Min","name":"Logloss"}]},\n"iterations":[\n'
        '{"learn":[0.75],"iteration":0,"test":[0.5]},\n'
        '{"learn":[0.5],"iteration":1,"test":[0.25]}\n]}',
        {("train", "Logloss"): [(0, 0.75), (1, 0.5)], ("val", "Logloss"): [(0, 0.5), (1, 0.25)]},
    ),
    Sample.of_text(
        "training_statistics.json",
        '{"training": {"label": {"loss": [0.9, 0.5]}},'
        ' "validation": {"label": {"accuracy": [0.5]}}}',
        {
            ("", "training.label.loss"): [(0, 0.9), (1, 0.5)],
            ("", "validation.label.accuracy"): [(0, 0.5)],
        },
    ),
    Sample.of_text(
        "metrics_epoch_3.json",
        '{\n  "epoch": 3,\n  "training_duration": "0:01:02",\n  "training_accuracy": 0.5,\n'
        '  "validation_loss": 0.75\n}',
        {("", "training_accuracy"): [(3, 0.5)], ("", "validation_loss"): [(3, 0.75)]},
    ),
    Sample.of_text(
        "run-train-tag-loss.json",
        "[[1700000000.5, 0, 2.0], [1700000001.5, 1, 1.5]]",
        {("train", "loss"): [(0, 2.0), (1, 1.5)]},
    ),
    Sample.of_text(
        "log.json",
        '[\n{"epoch": 1, "train": {"loss": 2.0}, "val": {"loss": 1.5}},\n'
        '{"epoch": 2, "train": {"loss": 1.0}, "val": {"loss": 1.25}}\n',
        {("", "train.loss"): [(1, 2.0), (2, 1.0)], ("", "val.loss"): [(1, 1.5), (2, 1.25)]},
    ),
    Sample.of_text(
        "frame.json",
        '{"loss":{"0":2.0,"1":1.5},"val_loss":{"0":1.75,"1":1.25}}',
        {("", "loss"): [(0, 2.0), (1, 1.5)], ("", "val_loss"): [(0, 1.75), (1, 1.25)]},
    ),
)
