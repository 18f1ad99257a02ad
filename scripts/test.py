"""Sets everything up, runs the checks and all tests: `python3 scripts/test.py [pytest options]`."""

from __future__ import annotations

import os
import subprocess
import sys

from environment import ROOT, ensure_environment, ensure_system_libraries


def main() -> int:
    """Runs scripts/check.py without its tests, then pytest under a virtual display's libraries."""
    python = str(ensure_environment(development=True))
    ensure_system_libraries(tests=True)
    checked = subprocess.call([python, str(ROOT / "scripts" / "check.py"), "--no-tests"], cwd=ROOT)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    workers = ["-n", str(min(4, os.cpu_count() or 1))]
    command = [python, "-m", "pytest", *workers, *sys.argv[1:]]
    tested = subprocess.call(command, cwd=ROOT, env=environment)
    return checked or tested


if __name__ == "__main__":
    sys.exit(main())
