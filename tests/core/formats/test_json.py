"""The JSON readers: lines, documents, growing arrays, what is torn, and what is no log at all."""

from __future__ import annotations

import json
import math
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossacc_gui.core.formats import CONFIDENT, json_document, json_lines
from tests.core.formats.feeding import gathered, pieces, problems, read
from tests.core.formats.test_formats import points_of


def points(text: str, file: str = "log.jsonl", seed: int = 0):
    """(run, split, tag) -> [(x, y), …]."""
    return gathered(read(json_lines.Reader(PurePath(file)), text.encode(), seed))


def messages(text: str, file: str = "log.jsonl"):
    return problems(read(json_lines.Reader(PurePath(file)), text.encode()))


LOSS = {("", "", "loss"): [(1.0, 0.5), (2.0, 0.25)]}
FIRST, SECOND = '{"epoch": 1, "loss": 0.5}', '{"epoch": 2, "loss": 0.25}'


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\n{SECOND}\n",
        f"{FIRST}\r\n{SECOND}\r\n",
        f"{FIRST}\n{SECOND}",
        f"{FIRST}{SECOND}",
        f"{FIRST}, {SECOND}\n",
        f"\n{FIRST},\n\n{SECOND},\n",
        f"[{FIRST}, {SECOND}]",
        f"[\n{FIRST},\n{SECOND}\n]\n",
        f"[\n{FIRST},\n{SECOND},\n",
        f"[{FIRST},\n{SECOND}]\n",
        f"{json.dumps(json.loads(FIRST), indent=2)}\n{json.dumps(json.loads(SECOND), indent=2)}\n",
        json.dumps([json.loads(FIRST), json.loads(SECOND)], indent=4),
        json.dumps({"history": [json.loads(FIRST), json.loads(SECOND)]}, indent=1),
        '{"epoch": [1, 2], "loss": [0.5, 0.25]}',
        '{"epoch": "1", "loss": "0.5"}\n{"epoch": "2", "loss": "2.5e-1"}\n',
        '{"columns": ["loss"], "index": [1, 2], "data": [[0.5], [0.25]]}',
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_that_objects_are_found_however_they_are_laid_out(text, seed):
    assert points(text, seed=seed) == LOSS


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *(("NaN", math.nan), ("nan", math.nan), ("Infinity", math.inf), ("-Infinity", -math.inf)),
        *(("inf", math.inf), ("-inf", -math.inf), ('"nan"', math.nan), ("1e999", math.inf)),
    ],
)
def test_that_bare_words_for_numbers_that_are_none_are_values(word, value):
    ((_, y),) = points(f'{{"epoch": 1, "loss": {word}}}\n')["", "", "loss"]
    assert y == pytest.approx(value, nan_ok=True)


def test_that_null_is_a_gap():
    assert points('{"epoch": 1, "loss": 0.5, "acc": null}\n{"epoch": 2, "loss": 0.25}\n') == LOSS
    found = points('{"loss": [0.5, null, 0.25]}', "history.json")
    assert found == {("", "", "loss"): [(0.0, 0.5), (2.0, 0.25)]}


def test_that_text_between_lines_is_skipped_and_told_with_its_line():
    text = f"starting\n{FIRST}\nsaved [1]\n{SECOND}\n"
    assert points(text) == LOSS
    rows = read(json_lines.Reader(PurePath("a.jsonl")), text.encode())
    assert [(p.file, p.line) for r in rows for p in r.problems] == [("a.jsonl", 1), ("a.jsonl", 3)]


@pytest.mark.parametrize(
    "torn", ['{"epoch": 9, "lo', '{"epoch": 9', '{"epoch": 9, "n": {"a": 1', "{"]
)
def test_that_a_torn_line_costs_only_itself(torn):
    text = f"{FIRST}\n{torn}\n{SECOND}\n"
    for seed in range(5):
        assert points(text, seed=seed) == LOSS
    assert len(messages(text)) == 1


def test_that_an_incomplete_document_yields_nothing_and_is_no_problem():
    reader = json_document.Reader(PurePath("history.json"))
    assert not reader.feed(b'{"loss": [0.5, 0.2').columns
    assert not reader.feed(b"").problems
    rows = reader.feed(b"5]}")
    assert [c.y.tolist() for c in rows.columns] == [[0.5, 0.25]]


def test_that_nested_metrics_get_dotted_names_and_settings_stay_out():
    text = '{"step": 7, "val": {"loss": 0.5}, "config": {"lr": 1, "loss": 2}, "train": {"acc": 1}}'
    assert points(text) == {("", "", "val.loss"): [(7.0, 0.5)], ("", "", "train.acc"): [(7.0, 1.0)]}


@pytest.mark.parametrize(
    ("extra", "split"),
    [
        *(('"split": "train"', "train"), ('"phase": "VALID"', "val"), ('"mode": "test"', "test")),
        *(('"event": "validation finished"', "val"), ('"event": "checkpoint saved"', "")),
        *(('"extra": {"split": "dev"}', "val"), ('"type": "training_stats_scalar"', "")),
    ],
)
def test_that_a_neighbouring_field_tells_the_split(extra, split):
    assert ("", split, "loss") in points(f'{{"epoch": 1, "loss": 0.5, {extra}}}\n')


@pytest.mark.parametrize(
    "text",
    [
        '{"metric": "loss", "value": 0.5, "step": 3}',
        '{"name": "loss", "value": 0.5, "step": 3}',
        '{"key": "loss", "value": 0.5, "step": 3, "timestamp": 1700000000000}',
        '[{"tag": "loss", "value": 0.5, "iter": 3}]',
        '{"step": 3, "metrics": {"loss": 0.5}}',
    ],
)
def test_that_long_forms_are_read(text):
    found = {key[2].removeprefix("metrics."): xy for key, xy in points(text + "\n").items()}
    assert found == {"loss": [(3.0, 0.5)]}


def test_that_settings_and_events_are_no_points():
    text = '{"event": "start", "lr": 0.1, "epochs": 40}\n' + FIRST + "\n" + SECOND + "\n"
    assert points(text) == LOSS


def test_that_the_better_counter_is_the_x_and_the_other_one_stays():
    text = '{"batch": 3, "global_step": 103, "epoch": 2, "loss": 0.5}\n'
    reader = json_lines.Reader(PurePath("log.jsonl"))
    loss = {c.tag: c for c in reader.feed(text.encode()).columns}["loss"]
    assert (loss.step.tolist(), loss.epoch.tolist()) == ([103.0], [2.0])


@pytest.mark.parametrize(
    "clock", ['"time": 1700000000', '"timestamp": 1700000000000', '"ts": "2023-11-14T22:13:20Z"']
)
def test_that_clocks_are_seconds_since_1970(clock):
    reader = json_lines.Reader(PurePath("log.jsonl"))
    (loss,) = reader.feed(f'{{"epoch": 1, "loss": 0.5, {clock}}}\n'.encode()).columns
    assert loss.time.tolist() == [1.7e9]


def test_that_mmcv_counts_validation_in_epochs():
    text = (
        '{"mode": "train", "epoch": 1, "iter": 100, "loss": 2.0}\n'
        '{"mode": "val", "epoch": 1, "iter": 313, "accuracy_top-1": 30.5}\n'
    )
    assert points(text)["", "val", "accuracy_top-1"] == [(1.0, 30.5)]


def test_that_folds_and_stages_of_a_document_are_runs():
    part = '{"train_loss": [1, 2], "val_acc": [0.5, 0.75]}'
    found = points(f'{{"fold_1": {part}, "fold_2": {{"history": {part}}}}}', "cv.json")
    assert {key[0] for key in found} == {"fold_1", "fold_2"}
    stages = points(f'{{"warmup": [{FIRST}], "finetune": [{FIRST}, {SECOND}]}}', "history.json")
    assert stages["finetune", "", "loss"] == LOSS["", "", "loss"]
    assert len(stages["warmup", "", "loss"]) == 1


def test_that_lists_named_by_a_split_are_splits_of_one_run():
    found = points(f'{{"train": [{FIRST}, {SECOND}], "val": [{FIRST}]}}', "history.json")
    assert set(found) == {("", "train", "loss"), ("", "val", "loss")}


def test_that_numbered_sets_of_xgboost_are_not_runs():
    text = '{"validation_0": {"mlogloss": [2, 1]}, "validation_1": {"mlogloss": [3, 2]}}'
    assert {key[0] for key in points(text, "evals.json")} == {""}


def test_that_a_list_beside_the_loss_of_a_row_does_not_make_it_a_history():
    text = '{"epoch": 1, "loss": 0.5, "class_acc": [0.1, 0.2]}\n'
    assert points(text) == {("", "", "loss"): [(1.0, 0.5)]}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("config.json", '{"lr": 0.1, "epochs": 10, "loss": "ce", "model": {"dropout": 0.5}}'),
        ("hparams.json", '{\n "lr": 0.1,\n "loss_weight": 0.5,\n "max_epochs": 3\n}\n'),
        ("package.json", '{"name": "x", "version": "1.0.0", "scripts": {"test": "jest"}}'),
        (
            "vocab.json",
            json.dumps({w: i for i, w in enumerate(["loss", "epoch", *map(str, range(999))])}),
        ),
        ("tokens.json", '[{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]'),
        (
            "debug.jsonl",
            '{"time": "2026-01-01", "level": "INFO", "msg": "start"}\n{"level": "INFO"}\n',
        ),
        ("train.log", "epoch 1 {'loss': 0.5}\nepoch 2 {'loss': 0.4}\n"),
        ("train.log", "[INFO] loss: 0.5\n[INFO] loss: 0.4\n"),
        ("results.json", '[{"model": "LR", "accuracy": 0.9}, {"model": "RF", "accuracy": 0.8}]'),
        ("results.jsonl", '{"model": "LR", "accuracy": 0.9}\n{"model": "RF", "accuracy": 0.8}\n'),
        ("results.json", '{"LR": {"accuracy": 0.9}, "RF": {"accuracy": 0.8}}'),
        ("metrics.json", '{"accuracy": 0.9, "loss": 0.3}'),
        ("empty.json", "{}"),
        ("empty.json", ""),
    ],
)
def test_that_other_json_and_text_is_not_claimed(file, text):
    for fmt in (json_lines, json_document):
        assert fmt.score(text.encode(), PurePath(file)) < CONFIDENT


def test_that_a_vocabulary_yields_no_series():
    words = {f"w{i}": i for i in range(400)} | {"loss": 7, "epoch": 9}
    assert points(json.dumps(words), "vocab.json") == {}


def test_that_depth_and_size_are_bounded():
    deep = '{"a":' * 3000 + "1" + "}" * 3000
    assert points(f"{deep}\n{FIRST}\n{SECOND}\n")["", "", "loss"] == LOSS["", "", "loss"]
    wide = json.dumps({"epoch": 1, **{f"loss{i}": 1 for i in range(50_000)}})
    assert len(points(wide + "\n")) <= 2000


def test_that_an_endless_value_is_dropped_and_told(monkeypatch):
    monkeypatch.setattr("lossacc_gui.core.formats._json.text.LONGEST_VALUE", 1000)
    reader = json_lines.Reader(PurePath("log.jsonl"))
    rows = [reader.feed(b'{"a": "' + b"x" * 900) for _ in range(3)]
    assert problems(rows)
    rows = [reader.feed(f"\n{FIRST}\n{SECOND}\n".encode())]
    assert gathered(rows) == LOSS


VALUES = st.one_of(
    st.integers(-5, 5), st.floats(-2, 2), st.sampled_from(["train", "val", "1.5", "NaN", "", None])
)
KEYS = st.sampled_from(["epoch", "step", "loss", "val_acc", "split", "name", "value", "note"])
RECORDS = st.dictionaries(KEYS, st.one_of(VALUES, st.lists(VALUES, max_size=3)), max_size=5)
NESTED = st.dictionaries(
    KEYS, st.one_of(VALUES, RECORDS, st.lists(RECORDS, max_size=3)), max_size=4
)


@given(
    records=st.lists(NESTED, max_size=6),
    indent=st.sampled_from([None, 1]),
    array=st.booleans(),
    seed=st.integers(2, 60),
    junk=st.sampled_from(["", "text\n", '{"torn\n', "]\n"]),
)
@settings(max_examples=150, deadline=None)
def test_that_any_cut_of_any_json_gives_the_same_points(records, indent, array, seed, junk):
    if array:
        text = json.dumps(records, indent=indent)
    else:
        text = junk + "\n".join(json.dumps(record, indent=indent) for record in records)
    data = text.encode()
    expected = repr(points_of(json_lines, "log.json", [data], True))
    for way in (1, seed):
        assert repr(points_of(json_lines, "log.json", list(pieces(data, way)), True)) == expected


def many_lines(odd: str = "") -> str:
    """Lines of several bulk blocks, train and validation in turn; `odd` is one now and then."""
    lines = []
    for i in range(6000):
        row = {"epoch": i // 100, "step": i, "loss": 1 / (i + 1), "phase": "train"}
        lines.append(json.dumps(row | {"time": "2026-11-22T23:33:09Z"}))
        if i % 10 == 0:
            lines.append(json.dumps({"step": i, "phase": "val", "loss": 2.0, "acc": 0.5}))
        if odd and i % 1000 == 777:
            lines.append(odd)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "odd",
    [
        *("", "text", "[1, 2]", '{"step": 3, "loss": NaN}', '{"step": 3, "loss": "0.5"}', "{}"),
        *('{"step": 3, "loss": null, "acc": 0.5}', '{"step": 3, "loss": [0.5, 0.25]}', '{"a": {"b'),
        *('{"fold": 2, "step": 3, "loss": 0.5}', '{"name": "loss", "value": 0.5, "step": 9}'),
        *('{"step": 3, "lr": 0.5}', '{"note": "saved"}', '{"epoch": 3, "config": {"loss": 1}}', ""),
        *('{"step": 3, "val": {"loss": 0.5}}', '{"timestamp": 5, "step": 2, "loss": 0.5}'),
    ],
)
def test_that_reading_in_bulk_gives_what_reading_line_by_line_gives(odd):
    data = many_lines(odd).encode()
    singly = read(json_lines.Reader(PurePath("a.jsonl")), data, seed=7)
    whole = read(json_lines.Reader(PurePath("a.jsonl")), data)
    assert {k: repr(v) for k, v in gathered(whole).items()} == {
        k: repr(v) for k, v in gathered(singly).items()
    }
    assert problems(whole) == problems(singly)


@pytest.mark.parametrize(
    "text",
    [
        '{"1": {"loss": 0.5}, "2": {"loss": 0.25}}',
        '{"epoch_1": {"loss": 0.5}, "epoch_2": {"loss": 0.25}}',
        '{"loss": {"1": 0.5, "2": 0.25}}',
        '{"loss": [[1, 0.5], [2, 0.25]]}',
        '{"loss": {"steps": [1, 2], "values": [0.5, 0.25]}}',
        '{"epochs": [1, 2], "logs": {"loss": [0.5, 0.25]}}',
    ],
)
def test_that_the_x_of_a_history_is_found_wherever_it_stands(text):
    found = {key[2].rpartition(".")[2]: xy for key, xy in points(text, "history.json").items()}
    assert found == {"loss": LOSS["", "", "loss"]}
    assert json_document.score(text.encode(), PurePath("history.json")) >= CONFIDENT


def test_that_a_line_of_very_many_values_is_read_in_its_length():
    row = '{"epoch": 1, "loss": 0.5}'
    assert len(points(row * 20_000 + "\n")["", "", "loss"]) == 20_000


def test_that_runs_inside_runs_are_bounded():
    text = '{"loss": [1, 2]}'
    for _ in range(300):
        text = f'{{"f1": {text}, "f2": {{"loss": [1]}}}}'
    points(text, "history.json")
