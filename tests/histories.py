"""Plays random histories of file operations against a live engine and compares with a fresh read.

Used by the property test (few histories, shrunk when one fails) and by scripts/play_histories.py
(thousands).
"""

from __future__ import annotations

import json
import math
import os
import shutil
from pathlib import Path
from random import Random

from lossacc_gui.core.budget import Budget
from lossacc_gui.core.commands import Hint, Rescan
from lossacc_gui.core.engine import Engine, read_once
from lossacc_gui.core.snapshot import Snapshot

Points = set[tuple[float, float]]


class History:
    """A folder with writers that misbehave, and an engine that watches them.

    Time is simulated: files carry time stamps cut to whole seconds, as coarse file systems do.
    """

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder = folder
        self.random = random
        self.now = 1_700_000_000.0
        self.ticks = 0.0
        self.engine = Engine([str(folder)], self._tick, judges=False)
        self.steps: dict[Path, int] = {}
        self.complete: dict[str, Points] = {}  # by metric: what stood in whole lines
        self.seen: dict[str, Points] = {}
        self.log: list[str] = []
        self.last: Snapshot | None = None
        self.repeated = False  # a point was replaced by a later one of the same step, and so noted

    def _tick(self) -> float:
        self.ticks += 0.001
        return self.ticks

    # --- writers -------------------------------------------------------------------------------

    def play(self, length: int) -> None:
        """So many random operations, with looks of the engine between them."""
        writers = (
            self.append,
            self.append,
            self.append,
            self.half_line,
            self.truncate,
            self.rotate,
            self.copy_and_truncate,
            self.replace_by_rename,
            self.rewrite_in_place,
            self.delete,
            self.new_folder,
            self.resume,
            self.remove_folder,
            self.rename_folder,
        )
        for _ in range(length):
            writer = self.random.choice(writers)
            self.log.append(writer.__name__)
            writer()
            if self.random.random() < 0.6:
                self.look()

    def look(self) -> None:
        """The engine looks, told by events or by a rescan, with a small or a large budget."""
        self.now += self.random.choice((0.0, 0.2, 1.0, 5.0))
        events: list = [Rescan()] if self.random.random() < 0.7 else []
        if not events or self.random.random() < 0.5:
            events += [Hint(str(path)) for path in self._files()]
        small = self.random.random() < 0.3
        budget = Budget(bytes=200, chunk=64) if small else Budget()
        self.log.append(f"look {len(events)} {budget.bytes}")
        self._note(self.engine.step(events, self.now, budget))

    def settle(self) -> Snapshot:
        """The engine looks until nothing more comes."""
        self.now += 20.0
        self.engine.step([Rescan()], self.now)
        while self.engine.pending:
            self.engine.step([], self.now)
        self.now += 20.0
        self.engine.step([Rescan()], self.now)
        while self.engine.pending:
            self.engine.step([], self.now)
        self._note(self.engine.finish(self.now))
        assert self.last is not None
        return self.last

    def _note(self, snapshot: Snapshot) -> None:
        self.last = snapshot
        for view in snapshot.runs:
            self.repeated |= any("logged again" in note for note in view.data.notes)
            for series in view.data.series:
                seen = self.seen.setdefault(series.tag, set())
                seen |= set(zip(series.x.tolist(), series.y.tolist(), strict=True))

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*.log*") if path.is_file())

    def _file(self) -> Path:
        """One of the logs that are written to, not a rotated piece."""
        files = [path for path in self._files() if path.suffix == ".log"]
        if not files or self.random.random() < 0.1:
            number = self.random.randrange(3)
            path = self.folder / f"exp{number}" / "train.log"
            path.parent.mkdir(exist_ok=True, parents=True)
            return path
        return self.random.choice(files)

    def _lines(self, path: Path, count: int, whole: bool = True) -> bytes:
        lines = []
        for _ in range(count):
            step = self.steps.get(path, 0)
            self.steps[path] = step + 1
            loss, accuracy = (round(self.random.uniform(0.1, 9.9), 4) for _ in range(2))
            if whole:
                self.complete.setdefault("loss", set()).add((step, loss))
                self.complete.setdefault("val_loss", set()).add((step, accuracy))
            lines.append(json.dumps({"step": step, "loss": loss, "val_loss": accuracy}))
        return "".join(line + "\n" for line in lines).encode()

    def _write(self, path: Path, data: bytes, mode: str = "ab") -> None:
        path.parent.mkdir(exist_ok=True, parents=True)
        with path.open(mode) as file:
            file.write(data)
        self._stamp(path)

    def _stamp(self, path: Path) -> None:
        stamp = math.floor(self.now)
        os.utime(path, (stamp, stamp))

    def append(self) -> None:
        path = self._file()
        self._write(path, self._lines(path, self.random.randint(1, 6)))

    def half_line(self) -> None:
        path = self._file()
        line = self._lines(path, 1, whole=False)
        cut = self.random.randrange(1, len(line))
        self._write(path, line[:cut])
        if self.random.random() < 0.7:
            self.look()
        if path.exists():
            self._write(path, line[cut:])

    def truncate(self) -> None:
        path = self._file()
        if path.exists():
            lines = path.read_bytes().splitlines(keepends=True)
            kept = lines[: self.random.randint(0, len(lines))]
            self._write(path, b"".join(kept), "wb")
            if self.random.random() < 0.5:
                self.append()

    def rotate(self) -> None:
        path = self._file()
        if not path.exists():
            return
        first, second = path.with_name(path.name + ".1"), path.with_name(path.name + ".2")
        if first.exists():
            first.replace(second)
        path.replace(first)
        if self.random.random() < 0.7:
            self._write(path, self._lines(path, 2))

    def copy_and_truncate(self) -> None:
        path = self._file()
        if path.exists():
            shutil.copyfile(path, path.with_name(path.name + ".1"))
            self._stamp(path.with_name(path.name + ".1"))
            self._write(path, b"", "wb")

    def replace_by_rename(self) -> None:
        path = self._file()
        old = path.read_bytes() if path.exists() else b""
        new = path.with_name(path.name + ".partial")
        keep = old if self.random.random() < 0.6 else b""
        self._write(new, keep + self._lines(path, self.random.randint(1, 4)), "wb")
        new.replace(path)

    def rewrite_in_place(self) -> None:
        """Other numbers, same size."""
        path = self._file()
        if not path.exists():
            return
        lines = path.read_bytes().decode().splitlines()
        if not lines:
            return
        index = self.random.randrange(len(lines))
        try:
            row = json.loads(lines[index])
        except ValueError:
            return
        text = f"{row['loss']}"
        digit = self.random.choice([d for d in "123456789" if d != text[0]])
        row["loss"] = float(digit + text[1:])
        self.complete.setdefault("loss", set()).add((row["step"], row["loss"]))
        lines[index] = json.dumps(row)
        data = "\n".join(lines) + "\n"
        self._write(path, data.encode(), "r+b")

    def delete(self) -> None:
        path = self._file()
        path.unlink(missing_ok=True)
        self.steps.pop(path, None)

    def new_folder(self) -> None:
        path = self.folder / f"exp{self.random.randrange(5)}" / "deeper" / "train.log"
        self._write(path, self._lines(path, 3))

    def resume(self) -> None:
        path = self._file()
        if self.steps.get(path, 0) < 2:  # one step back would be a repeated line, not a restart
            return
        self.steps[path] = max(0, self.steps[path] - self.random.randint(2, 5))
        self._write(path, self._lines(path, self.random.randint(2, 8)))

    def remove_folder(self) -> None:
        path = self._file()
        if path.parent != self.folder and self.random.random() < 0.5:
            shutil.rmtree(path.parent, ignore_errors=True)
            for known in [p for p in self.steps if path.parent in p.parents]:
                del self.steps[known]

    def rename_folder(self) -> None:
        path = self._file()
        target = path.parent.with_name(f"moved{self.random.randrange(3)}")
        if path.exists() and path.parent.parent == self.folder and not target.exists():
            old = path.parent
            old.rename(target)
            for known in [p for p in self.steps if old in p.parents]:
                self.steps[target / known.relative_to(old)] = self.steps.pop(known)

    # --- what must hold ------------------------------------------------------------------------

    def check(self) -> None:
        """The live state equals a fresh read, plus what was kept of what is gone."""
        live = self.settle()
        fresh = read_once([str(self.folder)], self._tick, self.now, Budget(), judges=False)
        gone = {p.file for v in live.runs for p in v.data.problems if "gone" in p.message}
        by_file = {file: view for view in live.runs for file in view.data.files}
        for view in fresh.runs:
            twin = by_file[view.data.files[0]]
            assert set(view.data.files) <= set(twin.data.files), self.log
            if gone & set(twin.data.files):
                continue
            have = {(s.tag, s.split): s for s in twin.data.series}
            for series in view.data.series:
                other = have[series.tag, series.split]
                assert series.x.tolist() == other.x.tolist(), (series.tag, self.log)
                assert series.y.tolist() == other.y.tolist(), (series.tag, self.log)
                assert series.restarts == other.restarts, self.log
        self._nothing_lost(live)

    def _nothing_lost(self, live: Snapshot) -> None:
        """Every whole line that was ever shown is still there, as curve or as ghost."""
        for tag, seen in self.seen.items():
            have: Points = set()
            for view in live.runs:
                for series in view.data.series:
                    if series.tag == tag:
                        have |= set(zip(series.x.tolist(), series.y.tolist(), strict=True))
                        for ghost in series.ghosts:
                            have |= set(zip(ghost.x.tolist(), ghost.y.tolist(), strict=True))
            lost = (seen & self.complete.get(tag, set())) - have
            assert self.repeated or not lost, (tag, sorted(lost), self.log)
