"""Which run a file belongs to by its path alone.

The rule. A file's home is its folder, with these parts of the path left out:
* a folder named as a split (`train/` beside `validation/`; a lone one only where event files are
  in it, for `runs/train/results.csv` is a run called "train") or as a curve of one
  (`loss_train/`, as SummaryWriter.add_scalars makes them);
* a folder that only sorts files by kind (`csv/`, `tb/`, `vis_data/`, `plots/metrics/` …);
* `checkpoint-130/` and its like, which hold growing copies of one history;
* a folder named by a time stamp with a fraction, as SummaryWriter.add_hparams makes it.
MLflow's files, one per metric below `RUN_ID/metrics/`, are all parts of that run.
All event files of one home are one run. A text, table or JSON file is a run of its own, named by
its stem, unless its name says that it is a part: `train.csv` and `valid.csv`, `loss.tsv` and
`accuracy.tsv`, `exp1_train.csv` and `exp1_val.csv`, `metrics_epoch_3.json`; or a rotated piece:
`train.log.2`, `train.log.1`, `train.log`. `version_0` and `version_1` are folders of their own and
so two runs. What the values then say about who belongs together is told in `runs`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from lossacc_gui.core.names import recognise, split_word
from lossacc_gui.core.resources import resource
from lossacc_gui.core.rows import Split

_COPIES = re.compile(r"(checkpoint|ckpt|epoch|step|global_step)s?[-_]?\d*", re.IGNORECASE)
_STAMP = re.compile(r"\d{9,11}\.\d+")
_ROTATED = re.compile(r"(?P<name>.+?\.[A-Za-z]+)[.-](?P<number>\d{1,3})")
_EVENTS = re.compile(r"tfevents\.(?P<time>\d+)\.(?P<process>.+\.\d+)\.\d+(\.v2)?$")
_RUN_ID = re.compile(r"[0-9a-f]{32}")
_WORD = re.compile(r"[a-z]+|\d+")
_PART_SCORE = 75
_TABLES = frozenset({"csv", "tsv", "json", "jsonl", "ndjson", "txt", "dat"})
EVENT_FORMATS = frozenset({"tensorboard", "visualdl"})


@cache
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    lists = tomllib.loads(resource("folders.toml").read_text(encoding="utf-8"))
    return frozenset(lists["sorting_folders"]), frozenset(lists["plain_words"])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file belongs: files with the same `home` and `unit` are one run from the start.

    `order` sorts the files of one unit by age, oldest first; `folders` are the parts of the path
    below the root, the file's name last, for names that tell no split.
    """

    path: str
    root: str
    home: PurePath
    split_home: PurePath  # the same with a last folder named as a split kept
    split: Split | None  # what that folder says
    unit: str
    folders: tuple[str, ...]
    order: tuple[float, str]
    writer: str = ""  # host and process, where an event file's name tells them


def place(path: str, root: str, events: bool = False) -> Place:
    """Places the file at `path`, found under `root` (a folder, or the file itself)."""
    pure = PurePath(path)
    top = PurePath(root)
    if top == pure:
        top = pure.parent
    inner = pure.relative_to(top).parts[:-1]
    if (run := _tracked_run(pure, top)) is not None:
        parts = (*inner, pure.name)
        return Place(path, root, run, run, None, "parts mlflow", parts, (0.0, _natural(path)))
    kept = list(inner)
    said: Split | None = None
    split_home: PurePath | None = None
    while kept and _is_inner(kept[-1]):
        if said is None and (said := _split_of(kept[-1])) is not None:
            split_home = top.joinpath(*kept)
        kept.pop()
    home = top.joinpath(*kept)
    split_home = split_home or home
    name, turn = _rotation(pure.name)
    if events:
        found = _EVENTS.search(pure.name)
        began = float(found["time"]) if found else 0.0
        age = (began, path)
        folders = (*inner, pure.name)
        writer = writer_of(pure.name)
        return Place(path, root, home, split_home, said, "events", folders, age, writer)
    age = (-turn, _natural(path))
    return Place(path, root, home, split_home, said, _unit(name), (*inner, name), age)


def _tracked_run(path: PurePath, top: PurePath) -> PurePath | None:
    """The run's folder in MLflow's file store: `RUN_ID/metrics/`, one metric a file below."""
    for folder in path.parents:
        if folder.name == "metrics" and _RUN_ID.fullmatch(folder.parent.name):
            return folder.parent if folder.is_relative_to(top) else folder
        if folder == top:
            break
    return None


def neighbours(place: Place, tags: set[str]) -> set[str]:
    """The tags that help to tell a name's split: none where the folder of an event file tells."""
    return set() if place.unit == "events" and place.split else tags


def writer_of(name: str) -> str:
    """Host and process that wrote an event file, as its name tells; "" if it does not."""
    found = _EVENTS.search(name)
    return found["process"] if found else ""


def _is_inner(folder: str) -> bool:
    """Whether a folder only sorts what belongs to the run above it."""
    if folder.lower() in _lists()[0] or _STAMP.fullmatch(folder) or _COPIES.fullmatch(folder):
        return True
    return _split_of(folder) is not None or _is_curve(folder)


def _split_of(folder: str) -> Split | None:
    """The split that a folder is named after; `train2/` is the second run called "train"."""
    return None if any(c.isdigit() for c in folder) else split_word(folder)


def _is_curve(name: str) -> bool:
    """Whether a name is a metric and nothing else."""
    reading = recognise(name)
    return reading.role in ("loss", "accuracy") and reading.priority >= _PART_SCORE


def _rotation(name: str) -> tuple[str, float]:
    found = _ROTATED.fullmatch(name)
    return (found["name"], float(found["number"])) if found else (name, 0.0)


def _unit(name: str) -> str:
    """The name of the run's part in its home; "parts …" where several files make one run."""
    stem, dot, kind = name.rpartition(".") if "." in name[1:] else (name, "", "")
    if (split_word(stem) is not None and kind in _TABLES) or _is_curve(stem):
        return f"parts {dot}{kind}"
    words = _WORD.findall(stem.lower())
    spoken = {w for w in words if not w.isdigit()}
    if spoken == {"metrics", "epoch"} and len(words) == 3:
        return f"parts {dot}{kind}"  # AllenNLP writes one file for each epoch
    rest = [w for w in words if split_word(w) is None and w not in _lists()[1]]
    if rest and split_word(words[-1]) is not None:
        return f"parts of {'-'.join(rest)}{dot}{kind}"
    return name


def is_plain(unit: str, home: PurePath) -> bool:
    """Whether a unit's name says nothing but "log", so that it may belong to its folder's run."""
    if unit == "events" or (unit.startswith("parts ") and not unit.startswith("parts of ")):
        return True
    stem = unit.rsplit(".", 1)[0]
    words = set(_WORD.findall(stem.lower())) - set(_WORD.findall(home.name.lower()))
    return all(w in _lists()[1] or split_word(w) is not None for w in words)


def _natural(path: str) -> str:
    """The path with its numbers padded, so that checkpoint-20 sorts before checkpoint-100."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(12), path)
