"""Writes README's tables of formats and causes from the registries; `--check` fails if stale."""

from __future__ import annotations

import sys
from pathlib import Path

from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.formats import formats

README = Path(__file__).resolve().parent.parent / "README.md"


def format_table() -> str:
    """One row per format module."""
    rows = [f"| {f.TITLE} | {f.WRITTEN_BY} |" for f in formats()]
    return "\n".join(["| format | written by |", "|---|---|", *rows])


def cause_table() -> str:
    """One row per cause module: its id, whether it is benign, and what its module opens with."""
    rows = []
    for cause in all_causes().values():
        opening = " ".join((cause.__doc__ or cause.TITLE).split("\n\n")[0].split())
        rows.append(f"| `{cause.ID}` | {'yes' if cause.BENIGN else 'no'} | {opening} |")
    return "\n".join(["| cause | benign | in words |", "|---|---|---|", *rows])


def with_tables(text: str) -> str:
    """The README's text with both tables brought up to date between their markers."""
    for name, table in (("formats", format_table()), ("causes", cause_table())):
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, rest = text.split(start, 1)
        _, after = rest.split(end, 1)
        text = f"{before}{start}{table}\n{end}{after}"
    return text


def main() -> int:
    """Rewrites README.md, or with `--check` only tells whether it would change."""
    text = README.read_text(encoding="utf-8")
    fresh = with_tables(text)
    if "--check" in sys.argv[1:]:
        if fresh != text:
            print("README.md's tables are stale: python scripts/check.py --fix --no-tests")
        return int(fresh != text)
    README.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
