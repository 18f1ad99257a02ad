"""Real servers on loopback. Collected only where the extra [remote], moto and sshd are there."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin:/bin:/usr/local/sbin")
_NEEDED = ("sshfs", "s3fs", "moto", "flask")

if SSHD is None or any(importlib.util.find_spec(name) is None for name in _NEEDED):
    collect_ignore = [path.name for path in Path(__file__).parent.glob("test_*.py")]
