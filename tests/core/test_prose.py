"""A finding as text and as Markdown."""

from lossacc_gui.core import prose
from lossacc_gui.core.diagnosis.finding import Alternative, Evidence, Remedy
from tests.ui.plot.material import finding, view

FULL = finding(
    evidence=(Evidence("measured", "Loss rose by 0.2.", 0.2, 25.0, "val/val_loss"),),
    remedies=(
        Remedy("Keep the best checkpoint.", "answers", (("keras", "a()"), ("pytorch", "b()"))),
        Remedy("Fit a temperature.", "probabilities"),
        Remedy("Look at the data."),
    ),
    alternatives=(Alternative("overfitting", "Overfitting", 0.1, "Count the errors."),),
    references=("Guo et al. 2017",),
)


def test_that_the_persons_use_comes_first():
    order = [purpose for purpose, _ in prose.by_purpose(FULL, "probabilities")]
    assert order[0] == "probabilities"
    assert set(order) == {"any", "answers", "probabilities"}


def test_that_the_snippet_fits_the_framework_or_its_relative():
    remedy = FULL.remedies[0]
    assert prose.snippet_for(remedy, "keras") == ("keras", "a()")
    assert prose.snippet_for(remedy, "lightning") == ("pytorch", "b()")
    assert prose.snippet_for(remedy, "") == ("keras", "a()")
    assert prose.snippet_for(FULL.remedies[1], "keras") is None


def test_that_the_text_holds_everything():
    text = prose.as_text(view(FULL), FULL)
    for part in ("Overconfidence", "86 %", "Loss rose", "temperature", "Count the errors", "Guo"):
        assert part in text


def test_that_markdown_of_hostile_names_is_inert():
    hostile = view(FULL, name="<img src=x onerror=alert(1)> [a](b) *x*\n# head")
    text = prose.as_markdown(hostile, FULL)
    assert "\\<img" in text
    assert "\\[a\\](b)" in text
    assert "\n# head" not in text
