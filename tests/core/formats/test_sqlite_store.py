"""SQLite stores: recipes, increments, a live writer beside the reader, hostile databases."""

from __future__ import annotations

import hashlib
import math
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path, PurePath

import pytest

from lossacc_gui.core.formats import StoreReplacedError, best_format, sqlite_store
from lossacc_gui.core.formats._sqlite.open import snapshot
from tests.core.formats.feeding import gathered

MLFLOW = """
CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, experiment_id INTEGER,
                   lifecycle_stage TEXT);
CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT,
                      is_nan BOOLEAN, PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
CREATE TABLE latest_metrics (key TEXT, value FLOAT, timestamp BIGINT, step BIGINT, is_nan BOOLEAN,
                             run_uuid TEXT);
INSERT INTO experiments VALUES (1, 'digits');
INSERT INTO runs VALUES ('aaaaaaaa1', 'base', 1, 'active'), ('bbbbbbbb2', 'base', 1, 'active'),
                        ('cccccccc3', 'gone', 1, 'deleted');
"""


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "my runs #1%20?.db"


def execute(file: Path, script: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"PRAGMA synchronous=OFF; BEGIN; {script} ; COMMIT")


def metric(
    step: int, value: object, run: str = "aaaaaaaa1", key: str = "loss", nan: int = 0
) -> str:
    time = 1_700_000_000_000 + step
    return f"INSERT INTO metrics VALUES ('{key}', {value}, {time}, '{run}', {step}, {nan});"


def read(store: sqlite_store.Store):
    return gathered([store.poll()])


def folder(path: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(path.iterdir())}


def test_that_mlflow_runs_are_told_apart_and_deleted_ones_left_out(file):
    execute(
        file, MLFLOW + metric(0, 2.5) + metric(1, 2.25, "bbbbbbbb2") + metric(2, 1, "cccccccc3")
    )
    store = sqlite_store.Store(file)
    rows = store.poll()
    assert gathered([rows]) == {
        ("base", "", "loss"): [(0, 2.5)],
        ("base (bbbbbbbb)", "", "loss"): [(1, 2.25)],
    }
    assert rows.columns[0].time[0] == 1_700_000_000.0
    assert store.name == "mlflow-sqlite"


def test_that_mlflow_s_nan_and_infinity_come_back(file):
    execute(
        file,
        MLFLOW
        + metric(0, 0, nan=1)
        + metric(1, "1.7976931348623157e308")
        + metric(2, "-1.7976931348623157e308"),
    )
    values = [y for _, y in read(sqlite_store.Store(file))["base", "", "loss"]]
    assert math.isnan(values[0])
    assert values[1:] == [math.inf, -math.inf]


def test_that_only_new_rows_are_read_the_next_time(file):
    execute(file, MLFLOW + metric(0, 2.5))
    store = sqlite_store.Store(file)
    store.poll()
    assert store.poll().columns == ()
    execute(file, metric(1, 2.0))
    assert read(store) == {("base", "", "loss"): [(1, 2.0)]}


def test_that_a_database_that_lost_what_was_read_is_told(file):
    execute(file, MLFLOW + metric(0, 2.5) + metric(1, 2.0))
    store = sqlite_store.Store(file)
    store.poll()
    execute(file, "DELETE FROM metrics WHERE step = 1;" + metric(7, 7.0))
    with pytest.raises(StoreReplacedError):
        store.poll()


def test_that_the_names_of_experiments_stand_before_the_runs_where_there_are_several(file):
    more = "INSERT INTO experiments VALUES (2, 'mnist');"
    more += "INSERT INTO runs VALUES ('dddddddd4', 'base', 2, 'active');"
    execute(file, MLFLOW + more + metric(0, 1) + metric(0, 2, "dddddddd4"))
    runs = {run for run, _, _ in read(sqlite_store.Store(file))}
    assert runs == {"digits/base", "mnist/base"}


def test_that_trackio_s_json_rows_are_read(file):
    execute(
        file,
        """CREATE TABLE metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT,
                                 step INTEGER, metrics TEXT);
           INSERT INTO metrics VALUES (1, '2026-11-23T21:28:54.5+00:00', 'a', 10,
               CAST('{"train/loss": 0.5, "val": {"acc": 0.25}, "s": "x", "bad": "NaN"}' AS BLOB));
           INSERT INTO metrics VALUES (2, 'never', 'b', 20, '{"train/loss": 0.25}');
           INSERT INTO metrics VALUES (3, 'never', 'b', 30, '{broken');""",
    )
    store = sqlite_store.Store(file)
    rows = store.poll()
    found = gathered([rows])
    assert store.name == "trackio"
    assert found["a", "", "train/loss"] == [(10, 0.5)]
    assert found["a", "", "val.acc"] == [(10, 0.25)]
    assert math.isnan(found["a", "", "bad"][0][1])
    assert found["b", "", "train/loss"] == [(20, 0.25)]
    assert rows.columns[0].time[0] == pytest.approx(1_795_469_334.5)


def test_that_optuna_s_intermediate_values_are_read_by_trial(file):
    execute(
        file,
        """CREATE TABLE studies (study_id INTEGER PRIMARY KEY, study_name TEXT);
           CREATE TABLE trials (trial_id INTEGER PRIMARY KEY, number INTEGER, study_id INTEGER);
           CREATE TABLE trial_intermediate_values (trial_intermediate_value_id INTEGER PRIMARY KEY,
               trial_id INTEGER, step INTEGER, intermediate_value FLOAT,
               intermediate_value_type TEXT);
           INSERT INTO studies VALUES (1, 'digits');
           INSERT INTO trials VALUES (1, 0, 1), (2, 1, 1);
           INSERT INTO trial_intermediate_values VALUES (1, 1, 0, 0.5, 'FINITE'),
               (2, 2, 0, NULL, 'INF_POS'), (3, 1, 1, 0.25, 'FINITE');""",
    )
    store = sqlite_store.Store(file)
    assert read(store) == {
        ("trial 0", "", "intermediate_value"): [(0, 0.5), (1, 0.25)],
        ("trial 1", "", "intermediate_value"): [(0, math.inf)],
    }
    assert store.name == "optuna"


def test_that_a_table_of_one_s_own_is_read_by_key_and_value(file):
    execute(
        file,
        """CREATE TABLE "my log" (Epoch INTEGER, "Name" TEXT, "Value" REAL, run TEXT);
           INSERT INTO "my log" VALUES (1, 'loss', 0.5, 'a'), (1, 'acc', 0.25, 'a'),
                                       (2, 'loss', NULL, 'a'), (2, 'loss', 'x', 'a');
           CREATE TABLE params (name TEXT, value TEXT);""",
    )
    assert read(sqlite_store.Store(file)) == {
        ("a", "", "loss"): [(1, 0.5)],
        ("a", "", "acc"): [(1, 0.25)],
    }


def test_that_a_table_with_one_column_per_metric_is_read(file):
    execute(
        file,
        """CREATE TABLE history (id INTEGER PRIMARY KEY, step INTEGER, train_loss REAL, acc REAL,
                                 note TEXT, double_loss REAL GENERATED ALWAYS AS (train_loss * 2));
           INSERT INTO history (step, train_loss, acc, note) VALUES (10, 0.5, 0.75, 'x'),
                                                                    (20, 0.25, NULL, 'y');""",
    )
    assert read(sqlite_store.Store(file)) == {
        ("", "", "train_loss"): [(10, 0.5), (20, 0.25)],
        ("", "", "acc"): [(10, 0.75)],
    }


def test_that_a_bare_history_is_counted_by_its_rows(file):
    execute(
        file,
        """CREATE TABLE history ("index" BIGINT, loss FLOAT, val_accuracy FLOAT);
           INSERT INTO history VALUES (0, 2.0, 0.25), (1, 1.5, 0.5);""",
    )
    assert read(sqlite_store.Store(file)) == {
        ("", "", "loss"): [(1, 2.0), (2, 1.5)],
        ("", "", "val_accuracy"): [(1, 0.25), (2, 0.5)],
    }


def test_that_tables_of_one_s_own_are_told_apart_by_split_or_name(file):
    columns = "(epoch INTEGER, loss REAL); INSERT INTO"
    execute(
        file,
        f"""CREATE TABLE train_log {columns} train_log VALUES (1, 2.0);
            CREATE TABLE val_log {columns} val_log VALUES (1, 3.0);
            CREATE TABLE other {columns} other VALUES (1, 4.0);""",
    )
    assert read(sqlite_store.Store(file)) == {
        ("", "train", "loss"): [(1, 2.0)],
        ("", "val", "loss"): [(1, 3.0)],
        ("other", "", "loss"): [(1, 4.0)],
    }


def test_that_a_column_that_tells_the_split_is_followed(file):
    execute(
        file,
        """CREATE TABLE log (epoch INTEGER, phase TEXT, loss REAL, acc REAL);
           INSERT INTO log VALUES (1, 'train', 2.0, 0.25), (1, 'validation', 3.0, 0.5),
                                  (2, 'train', 1.0, 0.75);""",
    )
    assert read(sqlite_store.Store(file)) == {
        ("", "train", "loss"): [(1, 2.0), (2, 1.0)],
        ("", "train", "acc"): [(1, 0.25), (2, 0.75)],
        ("", "val", "loss"): [(1, 3.0)],
        ("", "val", "acc"): [(1, 0.5)],
    }


def test_that_tables_without_metrics_yield_nothing_and_no_problem(file):
    execute(
        file, "CREATE TABLE places (step INTEGER, name TEXT); INSERT INTO places VALUES (1, 'a')"
    )
    rows = sqlite_store.Store(file).poll()
    assert (rows.columns, rows.problems) == ((), ())


WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode=" + sys.argv[2])
connection.execute("PRAGMA wal_autocheckpoint=0")
connection.execute("PRAGMA synchronous=OFF")
for line in sys.stdin:
    connection.execute(line)
    print("done", flush=True)
"""


class Writer:
    """Another process that runs statements in one connection, one by one."""

    def __init__(self, file: Path, journal: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file), journal],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, statement: str) -> None:
        self.process.stdin.write(statement.replace("\n", " ") + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        with self.process:
            self.process.stdin.close()


def test_that_a_live_write_ahead_log_is_read_without_touching_the_folder(file):
    execute(file, MLFLOW)
    with Writer(file, "WAL") as write:
        write(metric(0, 2.5))
        store = sqlite_store.Store(file)
        before = folder(file.parent)
        assert set(before) == {file.name, file.name + "-wal", file.name + "-shm"}
        assert read(store) == {("base", "", "loss"): [(0, 2.5)]}
        assert folder(file.parent) == before
        for step in range(1, 30):
            write(metric(step, step))
            before = folder(file.parent)
            assert read(store) == {("base", "", "loss"): [(step, step)]}
            assert folder(file.parent) == before
        write("BEGIN IMMEDIATE")
        write(metric(30, 30))
        assert store.poll().columns == ()
        write("COMMIT")
        assert read(store) == {("base", "", "loss"): [(30, 30)]}
        write("PRAGMA wal_checkpoint(TRUNCATE)")
        write(metric(31, 31))
        assert read(store) == {("base", "", "loss"): [(31, 31)]}
    before = folder(file.parent)
    assert store.poll().columns == ()
    assert folder(file.parent) == before == {file.name: before[file.name]}


def test_that_a_reader_in_the_middle_does_not_keep_the_writer_from_committing(file):
    for journal in ("WAL", "DELETE"):
        file.unlink(missing_ok=True)
        execute(file, MLFLOW + metric(0, 2.5))
        with Writer(file, journal) as write:
            write("PRAGMA busy_timeout=0")
            write(metric(1, 2.0))
            try:
                with snapshot(file) as connection:
                    connection.execute("SELECT * FROM metrics").fetchone()
                    write(metric(2, 1.5))
            except BlockingIOError:
                assert journal == "DELETE"
            found = read(sqlite_store.Store(file))["base", "", "loss"]
            assert [x for x, _ in found] == [0, 1, 2]


def test_that_a_transaction_under_way_is_not_read_half(file):
    execute(file, MLFLOW + metric(0, 2.5))
    with Writer(file, "DELETE") as write:
        write("PRAGMA cache_size=1")
        write("PRAGMA cache_spill=1")
        write("BEGIN IMMEDIATE")
        for step in range(1, 300):
            write(metric(step, step))
        before = folder(file.parent)
        store = sqlite_store.Store(file)
        assert store.poll().columns == ()
        assert folder(file.parent) == before
        for path in file.parent.iterdir():  # as if the writer had died long ago
            os.utime(path, (1.7e9, 1.7e9))
        assert read(store) == {("base", "", "loss"): [(0, 2.5)]}
        assert folder(file.parent) == before
        write("COMMIT")
    assert len(read(sqlite_store.Store(file))["base", "", "loss"]) == 300


def test_that_a_database_that_stays_busy_is_told_in_the_end(file):
    execute(file, MLFLOW)
    file.with_name(file.name + "-journal").write_bytes(b"hot")
    store = sqlite_store.Store(file)
    for _ in range(sqlite_store.MOST_BUSY):
        assert store.poll().columns == ()
    with pytest.raises(BlockingIOError, match="is being written"):
        store.poll()


def test_that_a_log_left_by_a_crash_is_read_from_a_copy(file, tmp_path):
    execute(file, MLFLOW)
    left = tmp_path / "left"
    left.mkdir()
    with Writer(file, "WAL") as write:
        write(metric(0, 2.5))
        for end in ("", "-wal"):
            (left / f"a.db{end}").write_bytes(Path(f"{file}{end}").read_bytes())
    before = folder(left)
    assert read(sqlite_store.Store(left / "a.db")) == {("base", "", "loss"): [(0, 2.5)]}
    assert folder(left) == before


def test_that_views_triggers_and_virtual_tables_are_not_run(file):
    execute(
        file,
        """CREATE TABLE secret (step INTEGER, loss REAL);
           INSERT INTO secret VALUES (1, 2.0);
           CREATE VIEW metrics AS SELECT step AS step, 'loss' AS key, loss AS value,
               1 AS timestamp, '' AS run_uuid FROM secret;
           CREATE VIRTUAL TABLE words USING fts5(step, key, value);
           INSERT INTO words VALUES (1, 'loss', 3.0);""",
    )
    assert set(read(sqlite_store.Store(file))) == {("", "", "loss")}
    with snapshot(file) as connection:
        for statement in (
            "SELECT * FROM metrics",
            "SELECT load_extension('x')",
            "PRAGMA user_version",
        ):
            with pytest.raises(sqlite3.DatabaseError):
                connection.execute(statement).fetchall()


def test_that_an_endless_query_is_cut_off(file):
    execute(file, MLFLOW + "".join(metric(step, 1) for step in range(300)))
    times = iter([0.0, *([10.0] * 10_000)])
    with (
        pytest.raises(sqlite3.OperationalError, match="interrupted"),
        snapshot(file, lambda: next(times)) as connection,
    ):
        connection.execute(
            "SELECT * FROM metrics a, metrics b, metrics c WHERE a.step + b.step + c.step < 0"
        ).fetchall()


@pytest.mark.parametrize("seed", range(30))
def test_that_a_damaged_database_is_a_problem_and_nothing_worse(file, seed):
    execute(file, MLFLOW + "".join(metric(step, 1 / (step + 1)) for step in range(400)))
    data = bytearray(file.read_bytes())
    dice = random.Random(seed)
    for _ in range(60):
        data[dice.randrange(16, len(data))] = dice.randrange(256)
    if seed % 3 == 0:
        del data[dice.randrange(len(data)) :]
    file.write_bytes(data)
    with suppress(OSError):  # a header that says WAL, or a page that is not there: tried later
        sqlite_store.Store(file).poll()


def test_that_a_file_that_is_no_database_is_one_problem_told_once(file):
    file.write_bytes(b"SQLite format 3\0" + bytes(4096))
    store = sqlite_store.Store(file)
    assert "expected a sound SQLite database" in store.poll().problems[0].message
    assert store.poll().problems == ()


def test_that_a_missing_file_is_an_os_error(file):
    with pytest.raises(FileNotFoundError):
        sqlite_store.Store(file).poll()


def test_that_databases_are_taken_by_their_magic():
    assert best_format(b"SQLite format 3\0" + bytes(100), PurePath("mlflow.db")) is sqlite_store
    assert sqlite_store.score(b"SQLite format 3\0", PurePath(".aim/run_metadata.sqlite")) == 0
    assert sqlite_store.score(b"epoch,loss", PurePath("x.db")) == 0
