"""A separate process that writes a log as trainers do, told by its standard input what to do next.

Commands, one a line: `line TEXT`, `half TEXT` (no line end), `rotate`, `truncate`, `replace`.
Each is answered by `done` once the bytes are with the operating system.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    path = Path(sys.argv[1])
    file = path.open("a", encoding="utf-8")
    for command in sys.stdin:
        word, _, text = command.rstrip("\n").partition(" ")
        match word:
            case "line":
                file.write(text + "\n")
            case "half":
                file.write(text)
            case "rotate":
                file.close()
                path.replace(f"{path}.1")
                file = path.open("a", encoding="utf-8")
            case "truncate":
                file.truncate(0)
            case "replace":
                file.close()
                fresh = path.with_name(path.name + ".tmp")
                fresh.write_text("", encoding="utf-8")
                fresh.replace(path)
                file = path.open("a", encoding="utf-8")
        file.flush()
        os.fsync(file.fileno())
        print("done", flush=True)
    file.close()


if __name__ == "__main__":
    main()
