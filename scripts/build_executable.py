"""Builds the standalone program with PyInstaller into dist/, and tries it without a Python.

`python scripts/build_executable.py [--onefile] [--smoke-test]`, inside .venv. The default is a
folder dist/lossacc-gui/ that starts at once; `--onefile` makes a single file that unpacks itself
at every start. `--smoke-test` then runs what was built with an empty environment.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "lossacc-gui"
# Found by folder at run time, so PyInstaller cannot see them in an import statement.
DISCOVERED = ("lossacc_gui.core.formats", "lossacc_gui.core.diagnosis.causes")
# Optional imports of our libraries that would only add weight.
UNUSED = ("tkinter", "matplotlib", "scipy", "IPython", "pytest", "pandas", "torch", "PIL")


def main() -> int:
    """Builds, and runs the smoke test when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--onefile", action="store_true", help="a single file")
    parser.add_argument("--smoke-test", action="store_true", help="try what was built")
    options = parser.parse_args()
    program = build(onefile=options.onefile)
    print(f"built {program.relative_to(ROOT)} ({size_of(program, options.onefile):.0f} MB)")
    if options.smoke_test:
        smoke_test(program)
        print("the executable inspects, diagnoses, draws and tails without a Python: ok")
    return 0


def build(*, onefile: bool) -> Path:
    """Runs PyInstaller and returns the path of the program."""
    separator = os.pathsep
    command = [
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--name", NAME, "--onefile" if onefile else "--onedir"),
        *("--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")),
        *("--specpath", str(ROOT / "build")),
        *("--add-data", f"{ROOT / 'resources'}{separator}lossacc_gui/_resources"),
        *(word for package in DISCOVERED for word in ("--collect-submodules", package)),
        *(word for module in UNUSED for word in ("--exclude-module", module)),
        str(ROOT / "lossacc_gui" / "__main__.py"),
    ]
    subprocess.run(command, check=True, cwd=ROOT)
    suffix = ".exe" if os.name == "nt" else ""
    return ROOT / "dist" / (NAME + suffix if onefile else f"{NAME}/{NAME}{suffix}")


def size_of(program: Path, onefile: bool) -> float:
    """Megabytes on disk of what has to be shipped."""
    files = [program] if onefile else program.parent.rglob("*")
    return sum(f.stat().st_size for f in files if f.is_file() and not f.is_symlink()) / 1e6


def smoke_test(program: Path) -> None:
    """Fails loudly unless the program reads, explains, draws and tails on its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        logs = home / "logs"
        logs.mkdir()
        recording = (ROOT / "resources" / "demo" / "run.csv").read_bytes()
        (logs / "run.csv").write_bytes(recording)
        inspected = json.loads(_run(program, home, "inspect", str(logs), "--json").stdout)
        series = inspected["runs"][0]["series"]
        assert {"loss", "accuracy"} <= {s["metric"] for s in series}, series
        diagnosed = _run(program, home, "diagnose", str(logs), "--json", allowed=(0, 3))
        findings = json.loads(diagnosed.stdout)["runs"][0]["findings"]
        assert any(f["cause"] == "overconfidence" for f in findings), findings
        picture = home / "window.png"
        _run(program, home, "render", str(logs), "--output", str(picture))
        assert picture.read_bytes().startswith(b"\x89PNG"), "render wrote no PNG"
        picture = home / "demo.png"
        told = _run(program, home, "demo", "--output", str(picture)).stdout
        assert b"verconfidence" in told, told
        assert picture.stat().st_size > 20_000, "the demo's picture is empty"
        assert (logs / "run.csv").read_bytes() == recording, "the log was touched"
        assert [p.name for p in logs.iterdir()] == ["run.csv"], "the log folder was written to"


def _run(
    program: Path, home: Path, *arguments: str, allowed: tuple[int, ...] = (0,)
) -> subprocess.CompletedProcess[bytes]:
    # Nothing of this machine's Python may help: no PATH, no PYTHON* variables, another folder.
    bare = {"HOME": str(home), "PATH": str(home), "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [str(program), *arguments], env=bare, cwd=home, capture_output=True, timeout=300
    )
    if done.returncode not in allowed:
        sys.stderr.buffer.write(done.stdout + done.stderr)
        raise SystemExit(f"{' '.join(arguments[:1])} ended with status {done.returncode}")
    return done


if __name__ == "__main__":
    sys.exit(main())
