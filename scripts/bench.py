"""Measures LossAcc against yardsticks within one run and prints the ratios.

`python scripts/bench.py [latency] [csv] [tensorboard] [pan]`, inside .venv; all four without a
name. Latency needs Xvfb; the TensorBoard row needs `pip install tensorboard`. Every row says what
was timed; repeats alternate between the two sides, so that a slow minute of the machine hits both,
and the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1480, 900


def report(title: str, ours: list[float], yardstick: list[float], against: str) -> None:
    """Prints one row: medians in milliseconds and their ratio (above 1: we are slower)."""
    a, b = statistics.median(ours) * 1e3, statistics.median(yardstick) * 1e3
    spread = f"{min(ours) * 1e3:.1f}–{max(ours) * 1e3:.1f}"
    print(f"{title:44s} ours {a:9.1f} ms ({spread})   {against} {b:9.1f} ms   ratio {a / b:5.2f}")


def alternate(
    ours: Callable[[], float], yardstick: Callable[[], float], repeats: int
) -> tuple[list[float], list[float]]:
    """Runs both sides in turn after one warm-up each; returns the seconds of each."""
    ours(), yardstick()
    pairs = [(ours(), yardstick()) for _ in range(repeats)]
    return [p[0] for p in pairs], [p[1] for p in pairs]


def timed(action: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


# --- write to pixels ---------------------------------------------------------------------------


@contextmanager
def virtual_screen(folder: Path) -> Iterator[np.ndarray]:
    """An Xvfb whose frame buffer is mapped: yields the pixels, (height, width), as uint32."""
    number = next(n for n in range(90, 200) if not Path(f"/tmp/.X{n}-lock").exists())
    server = subprocess.Popen(
        ["Xvfb", f":{number}", "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder)],
        stderr=subprocess.DEVNULL,
    )
    os.environ["DISPLAY"] = f":{number}"
    buffer = folder / "Xvfb_screen0"
    try:
        wait_until(lambda: buffer.exists() and buffer.stat().st_size > WIDTH * HEIGHT * 4, 10)
        header = np.fromfile(buffer, dtype=">u4", count=25)
        offset = int(header[0] + header[19] * 12)  # XWD: header size, then the colour map
        pixels = np.memmap(buffer, dtype=np.uint32, mode="r", offset=offset)
        yield pixels[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)
    finally:
        server.terminate()
        server.wait()


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Polls until the condition holds; raises TimeoutError after `seconds`."""
    end = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > end:
            raise TimeoutError("the screen did not change as expected")
        time.sleep(0.0005)


def settle(region: np.ndarray, quiet: float = 0.4, limit: float = 20.0) -> np.ndarray:
    """Waits until the region has not changed for `quiet` seconds and returns a copy of it."""
    end, last, since = time.perf_counter() + limit, region.copy(), time.perf_counter()
    while time.perf_counter() < end and time.perf_counter() - since < quiet:
        if not np.array_equal(region, last):
            last, since = region.copy(), time.perf_counter()
        time.sleep(0.01)
    return last


def log_line(epoch: int) -> str:
    """One row of a plausible run; it moves enough to be seen."""
    loss = 0.3 + math.exp(-epoch / 20) + 0.05 * math.sin(epoch)
    return f"{epoch},{loss:.5f},{1 - loss / 3:.5f},{loss + 0.1:.5f},{0.95 - loss / 3:.5f}\n"


def pixels_after_write(command: list[str], log: Path, screen: np.ndarray) -> list[float]:
    """Seconds from each appended line to the first changed pixel of the plot's middle."""
    log.write_text("epoch,loss,accuracy,val_loss,val_accuracy\n")
    with log.open("a") as file:
        file.writelines(log_line(e) for e in range(1, 41))
    blank = screen.copy()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    region = screen[120:560, 330:980]  # inside both plots; no clock or status text in it
    try:
        wait_until(lambda: not np.array_equal(screen, blank), 40)
        settle(region, quiet=2.0)
        delays = []
        for epoch in range(41, 66):
            before = settle(region)
            start = time.perf_counter()  # before: the writer may lose its turn once it has written
            with log.open("a") as file:
                file.write(log_line(epoch))
            wait_until(lambda: not np.array_equal(region, before), 20)  # noqa: B023
            delays.append(time.perf_counter() - start)
        return delays
    finally:
        process.terminate()
        process.wait()


def bench_latency() -> None:
    """An appended line to changed pixels, against the bare viewer, seen from outside."""
    if not shutil.which("Xvfb"):
        print("latency: Xvfb is not installed, nothing measured")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs = folder / "logs"
        logs.mkdir()
        log = logs / "run.csv"
        os.environ.update(QT_QPA_PLATFORM="xcb", XDG_CONFIG_HOME=str(folder / "config"))
        program = [sys.executable, "-m", "lossacc_gui", str(logs)]
        bare = [sys.executable, str(ROOT / "scripts" / "bench_viewer.py"), str(log)]
        ours: list[float] = []
        yardstick: list[float] = []
        with virtual_screen(folder) as screen:
            for _ in range(2):
                ours += pixels_after_write(program, log, screen)
                yardstick += pixels_after_write(bare, log, screen)
        report("appended line to pixels", ours, yardstick, "bare viewer")


# --- bulk reading ------------------------------------------------------------------------------


def bench_csv(rows: int = 1_000_000) -> None:
    """A CSV of a million rows, through our table reader, against polars.read_csv."""
    import polars

    from lossacc_gui.core.budget import OFFLINE
    from lossacc_gui.core.formats import table

    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "metrics.csv"
        columns = {"step": np.arange(rows)}
        for metric in ("train_loss", "train_accuracy", "val_loss", "val_accuracy"):
            columns[metric] = rng.random(rows)
        polars.DataFrame(columns).write_csv(path)

        def ours() -> float:
            def read() -> None:
                reader, points = table.Reader(path), 0
                with path.open("rb") as file:
                    while block := file.read(OFFLINE.chunk):
                        points += sum(len(c.y) for c in reader.feed(block).columns)
                points += sum(len(c.y) for c in reader.finish().columns)
                assert points == 4 * rows, points

            return timed(read)

        def yardstick() -> float:
            return timed(lambda: polars.read_csv(path))

        report("CSV, 1 M rows × 5 columns", *alternate(ours, yardstick, 5), "polars")


def write_events(folder: Path, scalars: int) -> Path:
    """An event file of four tags with `scalars` scalars, as TensorBoard's writer frames them."""
    import crc32c
    from tensorboardX.proto import event_pb2

    def masked(data: bytes) -> bytes:
        value = crc32c.crc32c(data)
        return struct.pack("<I", (((value >> 15) | (value << 17)) + 0xA282EAD8) & 0xFFFFFFFF)

    def framed(event: event_pb2.Event) -> bytes:
        data = event.SerializeToString()
        length = struct.pack("<Q", len(data))
        return length + masked(length) + data + masked(data)

    path = folder / "events.out.tfevents.1700000000.bench"
    with path.open("wb") as file:
        file.write(framed(event_pb2.Event(wall_time=1.7e9, file_version="brain.Event:2")))
        for step in range(scalars // 4):
            for tag in ("train/loss", "train/accuracy", "val/loss", "val/accuracy"):
                event = event_pb2.Event(wall_time=1.7e9 + step, step=step)
                event.summary.value.add(tag=tag, simple_value=math.exp(-step / 4e4))
                file.write(framed(event))
    return path


def bench_tensorboard(scalars: int = 500_000) -> None:
    """Half a million scalars against the load cycle of TensorBoard's own fast loader."""
    from lossacc_gui.core.formats import tensorboard

    try:
        import tensorboard_data_server
    except ImportError:
        print("tensorboard: `pip install tensorboard` first, nothing measured")
        return
    with tempfile.TemporaryDirectory() as name:
        path = write_events(Path(name), scalars)

        def ours() -> float:
            def read() -> None:
                rows = tensorboard.Reader(path).feed(path.read_bytes())
                assert sum(len(c.y) for c in rows.columns) == scalars

            return timed(read)

        def yardstick() -> float:
            server = subprocess.Popen(
                [
                    *(tensorboard_data_server.server_binary(), "--logdir", name),
                    *("--port", "0", "--verbose", "--reload", "once"),
                ],
                stderr=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                text=True,
            )
            assert server.stderr is not None
            for line in server.stderr:
                if found := re.search(r"Finished load cycle \(([\d.]+)(µs|ms|s)\)", line):
                    server.kill()
                    server.wait()
                    return float(found[1]) * {"µs": 1e-6, "ms": 1e-3, "s": 1.0}[found[2]]
            raise RuntimeError("TensorBoard's loader ended without a load cycle")

        report("TensorBoard, 500 k scalars", *alternate(ours, yardstick, 5), "--load_fast")


# --- panning -----------------------------------------------------------------------------------


def bench_pan() -> None:
    """Panning four curves of 1 M points against four of 2,000, painted off screen."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    sys.path.insert(0, str(ROOT))
    from lossacc_gui.core.snapshot import RunView
    from lossacc_gui.ui.plot.pane import PlotPane
    from lossacc_gui.ui.theme import Theme
    from tests.builders import diagnosis, run, series

    application = QApplication.instance() or QApplication([])

    def pane(points: int) -> PlotPane:
        rng = np.random.default_rng(0)
        x = np.arange(points, dtype=float)
        curves = []
        for role, split in (
            ("loss", "train"),
            ("loss", "val"),
            ("accuracy", "train"),
            ("accuracy", "val"),
        ):
            y = 0.5 + 0.3 * np.exp(-x / points * 4) + 0.02 * rng.standard_normal(points)
            curves.append(series(f"{split}_{role}", role, split, y, x=x, x_kind="step"))
        widget = PlotPane(Theme("light"))
        widget.resize(1000, 700)
        widget.show_runs([RunView(run(series=tuple(curves)), diagnosis())])
        widget.show()
        application.processEvents()
        return widget

    def pan(widget: PlotPane, points: int) -> float:
        def steps() -> None:
            for i in range(20):
                start = points * (0.1 + 0.01 * i)
                widget.set_visible_x(start, start + points * 0.5)
                widget.grab()

        return timed(steps) / 20

    large, small = pane(1_000_000), pane(2_000)
    ours, yardstick = alternate(lambda: pan(large, 1_000_000), lambda: pan(small, 2_000), 5)
    report("a panned frame, 4 curves × 1 M points", ours, yardstick, "4 × 2,000")


BENCHES = {
    "latency": bench_latency,
    "csv": bench_csv,
    "tensorboard": bench_tensorboard,
    "pan": bench_pan,
}


def main() -> int:
    """Runs the named benches, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="*", choices=[*BENCHES, []], help="default: all")
    for name in parser.parse_args().which or BENCHES:
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
