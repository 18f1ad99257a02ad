"""The command line: its JSON, its exit statuses, its one line on standard error, and no Qt."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lossacc_gui import __version__, cli
from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.snapshot import RunView
from tests.builders import diagnosis, run, snapshot

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def log(tmp_path) -> Path:
    """A keras-like log of 12 epochs."""
    path = tmp_path / "exp" / "log.csv"
    path.parent.mkdir()
    rows = [
        f"{i},{0.5 + i / 50},{2 / (i + 1):.4f},{0.4 + i / 50},{2.2 / (i + 1):.4f}"
        for i in range(12)
    ]
    path.write_text("epoch,accuracy,loss,val_accuracy,val_loss\n" + "\n".join(rows) + "\n")
    return path


def critical() -> Finding:
    return Finding(
        "k", "numeric-failure", "Numeric failure", False, 0.9, "critical", "train", "epoch",
        1, 5, 2, "label", "summary", (), (), (), (),
    )  # fmt: skip


def test_that_inspect_prints_the_contract(log, capsys):
    assert cli.main(["inspect", str(log.parent.parent), "--json", "--points"]) == cli.OK
    told = json.loads(capsys.readouterr().out)
    (found,) = told["runs"]
    assert (told["schema"], found["run"], found["files"]) == (1, "exp", [str(log)])
    series = {(s["split"], s["metric"]): s for s in found["series"]}
    assert set(series) == {(s, m) for s in ("train", "val") for m in ("loss", "accuracy")}
    assert series["val", "loss"]["n_points"] == len(series["val", "loss"]["points"]) == 12


def test_that_inspect_without_json_prints_a_table(log, capsys):
    assert cli.main(["inspect", str(log)]) == cli.OK
    assert "val_accuracy" in capsys.readouterr().out


def test_that_diagnose_prints_a_verdict_that_sums_to_one(log, capsys):
    assert cli.main(["diagnose", str(log), "--json", "--classes", "10"]) == cli.OK
    (found,) = json.loads(capsys.readouterr().out)["runs"]
    assert sum(v["probability"] for v in found["verdict"]) == pytest.approx(1)


def test_that_a_serious_finding_is_exit_status_3(log, monkeypatch, capsys):
    made = snapshot(RunView(run("a"), diagnosis(critical())))
    monkeypatch.setattr(cli, "read_once", lambda *_: made)
    assert cli.main(["diagnose", str(log)]) == cli.SERIOUS
    assert "Numeric failure" in capsys.readouterr().out


def test_that_diagnose_writes_the_report(log, tmp_path, capsys):
    target = tmp_path / "report.html"
    assert cli.main(["diagnose", str(log), "--html", str(target)]) == cli.OK
    assert "<html" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["inspect", "nowhere"], "nowhere: no such file or folder"),
        (["diagnose", "nowhere"], "nowhere: no such file or folder"),
        (["render", "nowhere", "-o", "x.png"], "nowhere: no such file or folder"),
        (["inspect", "empty"], "no files that could be logs"),
        (["inspect", "noise"], "no training log recognised"),
        (["diagnose", ".", "--html", "no/such/folder.html"], "does not exist"),
        (["inspect", "nonsense://x"], "nonsense"),
    ],
)
def test_that_trouble_is_one_clear_line_and_exit_status_2(
    arguments, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "noise").mkdir()
    (tmp_path / "noise" / "blob").write_bytes(b"\0\1\2" * 1000)
    assert cli.main(arguments) == cli.UNREADABLE
    out = capsys.readouterr()
    assert words in out.err and out.err.count("\n") == 1 and not out.out


def test_that_paths_without_a_command_open_the_window(log, monkeypatch):
    calls: list = []
    fake = SimpleNamespace(run_window=lambda paths, demo: calls.append((paths, demo)) or 0)
    monkeypatch.setitem(sys.modules, "lossacc_gui.app", fake)
    assert cli.main([str(log)]) == cli.main([]) == cli.main(["-"]) == cli.main(["demo"]) == 0
    assert calls == [([str(log)], False), ([], False), (["-"], False), ([], True)]


def test_that_a_wrong_number_of_classes_and_an_unknown_option_are_told(capsys):
    for arguments in (["diagnose", "x", "--classes", "one"], ["inspect", "x", "--what"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
    assert "whole number of classes" in capsys.readouterr().err


def test_that_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0 and __version__ in capsys.readouterr().out


@pytest.mark.parametrize("command", ["inspect", "diagnose"])
def test_that_no_qt_is_needed(command, log):
    code = (
        "import sys\n"
        "for name in ('PySide6', 'pyqtgraph'): sys.modules[name] = None\n"
        "from lossacc_gui.cli import main\n"
        f"sys.exit(main([{command!r}, {str(log)!r}, '--json']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["schema"] == 1


def test_that_a_reader_who_goes_away_is_no_trouble(log):
    command = [sys.executable, "-m", "lossacc_gui", "inspect", str(log), "--json", "--points"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert b"Traceback" not in errors
