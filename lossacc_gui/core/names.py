"""What a metric's name says: its role, its split, its rank among its like, or the x it counts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lossacc_gui.core._neighbours import Neighbours, neighbours
from lossacc_gui.core._words import Reading, read_name, vocabulary, words_of
from lossacc_gui.core.rows import Role, Split

XName = Literal["step", "epoch", "time"]
ERROR_RATE = "error rate"
_LONGEST_NAME = 300
_AGGREGATES = ("mean", "avg", "average", "std", "min", "max", "median", "best", "last", "sum")


@dataclass(frozen=True, slots=True)
class Name:
    """The reading of one name.

    `priority` ranks series of one role and split; the highest is the main one. In order: the plain
    "loss", a total, a cross-entropy, then part losses ("box_loss"); the plain "accuracy", top-1,
    balanced, then partial ones; whatever is measured per batch comes after its like per epoch.
    `converted` is "error rate" where 1 − value is the accuracy (the role itself is "other").
    `percent` means that the name itself says percent. `x` is set where the name is no metric but
    a counter or a clock.
    """

    role: Role
    split: Split
    converted: str = ""
    priority: int = 0
    x: XName | None = None
    percent: bool = False


def recognise(
    tag: str,
    folders: Sequence[str] = (),
    split: Split | None = None,
    siblings: Iterable[str] = (),
) -> Name:
    """Reads the name `tag`.

    Args:
        tag: the name as logged.
        folders: parts of the path below the watched folder, the file's own name last. They give
            the split where nothing else does.
        split: what the reader's context (a heading, a sibling field) told. The name's own wins.
        siblings: all tags of the same file (a frozenset is fastest). They settle what a name
            without a split means ("accuracy" beside "train_loss" and "valid_loss" is measured on
            validation data).
    """
    reading = read_name(tag[:_LONGEST_NAME])
    tags = siblings if isinstance(siblings, frozenset) else frozenset(siblings)
    beside = neighbours(tags)
    role, reading = _role(reading, beside)
    split_ = _split(reading, role, tuple(folders[-3:]), split, beside)
    return Name(
        role=role,
        split=split_,
        converted=ERROR_RATE if reading.is_error and not reading.unknown else "",
        priority=_priority(reading) if role != "other" or reading.quantity == "error" else 0,
        x=reading.x,
        percent=reading.percent,
    )


def x_kind(tag: str) -> XName | None:
    """Which x the name counts, or None for a metric."""
    return read_name(tag[:_LONGEST_NAME]).x


def x_rank(tag: str) -> int:
    """How good an x the name is among its like; the smallest is best, by the alias file's order."""
    return read_name(tag[:_LONGEST_NAME]).x_rank


def words_in(tag: str) -> tuple[str, ...]:
    """The words of a name in lower case, cut at punctuation, digits and changes of case."""
    return words_of(tag[:_LONGEST_NAME])


def split_word(text: str) -> Split | None:
    """The split that a word or a short phrase means by itself ("Validation Results"), or None.

    Only when nothing but neutral words stand beside it: "tested on gpu" means no split.
    """
    reading = read_name(text[:_LONGEST_NAME])
    return reading.split if reading.split and not reading.unknown else None


def _role(reading: Reading, beside: Neighbours) -> tuple[Role, Reading]:
    if reading.x is not None or reading.spoiled or _is_aggregate(reading, beside):
        return "other", replace(reading, quantity="")
    match reading.quantity:
        case "loss" | "total_loss" | "cross_entropy" | "part_loss":
            if _is_final_summary(reading, beside):
                return "other", reading
            return "loss", reading
        case "weak_loss":
            return ("other" if beside.loss_splits else "loss"), reading
        case "accuracy" | "top1" | "balanced":
            return "accuracy", reading
        case "score":
            is_accuracy = reading.split is not None and not reading.unknown
            return ("accuracy" if is_accuracy else "other"), reading
        case "lr":
            return ("lr" if _is_first_group(reading, beside) else "other"), reading
        case "" if reading.split and not reading.unknown:
            return _bare_split_role(reading, beside), reading
    return "other", reading


def _is_first_group(reading: Reading, beside: Neighbours) -> bool:
    """Whether the learning rate is that of the first parameter group (pg0, or pg1 without one)."""
    return not reading.number or beside.first_rate is None or reading.number <= beside.first_rate


def _bare_split_role(reading: Reading, beside: Neighbours) -> Role:
    """The role of a name that is only a split ("Train: 0.91"): what its neighbours leave over."""
    if beside.loss_splits:
        return "accuracy"
    says_learn = reading.words == ("learn",) or ("learn",) in beside.words  # CatBoost's word
    return "loss" if says_learn or beside.has_accuracy else "other"


def _is_aggregate(reading: Reading, beside: Neighbours) -> bool:
    """Whether the name is another one of the file with "mean", "std" … behind it."""
    if len(reading.words) < 2 or reading.words[-1] not in _AGGREGATES:
        return False
    return reading.words[:-1] in beside.words


def _is_final_summary(reading: Reading, beside: Neighbours) -> bool:
    """Whether "train_loss" is the mean over a whole training: it stands beside a run time."""
    if reading.words[-2:] != ("train", "loss"):
        return False
    return (*reading.words[:-1], "runtime") in beside.words


def _split(
    reading: Reading,
    role: Role,
    folders: tuple[str, ...],
    told: Split | None,
    beside: Neighbours,
) -> Split:
    if reading.split is not None:
        return _idiom(reading.split, reading, folders, beside)
    if told is not None and told != "none":
        return told
    if not beside.named_splits and (from_folder := _folder_split(folders)):
        return _idiom(from_folder, reading, folders, beside)
    if role in ("loss", "accuracy") or reading.is_error:
        return _split_left_over(reading, beside)
    return "train" if role == "lr" or reading.stem in beside.held_out_stems else "none"


def _split_left_over(reading: Reading, beside: Neighbours) -> Split:
    """The split of a loss or accuracy without any, from the splits that its neighbours name.

    Keras writes "loss" beside "val_loss": train. fastai writes "accuracy" beside "train_loss" and
    "valid_loss": validation.
    """
    losses, qualities = beside.loss_splits, beside.quality_splits
    held_out = {"val", "test"}
    if (losses if reading.is_loss else qualities) & held_out:
        return "train"
    if reading.is_loss:
        full_train_set = "train" in losses and "train" in qualities
        return "val" if full_train_set and not qualities & held_out else "train"
    all_splits = losses | qualities
    if "train" not in all_splits:
        return "train"
    return "test" if "test" in all_splits and "val" not in all_splits else "val"


def _folder_split(folders: tuple[str, ...]) -> Split | None:
    """The split that the nearest part of the path names, if it names one and little else."""
    for part in reversed(folders):
        stem = part.rsplit(".", 1)[0] if "." in part[1:] else part
        reading = read_name(stem[:_LONGEST_NAME])
        if reading.split and reading.number is None and not reading.unknown:
            return reading.split
    return None


def _idiom(split: Split, reading: Reading, folders: tuple[str, ...], beside: Neighbours) -> Split:
    """Applies the habits of frameworks (resources/aliases.toml, idioms; XGBoost's numbering)."""
    for idiom in vocabulary().idioms:
        in_folder = bool(idiom.folder) and any(read_name(f).words == idiom.folder for f in folders)
        has_neighbour = bool(idiom.beside) and idiom.beside in beside.words
        if split in idiom.meaning and (in_folder or has_neighbour):
            return idiom.meaning[split]
    # XGBoost numbers the sets of eval_set; by custom the first of several is the training set.
    if reading.words[:2] == ("validation", "0"):
        has_second = any(words[:2] == ("validation", "1") for words in beside.words)
        return "train" if has_second and "train" not in beside.named_splits else split
    return split


_BASE_PRIORITY = {
    "loss": 100,
    "total_loss": 90,
    "cross_entropy": 80,
    "part_loss": 30,
    "weak_loss": 20,
    "accuracy": 100,
    "top1": 90,
    "score": 70,
    "balanced": 60,
    "error": 50,
    "lr": 100,
    "": 10,
}


def _priority(reading: Reading) -> int:
    base = _BASE_PRIORITY.get(reading.quantity, 10)
    unknown = min(len(reading.unknown), 3)
    penalty = (25 + 5 * unknown if unknown else 0) + (5 if reading.number is not None else 0)
    per_batch = 25 if reading.level == "batch" else 2 if reading.level == "epoch" else 0
    summary = 30 if reading.words[:1] in (("hparam",), ("hparams",), ("final",)) else 0
    return max(base - penalty - per_batch - summary, 1)


_ABOVE_ONE = 1.5
_HUNDRED = 100.5


def fraction_scale(
    tag: str,
    values: Iterable[float],
    percent_sign: bool = False,
    siblings: Iterable[float] = (),
) -> float:
    """The factor that turns a logged accuracy (or error rate) into a fraction: 1 or 0.01.

    Percent when a sign or the name says so, or when the largest value is clearly above 1 and no
    more than 100. Values that are all below 1 are taken for percent only beside `siblings` (values
    of the same metric in another split) that are in percent and begin at the same size: a train
    accuracy of 0.4 beside a validation accuracy of 48 is a fraction, 0.4 beside 0.9 … 61 is not.
    Only the beginning tells, where neither split has learned much: later one may be at 60 while the
    other is still at 0.3, in the same unit. The answer can change once while a series grows, from 1
    to 0.01, and never back.
    """
    finite = [v for v in values if math.isfinite(v)]
    largest = max(finite, default=0.0)
    if largest > _HUNDRED:
        return 1.0
    if percent_sign or read_name(tag[:_LONGEST_NAME]).percent or largest > _ABOVE_ONE:
        return 0.01
    beside = [v for v in siblings if math.isfinite(v)]
    if not _ABOVE_ONE < max(beside, default=0.0) <= _HUNDRED:
        return 1.0
    ours = next((v for v in finite if v > 0.0), None)  # none right is none in either unit
    theirs = next(v for v in beside if v > 0.0)
    return 0.01 if ours is not None and theirs / ours < 10 else 1.0
