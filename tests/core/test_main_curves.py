"""Which loss and accuracy of a split are shown and judged first."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.main_curves import Candidate, mark_main, share_places
from lossacc_gui.core.series_store import SeriesStore


def candidate(key, role, split, x, priority=100) -> Candidate:
    store = SeriesStore()
    store.append(np.array(x, float), np.array(x, float), None, None)
    return Candidate(key, role, split, priority, store)


EPOCHS, BATCHES = range(10, 110, 10), range(1, 101)


def test_that_a_loss_per_epoch_goes_with_the_accuracy_per_epoch():
    main = mark_main(
        [
            candidate("batch", "loss", "train", BATCHES),
            candidate("epoch", "loss", "train", EPOCHS),
            candidate("acc", "accuracy", "train", EPOCHS),
        ]
    )
    assert main == {"epoch", "acc"}


def test_that_without_accuracy_training_goes_with_validation():
    main = mark_main(
        [
            candidate("batch", "loss", "train", BATCHES),
            candidate("evaluated", "loss", "train", EPOCHS),
            candidate("val", "loss", "val", EPOCHS),
        ]
    )
    assert main == {"evaluated", "val"}


def test_that_a_much_better_name_wins_over_company():
    main = mark_main(
        [
            candidate("box", "loss", "val", EPOCHS, priority=30),
            candidate("total", "loss", "val", BATCHES, priority=90),
            candidate("acc", "accuracy", "val", EPOCHS),
        ]
    )
    assert main == {"total", "acc"}


def test_that_a_single_value_never_beats_a_curve():
    main = mark_main(
        [
            candidate("final", "accuracy", "test", [100]),
            candidate("curve", "accuracy", "test", EPOCHS, priority=60),
        ]
    )
    assert main == {"curve"}


def test_that_other_metrics_are_never_main():
    assert mark_main([candidate("auc", "other", "val", EPOCHS)]) == set()


def test_that_hundreds_of_part_losses_are_ranked_without_comparing_all_with_all(monkeypatch):
    looked = []
    monkeypatch.setattr(
        "lossacc_gui.core.main_curves.share_places", lambda *pair: looked.append(pair) or False
    )
    mark_main([candidate(f"part{i}", "loss", "train", [1, 2], priority=30) for i in range(500)])
    assert len(looked) < 100


def test_that_places_are_shared_while_one_curve_lags_a_little():
    def made(x):
        return candidate("", "loss", "val", x).store

    assert share_places(made(range(10)), made(range(9)))
    assert not share_places(made(EPOCHS), made(BATCHES))
    assert not share_places(made(range(10)), made(range(100, 110)))
