"""Draws README's pictures: the window on the demo run, light and dark, at 1× and 2×.

    python scripts/shots.py [FOLDER]     (default: resources/pictures)

Each picture is drawn by a process of its own, because Qt fixes the scale when it starts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "resources" / "pictures"
SIZE = (1480, 900)

DRAW = """
import sys
from lossacc_gui.app import render
path, output, dark, scale = sys.argv[1:]
sys.exit(render([path], output, dark=dark == "dark", scale=float(scale)))
"""


def draw(path: Path, output: Path, theme: str, scale: int) -> None:
    """Draws one picture in a fresh process.

    Raises:
        subprocess.CalledProcessError: the picture could not be drawn.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", DRAW, str(path), str(output), theme, str(scale)]
    subprocess.run(command, check=True, env=environment)


def make_small(picture: Path) -> None:
    """Leaves the picture 255 colours, a third of the bytes; as it is where ImageMagick is missing.

    Raises:
        subprocess.CalledProcessError: ImageMagick could not read or write it.
    """
    program = shutil.which("magick") or shutil.which("convert")
    if program is None:
        print(f"{picture.name} stays large: ImageMagick is not installed", file=sys.stderr)
        return
    reduced = ["+dither", "-colors", "255", "-strip", "-define", "png:compression-level=9"]
    subprocess.run([program, str(picture), *reduced, str(picture)], check=True)


def main() -> int:
    """Draws all pictures into the folder that was given."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        run = Path(scratch) / "runs" / "demo"
        run.mkdir(parents=True)
        recorded = ROOT / "resources" / "demo" / "run.csv"
        (run / "log.csv").write_bytes(recorded.read_bytes())
        for theme in ("light", "dark"):
            for scale in (1, 2):
                name = f"window-{theme}{'@2x' if scale == 2 else ''}.png"
                draw(run.parent, folder / name, theme, scale)
                make_small(folder / name)
                print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
