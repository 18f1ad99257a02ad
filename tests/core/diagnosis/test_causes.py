"""Every cause file is whole, fires on its own case and is quiet on the other."""

from __future__ import annotations

import pytest

from lossacc_gui.core.diagnosis import diagnose
from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.examples import Example, as_run
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.ranking import FITTED, SHARE

CAUSES = all_causes()
ORDERS = {
    "measurement", "numeric", "not learning", "train and validation", "conflict", "benign",
}  # fmt: skip


def strength(cause: str, example: Example) -> float:
    """The signature's strength at the end of an example."""
    curves = build(as_run(example))
    signature = CAUSES[cause].check(measure(curves.prefix(curves.size), example.classes))
    return signature.strength if signature else 0.0


def test_that_the_vocabulary_is_whole():
    assert set(CAUSES) == set(FITTED) | set(SHARE)
    assert len(CAUSES) == 31


@pytest.mark.parametrize("cause", CAUSES)
def test_that_a_cause_fires_on_its_own_case(cause):
    assert strength(cause, CAUSES[cause].FIRES) >= 0.5


@pytest.mark.parametrize("cause", CAUSES)
def test_that_a_cause_is_quiet_on_the_other_case(cause):
    assert strength(cause, CAUSES[cause].QUIET) < 0.3


@pytest.mark.parametrize("cause", CAUSES)
def test_that_a_cause_is_named_among_the_first_three_on_its_own_case(cause):
    verdict = diagnose(as_run(CAUSES[cause].FIRES)).verdict
    assert cause in [v.cause for v in verdict[:3]]


@pytest.mark.parametrize("cause", CAUSES)
def test_that_a_cause_file_carries_its_prose(cause):
    module = CAUSES[cause]
    assert cause == module.ID
    assert module.TITLE and module.ORDER in ORDERS and module.REFERENCES and module.ADVICE
    assert all(remedy.text.endswith((".", "?")) for remedy in module.ADVICE)
    assert module.HOW_TO_TELL
    assert set(module.HOW_TO_TELL) <= set(CAUSES) - {cause}
    assert set(getattr(module, "EXPLAINS", ())) <= set(CAUSES) - {cause}


@pytest.mark.parametrize("cause", [c for c in CAUSES if c != "healthy"])
def test_that_the_sentences_are_filled_with_numbers_of_the_run(cause):
    example = CAUSES[cause].FIRES
    curves = build(as_run(example))
    signature = CAUSES[cause].check(measure(curves.prefix(curves.size), example.classes))
    assert signature is not None
    assert any(c.isdigit() for c in signature.summary) and signature.summary.endswith(".")
    assert signature.label and signature.regions and signature.statements
    text = signature.summary + signature.label + "".join(s.statement for s in signature.statements)
    assert "nan" not in text and "None" not in text


def test_that_proved_is_said_only_with_its_condition():
    for cause, module in CAUSES.items():
        for example in (module.FIRES, module.QUIET):
            for finding in diagnose(as_run(example)).findings:
                for line in finding.evidence:
                    if line.kind == "proved":
                        assert "cross-entropy" in line.statement, (cause, line.statement)
