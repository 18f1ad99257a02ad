"""The daily command: formatting, lint, types, import contracts, README's tables, tests.

`python scripts/check.py` inside .venv; `--no-tests` leaves the tests out, `--fix` repairs what
can be repaired by itself.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Runs every check, also after a failure, and returns 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-tests", action="store_true")
    parser.add_argument("--fix", action="store_true")
    options = parser.parse_args()
    python = [sys.executable, "-m"]
    tables = [sys.executable, str(ROOT / "scripts" / "readme_tables.py")]
    checks = {
        "format": [*python, "ruff", "format", *([] if options.fix else ["--check"]), "."],
        "lint": [*python, "ruff", "check", *(["--fix"] if options.fix else []), "."],
        "types": [*python, "mypy"],
        "imports": [str(Path(sys.executable).parent / "lint-imports")],
        "README tables": [*tables, *([] if options.fix else ["--check"])],
    }
    if not options.no_tests:
        checks["tests"] = [*python, "pytest", "-n", "auto"]
    failed = [name for name, command in checks.items() if not _passes(name, command)]
    print("all checks passed" if not failed else "failed: " + ", ".join(failed))
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    print(f"== {name}", flush=True)
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    return subprocess.call(command, cwd=ROOT, env=environment) == 0


if __name__ == "__main__":
    sys.exit(main())
