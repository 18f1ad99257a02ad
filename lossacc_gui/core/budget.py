"""How much one pass may read, so that one huge log cannot starve the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]
"""Seconds that only rise; injected, so that the core has no clock of its own."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Per file and pass at most `bytes` or `seconds`, in pieces of `chunk`; per pass `total`."""

    bytes: int = 4 * 1024 * 1024
    seconds: float = 0.05
    chunk: int = 1024 * 1024
    total: float = 0.5


OFFLINE = Budget(bytes=64 * 1024 * 1024, seconds=60.0, chunk=4 * 1024 * 1024, total=600.0)
"""For the command line, which shows nothing before it has read everything."""
