"""From the first byte that another process writes to the finding on the screen."""

import subprocess
import sys

import pytest

from lossacc_gui.core.resources import resource

WRITER = """
import pathlib, sys
source, folder = map(pathlib.Path, sys.argv[1:])
folder.mkdir(parents=True, exist_ok=True)
with open(folder / "log.csv", "wb", buffering=0) as log:
    for line in source.read_bytes().splitlines(keepends=True):
        log.write(line[: len(line) // 2])
        log.write(line[len(line) // 2 :])
        sys.stdin.read(1)
"""


@pytest.fixture
def writer(tmp_path):
    """A process that writes one line of a real run per byte that it gets."""
    source = resource("demo/run.csv")
    folder = tmp_path / "logs" / "run-1"
    (tmp_path / "logs").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(source), str(folder)], stdin=subprocess.PIPE
    )
    yield process
    process.stdin.close()
    process.wait(30)


def test_that_a_run_written_by_another_process_reaches_plot_and_panel(
    qtbot, program, writer, tmp_path
):
    window, desk = program.window, program.desk
    program.open((str(tmp_path / "logs"),))
    assert window.pages.currentWidget() is window.waiting

    def points():
        loss = desk.view.data.main("loss", "val") if desk.view else None
        return 0 if loss is None else len(loss.x)

    writer.stdin.write(b"\n" * 5)
    writer.stdin.flush()
    qtbot.waitUntil(lambda: points() >= 4, timeout=30_000)
    assert window.pages.currentWidget() is window.work
    assert desk.view.data.state in ("live", "loading")
    before = points()
    writer.stdin.write(b"\n" * 500)
    writer.stdin.close()
    qtbot.waitUntil(lambda: points() > before + 50, timeout=30_000)

    def explained():
        finding = desk.finding
        return finding is not None and window.explain.title.text() == finding.title

    qtbot.waitUntil(explained, timeout=60_000)
    assert window.explain._rows[0].isVisible()
    assert [region.key for region in window.plot.panels[0].content.regions]
    assert not list((tmp_path / "logs").glob("*.json"))
    program.leave_folder()
    assert window.pages.currentWidget() is window.welcome


def test_that_the_demo_streams_into_the_window(qtbot, program):
    program.open_demo()
    qtbot.waitUntil(lambda: program.desk.view is not None, timeout=30_000)
    assert program.window.pages.currentWidget() is program.window.work
    program.leave_folder()
