"""Walks folders for files that could be logs, in small steps and within bounds."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import NamedTuple

from lossacc_gui.core.resources import resource
from lossacc_gui.core.rows import Problem

MOST_FILES = 50_000
DEEPEST = 24
EMPTY = "empty so far"
_BESIDE = ("~", "-wal", "-shm", "db-journal", "sqlite-journal", "sqlite3-journal")
"""How names end that editors and SQLite give to files beside the one that counts."""


class _LeftOut(NamedTuple):
    stores: frozenset[str]
    folders: frozenset[str]
    suffixes: frozenset[str]
    files: frozenset[str]
    inner: frozenset[str]


@cache
def _left_out() -> _LeftOut:
    lists = tomllib.loads(resource("folders.toml").read_text(encoding="utf-8"))
    names = ("hidden_stores", "skipped_folders", "noise_suffixes", "noise_names")
    stores, folders, suffixes, files = (frozenset(lists[name]) for name in names)
    return _LeftOut(stores, folders, suffixes, files, stores | frozenset(lists["inner_folders"]))


@dataclass(frozen=True, slots=True)
class Found:
    """A file that could be a log; `root` is what the person opened."""

    path: str
    root: str


def is_noise(name: str) -> bool:
    """Whether a file's name alone says that it stands beside logs and is none."""
    lower = name.lower()
    if "tfevents" in lower:
        return False
    lists = _left_out()
    suffix = PurePath(lower).suffix
    return suffix in lists.suffixes or lower in lists.files or lower.endswith(_BESIDE)


def is_skipped(folder: str) -> bool:
    """Whether a folder is never looked into."""
    lists = _left_out()
    return folder not in lists.stores and (folder in lists.folders or folder.startswith("."))


def is_inner_to_store(path: str, reason: str) -> bool:
    """Whether nobody would expect this file to be a log: an empty one, or a store's own."""
    parts = PurePath(path).parts[:-1]
    return reason == EMPTY or any(part in _left_out().inner for part in parts)


def without_store(path: str) -> str:
    """The folder that holds the hidden store in which this file lies; else the path itself."""
    pure = PurePath(path)
    for parent in pure.parents:
        if parent.name in _left_out().stores:
            return str(parent.parent)
    return path


def walk(root: str, problems: list[Problem], folders: list[str]) -> Iterator[Found | None]:
    """Files under `root`, yielded as found; None now and then, so that a caller may pause.

    Links are followed once: a folder that was seen under another name is not entered again.
    Unreadable folders are told in `problems`, every folder looked into in `folders`.
    """
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[str, int]] = [(root, 0)]
    linked: list[tuple[str, int]] = []
    count = 0
    inside = os.path.join(os.path.realpath(root), "")
    while waiting or linked:
        folder, depth = waiting.pop() if waiting else linked.pop()
        yield None
        try:
            status = Path(folder).stat()
            identity = (status.st_dev, status.st_ino)
            if identity in seen:
                continue
            seen.add(identity)
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problems.append(Problem(folder, 0, f"the folder cannot be read: {reason}"))
            continue
        folders.append(folder)
        for entry in entries:
            try:
                if entry.is_dir():
                    if not is_skipped(entry.name) and depth < DEEPEST:
                        # Links wait until every true folder has been seen under its own name.
                        (linked if entry.is_symlink() else waiting).append((entry.path, depth + 1))
                elif entry.is_file() and not is_noise(entry.name):
                    if entry.is_symlink() and os.path.realpath(entry.path).startswith(inside):
                        continue  # found under its own name
                    count += 1
                    if count > MOST_FILES:
                        message = f"more than {MOST_FILES} files: the rest is not watched"
                        problems.append(Problem(root, 0, message))
                        return
                    yield Found(entry.path, root)
            except OSError:
                continue
