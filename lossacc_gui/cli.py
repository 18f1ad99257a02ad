"""The command line: open, demo, inspect, diagnose, render. Loads Qt only for a window."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from lossacc_gui import __version__
from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.engine import read_once
from lossacc_gui.core.snapshot import Snapshot
from lossacc_gui.sources.remote import RemoteFolder, is_remote

OK, UNREADABLE, SERIOUS = 0, 2, 3

_COMMANDS = ("demo", "inspect", "diagnose", "render", "open")


class _UnusableError(Exception):
    """Something a person must be told in one line; the exit status is 2."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; returns its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # What went wrong is told in one line or in the output; a traceback helps nobody here.
    logging.getLogger("lossacc_gui").addHandler(logging.NullHandler())
    try:
        return _run(_parse(given))
    except _UnusableError as error:
        line = "".join(c if c.isprintable() else "\ufffd" for c in str(error))
        print(f"lossacc-gui: {line}", file=sys.stderr)
        return UNREADABLE
    except BrokenPipeError:
        # The reader of our output went away; nothing is left to say, not even at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130


def _parse(given: list[str]) -> argparse.Namespace:
    if not any(word in _COMMANDS or word in ("-h", "--help", "--version") for word in given[:1]):
        given = ["open", *given]
    parser = argparse.ArgumentParser(
        prog="lossacc-gui",
        description="Watches training logs live, shows where loss and accuracy disagree, and "
        "explains why. Without a command the paths are opened in a window; - reads standard input.",
    )
    parser.add_argument("--version", action="version", version=f"lossacc-gui {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    opening = commands.add_parser("open", help="open the window (the default)")
    opening.add_argument("paths", nargs="*", metavar="PATH")

    demo = commands.add_parser("demo", help="a recorded real run, streamed live into the window")
    demo.add_argument(
        "-o",
        "--output",
        metavar="FILE.png",
        help="stream it quickly, save the window's picture at the end and print the findings",
    )

    inspect = commands.add_parser("inspect", help="which runs and series were recognised")
    inspect.add_argument("paths", nargs="+", metavar="PATH")
    inspect.add_argument("--json", action="store_true", help="print JSON")
    inspect.add_argument("--points", action="store_true", help="with every point (JSON)")

    diagnose = commands.add_parser("diagnose", help="why loss and accuracy disagree")
    diagnose.add_argument("paths", nargs="+", metavar="PATH")
    diagnose.add_argument("--json", action="store_true", help="print JSON")
    diagnose.add_argument("--html", metavar="FILE", help="write a self-contained report")
    diagnose.add_argument("--classes", type=_classes, metavar="K", help="number of classes")

    render = commands.add_parser("render", help="save the window's picture, off screen")
    render.add_argument("paths", nargs="+", metavar="PATH")
    render.add_argument("-o", "--output", required=True, metavar="FILE.png")
    return parser.parse_args(given)


def _classes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 2 <= int(text) <= 10**7:
        raise argparse.ArgumentTypeError("expected a whole number of classes from 2 on")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "inspect":
            return _inspect(options)
        case "diagnose":
            return _diagnose(options)
        case "render":
            return _render(options)
        case "demo":
            return _demo(options)
        case _:
            return _window(options.paths, demo=False)


def _window(paths: list[str], demo: bool) -> int:
    from lossacc_gui.app import run_window

    return run_window(paths, demo)


def _demo(options: argparse.Namespace) -> int:
    if not options.output:
        return _window([], demo=True)
    from lossacc_gui.app import demo_picture
    from lossacc_gui.report.terminal import console, print_diagnoses

    _check_output(options.output)
    status, snapshot = demo_picture(options.output)
    print_diagnoses(snapshot, console())
    return status


def _render(options: argparse.Namespace) -> int:
    from lossacc_gui.app import render

    _check_paths(options.paths)
    _check_output(options.output)
    return render(options.paths, options.output)


def _inspect(options: argparse.Namespace) -> int:
    snapshot = _read(options.paths, judges=False)
    if options.json:
        from lossacc_gui.report import json

        print(json.text(json.inspection(snapshot, options.points)))
    else:
        from lossacc_gui.report.terminal import console, print_inspection

        print_inspection(snapshot, console())
    return OK


def _diagnose(options: argparse.Namespace) -> int:
    from lossacc_gui.report import json

    if options.html:
        _check_output(options.html)
    snapshot = _read(options.paths, options.classes)
    if options.html:
        from lossacc_gui.report.html import write_report

        try:
            write_report(snapshot, Path(options.html))
        except OSError as error:
            raise _UnusableError(f"{options.html}: cannot be written: {error.strerror}") from error
    if options.json:
        print(json.text(json.diagnoses(snapshot)))
    else:
        from lossacc_gui.report.terminal import console, print_diagnoses

        print_diagnoses(snapshot, console())
    return SERIOUS if "critical" in json.severities(snapshot.runs) else OK


def _read(paths: Sequence[str], classes: int | None = None, judges: bool = True) -> Snapshot:
    """Everything there is at these paths, read once."""
    _check_paths(paths)
    with _local_copies(paths) as local:
        snapshot = read_once(local, time.monotonic, time.time(), OFFLINE, classes, judges)
    if not snapshot.runs:
        raise _UnusableError(_why_nothing(paths, snapshot))
    return snapshot


@contextlib.contextmanager
def _local_copies(paths: Sequence[str]) -> Iterator[list[str]]:
    """The paths to read: local ones as they are, remote ones mirrored once."""
    with contextlib.ExitStack() as stack:
        local = []
        for path in paths:
            if is_remote(path):
                folder = RemoteFolder(path)
                stack.callback(folder.close)
                problems = folder.refresh()
                if problems:
                    raise _UnusableError(f"{problems[0].file}: {problems[0].message}")
                path = folder.path
            local.append(path)
        yield local


def _check_paths(paths: Sequence[str]) -> None:
    for path in paths:
        if is_remote(path):
            continue
        if not os.path.lexists(path):
            raise _UnusableError(f"{path}: no such file or folder")
        if not os.access(path, os.R_OK):
            raise _UnusableError(f"{path}: permission denied")


def _check_output(path: str) -> None:
    folder = Path(path).resolve().parent
    if not folder.is_dir():
        raise _UnusableError(f"{path}: the folder {folder} does not exist")


def _why_nothing(paths: Sequence[str], snapshot: Snapshot) -> str:
    """One line that says why no run was found."""
    where = ", ".join(paths)
    told = [*snapshot.status.problems, *snapshot.status.unrecognised]
    if not told:
        return f"{where}: no files that could be logs"
    first = told[0]
    more = f" (and {len(told) - 1} more files)" if len(told) > 1 else ""
    return f"{where}: no training log recognised; {first.file}: {first.message}{more}"
