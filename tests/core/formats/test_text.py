"""Console logs: short logs of many programs (tests/data/text), and the rules one at a time."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePath

import pytest

from lossacc_gui.core.formats import CONFIDENT, HEAD_BYTES, best_format, text
from lossacc_gui.core.names import recognise
from lossacc_gui.core.rows import Rows
from tests.core.formats.feeding import flipped, pieces

DATA = Path(__file__).resolve().parents[2] / "data" / "text"
LOGS = sorted(DATA.glob("*.log"))
TABLES = ("prettytable.log", "lasagne.log", "table_plain.log")  # tables with a separator
Found = dict[tuple[str, str, str], list[tuple[float, float]]]


def points_of(file: str, parts: Iterable[bytes]) -> tuple[Found, str]:
    """(run, split, tag) -> [(step or epoch or count, y), …], and the reader's name."""
    reader = text.Reader(PurePath(file))
    found: Found = defaultdict(list)

    def take(rows: Rows) -> None:
        for column in rows.columns:
            curve = found[column.run, column.split or "", column.tag]
            for at, y in enumerate(column.y.tolist()):
                told = [a[at] for a in (column.step, column.epoch) if a is not None]
                x = next((float(v) for v in told if not math.isnan(v)), len(curve) + 1.0)
                curve.append((x, y))

    for part in parts:
        take(reader.feed(part))
    take(reader.finish())
    return dict(found), reader.name


def read(log: str) -> Found:
    """What is read from this text."""
    return points_of("train.log", [log.encode()])[0]


def values(log: str) -> dict[tuple[str, str], list[float]]:
    """(split, tag) -> values."""
    return {(split, tag): [y for _, y in curve] for (_, split, tag), curve in read(log).items()}


@pytest.mark.parametrize("path", LOGS, ids=lambda p: p.name)
@pytest.mark.parametrize("seed", range(4))
def test_that_a_short_log_is_read_as_expected_however_it_is_cut(path, seed):
    expected = json.loads(Path(f"{path}.expected.json").read_text(encoding="utf-8"))
    found, name = points_of(path.name, pieces(path.read_bytes(), seed))
    assert name == expected["name"]
    assert {"|".join(key) for key in found} == set(expected["points"])
    for key, curve in found.items():
        wanted = [float(v) for point in expected["points"]["|".join(key)] for v in point]
        flat = [v for point in curve for v in point]
        assert flat == pytest.approx(wanted, nan_ok=True), key


@pytest.mark.parametrize("path", LOGS, ids=lambda p: p.name)
def test_that_a_short_log_is_taken_for_text(path):
    head = path.read_bytes()[:HEAD_BYTES]
    assert text.score(head, path) >= CONFIDENT
    if path.name not in TABLES:
        assert best_format(head, path) is text


@pytest.mark.parametrize("path", LOGS, ids=lambda p: p.name)
def test_that_broken_logs_never_raise(path):
    for seed in range(6):
        points_of(path.name, [flipped(path.read_bytes(), seed)])


SPELLINGS = (
    "loss: {a} acc: {b}",
    "loss={a} acc={b}",
    "loss {a}, acc {b}",
    "Loss is {a}; Acc is {b}",
    "'loss': {a}, 'acc': {b}",
    "{{'loss': '{a}', 'acc': '{b}'}}",
    "loss -> {a} | acc -> {b}",
    "LOSS = {a}\tACC = {b}",
    "loss: {a} - acc: {b} - 12ms",
    "⏱ 3.1s loss: {a} 🎯 acc: {b}",
    "loss ..... {a}, acc ..... {b}",
    "loss: tensor({a}, device='cuda:0'), acc: np.float64({b})",
    "| loss {a} | acc {b} | lr 1.0e-3 | 1.2 s/it | eta 1 day, 3:10:02",
    "(loss: {a}) (acc: {b}) [mem 3.1GB]",
    "time=00:01:02 loss={a} acc={b} seen=1200 speed=31.2img/s",
)


COUNTERS = (
    "Epoch {e}: ",
    "epoch={e} ",
    "[{e}/9] ",
    "E{e:03d} | ",
    "({e}/9) ",
    "epoch {e} of 9, ",
    "[Epoch {e}] ",
    "2024-05-01 10:00:00,123 - INFO - ep {e:>3} ",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("counter", COUNTERS)
def test_that_a_loop_may_print_its_values_in_any_way(spelling, counter):
    log = "".join(
        counter.format(e=e) + spelling.format(a=f"{1 / e:.4f}", b=f"{1 - 1 / e:.4f}") + "\n"
        for e in range(1, 5)
    )
    read_back = {tag.lower(): curve for (_, _, tag), curve in read(log).items()}
    assert [x for x, _ in read_back["loss"]] == [1, 2, 3, 4]
    assert [y for _, y in read_back["loss"]] == pytest.approx([1.0, 0.5, 0.3333, 0.25])
    assert [y for _, y in read_back["acc"]] == pytest.approx([0.0, 0.5, 0.6667, 0.75])


def test_that_times_sizes_dates_and_progress_are_no_series():
    log = "".join(
        f"2024-05-0{e} 10:00:00 Epoch {e}/9 [{e}0/90 (1%)] loss: 0.5{e} time: 1.{e}s eta: 1:02:03 "
        f"mem: 3.{e}GB 31.{e} it/s 2.{e} ms/batch pid=12{e} host=10.0.0.{e} v1.2.{e} 12{e} images\n"
        for e in range(1, 4)
    )
    assert set(values(log)) == {("", "loss")}


def test_that_a_heading_gives_the_split_of_the_lines_below():
    log = "".join(
        f"Epoch {e}\nTraining\nloss: 0.{e}\nValidation:\nloss: 0.{e}5\n" for e in range(1, 4)
    )
    assert values(log) == {("train", "loss"): [0.1, 0.2, 0.3], ("val", "loss"): [0.15, 0.25, 0.35]}


def test_that_a_new_epoch_ends_the_validation_of_the_one_before():
    log = "".join(f"Epoch {e}\nacc: 0.{e}\nValidation\nacc: 0.{e}5\n" for e in range(1, 4))
    assert values(log) == {("", "acc"): [0.1, 0.2, 0.3], ("val", "acc"): [0.15, 0.25, 0.35]}


def test_that_batches_of_epochs_make_one_rising_step():
    log = "".join(
        f"Epoch [{e}/3], Step [{k}/200], Loss: {e}.{k}\n" for e in (1, 2, 3) for k in (100, 200)
    )
    assert [x for x, _ in read(log)["", "", "Loss"]] == [100, 200, 300, 400, 500, 600]


def test_that_a_step_that_never_starts_over_is_taken_as_it_is():
    log = "".join(f"epoch {s // 300} step {s} loss 0.{s}\n" for s in range(100, 1000, 100))
    assert [x for x, _ in read(log)["", "", "loss"]] == list(range(100, 1000, 100))


def test_that_the_same_line_printed_by_two_loggers_is_one_point():
    log = "".join(f"step {s} loss 0.{s}\nINFO:root:step {s} loss 0.{s}\n" for s in (10, 20, 30))
    assert values(log) == {("", "loss"): [0.1, 0.2, 0.3]}


def test_that_only_the_first_rank_is_read():
    log = "".join(f"[rank{r}]: epoch {e} loss {r}.{e}\n" for e in (1, 2, 3) for r in (0, 1, 2))
    assert values(log) == {("", "loss"): [0.1, 0.2, 0.3]}


def test_that_summaries_of_the_best_add_no_points():
    log = (
        "Epoch 1 val_loss: 0.9 (best 0.9)\nval_loss improved from inf to 0.90000, saving model\n"
        "Epoch 2 val_loss: 0.8 best_val_loss: 0.8\nBest epoch: 2 val_loss: 0.8\n"
        "Final val_loss: 0.8\nEarly stopping, best iteration is: 2, val_loss: 0.8\n"
    )
    assert values(log) == {("", "val_loss"): [0.9, 0.8]}


def test_that_options_in_the_preamble_are_no_points():
    log = (
        "Namespace(lr=0.01, epochs=10, dropout=0.5)\nlearning_rate: 0.01\nloss_weight = 0.3\n"
        "config: {'lr': 0.003}\nepoch 1 loss 0.5\nepoch 2 loss 0.4\n"
    )
    assert values(log) == {("", "loss"): [0.5, 0.4]}


def test_that_a_fraction_is_more_exact_than_the_percent_behind_it():
    log = "".join(f"Epoch {e} Accuracy: {e}/300 (0%)\n" for e in (100, 101))
    assert values(log)["", "Accuracy"] == pytest.approx([100 / 3, 101 / 3])


def test_that_a_value_in_brackets_is_the_mean_where_a_pass_is_summed_up():
    log = "Epoch 1\nTest: [0/2] loss 2.0 (2.0)\nTest: [1/2] loss 1.0 (1.5)\nEpoch 2\n"
    assert values(log) == {("test", "loss"): [1.5]}


def test_that_a_percent_sign_is_told():
    rows = text.Reader(PurePath("x.log")).feed(b"epoch 1 acc 91.2%\nepoch 2 acc 92.0 %\n")
    assert [column.percent for column in rows.columns] == [True]


def test_that_decimal_commas_are_read():
    log = "Epoche 1: Verlust 0,912 Genauigkeit 61,2 %\nEpoche 2: Verlust 0,712 Genauigkeit 71,2 %\n"
    assert values(log) == {("", "Verlust"): [0.912, 0.712], ("", "Genauigkeit"): [61.2, 71.2]}


def test_that_nan_and_infinity_are_points():
    found = values("epoch 1 loss nan\nepoch 2 loss: inf\nepoch 3 loss=-inf\n")["", "loss"]
    assert math.isnan(found[0])
    assert found[1:] == [math.inf, -math.inf]


def test_that_the_time_stamp_of_a_line_is_the_time_of_its_points():
    rows = text.Reader(PurePath("x.log")).feed(
        b"2024-05-01T10:00:00Z INFO epoch 1 loss 0.5\n2024-05-01T10:00:10Z INFO epoch 2 loss 0.4\n"
        b"2024-05-01T10:00:20Z INFO epoch 3 loss 0.3\n2024-05-01T10:00:30Z INFO epoch 4 loss 0.2\n"
    )
    assert rows.columns[0].time is not None
    assert rows.columns[0].time.tolist() == [1714557600 + 10 * i for i in range(4)]


def test_that_utf16_with_a_byte_order_mark_is_read():
    log = "epoch 1 loss 0.5\r\nepoch 2 loss 0.4\r\n"
    found, _ = points_of("x.log", pieces(log.encode("utf-16"), 1))
    assert found == {("", "", "loss"): [(1, 0.5), (2, 0.4)]}


def test_that_a_counter_written_back_with_backspaces_is_overwritten():
    log = "epoch 1 batch 1/20\b\b\b\b2/20\b\b\b\b20/20 loss 0.5\nepoch 2 loss 0.4\n"
    assert [y for _, y in next(iter(read(log).values()))][:1] == [0.5]


def test_that_an_open_bar_is_no_point_until_its_epoch_is_over():
    bar = "\rEpoch 1:  50%|█████     | 5/10 [00:01<00:01, 5.0it/s, loss=0.7]"
    assert read(bar) == {}
    assert values(bar + "\rEpoch 2:  10%|█  | 1/10 [00:01<00:01, 5.0it/s, loss=0.6]") == {
        ("", "loss"): [0.7]
    }


def test_that_half_a_line_yields_nothing_until_completed():
    reader = text.Reader(PurePath("x.log"))
    assert reader.feed(b"epoch 1 loss 0.5\nepoch 2 loss 0.").columns[0].y.tolist() == [0.5]
    assert reader.feed(b"25\n").columns[0].y.tolist() == [0.25]


TORN = (
    "1, 0.100: 2.742393, 2.742393 avg, 0.049583 rate, 0.019604 seconds, 40 images\n"
    "2, 0.200: 2.7Saving weights to ./a_1.weights\nSaving weights to ./a_2.weights\n"
    "{end}\n"
    "3, 0.300: 2.309832, 2.697924 avg, 0.048750 rate, 0.019000 seconds, 120 images\n"
)


def test_that_a_torn_line_of_darknet_is_put_together_where_both_halves_are_there():
    log = TORN.format(end="28913, 2.741045 avg, 0.049167 rate, 0.019581 seconds, 80 images")
    assert read(log)["", "train", "loss"] == [(1, 2.742393), (2, 2.728913), (3, 2.309832)]


@pytest.mark.parametrize("end", ["041045 avg, 0.049167 rate", "Loaded: 0.000083 seconds", "28913"])
def test_that_half_a_line_of_darknet_invents_no_point(end):
    assert read(TORN.format(end=end))["", "train", "loss"] == [(1, 2.742393), (3, 2.309832)]


NOT_LOGS = (
    ("requirements.txt", "numpy==2.1.0\ntorch==2.3.1\nscikit-learn==1.5\n"),
    ("args.yaml", "lr: 0.01\nloss: 0.5\nepochs: 10\nacc: 0.1\n"),
    ("train.py", "for epoch in range(10):\n    print(f'{epoch} loss {a:.4f}')\n    loss = 0.5\n"),
    ("README.md", "# Results\n\nepoch 1 loss 0.5 acc 0.9\nepoch 2 loss 0.4 acc 0.91\n"),
    ("debug.log", "2024-01-01 10:00:00,123 INFO MainThread:1 [a.py:f():81] Version is 0.31\n" * 9),
    ("trace.log", 'Traceback:\n  File "a.py", line 12, in <module>\n    loss = f(1, 2)\nE: 3\n'),
    ("log.jsonl", '{"epoch": 1, "loss": 0.5}\n{"epoch": 2, "loss": 0.4}\n'),
    ("log.csv", "epoch,loss,acc\n1,0.5,0.6\n2,0.4,0.7\n"),
    (
        "parts.log",
        "  | Name      | Type             | Params\n-----------------------------------\n"
        "0 | criterion | CrossEntropyLoss | 0     \n1 | accuracy  | MulticlassAccuracy | 0\n",
    ),
    ("note.txt", "We reached an accuracy of 93 % after 40 epochs, with a loss of 0.2.\n"),
)


@pytest.mark.parametrize(("file", "content"), NOT_LOGS, ids=lambda v: v[:12])
def test_that_what_is_no_log_of_this_kind_scores_low(file, content):
    assert text.score(content.encode(), PurePath(file)) < CONFIDENT


def test_that_one_line_of_values_is_enough_for_a_live_log():
    head = b"Using device cuda\nLoading data ...\nEpoch 1/10 - loss: 0.9 - val_loss: 1.0\n"
    assert text.score(head, PurePath("out.txt")) >= CONFIDENT
    assert text.score(head[:36], PurePath("out.txt")) == 0


def test_that_lines_without_end_are_bounded():
    reader = text.Reader(PurePath("x.log"))
    for _ in range(300):
        reader.feed(b"loss: 1 " * 1000)
    assert sum(len(c.y) for c in reader.feed(b"\nepoch 1 loss 0.5\n").columns) < 200


ROLES = {
    "transfer_tutorial": {
        ("train Loss", ""): ("loss", "train"),
        ("Acc", "val"): ("accuracy", "val"),
    },
    "fastai": {("accuracy", ""): ("accuracy", "val"), ("train_loss", ""): ("loss", "train")},
    "flax_clu": {("loss", ""): ("loss", "val"), ("train_loss", ""): ("loss", "train")},
    "mmengine": {("accuracy", "val"): ("accuracy", "val"), ("loss", "train"): ("loss", "train")},
    "ogb": {("Train", ""): ("accuracy", "train"), ("Test", ""): ("accuracy", "test")},
}


@pytest.mark.parametrize("log", ROLES)
def test_that_tags_and_told_splits_are_what_the_names_need(log):
    found, _ = points_of(log, [(DATA / f"{log}.log").read_bytes()])
    tags = [tag for _, _, tag in found]
    for (tag, split), (role, meant) in ROLES[log].items():
        name = recognise(tag, split=split or None, siblings=tags)  # type: ignore[arg-type]
        assert (name.role, name.split) == (role, meant)
