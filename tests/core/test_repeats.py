"""What two files of a run both hold, and which of them shows it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from lossacc_gui.core.curves import Curve
from lossacc_gui.core.joining import Source
from lossacc_gui.core.names import recognise
from lossacc_gui.core.repeats import Entry, Repeats
from lossacc_gui.core.series_store import SeriesStore

LOSS = [2.302585, 1.912351, 1.523412, 1.201123, 0.981234]
ACCURACY = [0.112345, 0.321234, 0.453456, 0.584567, 0.661234]


def entry(tag: str, y, unit: str, steps=None, epochs=None, kind: str = "table") -> Entry:
    store = SeriesStore()
    x = [None if c is None else np.array(c, float) for c in (steps, epochs)]
    store.append(np.array(y, float), x[0], x[1], None)
    curve = Curve("", None, tag)
    log = SimpleNamespace(
        path=f"/{unit}", curves={curve: store}, left_over={}, percent=set(),
        format=SimpleNamespace(NAME=kind),
    )  # fmt: skip
    name = recognise(tag)
    return Entry(f"{name.split}/{tag}", tag, name, ("/", unit), Source([(log, curve)]), store)


def shown(*entries: Entry) -> list[str]:
    kept, _, _ = Repeats().once(entries)
    return [f"{e.unit[1]}:{e.tag}" for e in kept]


def rounded(values, digits: int) -> list[float]:
    return [round(value, digits) for value in values]


def test_that_the_file_with_more_digits_shows_the_curve():
    fine = entry("val_loss", LOSS, "history.csv")
    coarse = entry("val_loss", rounded(LOSS, 3), "console.log", kind="text")
    assert shown(coarse, fine) == ["history.csv:val_loss"]


def test_that_all_curves_come_from_one_file_so_that_they_share_their_x():
    epochs, steps = range(5), range(0, 50, 10)
    table = [
        entry("val_loss", LOSS, "t.csv", epochs=epochs),
        entry("val_acc", rounded(ACCURACY, 6), "t.csv", epochs=epochs),
    ]
    events = [
        entry("val_loss", np.float32(LOSS), "events", steps=steps, kind="tensorboard"),
        entry("val_acc", np.float32(ACCURACY), "events", steps=steps, kind="tensorboard"),
    ]
    kept = shown(*table, *events)
    assert len({name.split(":")[0] for name in kept}) == 1 and len(kept) == 2


def test_that_another_curve_is_left_alone():
    other = entry("val_loss", [v + 0.1 for v in LOSS], "b.csv")
    assert len(shown(entry("val_loss", LOSS, "a.csv"), other)) == 2


def test_that_two_curves_of_one_file_are_never_taken_for_one():
    assert len(shown(entry("loss", LOSS, "a.csv"), entry("loss/mean", LOSS, "a.csv"))) == 2


def test_that_a_summary_value_belongs_to_its_curve():
    single = entry("val_loss", LOSS[-1:], "results.json")
    assert shown(entry("val_loss", LOSS, "history.csv"), single) == ["history.csv:val_loss"]


def test_that_the_longer_one_stays_where_the_better_has_less_than_half():
    short = entry("val_loss", LOSS[:2], "history.csv")
    long = entry("val_loss", rounded(LOSS, 4), "console.log", kind="text")
    assert shown(short, long) == ["console.log:val_loss"]


def test_that_notes_name_the_files():
    _, notes, twins = Repeats().once(
        [entry("val_loss", LOSS, "a.csv"), entry("val_loss", rounded(LOSS, 3), "b.log")]
    )
    assert notes == ["b.log repeats a.csv (val_loss): shown once"]
    assert twins["val/val_loss"].unit == ("/", "b.log")
