"""What is remembered per log folder, beside the settings: never inside the log folder."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lossacc_gui.settings import read_json, write_atomically


@dataclass(frozen=True, slots=True)
class Note:
    """The person's own words at an x of a run; `kind` says on which axis ("epoch" or "step")."""

    x: float
    text: str
    kind: str = "epoch"


@dataclass(frozen=True, slots=True)
class FolderMemory:
    """The person's doing in one set of folders; keys are run keys and series keys.

    `mapped` holds (role, split) per tag: a metric's name means the same in every run of a folder,
    so it is told once. `classes` is the number of classes where the person gave it.
    """

    hidden: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    mapped: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    classes: int | None = None
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    ticked: tuple[str, ...] = ()
    chosen: str = ""
    sort: str = "newest"
    grouped: bool = False
    view: Mapping[str, Any] = field(default_factory=dict)


def memory_file(folder: Path, paths: tuple[str, ...]) -> Path:
    """The file beside the settings that remembers these paths."""
    digest = hashlib.sha256("\n".join(sorted(paths)).encode("utf-8", "surrogateescape"))
    return folder / "folders" / f"{digest.hexdigest()[:24]}.json"


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return {k: v for k, v in value.items() if isinstance(k, str)} if isinstance(value, dict) else {}


def _notes(value: object) -> tuple[Note, ...]:
    made = []
    for item in value if isinstance(value, list) else []:
        x, text = (item.get("x"), item.get("text")) if isinstance(item, dict) else (None, None)
        if isinstance(x, int | float) and math.isfinite(x) and isinstance(text, str):
            made.append(Note(float(x), text, str(item.get("kind", "epoch"))))
    return tuple(made)


def load_memory(path: Path) -> tuple[FolderMemory, str]:
    """What was remembered, and a message ("" when all is well); whatever is broken is left out."""
    raw, message = read_json(path)
    classes = raw.get("classes")
    mapped = {
        tag: (pair[0], pair[1])
        for tag, pair in _table(raw.get("mapped")).items()
        if len(_strings(pair)) == 2
    }
    memory = FolderMemory(
        hidden=frozenset(_strings(raw.get("hidden"))),
        renamed={k: v for k, v in _table(raw.get("renamed")).items() if isinstance(v, str)},
        mapped=mapped,
        classes=classes if isinstance(classes, int) and classes >= 2 else None,
        notes={k: _notes(v) for k, v in _table(raw.get("notes")).items()},
        ticked=tuple(_strings(raw.get("ticked"))),
        chosen=raw["chosen"] if isinstance(raw.get("chosen"), str) else "",
        sort=raw["sort"] if isinstance(raw.get("sort"), str) else "newest",
        grouped=raw.get("grouped") is True,
        view=_table(raw.get("view")),
    )
    return memory, message


def save_memory(memory: FolderMemory, path: Path) -> str:
    """Saves what is remembered; returns "" or why it could not be saved."""
    raw = dataclasses.asdict(memory)
    raw["hidden"] = sorted(memory.hidden)
    try:
        write_atomically(path, json.dumps(raw, indent=2))
    except OSError as error:
        return f"{path}: cannot be saved ({error})"
    return ""
