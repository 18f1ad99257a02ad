"""Sets everything up and starts LossAcc: `python3 scripts/run.py [PATH …]`; no path: the demo.

Without a display it says so, runs off screen, saves a picture, prints the findings and ends.
"""

from __future__ import annotations

import os
import subprocess
import sys

from environment import (
    ensure_environment,
    ensure_system_libraries,
    has_display,
    say,
    venv_python,
)

PICTURE = "lossacc.png"


def main() -> int:
    """Starts the window, or the off-screen stand-in where there is no display."""
    paths = sys.argv[1:]
    ensure_environment()
    ensure_system_libraries()
    program = [str(venv_python()), "-m", "lossacc_gui"]
    if has_display():
        arguments = [*program, *(paths or ["demo"])]
        if os.name == "nt":
            return subprocess.call(arguments)
        os.execv(arguments[0], arguments)
    say(f"no display: running off screen; the window's picture goes to {PICTURE}")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if not paths:
        return subprocess.call([*program, "demo", "--output", PICTURE], env=environment)
    drawn = subprocess.call([*program, "render", *paths, "--output", PICTURE], env=environment)
    told = subprocess.call([*program, "diagnose", *paths], env=environment)
    # A serious finding (status 3) is a result here, not a failure.
    return drawn or (0 if told == 3 else told)


if __name__ == "__main__":
    sys.exit(main())
