"""When a store last changed, by its files' sizes and times."""

from __future__ import annotations

from pathlib import Path

from lossacc_gui.core.formats import StoreReader


def stamp_of(store: StoreReader, path: str) -> tuple[float, ...]:
    """A store of several files tells its own stamp: sizes and times in turn."""
    own = getattr(store, "stamp", None)
    try:
        return tuple(own()) if own else _store_stamp(path)
    except OSError:
        return ()


def _store_stamp(path: str) -> tuple[float, ...]:
    """Sizes and times of a store and of the journal beside it; empty when it is not there."""
    stamp: list[float] = []
    for name in (path, path + "-wal"):
        try:
            status = Path(name).stat()
        except OSError:
            continue
        stamp += [float(status.st_size), status.st_mtime]
    return tuple(stamp)
