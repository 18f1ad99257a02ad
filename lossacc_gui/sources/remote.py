"""Remote folders through fsspec: `ssh://host/path`, `s3://bucket/prefix` and what else it knows.

New bytes are copied into a temporary folder that the engine tails like any other. Credentials come
from the person's own configuration (ssh agent and ~/.ssh, AWS profile …) and are stored nowhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from lossacc_gui.core.discovery import MOST_FILES, is_noise, is_skipped
from lossacc_gui.core.rows import Problem
from lossacc_gui.sources.spool import Spool

INTERVAL = 2.0
"""Seconds between two looks; a look that took longer is followed by a pause as long."""

LARGEST = 2 * 1024**3
"""Remote files beyond this size are not copied."""

_PIECE = 4 * 1024 * 1024
_CHECKED = 1024


class RemoteUnavailableError(Exception):
    """What reads this kind of address is not installed, or the address makes no sense."""


def is_remote(path: str) -> bool:
    """Whether this names something that is not on this machine."""
    return "://" in path and not path.startswith("file://")


def connect(url: str) -> tuple[Any, str]:
    """The fsspec file system of this address and the path in it.

    Raises:
        RemoteUnavailableError: the extra is missing or the kind of address is unknown.
    """
    import fsspec

    kind = urlsplit(url).scheme
    try:
        if kind in ("ssh", "sftp"):
            from sshfs import SSHFileSystem  # the way that reads ~/.ssh/config and the agent

            parts = urlsplit(url)
            options: dict[str, Any] = {"username": parts.username, "port": parts.port}
            given = {key: value for key, value in options.items() if value is not None}
            return SSHFileSystem(parts.hostname, **given), parts.path or "."
        system, path = fsspec.url_to_fs(url, use_listings_cache=False, skip_instance_cache=True)
        return system, path
    except ImportError as error:
        raise RemoteUnavailableError(
            f"{url}: reading {kind} needs an extra: pip install 'lossacc-gui[remote]' ({error})"
        ) from error
    except (ValueError, OSError) as error:
        raise RemoteUnavailableError(f"{url}: {error}") from error


@dataclass(slots=True)
class _Copy:
    """How far one remote file was copied, and by what it is known again."""

    size: int = 0
    stamp: object = None
    tail: bytes = b""


class Mirror:
    """Copies what is new under a remote folder into a local one, by one `refresh` at a time."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._system: Any = None
        self._root = ""
        self._copies: dict[str, _Copy] = {}
        self.bytes_fetched = 0

    def refresh(self) -> Sequence[Problem]:
        """Looks once; problems say what could not be listed or copied, with the reason."""
        try:
            if self._system is None:
                self._system, self._root = connect(self._url)
            self._system.invalidate_cache()
            found = dict(self._listing())
        except RemoteUnavailableError as error:
            return (Problem(self._url, 0, str(error)),)
        except Exception as error:  # noqa: BLE001  every back end has errors of its own
            self._system = None
            return (Problem(self._url, 0, f"cannot be reached: {_reason(error)}"),)
        problems = []
        for path, info in found.items():
            try:
                self._copy(path, info)
            except Exception as error:  # noqa: BLE001
                problems.append(Problem(path, 0, f"cannot be read: {_reason(error)}"))
        for path in self._copies.keys() - found.keys():
            self._local(path).unlink(missing_ok=True)
            del self._copies[path]
        return tuple(problems)

    def _listing(self) -> Iterator[tuple[str, dict[str, Any]]]:
        root_info = self._system.info(self._root)
        if root_info["type"] == "file":
            yield root_info["name"], root_info
            return
        count = 0
        waiting = [self._root]
        seen: set[str] = set()
        while waiting:
            folder = waiting.pop()
            if folder in seen:
                continue
            seen.add(folder)
            for info in self._system.ls(folder, detail=True):
                name = PurePosixPath(info["name"]).name
                if info["type"] == "directory" and not is_skipped(name):
                    waiting.append(info["name"])
                elif info["type"] == "file" and not is_noise(name):
                    count += 1
                    if count > MOST_FILES:
                        return
                    yield info["name"], info

    def _copy(self, path: str, info: dict[str, Any]) -> None:
        size = int(info.get("size") or 0)
        if size > LARGEST:
            raise OSError(f"larger than {LARGEST >> 30} GiB")
        copy = self._copies.setdefault(path, _Copy())
        stamp = (size, str(info.get("mtime") or info.get("LastModified") or info.get("ETag")))
        if copy.stamp == stamp:
            return
        target = self._local(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if copy.size and not self._goes_on(path, size, copy):
            target.write_bytes(b"")
            self._copies[path] = copy = _Copy()
        with target.open("ab") as file:
            while copy.size < size:
                piece = self._fetch(path, copy.size, min(copy.size + _PIECE, size))
                if not piece:
                    break
                file.write(piece)
                copy.size += len(piece)
                copy.tail = (copy.tail + piece[-_CHECKED:])[-_CHECKED:]
        copy.stamp = stamp

    def _goes_on(self, path: str, size: int, copy: _Copy) -> bool:
        """Whether the remote file still begins with what was copied, by its last block."""
        if size <= copy.size:
            return False
        return self._fetch(path, copy.size - len(copy.tail), copy.size) == copy.tail

    def _fetch(self, path: str, start: int, end: int) -> bytes:
        data: bytes = self._system.cat_file(path, start=start, end=end)
        self.bytes_fetched += len(data)
        return data

    def _local(self, path: str) -> Path:
        """Where the copy lies; never outside the mirror, whatever the remote name says."""
        root = PurePosixPath(self._root)
        pure = PurePosixPath(path)
        inner = pure.relative_to(root) if pure.is_relative_to(root) and pure != root else None
        parts = (inner or PurePosixPath(pure.name)).parts
        safe = [part.replace("\\", "_").replace("\0", "_") for part in parts]
        return self._folder.joinpath(*[part for part in safe if part not in ("..", ".", "/")])


class RemoteFolder:
    """Keeps a mirror up to date. Own thread: the network. Engine's thread: everything else.

    Nothing here waits for the network but the own thread; what fails is told by `problems`.
    """

    def __init__(self, url: str, interval: float = INTERVAL) -> None:
        name = PurePosixPath(urlsplit(url).path).name or urlsplit(url).netloc
        self._spool = Spool(name or "remote")
        self._mirror = Mirror(url, self._spool.folder)
        self._interval = interval
        self._stop = threading.Event()
        self._problems: tuple[Problem, ...] = ()
        self._thread: threading.Thread | None = None

    @property
    def path(self) -> str:
        """The folder of the copies."""
        return str(self._spool.folder)

    def start(self, wake: Callable[[], None]) -> None:
        """Begins to mirror."""
        self._thread = threading.Thread(
            target=self._follow, args=(wake,), name="lossacc-remote", daemon=True
        )
        self._thread.start()

    def problems(self) -> Sequence[Problem]:
        """What could not be reached or read at the last look."""
        return self._problems

    def refresh(self) -> Sequence[Problem]:
        """Looks once, in the caller's thread; for the command line, which waits anyway."""
        self._problems = tuple(self._mirror.refresh())
        return self._problems

    def close(self) -> None:
        """Stops and removes the copies."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5.0)
        self._spool.close()

    def _follow(self, wake: Callable[[], None]) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            self.refresh()
            wake()
            self._stop.wait(max(self._interval, time.monotonic() - began))


def _reason(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__
