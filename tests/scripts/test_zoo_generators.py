"""The zoo's generators: what a source draws, which pairs are held aside, which cause is next."""

from collections import Counter

import numpy as np
import pytest

from scripts.zoo.plan import Schedule
from scripts.zoo.quota import credit, next_cause
from scripts.zoo.recipes import RECIPES
from scripts.zoo.recipes_base import (
    HELD_FAMILIES,
    HELD_SOURCES,
    KIND_OF,
    MAIN_FAMILIES,
    SPECIAL,
    Choice,
    pick,
    pick_special,
)
from scripts.zoo.sources import Source
from scripts.zoo.sources_mixed import SOURCES as MIXED
from scripts.zoo.sources_patterns import SOURCES as PATTERNS
from scripts.zoo.sources_tables import SOURCES as TABLES

BUNDLED = {"cultivars", "digit-pairs", "photographs"}  # need scikit-learn, as training does
DRAWN = {name: make for name, make in (TABLES | PATTERNS | MIXED).items() if name not in BUNDLED}
DIMENSIONS = {"vector": 2, "image": 4, "series": 3, "tokens": 2, "set": 3}


def a_source(name: str, difficulty: str, seed: int) -> tuple[Source, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return DRAWN[name](rng, difficulty), rng


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_a_source_draws_finite_samples_of_its_kind_and_every_class(name, difficulty):
    for seed in range(2):
        source, rng = a_source(name, difficulty, seed)
        assert source.draw is not None
        inputs, labels = source.draw(rng, 1500)
        assert source.name == name
        assert source.kind == KIND_OF[name]
        assert inputs.ndim == DIMENSIONS[source.kind]
        assert len(inputs) == len(labels) == 1500
        assert np.isfinite(inputs).all()
        assert labels.min() >= 0
        assert labels.max() < source.classes
        if name != "automata":  # some states of a random automaton are never stopped in
            assert len(np.unique(labels)) == source.classes
        if source.vocabulary:
            assert inputs.min() >= 0
            assert inputs.max() < source.vocabulary


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_seed_draws_the_same_samples(name):
    first, rng = a_source(name, "medium", 5)
    second, again = a_source(name, "medium", 5)
    for a, b in zip(first.draw(rng, 50), second.draw(again, 50), strict=True):
        assert np.array_equal(a, b)


def test_untouched_dyck_words_are_balanced():
    from scripts.zoo.sources_patterns import _brackets

    words, deepest = _brackets(np.random.default_rng(1), 200, 14)
    for word, depth in zip(words, deepest, strict=True):
        stack, highest = [], 0
        for bracket in word:
            if bracket < 2:
                stack.append(bracket)
            else:
                assert stack.pop() == bracket - 2
            highest = max(highest, len(stack))
        assert not stack
        assert highest == depth


def drawn(choice: Choice) -> set[tuple[str, str]]:
    rng = np.random.default_rng(0)
    return {pick(rng, choice) for _ in range(600)}


def test_the_held_group_shares_neither_sources_nor_families_of_a_kind_with_the_rest():
    held, rest = drawn(Choice(held=True)), drawn(Choice())
    assert {source for source, _ in held} == set(HELD_SOURCES) - SPECIAL
    assert not {source for source, _ in held} & {source for source, _ in rest}
    families = {family for group in HELD_FAMILIES.values() for family in group}
    assert not families & {family for group in MAIN_FAMILIES.values() for family in group}


def test_patterns_narrow_the_pairs():
    pairs = drawn(Choice(only=("codes-*", "*-wide")))
    assert {("codes", "mlp"), ("rings", "wide")} <= pairs
    assert all(source == "codes" or family == "wide" for source, family in pairs)


def test_no_fitting_pair_is_an_error():
    with pytest.raises(ValueError, match="no generator fits"):
        pick(np.random.default_rng(0), Choice(only=("nothing-*",)))


def test_a_cause_of_its_own_pairs_keeps_to_the_asked_group():
    rng = np.random.default_rng(0)
    pairs = (("modular", "bag"), ("sign-product", "mlp"), ("differences", "cross"))
    assert pick_special(rng, Choice(held=True), pairs) == ("differences", "cross")
    assert pick_special(rng, Choice(only=("sign-*",)), pairs) == ("sign-product", "mlp")
    assert pick_special(rng, Choice(only=("rings-*",)), pairs)[0] in ("modular", "sign-product")


@pytest.mark.parametrize("cause", RECIPES)
@pytest.mark.parametrize("held", [False, True])
def test_every_recipe_plans_a_run_of_the_asked_group(cause, held):
    for seed in range(15):
        plan = RECIPES[cause](np.random.default_rng(seed), Choice(held=held))
        assert plan.cause == cause
        assert (plan.source in HELD_SOURCES) == held
        assert plan.epochs >= 10
        assert plan.rate > 0


def test_the_cause_furthest_behind_its_share_is_next():
    rng = np.random.default_rng(0)
    made = Counter({"healthy": 9.0, "overfitting": 9.0, "loss-spike": 1.0})
    assert next_cause(list(made), made, Counter(), rng) == "loss-spike"
    made = Counter({"healthy": 14.0, "overfitting": 9.0, "loss-spike": 9.0})
    assert next_cause(list(made), made, Counter(), rng) == "healthy"


def test_a_relabelled_run_counts_for_less_than_an_intended_one():
    intended = credit({"intended": "overfitting", "primary": "overfitting"})
    relabelled = credit({"intended": "healthy", "primary": "underfitting"})
    assert intended["overfitting"] == 1.0
    assert relabelled["underfitting"] + relabelled["healthy"] < 1.0
    assert credit({"intended": "two-causes", "primary": "loss-spike"}) == {"two-causes": 1.0}


def test_a_ramp_of_the_rate_never_ends_and_stays_level_within_an_epoch():
    ramp = Schedule("ramp")
    assert [ramp.rate(epoch, 10) for epoch in (0, 0.9, 1, 9, 20)] == [1, 1, 2, 10, 21]


def test_a_planned_shift_tells_how_much_accuracy_it_is_to_cost():
    for seed in range(20):
        plan = RECIPES["distribution-shift"](np.random.default_rng(seed), Choice())
        assert 0.04 < plan.shift_gap < 0.3
        assert plan.shift[0] != "none"
