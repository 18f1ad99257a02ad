"""Foreign text becomes one safe, short line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.plain import plain, plain_path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("run-a", "run-a"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("a\nb\tc", "a␊b␉c"),
        ("bell\x07del\x7f", "bell␇del␡"),
        ("abc\u202egpj", "abc‹U+202E›gpj"),
        ("caf\udce9", "caf\\xe9"),
        ("Größe 学習 סוג", "Größe 学習 סוג"),
    ],
)
def test_that_text_is_shown_as_it_is_but_without_power(text, shown):
    assert plain(text) == shown


def test_that_long_text_ends_in_an_ellipsis():
    shown = plain("x" * 10_000, 50)
    assert len(shown) == 50
    assert shown.endswith("…")


def test_that_the_end_of_a_path_is_kept():
    shown = plain_path("/very/long" * 500 + "/run-7/log.csv", 40)
    assert len(shown) == 40
    assert shown.endswith("/run-7/log.csv")


def test_that_towers_of_marks_are_cut_down():
    assert len(plain("a" + "\u0301" * 200, 300)) == 4


@given(st.text(max_size=300), st.integers(2, 60))
def test_that_nothing_invisible_and_nothing_too_long_gets_through(text, limit):
    shown = plain(text, limit)
    assert len(shown) <= limit
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert character not in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f"


def test_that_the_name_of_a_pipe_is_told_in_words():
    assert plain_path("-") == "standard input"
    assert plain_path("runs/-") == "runs/-"
