"""The table reader: dialects, oddities of rows, what it must refuse, and any cut of the bytes."""

from __future__ import annotations

import math
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossacc_gui.core.formats import CONFIDENT, table
from lossacc_gui.core.formats._table.bulk import SMALLEST_BLOCK
from tests.core.formats.feeding import gathered, pieces, problems, read
from tests.core.formats.test_formats import points_of


def points(text: str | bytes, file: str = "log.csv", seed: int = 0):
    """(run, split, tag) -> [(x, y), …]."""
    data = text.encode() if isinstance(text, str) else text
    return gathered(read(table.Reader(PurePath(file)), data, seed))


def messages(text: str, file: str = "log.csv"):
    return problems(read(table.Reader(PurePath(file)), text.encode()))


LOSS = {("", "", "loss"): [(1.0, 0.5), (2.0, 0.25)]}


@pytest.mark.parametrize(
    "text",
    [
        "epoch,loss\n1,0.5\n2,0.25\n",
        "epoch\tloss\n1\t0.5\n2\t0.25\n",
        "epoch;loss\n1;0,5\n2;0,25\n",
        "epoch|loss\n1|0.5\n2|0.25\n",
        "| epoch | loss |\n|-------|------|\n| 1 | 0.5 |\n| 2 | 0.25 |\n",
        "epoch   loss\n1       0.5\n2       0.25\n",
        " epoch ,  loss \n  1,   0.5\n  2,  0.25\n",
        '"epoch","loss"\r\n"1","0.5"\r\n"2","0.25"\r\n',
        '"epoch","loss"\n"1","0,5"\n"2","0,25"\n',
        "# made by me\n\nepoch,loss\n1,0.5\n2,0.25\n",
        "# epoch loss\n1.000e+00 5.000e-01\n2.000e+00 2.500e-01\n",
        "epoch,loss,\n1,0.5,\n2,0.25,\n",
        "epoch,loss\n1,0.5\nepoch,loss\n2,0.25\n",
        "epoch,loss\n1/20,0.5\n2/20,0.25\n",
        "epoch,loss\n1,0.5\n2,0.25",
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_that_a_dialect_is_found_out(text, seed):
    assert points(text, seed=seed) == LOSS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_that_an_encoding_is_found_out(encoding):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    data = (mark + "Époque,précision\n1,0.5\n2,0.75\n").encode(encoding)
    for seed in range(4):
        assert points(data, seed=seed) == {("", "", "précision"): [(1.0, 0.5), (2.0, 0.75)]}


def test_that_a_header_that_is_not_utf8_is_read_as_windows_text():
    assert ("", "", "précision") in points("epoch,précision\n1,0.5\n".encode("cp1252"))


@pytest.mark.parametrize("gap", ["", "NA", "N/A", "-", "None", "null", "  ", "NaT"])
def test_that_a_gap_is_no_point(gap):
    assert points(f"epoch,loss\n1,0.5\n2,{gap}\n3,0.25\n") == {
        ("", "", "loss"): [(1.0, 0.5), (3.0, 0.25)]
    }


@pytest.mark.parametrize(
    ("cell", "value"),
    [("nan", math.nan), ("NaN", math.nan), ("inf", math.inf), ("-Infinity", -math.inf)],
)
def test_that_nan_and_infinities_are_values(cell, value):
    ((_, y),) = points(f"epoch,loss\n1,{cell}\n")["", "", "loss"]
    assert y == pytest.approx(value, nan_ok=True)


def test_that_a_percent_sign_is_told():
    reader = table.Reader(PurePath("log.csv"))
    (column,) = reader.feed(b"epoch,acc\n1,93.2%\n").columns
    assert (column.y.tolist(), column.percent) == ([93.2], True)


def test_that_step_epoch_and_time_are_all_kept():
    reader = table.Reader(PurePath("log.csv"))
    text = b"epoch,batch,global_step,timestamp,loss\n0,7,107,1700000000000,0.5\n"
    loss = {c.tag: c for c in reader.feed(text).columns}["loss"]
    assert (loss.step.tolist(), loss.epoch.tolist()) == ([107.0], [0.0])
    assert loss.time.tolist() == [1.7e9]


@pytest.mark.parametrize(
    "moment", ["2026-11-22T23:33:09+00:00", "2026-11-22 23:33:09Z", "1795390389", "1795390389.0"]
)
def test_that_dates_and_epoch_seconds_are_the_same_clock(moment):
    reader = table.Reader(PurePath("log.csv"))
    (loss,) = reader.feed(f"epoch,time,loss\n1,{moment},0.5\n".encode()).columns
    assert loss.time.tolist() == [1795390389.0]


@pytest.mark.parametrize("duration", ["00:41", "1:02:03", "12.5", "3 days"])
def test_that_a_duration_is_no_clock_and_no_problem(duration):
    reader = table.Reader(PurePath("log.csv"))
    rows = reader.feed(f"epoch,time,loss\n1,{duration},0.5\n".encode())
    assert [(c.tag, c.time) for c in rows.columns] == [("loss", None)]
    assert not rows.problems


def test_that_a_new_header_in_the_middle_is_followed():
    text = "epoch,loss\n1,0.5\nepoch,val_loss,loss\n2,0.75,0.25\n"
    assert points(text) == {**LOSS, ("", "", "val_loss"): [(2.0, 0.75)]}


def test_that_columns_of_text_are_passed_over_in_silence():
    text = "epoch,host,loss,done\n1,box,0.5,False\n2,box,0.25,True\n"
    assert points(text) == LOSS
    assert messages(text) == []


def test_that_a_bad_cell_is_told_with_its_line_and_the_rest_is_read():
    text = "epoch,loss\n1,0.5\n2,o.25\n3,0.125\n"
    assert points(text)["", "", "loss"] == [(1.0, 0.5), (3.0, 0.125)]
    (problem,) = [
        p for r in read(table.Reader(PurePath("a.csv")), text.encode()) for p in r.problems
    ]
    assert (problem.file, problem.line) == ("a.csv", 3)
    assert "number was expected" in problem.message


def test_that_rows_that_are_too_long_or_too_short_keep_what_fits():
    text = "epoch,loss,acc\n1,0.5\n2,0.25,0.75,9,9\n"
    assert points(text) == {**LOSS, ("", "", "acc"): [(2.0, 0.75)]}
    assert len(messages(text)) == 1


def test_that_row_names_without_a_header_shift_the_columns():
    assert points("epoch,loss\na,1,0.5\nb,2,0.25\n") == LOSS


def test_that_a_split_column_tells_the_split():
    text = "epoch,phase,loss\n1,train,0.5\n1,valid,0.75\n2,train,0.25\n"
    assert points(text) == {
        ("", "train", "loss"): [(1.0, 0.5), (2.0, 0.25)],
        ("", "val", "loss"): [(1.0, 0.75)],
    }


def test_that_a_fold_column_tells_runs_apart():
    text = "fold,epoch,loss\n1,1,0.5\n1,2,0.25\n2,1,0.75\n"
    found = points(text)
    assert found["fold 1", "", "loss"] == [(1.0, 0.5), (2.0, 0.25)]
    assert found["fold 2", "", "loss"] == [(1.0, 0.75)]


def test_that_an_identifier_that_never_changes_names_no_run():
    assert points("trial_id,epoch,loss\nx7,1,0.5\nx7,2,0.25\n") == LOSS


def test_that_numbers_without_names_are_called_by_the_file():
    assert points("0.5\n0.25\n", "val_loss.txt") == {
        ("", "", "val_loss"): [(1.0, 0.5), (2.0, 0.25)]
    }
    assert points("10,0.5\n20,0.25\n", "loss.csv") == {
        ("", "", "loss"): [(10.0, 0.5), (20.0, 0.25)]
    }


def test_that_a_table_without_names_that_counts_its_rows_is_read_for_the_person_to_name():
    text = "1,2.3,0.1\n2,2.1,0.2\n3,1.9,0.3\n"
    assert table.score(text.encode(), PurePath("history.csv")) >= CONFIDENT
    assert points(text) == {
        ("", "", "column 2"): [(1.0, 2.3), (2.0, 2.1), (3.0, 1.9)],
        ("", "", "column 3"): [(1.0, 0.1), (2.0, 0.2), (3.0, 0.3)],
    }


def test_that_columns_named_by_splits_alone_take_the_quantity_from_the_file():
    found = points("epoch,train,val\n1,0.5,0.75\n", "loss.csv")
    assert set(found) == {("", "", "loss/train"), ("", "", "loss/val")}
    assert table.score(b"epoch,train,val\n1,0.5,0.75\n", PurePath("loss.csv")) >= CONFIDENT


def test_that_named_values_without_a_header_are_read():
    assert points("loss,1,0.5\nloss,2,0.25\n") == LOSS


def test_that_names_on_two_lines_are_left_to_the_reader_of_text():
    upper = "| Epoch | Mini-batch | Validation | Mini-batch | Validation |"
    lower = "|       |   Accuracy |   Accuracy |       Loss |       Loss |"
    rows = "".join(
        f"| {i} | {60 + i}.1% | {58 + i}.4% | 0.{9 - i} | 1.{9 - i} |\n" for i in (1, 2, 3)
    )
    one_line = f"{lower.replace('|       |', '| Epoch |')}\n{rows}".encode()
    head = f"{upper}\n{lower}\n{rows}".encode()
    path = PurePath("training.txt")
    assert table.score(head, path) < CONFIDENT <= table.score(one_line, path)


def test_that_a_header_alone_yields_nothing_yet():
    reader = table.Reader(PurePath("log.csv"))
    assert not reader.feed(b"epoch,loss\n").columns
    assert not reader.finish().problems
    assert table.score(b"epoch,loss\n", PurePath("log.csv")) >= CONFIDENT


def test_that_half_a_line_yields_nothing_until_completed():
    reader = table.Reader(PurePath("log.csv"))
    reader.feed(b"epoch,loss\n1,0.5\n")
    assert not reader.feed(b"2,0.2").columns
    assert reader.feed(b"5\n").columns[0].y.tolist() == [0.25]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("iris.csv", "sepal_length,sepal_width,species\n5.1,3.5,setosa\n4.9,3.0,setosa\n"),
        ("pred.csv", "id,label,prediction,loss\n1,0,1,2.3\n2,1,1,0.1\n"),
        ("aapl.csv", "Date,Open,Close\n2020-01-01,1,2\n2020-01-02,2,3\n"),
        ("requirements.txt", "numpy==2.0\ntorch==2.4\n"),
        ("cv.csv", "param_C,params,mean_test_score\n1,{'C': 1},0.9\n2,{'C': 2},0.91\n"),
        ("dev.tsv", "a a film\n - Gold: POS\n - Pred: NEG\n"),
        ("train.log", "Epoch: 001, Loss: 1.9, Train: 0.3\nEpoch: 002, Loss: 1.8, Train: 0.4\n"),
        ("train.log", "epoch 1 loss 0.5 acc 0.6\nepoch 2 loss 0.4 acc 0.7\n"),
        ("results.csv", "model,accuracy,f1\nLR,0.9,0.8\nSVM,0.91,0.82\n"),
        ("results.csv", ",accuracy,loss\nLR,0.9,0.8\nSVM,0.91,0.82\n"),
        ("metrics.csv", "metric,value\naccuracy,0.9\nloss,0.3\n"),
        ("matrix.csv", "1,2,3\n4,5,6\n7,8,9\n"),
        ("page.html", "<html>\n<td>epoch,loss</td>\n"),
        ("log.csv", ""),
    ],
)
def test_that_other_tables_and_texts_are_not_claimed(file, text):
    assert table.score(text.encode(), PurePath(file)) < CONFIDENT


def big_table(odd: str = "", sparse: bool = True) -> bytes:
    """A table of several bulk blocks; `odd` is a line now and then."""
    lines = ["epoch,step,loss,val_loss"]
    for i in range(9000):
        lines.append(f"{i // 100},{i},{1 / (i + 1)},{i + 0.5 if not sparse or i % 7 == 6 else ''}")
        if odd and i % 1000 == 777:
            lines.append(odd)
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize(
    "odd",
    [
        *("", "5", "1,2,3,4,5,6", "7,oops,3,4", "epoch,step,loss,val_loss", "# comment", "-----"),
        *("  9 , 10 , 0.5 ,0.25 ", "1,2,3%,4", "1,2,nan,-inf", '"1","2","3","4"', "1,2,NA,none"),
    ],
)
def test_that_reading_in_bulk_gives_what_reading_line_by_line_gives(odd):
    data = big_table(odd)
    assert len(data) > 3 * SMALLEST_BLOCK
    line_by_line = table.Reader(PurePath("log.csv"))
    size = 3001
    singly = [line_by_line.feed(data[i : i + size]) for i in range(0, len(data), size)]
    whole = read(table.Reader(PurePath("log.csv")), data)
    a, b = gathered(singly), gathered(whole)
    assert repr(a) == repr(b)
    assert problems(singly) == problems(whole)


def test_that_line_numbers_count_on_behind_a_block_read_in_bulk():
    data = big_table(sparse=False) + b"1,2,oops,4\n"
    (problem,) = [p for r in read(table.Reader(PurePath("a.csv")), data) for p in r.problems]
    assert problem.line == 9002


def test_that_a_line_without_end_is_dropped_and_told():
    reader = table.Reader(PurePath("log.csv"))
    reader.feed(b"epoch,loss\n1,0.5\n")
    for _ in range(5):
        reader.feed(b"9" * (1 << 20))
    rows = reader.feed(b"\n2,0.25\n")
    assert [c.y.tolist() for c in rows.columns] == [[0.25]]
    assert "MiB" in rows.problems[0].message


def test_that_a_million_columns_are_bounded():
    header = "epoch," + ",".join(f"loss{i}" for i in range(200_000))
    row = "1," + ",".join("2" for _ in range(200_000))
    found = points(f"{header}\n{row}\n")
    assert 1000 < len(found) <= 4096


CELLS = st.sampled_from(["", "1", "0.5", "nan", "NA", "12%", "x", '"3"', "1e-3", "-inf", "2,5"])
HEADERS = st.sampled_from(["epoch", "step", "loss", "val_acc", "phase", "fold", "time", "note", ""])


@given(
    header=st.lists(HEADERS, min_size=1, max_size=6),
    rows=st.lists(st.lists(CELLS, max_size=7), max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    cuts=st.integers(2, 60),
)
@settings(max_examples=150, deadline=None)
def test_that_any_cut_of_any_table_gives_the_same_points(header, rows, delimiter, end, cuts):
    lines = [delimiter.join(cells) for cells in (header, *rows)]
    data = (end.join(lines) + end).encode()
    expected = repr(points_of(table, "log.csv", [data], True))
    for seed in (1, cuts):
        assert repr(points_of(table, "log.csv", list(pieces(data, seed)), True)) == expected


def test_that_a_step_with_thousands_separators_is_one_number():
    text = '"Step","Loss"\n"1,000","2.5"\n"12,000","2,25"\n'
    assert points(text) == {("", "", "Loss"): [(1000.0, 2.5), (12000.0, 2.25)]}


@pytest.mark.parametrize(
    "cell", ["tensor(0.5)", "\"tensor(0.5, device='cuda:0')\"", "np.float64(0.5)", "[0.5]"]
)
def test_that_a_number_printed_with_its_wrapping_is_a_number(cell):
    assert points(f"epoch,loss\n1,{cell}\n") == {("", "", "loss"): [(1.0, 0.5)]}


def test_that_a_summary_below_the_table_is_told_and_not_read():
    text = "epoch,loss\n1,0.5\n2,0.25\nBest epoch,2\n"
    assert points(text) == LOSS
    assert len(messages(text)) == 1


def test_that_a_step_column_of_words_tells_the_split():
    text = "epoch,step,loss\n1,train,0.5\n1,val,0.75\n2,train,0.25\n"
    assert points(text)["", "train", "loss"] == LOSS["", "", "loss"]
    assert messages(text) == []


def sparse_validation(rows: list[str]) -> str:
    return "epoch,train_loss,val_loss,val_acc\n" + "".join(
        f"{i},{row}\n" for i, row in enumerate(rows)
    )


def test_that_nan_in_rows_without_a_validation_is_a_gap():
    rows = ["0.5,nan,nan", "0.4,nan,nan", "0.3,0.6,0.5", "0.2,nan,nan", "0.1,nan,nan"]
    found = points(sparse_validation(rows))
    assert found["", "", "val_loss"] == [(2.0, 0.6)]
    assert len(found["", "", "train_loss"]) == 5


def test_that_nan_is_a_value_where_the_training_or_another_validation_metric_shows_it():
    assert len(points(sparse_validation(["nan,nan,nan"] * 3))["", "", "val_loss"]) == 3
    assert len(points(sparse_validation(["0.5,nan,0.1"] * 3))["", "", "val_loss"]) == 3


def test_that_a_validation_that_stays_nan_is_told_in_the_end():
    rows = ["0.5,0.6,0.5", *["0.4,nan,nan"] * 40]
    ys = [y for _, y in points(sparse_validation(rows))["", "", "val_loss"]]
    assert len(ys) == 41
    assert sum(map(math.isnan, ys)) == 40


def test_that_gaps_written_as_nan_are_the_same_in_bulk():
    rows = [f"{1 / (i + 1)},{'nan,nan' if i % 5 else '0.5,0.25'}" for i in range(9000)]
    data = sparse_validation(rows).encode()
    whole, singly = points(data), points(data, seed=2)
    assert len(whole["", "", "val_loss"]) == 1800
    assert repr(whole) == repr(singly)
