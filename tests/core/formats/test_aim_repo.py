"""Aim repositories: a recorded one, growing ones written here, broken ones."""

from __future__ import annotations

import os
import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path, PurePath

import pytest

from lossacc_gui.core.formats import StoreReplacedError, aim_repo, best_format
from lossacc_gui.core.formats._binary.rocksdb import RocksFolder
from lossacc_gui.core.formats._binary.snappy import SnappyError, decompressed
from lossacc_gui.core.formats._binary.tfrecord import masked_crc
from lossacc_gui.core.formats._problems import Problems
from tests.core.formats.feeding import flipped, gathered

RECORDED = Path(__file__).parents[2] / "data" / "aim" / "repo.zip"
RUN = "ed67e2f8e4af4fc2a64ce22f"
CONTEXT = b"\xfe\xfe\x01\x02\x03\x04\x05\x06\x07"  # has the mark inside


@pytest.fixture
def recorded(tmp_path) -> Path:
    with zipfile.ZipFile(RECORDED) as archive:
        archive.extractall(tmp_path)
    return tmp_path / ".aim" / "VERSION"


@pytest.fixture
def repo(tmp_path) -> Path:
    for kind in ("seqs", "meta"):
        (tmp_path / ".aim" / kind / "chunks" / "abc").mkdir(parents=True)
    version = tmp_path / ".aim" / "VERSION"
    version.write_text("1.3\n")
    return version


def chunk(repo: Path, kind: str) -> Path:
    return repo.parent / kind / "chunks" / "abc" / "000003.log"


def varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def batch(sequence: int, entries: dict[bytes, bytes | None]) -> bytes:
    """A write batch as one record of a log."""
    body = struct.pack("<QI", sequence, len(entries))
    for key, value in entries.items():
        body += (b"\0" if value is None else b"\1") + varint(len(key)) + key
        body += b"" if value is None else varint(len(value)) + value
    record = b"\1" + body
    return struct.pack("<IH", masked_crc(record), len(body)) + record


def double(y: float) -> bytes:
    return b"\3" + struct.pack("<d", y)


def integer(number: int) -> bytes:
    return b"\2" + struct.pack("<q", number)


def tracked(name: str, step: int, y: bytes, epoch: bytes = b"\0") -> dict[bytes, bytes]:
    stem = b"seqs\xfev2\xfechunks\xfeabc\xfe" + CONTEXT + b"\xfe" + name.encode() + b"\xfe"
    end = b"\xfe\xfe" + struct.pack(">q", step * 0x01FE_01FE_01FE % (1 << 62)) + b"\xfe"
    values = {b"val": y, b"step": integer(step), b"epoch": epoch, b"time": double(1.7e9 + step)}
    return {stem + field + end: value for field, value in values.items()}


def context(**values: str) -> dict[bytes, bytes]:
    stem = b"meta\xfechunks\xfeabc\xfecontexts\xfe" + CONTEXT + b"\xfe"
    if not values:
        return {stem: b"\7"}
    return {stem + k.encode() + b"\xfe": b"\4" + v.encode() for k, v in values.items()}


def read(store: aim_repo.Store):
    return gathered([store.poll()])


def test_that_a_recorded_repository_is_read(recorded):
    rows = aim_repo.Store(recorded).poll()
    found = gathered([rows])
    assert {key: len(curve) for key, curve in found.items()} == {
        (RUN, split, name): 25 for split in ("train", "val") for name in ("loss", "accuracy")
    }
    loss = found[RUN, "train", "loss"]
    assert (loss[0], loss[-1]) == ((0, 2.359187126159668), (24, 0.9666581749916077))
    assert rows.problems == ()
    assert rows.columns[0].time is not None


def test_that_a_growing_log_yields_each_point_once(repo):
    store = aim_repo.Store(repo)
    assert store.poll().columns == ()
    log = chunk(repo, "seqs")
    chunk(repo, "meta").write_bytes(batch(1, context(subset="val")))
    first = batch(1, tracked("loss", 0, double(2.5), integer(3)))
    second = batch(5, tracked("loss", 1, integer(2)))
    log.write_bytes(first + second[:20])
    rows = store.poll()
    assert gathered([rows]) == {("abc", "val", "loss"): [(0, 2.5)]}
    assert (rows.columns[0].epoch[0], rows.columns[0].time[0]) == (3, 1.7e9)
    stamp = store.stamp()
    log.write_bytes(first + second)
    assert store.stamp() != stamp
    assert read(store) == {("abc", "val", "loss"): [(1, 2.0)]}
    assert store.poll().columns == ()


def test_that_a_point_waits_for_its_step_and_its_context(repo):
    store = aim_repo.Store(repo)
    fields = list(tracked("loss", 4, double(0.5)).items())
    data = batch(1, dict(fields[:1]))
    chunk(repo, "seqs").write_bytes(data)
    assert store.poll().columns == ()
    chunk(repo, "seqs").write_bytes(data + batch(2, dict(fields[1:])))
    assert store.poll().columns == ()
    chunk(repo, "meta").write_bytes(batch(1, context(subset="test")))
    assert read(store) == {("abc", "test", "loss"): [(4, 0.5)]}


def test_that_a_context_that_never_comes_is_not_waited_for_for_ever(repo):
    store = aim_repo.Store(repo)
    chunk(repo, "seqs").write_bytes(batch(1, tracked("loss", 4, double(0.5))))
    for _ in range(aim_repo.PATIENCE):
        assert store.poll().columns == ()
    assert read(store) == {("abc", "", "loss"): [(4, 0.5)]}


def test_that_the_first_layout_with_the_step_in_the_key_is_read(repo):
    new = tracked("loss", 4, double(0.5))
    old = {key.replace(b"\xfev2\xfe", b"\xfe"): value for key, value in new.items()}
    end = b"\xfe\xfe" + struct.pack(">q", 4) + b"\xfe"
    old = {key[:-11] + end: value for key, value in old.items() if b"\xfestep\xfe" not in key}
    chunk(repo, "seqs").write_bytes(batch(1, old))
    chunk(repo, "meta").write_bytes(batch(1, context()))
    assert read(aim_repo.Store(repo)) == {("abc", "", "loss"): [(4, 0.5)]}


def test_that_a_context_that_names_no_split_tells_curves_apart(repo):
    chunk(repo, "meta").write_bytes(batch(1, context(subset="train", fold="1")))
    chunk(repo, "seqs").write_bytes(batch(1, tracked("loss", 4, double(0.5))))
    assert read(aim_repo.Store(repo)) == {("abc", "train", "loss fold=1"): [(4, 0.5)]}


def test_that_system_metrics_and_deleted_points_are_left_out(repo):
    gone = tracked("loss", 1, double(1.0))
    data = batch(1, tracked("__system__cpu", 0, double(1.0))) + batch(5, gone)
    chunk(repo, "seqs").write_bytes(data + batch(9, dict.fromkeys(gone)))
    assert read(aim_repo.Store(repo)) == {}


def test_that_runs_are_told_by_the_names_they_were_given(repo):
    chunk(repo, "seqs").write_bytes(batch(1, tracked("loss", 4, double(0.5))))
    chunk(repo, "meta").write_bytes(batch(1, context()))
    with closing(sqlite3.connect(repo.parent / "run_metadata.sqlite")) as connection:
        connection.executescript(
            "CREATE TABLE run (hash TEXT, name TEXT, is_archived BOOLEAN);"
            "INSERT INTO run VALUES ('abc', 'my best', 0)"
        )
    assert read(aim_repo.Store(repo)) == {("my best", "", "loss"): [(4, 0.5)]}


def test_that_a_deleted_run_makes_the_store_start_afresh(repo):
    log = chunk(repo, "seqs")
    log.write_bytes(batch(1, tracked("loss", 4, double(0.5))))
    store = aim_repo.Store(repo)
    store.poll()
    log.unlink()
    log.parent.rmdir()
    with pytest.raises(StoreReplacedError):
        store.poll()


def test_that_a_missing_repository_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        aim_repo.Store(tmp_path / ".aim" / "VERSION").poll()


@pytest.mark.parametrize("seed", range(12))
def test_that_damaged_tables_and_logs_are_problems_and_nothing_worse(recorded, seed):
    true = read(aim_repo.Store(recorded))
    for table in recorded.parent.glob("*/chunks/*/*.sst"):
        data = flipped(table.read_bytes()[: 12_000 if seed % 3 == 0 else None], seed)
        table.write_bytes(data[:-1] if seed % 4 == 1 else data)
        table.with_name("000010.log").write_bytes(flipped(batch(1, context(a="b")) * 9, seed))
    rows = aim_repo.Store(recorded).poll()
    points = {(run, tag, p) for (run, _, tag), curve in gathered([rows]).items() for p in curve}
    assert points <= {(run, tag, p) for (run, _, tag), curve in true.items() for p in curve}


def test_that_a_table_that_is_being_written_is_read_when_it_is_whole(recorded):
    tables = sorted(recorded.parent.glob("seqs/chunks/*/*.sst"))
    whole = tables[0].read_bytes()
    tables[0].write_bytes(whole[:5000])
    store = aim_repo.Store(recorded)
    rows = store.poll()
    assert (rows.columns, rows.problems) == ((), ())
    tables[0].write_bytes(whole)
    assert len(store.poll().columns) == 4


def test_that_what_is_no_table_is_told_by_name_and_once(tmp_path):
    table = tmp_path / "000001.sst"
    table.write_bytes(bytes(1000))
    os.utime(table, (1.7e9, 1.7e9))
    problems = Problems("VERSION")
    folder = RocksFolder(tmp_path, problems)
    folder.read()
    folder.read()
    (problem,) = problems.take()
    assert "000001.sst: expected a RocksDB file" in problem.message


def test_that_snappy_blocks_are_unpacked_and_bombs_refused():
    data = bytes([20, 4 << 2 & 0xFF, *b"abcde", (4 - 4) << 2 | 1, 5, 10 << 2 | 2, 1, 0])
    assert decompressed(data, 100) == b"abcde" + b"abcd" + b"d" * 11
    for broken in (b"", b"\x05", b"\x05\x10ab", b"\x04\x01\x09", b"\xff\xff\xff\xff\x0f\x00a"):
        with pytest.raises(SnappyError):
            decompressed(broken, 1000)


def test_that_a_repository_is_taken_by_its_version_file():
    assert best_format(b"1.3\n", PurePath("x/.aim/VERSION")) is aim_repo
    assert aim_repo.score(b"1.3\n", PurePath("x/VERSION")) == 0
