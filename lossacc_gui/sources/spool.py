"""A temporary folder of our own, outside the person's folders, removed at the end."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path


class Spool:
    """A folder that exists from the first use until `close`."""

    def __init__(self, name: str) -> None:
        self._base = Path(tempfile.mkdtemp(prefix="lossacc-"))
        self.folder = self._base / name
        self.folder.mkdir()

    def close(self) -> None:
        """Removes the folder with everything in it."""
        shutil.rmtree(self._base, ignore_errors=True)
