"""Finds the data files that travel with the program, from a checkout, a wheel or the executable."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(name: str) -> Path:
    """The path of the resource `name` (such as "aliases.toml" or "demo/run.csv").

    A wheel and the executable carry the files inside the package; a checkout has them beside it.

    Raises:
        FileNotFoundError: no such resource; a broken installation.
    """
    for base in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        candidate = base / name
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"resource {name!r} is not part of this installation")
