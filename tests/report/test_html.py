"""The report holds everything, opens alone, and shows foreign text as text."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from lossacc_gui.core.diagnosis.finding import Alternative, Evidence, Remedy
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.report.html import write_report
from tests.builders import diagnosis, run, series, snapshot
from tests.ui.plot.material import finding, view

HOSTILE = "<img src=x onerror=alert(1)>\u202e\n{{ 7*7 }}" + "x" * 10_000


class Tags(HTMLParser):
    """Collects what a browser would make of the page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def report(tmp_path, *views):
    path = tmp_path / "report.html"
    write_report(snapshot(*views), path)
    text = path.read_text(encoding="utf-8")
    parsed = Tags()
    parsed.feed(text)
    return text, parsed


def test_that_findings_evidence_and_snippets_are_told(tmp_path):
    found = finding(
        evidence=(Evidence("proved", "Loss exceeds the ceiling by 0.03.", 0.03),),
        remedies=(Remedy("Fit a temperature.", snippets=(("keras", "a < b"),)),),
    )
    _, parsed = report(tmp_path, view(found))
    for part in ("Overconfidence", "86 %", "very likely", "proved", "a < b", "grows too sure"):
        assert part in parsed.text


def test_that_one_cause_in_two_places_is_explained_once(tmp_path):
    text, parsed = report(tmp_path, view(finding("a/0", 10, 12), finding("a/1", 40, 44)))
    assert text.count('<article class="finding">') == 1
    assert "epochs 10–12" in parsed.text
    assert "epochs 40–44" in parsed.text
    assert text.count('<g class="lane') == 2


def test_that_nothing_is_loaded_from_elsewhere(tmp_path):
    text, parsed = report(tmp_path, view(finding()))
    assert not {"script", "img", "link", "iframe", "object"} & parsed.tags
    assert not re.search(r'(src|href)="(?!#)', text)
    assert "prefers-color-scheme: dark" in text


def test_that_hostile_names_paths_and_messages_are_text(tmp_path):
    found = finding(title=HOSTILE, summary=HOSTILE, label=HOSTILE)
    data = run(
        HOSTILE,
        {("loss", "val"): [1, 2, 3]},
        path=HOSTILE,
        format=HOSTILE,
        problems=(Problem(HOSTILE, 3, HOSTILE),),
    )
    text, parsed = report(tmp_path, RunView(data, diagnosis(found, headline=HOSTILE)))
    assert "img" not in parsed.tags
    assert not [name for _, name in parsed.attributes if name.startswith("on")]
    assert "{{ 7*7 }}" in parsed.text
    assert "\u202e" not in text
    assert len(text) < 60_000


@pytest.mark.parametrize(
    "values",
    [
        [1.0],
        [np.nan] * 5,
        [0.5] * 5,
        [1.0, np.inf, 2.0],
        [-1.0, 0.0, 1.0],
        list(np.random.default_rng(1).normal(size=50_000)),
    ],
)
def test_that_odd_curves_are_drawn_sensibly(tmp_path, values):
    odd = RunView(run("odd", {("loss", "val"): values, ("accuracy", "val"): values}), diagnosis())
    text, _ = report(tmp_path, odd)
    assert "nan" not in re.sub(r"[^0-9a-z .]", " ", " ".join(re.findall(r' d="([^"]*)"', text)))
    assert len(text) < 400_000


def test_that_a_finding_told_in_epochs_is_shaded_on_a_log_of_steps(tmp_path):
    steps = [100.0, 200.0, 300.0]
    epochs = np.array([1.0, 2.0, 3.0])
    curve = series("v", "loss", "val", [3, 2, 1], x=steps, x_kind="step", epoch=epochs)
    data = replace(run("a"), series=(curve,))
    text, parsed = report(tmp_path, RunView(data, diagnosis(finding(start=1.0, end=2.0))))
    assert 'class="shade warning"' in text
    assert "epoch" in parsed.text


def shade_rows(text):
    """Per shade: its title, and the upper edges of its three boxes."""
    for title, inside in re.findall(r'<g class="shade \w+"><title>(.*?)</title>(.*?)</g>', text):
        yield title, re.findall(r'<rect x="[\d.]+" y="([\d.]+)"', inside)


def test_that_findings_of_one_extent_share_a_shade_that_names_both(tmp_path):
    first = finding("a", 10, 50)
    second = finding("b", 11, 50, title="Overfitting", probability=0.4)
    text, parsed = report(tmp_path, view(first, second))
    ((title, _),) = shade_rows(text)
    assert title.startswith("Overconfidence and Overfitting")
    assert text.count('<g class="lane warning">') == 2
    for words in ("▲ Overconfidence 86 %", "▲ Overfitting 40 %"):
        assert words in parsed.text


def test_that_overlapping_stretches_have_bars_at_different_heights(tmp_path):
    text, _ = report(
        tmp_path, view(finding("a", 10, 40), finding("b", 30, 60), finding("c", 50, 60))
    )
    tops = [rows[1] for _, rows in shade_rows(text)]
    assert tops[0] == tops[2] != tops[1]


def test_that_calm_findings_have_a_lane_but_no_shade(tmp_path):
    calm = finding("a", 10, 40, benign=True, severity="info")
    text, _ = report(tmp_path, view(calm))
    assert not list(shade_rows(text))
    assert '<g class="lane benign">' in text


def test_that_many_findings_are_counted_under_the_picture(tmp_path):
    many = [finding(str(i), 5 * i, 5 * i + 4) for i in range(9)]
    text, parsed = report(tmp_path, view(*many))
    assert text.count('<g class="lane') == 6
    assert "+ 3 more below" in parsed.text


def test_that_batches_of_one_epoch_do_not_stand_on_one_upright_line(tmp_path):
    steps = np.arange(1.0, 41.0)
    curve = series("t", "loss", "train", 1 / steps, x=steps, x_kind="step", epoch=steps // 11 + 1)
    text, _ = report(
        tmp_path, RunView(run("r", series=(curve,)), diagnosis(finding(start=1, end=2)))
    )
    (path,) = re.findall(r'<path d="([^"]*)"', text)
    across = re.findall(r"[ML]([\d.]+) ", path)
    assert len(set(across)) == len(across) == 40


def test_that_the_best_values_are_told_under_the_picture(tmp_path):
    _, parsed = report(tmp_path, view())
    assert "● best val accuracy 89.9 %, epoch 60" in parsed.text


def test_that_what_was_converted_is_told(tmp_path):
    noted = view(notes=("accuracies were percentages",))
    assert "accuracies were percentages" in report(tmp_path, noted)[1].text


def test_that_what_came_through_a_pipe_is_called_standard_input(tmp_path):
    piped = view(name="standard input", path="/somewhere/standard input/standard input")
    text, _ = report(tmp_path, piped)
    assert "<title>LossAcc report: Loss and accuracy of standard input</title>" in text
    assert "somewhere" not in text


def test_that_a_run_without_curves_says_so(tmp_path):
    _, parsed = report(tmp_path, RunView(run("empty"), diagnosis()))
    assert "No loss or accuracy" in parsed.text


def test_that_the_report_is_written_without_qt():
    code = (
        "import sys\n"
        "for name in ('PySide6', 'pyqtgraph'): sys.modules[name] = None\n"
        "import lossacc_gui.report.html, lossacc_gui.report.csv\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_that_a_run_that_is_barely_healthy_lists_what_else_it_could_be(tmp_path):
    open_ = replace(
        view(),
        diagnosis=replace(
            view().diagnosis,
            headline="Healthy, perhaps: overfitting",
            alternatives=(Alternative("overfitting", "Overfitting", 0.3, "Wait & <see>."),),
        ),
    )
    text, _ = report(tmp_path, open_)
    assert "✓ Healthy, perhaps" not in text and "Healthy, perhaps: overfitting" in text
    assert "Overfitting · 30 %" in text and "Wait &amp; &lt;see&gt;." in text
    assert "other readings remain open" in text
