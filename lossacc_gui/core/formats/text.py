"""Whatever trainers print: key–value lines, bars and tables, found by general rules."""

from __future__ import annotations

import re
from pathlib import PurePath

from lossacc_gui.core.formats._text.lines import Lines
from lossacc_gui.core.formats._text.samples import SAMPLES
from lossacc_gui.core.formats._text.screen import Screen
from lossacc_gui.core.rows import Rows

__all__ = ["NAME", "SAMPLES", "TITLE", "WRITTEN_BY", "Reader", "score"]

NAME = "text"
TITLE = "Console output and other plain text"
WRITTEN_BY = (
    "Keras, Hugging Face Trainer, Lightning, PyTorch examples, XGBoost, LightGBM, CatBoost, "
    "scikit-learn, skorch, MMEngine, PaddlePaddle, MXNet, fairseq, Megatron-LM, Caffe, darknet, "
    "tqdm bars, and lines as people print them"
)
_SURE = 62
_LIKELY = 55
_DOUBT = 30
_NOT_LOGS = re.compile(
    r"\.(?:pyi?|ipynb|c|cc|cpp|h|hpp|cu|js|ts|java|go|rs|jl|r|lua|sh|bat|ps1|md|rst|html?|xml|svg"
    r"|ya?ml|toml|cfg|ini|css|sql|tex|bib|lock|patch|diff|json)\Z",
    re.IGNORECASE,
)
_KINDS = (
    ("paddle-stdout", re.compile(rb"(?m)^step +\d+/\d+ .{0,200}?ms/step")),
    ("keras-stdout", re.compile(rb"[um]?s/(?:step|sample).{0,200}?(?:loss|acc\w*): \d")),
    ("hf-stdout", re.compile(rb"\{'(?:loss|eval_loss|train_runtime)': ")),
    ("xgboost-stdout", re.compile(rb"(?m)^\[\d+\]\s+\S+-\S+:\d")),
    ("lightgbm-stdout", re.compile(rb"(?m)^\[\d+\]\s+\S+'s \S+: ")),
    ("catboost-stdout", re.compile(rb"(?m)^\d+:\s+learn: ")),
    ("lightning-stdout", re.compile(rb"Epoch \d+: {1,3}\d+%\|.{0,800}?v_num=")),
    ("mmengine-stdout", re.compile(rb"- (?:mmengine|mmdet|mmcls|mmseg|mmcv)\w* - INFO - ")),
    ("mxnet-stdout", re.compile(rb"Epoch\[\d+\] (?:Train|Validation|Batch)")),
    ("spacy-stdout", re.compile(rb"(?m)^E +# +LOSS ")),
    ("darknet-stdout", re.compile(rb"(?m)^ ?\d+.{0,20}?: \S+, \S+ avg(?: loss)?, \S+ rate, ")),
    ("caffe-stdout", re.compile(rb"solver\.cpp:\d+\] Iteration \d+")),
)
_HEAD = 64 * 1024
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\x08\x0b\x0c\x1b")


class Reader:
    """Reads one growing text. Only finished lines are read; `finish` reads the last one too."""

    def __init__(self, path: PurePath) -> None:
        self._path = path
        self._screen = Screen()
        self._lines = Lines()
        self._head = b""
        self._name = NAME

    @property
    def name(self) -> str:
        """The program that wrote the text, where it gives itself away; else "text"."""
        return self._name

    @property
    def hits(self) -> int:
        """How many lines held values."""
        return self._lines.hits

    def feed(self, data: bytes) -> Rows:
        """Consumes bytes appended to the file."""
        self._look(data)
        for state in self._screen.feed(data):
            self._lines.line(state)
        return Rows(columns=self._lines.series.take())

    def finish(self) -> Rows:
        """The file has come to rest: reads an unterminated last line and ends open bars."""
        for state in self._screen.finish():
            self._lines.line(state)
        self._lines.finish()
        return Rows(columns=self._lines.series.take())

    def _look(self, data: bytes) -> None:
        if len(self._head) >= _HEAD or self._name != NAME:
            return
        before = len(self._head)
        self._head += data[: _HEAD - before]
        if b"\n" not in data and b"\r" not in data:
            return
        for name, mark in _KINDS:
            if mark.search(self._head, max(0, before - 4096)):
                self._name = name
                return


def score(head: bytes, path: PurePath) -> int:
    """0 where no value was found; structured files and source code stay below 50."""
    if _NOT_LOGS.search(path.name) or _is_binary(head):
        return 0
    reader = Reader(path)
    points = _points(reader.feed(head)) + _points(reader.finish())
    if not points:
        return 0
    if _is_structured(head):
        return _DOUBT
    return _SURE if reader.hits >= 2 or points >= 4 else _LIKELY


def _points(rows: Rows) -> int:
    return sum(len(column.y) for column in rows.columns)


def _is_binary(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    sample = head[:8192]
    return len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) / 50


def _is_structured(head: bytes) -> bool:
    """Whether the first line is the start of a JSON value, or tabs or commas part names in it."""
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    if first[:2] in (b'{"', b"[{", b"{\r") or first.strip() in (b"{", b"["):
        return True
    named = first.count(b",") >= 2 or b"\t" in first
    return named and not any(c in first for c in b"0123456789:=")
