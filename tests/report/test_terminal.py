"""What people read in the terminal: log content is never markup and never controls it."""

from __future__ import annotations

import io

from rich.console import Console

from lossacc_gui.core.rows import Problem
from lossacc_gui.core.snapshot import RunView, Status
from lossacc_gui.report.terminal import print_diagnoses, print_inspection, safe
from tests.builders import diagnosis, run, snapshot


def printed(print_it, made) -> str:
    out = io.StringIO()
    print_it(made, Console(file=out, width=160, markup=False, soft_wrap=True))
    return out.getvalue()


def test_that_control_and_direction_characters_are_replaced():
    assert safe("a\x1b[31m\u202eb\nc") == "a\ufffd[31m\ufffdb\ufffdc"
    assert len(safe("x" * 10_000)) == 300


def test_that_a_run_is_shown_with_its_series_and_problems():
    view = RunView(
        run(
            "[red]exp[/red]",
            {("loss", "val"): [2, 1, float("nan")]},
            problems=(Problem("log.csv", 7, "3 cells were expected"),),
        ),
        diagnosis(),
    )
    text = printed(print_inspection, snapshot(view))
    assert "[red]exp[/red]" in text and "val_loss" in text
    assert "log.csv:7: 3 cells were expected" in text


def test_that_what_was_not_recognised_is_listed():
    status = Status(unrecognised=(Problem("x.bin", 0, "binary data of no known kind"),))
    assert "x.bin: binary data" in printed(print_inspection, snapshot(status=status))


def test_that_a_healthy_run_is_told_so():
    text = printed(print_diagnoses, snapshot(RunView(run("exp"), diagnosis())))
    assert "exp" in text and "Healthy" in text
