"""JSON Lines: one object a line, also several on a line, with other text between."""

from __future__ import annotations

from pathlib import PurePath

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._decoding import head_text
from lossacc_gui.core.formats._json.reader import JsonReader
from lossacc_gui.core.formats._json.score import score_lines

NAME = "json_lines"
TITLE = "JSON Lines"
WRITTEN_BY = (
    "structlog, loguru, MMEngine and MMCV, Detectron2, LLaMA-Factory, ClearML offline, Ray Tune,"
    " fairseq, OpenCLIP, MAE/DeiT log.txt, Docker, own loggers"
)

Reader = JsonReader


def score(head: bytes, path: PurePath) -> int:
    """How sure it is that each line is a record of a training."""
    text = head_text(head)
    return score_lines(text, path) if text else 0


SAMPLES: tuple[Sample, ...] = (
    Sample.of_text(
        "train.jsonl",
        '{"lr": 0.1, "epochs": 9, "event": "start"}\n'
        '{"epoch": 0, "loss": 2.5, "acc": "25.0%", "event": "train"}\n'
        'a line of text\n{"epoch": 0, "loss": NaN, "acc": "50%", "event": "validation"}\n',
        {
            ("train", "loss"): [(0, 2.5)],
            ("train", "acc"): [(0, 25.0)],
            ("val", "loss"): [(0, float("nan"))],
            ("val", "acc"): [(0, 50.0)],
        },
    ),
    Sample.of_text(
        "vis_data/scalars.json",
        '{"lr": 0.5, "data_time": 0.25, "loss": 2.0, "accuracy": 0.5,'
        ' "epoch": 1, "iter": 5, "step": 5}\n'
        '{"accuracy": 48.25, "loss": 1.5, "data_time": 0.25, "step": 1}\n',
        {
            ("", "lr"): [(5, 0.5)],
            ("", "data_time"): [(5, 0.25)],
            ("", "loss"): [(5, 2.0)],
            ("", "accuracy"): [(5, 0.5)],
            ("", "iter"): [(5, 5)],
            ("val", "accuracy"): [(1, 48.25)],
            ("val", "loss"): [(1, 1.5)],
            ("val", "data_time"): [(1, 0.25)],
        },
    ),
    Sample.of_text(
        "metrics.jsonl",
        '[{"metric": "loss", "variant": "train", "iter": 0, "value": 2.0}, '
        '{"metric": "loss", "variant": "validation", "iter": 0, "value": 1.5}]\n'
        '[{"metric": "loss", "variant": "train", "iter": 1, "value": 1.0}]\n',
        {("", "loss/train"): [(0, 2.0), (1, 1.0)], ("", "loss/validation"): [(0, 1.5)]},
    ),
    Sample.of_text(
        "container-json.log",
        '{"log": "Epoch 1/2 - loss: 2.5 - acc: 0.25\\n", "stream": "stdout"}\n'
        '{"log": "Epoch 2/2 - loss: 1.5 - acc: 0.5\\n", "stream": "stdout"}\n',
        {("", "loss"): [(1, 2.5), (2, 1.5)], ("", "acc"): [(1, 0.25), (2, 0.5)]},
    ),
    Sample.of_text(
        "valid.log",
        '{"epoch": 1, "valid": {"loss": "3.5", "ppl": "2.5"}}'
        '{"epoch": 2, "valid": {"loss": 3.25}}\n'
        '{"epoch": 3, "valid": {"lo\n{"epoch": 4, "valid": {"loss": 3}}',
        {
            ("", "valid.loss"): [(1, 3.5), (2, 3.25), (4, 3.0)],
            ("", "valid.ppl"): [(1, 2.5)],
        },
    ),
)
