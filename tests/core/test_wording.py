"""Numbers as words."""

import math

import pytest

from lossacc_gui.core import wording
from tests.builders import diagnosis, run, series
from tests.ui.plot.material import finding


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5321, "0.532"),
        (12.3456, "12.35"),
        (1234.5, "1234"),
        (0.0, "0"),
        (-0.25, "−0.250"),
        (1.234e-5, "1.23e-05"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_that_numbers_have_the_digits_that_tell_them_apart(value, text):
    assert wording.number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.86, "86 %"), (0.999, "> 99 %"), (0.004, "< 1 %"), (0, "0 %"), (1, "100 %")],
)
def test_that_a_percentage_never_claims_certainty(share, text):
    assert wording.percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "now"), (7, "7 s"), (89, "89 s"), (120, "2 min"), (7200, "2 h"), (4e5, "5 d")],
)
def test_that_ages_are_short(seconds, text):
    assert wording.age(seconds) == text


def test_that_words_for_probabilities_fall_with_them():
    words = [wording.likelihood(p / 100) for p in range(101)]
    assert words[0] == "unlikely"
    assert words[-1] == "almost certain"
    assert len(dict.fromkeys(words)) == 6


def test_that_the_most_serious_finding_comes_first():
    calm = finding("calm", benign=True, severity="info", probability=0.99)
    mild = finding("mild", probability=0.9)
    grave = finding("grave", severity="critical", probability=0.6)
    ordered = wording.by_weight(diagnosis(calm, mild, grave))
    assert [f.key for f in ordered] == ["grave", "mild", "calm"]


def test_that_a_step_is_told_as_an_epoch_where_epochs_are_known():
    curve = series("loss", "loss", "val", [1, 2], x=[100, 200], x_kind="step")
    known = series("loss", "loss", "val", [1, 2], x=[100, 200], x_kind="step", epoch=[1.0, 2.0])
    assert wording.place_of(curve, 1) == "step 200"
    assert wording.place_of(known, 1) == "epoch 2"


@pytest.mark.parametrize(
    ("written", "framework"),
    [
        ("keras-csv", "keras"),
        ("lightning-csv", "lightning"),
        ("hf-trainer-state", "huggingface"),
        ("csv", ""),
    ],
)
def test_that_the_format_tells_the_framework(written, framework):
    assert wording.framework_of(run(format=written)) == framework


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ("p = 6.3e-07.", "p = 6.3·10⁻⁷."),
        ("rose to 1e+20 there", "rose to 1·10²⁰ there"),
        ("run1e5 stays", "run1e5 stays"),
    ],
)
def test_that_powers_of_ten_are_written_for_people(logged, told):
    assert wording.powers(logged) == told


def test_that_a_finding_that_is_hardly_likely_is_told_after_the_likely_ones():
    unlikely = finding("a", severity="critical", probability=0.004)
    likely = finding("b", severity="warning", probability=0.5)
    assert wording.is_quiet(unlikely) and not wording.is_quiet(likely)
    assert sorted([unlikely, likely], key=wording.rank)[0] is likely
