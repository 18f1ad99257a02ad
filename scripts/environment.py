"""Makes or reuses .venv and the system libraries that Qt and Xvfb want; standard library only."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "scripts" / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / "scripts" / "requirements-dev.lock"

# What Qt's xcb platform plugin loads at run time and Debian does not install by itself.
_QT_LIBRARIES = (
    "libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 "
    "libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0 fonts-dejavu-core"
)
QT_PACKAGES = _QT_LIBRARIES.split()
XVFB_PACKAGES = ["xvfb", "xauth"]
# The tests of remote folders start their own server on loopback. Installing it would open a port
# on a person's machine, so only CI does; elsewhere these tests run where it is there already.
SERVER_PACKAGES = ["openssh-server"]


def say(message: str) -> None:
    """Tells the person what is being done, apart from the program's own output."""
    print(f"[lossacc] {message}", file=sys.stderr, flush=True)


def venv_python() -> Path:
    """The interpreter inside .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ensure_environment(*, development: bool = False) -> Path:
    """Installs the locked dependencies and this project into .venv unless they are there already.

    `development` adds what tests, checks and builds need. Returns the interpreter to use. A hash
    of the lock and of pyproject.toml decides whether the cached .venv still fits, so that a second
    start costs nothing.
    """
    if sys.version_info < (3, 11):  # noqa: UP036  (run by whatever python3 the machine has)
        sys.exit("LossAcc needs Python 3.11 or newer; this is " + sys.version.split()[0])
    lock, stamp = LOCK, VENV / "installed.sha256"
    if development:
        lock, stamp = DEVELOPMENT_LOCK, VENV / "installed-dev.sha256"
    wanted = _fingerprint()
    if venv_python().exists() and stamp.exists() and stamp.read_text() == wanted:
        return venv_python()
    if not venv_python().exists():
        say("creating .venv")
        _create_venv()
    say("installing the locked dependencies into .venv (once; later starts reuse it)")
    pip = [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", str(lock)], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], check=True)
    stamp.write_text(wanted)
    return venv_python()


def ensure_system_libraries(*, tests: bool = False) -> bool:
    """Installs missing Debian packages when allowed to; otherwise prints the exact command.

    Returns whether everything is there. On other systems Qt's wheels bring what they need, or
    the person's package manager has other names: nothing is attempted.
    """
    if not shutil.which("dpkg-query"):
        return True
    wanted = QT_PACKAGES + (XVFB_PACKAGES if tests else [])
    if tests and os.environ.get("CI"):
        wanted += SERVER_PACKAGES
    missing = _missing(wanted)
    if not missing:
        return True
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    prefix = _privilege()
    if prefix is None:
        say("these system libraries are missing; please run:")
        say("    sudo apt-get update && sudo " + " ".join(command))
        return False
    say("installing system libraries: " + " ".join(missing))
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    subprocess.run([*prefix, "apt-get", "update", "--quiet"], check=False, **quiet)
    done = subprocess.run([*prefix, *command], check=False, **quiet)
    if done.returncode:
        say("the installation failed; please run: sudo " + " ".join(command))
    return done.returncode == 0


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _fingerprint() -> str:
    files = (LOCK, DEVELOPMENT_LOCK, ROOT / "pyproject.toml")
    content = b"".join(file.read_bytes() for file in files)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def _create_venv() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if made.returncode == 0:
        return
    # Debian ships Python without ensurepip; its own package brings it.
    prefix = _privilege() if shutil.which("apt-get") else None
    if prefix is None:
        sys.exit("python3 -m venv failed; on Debian or Ubuntu: sudo apt-get install python3-venv")
    subprocess.run([*prefix, "apt-get", "update", "--quiet"], check=False)
    subprocess.run([*prefix, "apt-get", "install", "--yes", "python3-venv"], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def _missing(packages: list[str]) -> list[str]:
    # Since the 64-bit-time transition some releases carry a package under its name with t64.
    names = [name for package in packages for name in (package, package + "t64")]
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names]
    shown = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    there = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [p for p in packages if p not in there and p + "t64" not in there]


def _privilege() -> list[str] | None:
    """The prefix with which packages may be installed; None when that is not allowed."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if allowed.returncode == 0:
            return ["sudo", "-n"]
    return None
