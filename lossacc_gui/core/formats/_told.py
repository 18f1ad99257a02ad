"""What neighbours of a value tell about it: keys and headers that hold a split or a run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from lossacc_gui.core.formats._cells import is_gap, looks_numeric
from lossacc_gui.core.names import split_word
from lossacc_gui.core.rows import Split

SPLIT_KEYS = (
    *("split", "data_split", "phase", "mode", "stage", "subset", "eval_type", "partition"),
    *("loader", "dataset", "set", "event", "prefix", "type", "kind", "part", "data", "job"),
    *("message", "msg"),
)
"""Keys and headers that may tell a split; the first of them that does is believed."""

_ONE_WORD_ONLY = frozenset({"type", "kind", "part", "data", "job"})
ALWAYS_TOLD = frozenset(
    {"run", "run_name", "trial", "fold", "experiment", "cv_fold", "trial_name", "experiment_name"}
)
RUN_KEYS = ALWAYS_TOLD | {
    *("runs", "trials", "folds", "exp", "exp_name", "exp_id", "model", "model_name"),
    *("run_id", "trial_id", "experiment_id", "runid", "uuid", "run_uuid", "seed", "repeat"),
    *("replicate", "config_name"),
}
NAME_KEYS = frozenset(
    {"metric", "metrics", "metric_name", "name", "key", "tag", "variable", "series", "measure"}
    | {"quantity", "scalar"}
)
VALUE_KEYS = frozenset({"value", "values", "val_value", "y", "metric_value", "scalar_value"})
_LONGEST_RUN_NAME = 200
_LONGEST_SPLIT = 60


@lru_cache(maxsize=8192)
def normal(key: str) -> str:
    """The key in lower case with single underscores."""
    return "_".join(key.strip().casefold().replace("-", " ").replace("_", " ").split())


def told_split(text: str) -> Split | None:
    """The split that the text of such a key means, or None."""
    return split_word(text) if 0 < len(text) <= _LONGEST_SPLIT else None


def told_split_of(texts: Mapping[str, str]) -> Split | None:
    """The split that the fields of an object tell; their keys are normal."""
    for key in SPLIT_KEYS:
        text = texts.get(key, "")
        if text and (text.isalpha() or key not in _ONE_WORD_ONLY) and (split := told_split(text)):
            return split
    return None


class RunTeller:
    """Names the run of a row from its fold, trial or model, where a file holds several runs.

    Keys such as "trial_id" are often the same in every row: their first value is not told.
    """

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def tell(self, key: str, value: str) -> str:
        """What this key adds to the run's name: "", "resnet18" or "fold 2"."""
        if is_gap(value):
            return ""
        first = self._first.setdefault(key, value)
        if normal(key) not in ALWAYS_TOLD and value == first:
            return ""
        value = value[:_LONGEST_RUN_NAME]
        return f"{key} {value}" if looks_numeric(value) else value
