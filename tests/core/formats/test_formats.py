"""What every format promises, tried on the samples that each one carries."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from itertools import pairwise
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossacc_gui.core.formats import CONFIDENT, HEAD_BYTES, best_format, formats
from lossacc_gui.core.rows import Rows

STREAMS = [f for f in formats() if hasattr(f, "Reader")]
SAMPLES = [
    pytest.param(f, s, id=f"{f.NAME}-{i}-{PurePath(s.file).name}")
    for f in STREAMS
    for i, s in enumerate(f.SAMPLES)
]


def pieces_of(data: bytes, cuts: list[int]) -> list[bytes]:
    """The data cut at these places."""
    edges = [0, *sorted({c for c in cuts if 0 < c < len(data)}), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def points_of(fmt, file: str, pieces: list[bytes], with_run: bool = False) -> dict[tuple, list]:
    """What the format reads from these pieces, in the shape of `Sample.points`."""
    reader = fmt.Reader(PurePath(file))
    found: dict[tuple, list] = defaultdict(list)

    def take(rows: Rows) -> None:
        for column in rows.columns:
            run = (column.run,) if with_run else ()
            curve = found[column.split or "", column.tag, *run]
            for i, y in enumerate(column.y):
                x = next(
                    (float(a[i]) for a in (column.step, column.epoch) if _known(a, i)),
                    float(len(curve) + 1),
                )
                curve.append((x, float(y)))

    for piece in pieces:
        take(reader.feed(piece))
    take(reader.finish())
    return dict(found)


def _known(values, i: int) -> bool:
    return values is not None and not math.isnan(values[i])


def assert_same(found, expected) -> None:
    assert set(found) == set(expected)
    for key, points in expected.items():
        flat = [v for point in points for v in point]
        assert [v for point in found[key] for v in point] == pytest.approx(flat, nan_ok=True), key


@pytest.mark.parametrize(("fmt", "sample"), SAMPLES)
def test_that_a_sample_fed_whole_yields_its_points(fmt, sample):
    assert_same(points_of(fmt, sample.file, [sample.data]), sample.points)


@pytest.mark.parametrize(("fmt", "sample"), SAMPLES)
def test_that_a_sample_fed_byte_by_byte_yields_the_same_points(fmt, sample):
    single = [sample.data[i : i + 1] for i in range(len(sample.data))]
    assert_same(points_of(fmt, sample.file, single), sample.points)


@pytest.mark.parametrize(("fmt", "sample"), SAMPLES)
def test_that_a_sample_cut_anywhere_yields_the_same_points(fmt, sample):
    for seed in range(20):
        dice = random.Random(seed)
        cuts = [dice.randrange(len(sample.data) + 1) for _ in range(dice.randrange(1, 12))]
        assert_same(points_of(fmt, sample.file, pieces_of(sample.data, cuts)), sample.points)


@pytest.mark.parametrize(("fmt", "sample"), SAMPLES)
def test_that_no_other_format_claims_a_sample(fmt, sample):
    head, path = sample.data[:HEAD_BYTES], PurePath(sample.file)
    scores = {other.NAME: other.score(head, path) for other in formats()}
    assert scores[fmt.NAME] >= CONFIDENT
    rivals = {n: s for n, s in scores.items() if n != fmt.NAME and s >= scores[fmt.NAME]}
    assert not rivals
    assert best_format(head, path) is fmt


HOSTILE = [
    b"",
    b"\0" * 5000,
    bytes(range(256)) * 40,
    b"\xff\xfe",
    b"\xff\xfe\0",
    b"{" * 20000,
    b"[" * 20000,
    b'{"a":' * 5000,
    b'"' * 10000,
    b"," * 100_000,
    b"loss,acc\n" + b"1," * 50_000,
    b"epoch,loss\n" + b"9" * 5000 + b"," + b"1e" * 5000 + b"\n",
    b"epoch,loss\n1,1e999\n" + b"\xf0\x28\x8c\x28,\xc3\n",
    b"loss: " * 20000,
    b"\r" * 20000,
    b"\x1b[" * 20000,
    b"\x08" * 20000,
    b"\n" * 100_000,
    "loss: ∞ acc: ½\n".encode() * 100,
    b"Epoch " + b"9" * 10_000 + b" loss: 1\n",
    b'{"loss": 1e999, "epoch": 1e400, "step": ' + b"9" * 400 + b"}\n",
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("fmt", STREAMS, ids=lambda f: f.NAME)
def test_that_hostile_bytes_never_raise(fmt, data):
    for file in ("log.csv", "log.json", "log.jsonl", "train.log", "events.out.tfevents.1.h"):
        assert 0 <= fmt.score(data[:HEAD_BYTES], PurePath(file)) <= 100
        reader = fmt.Reader(PurePath(file))
        reader.feed(data)
        reader.feed(data)
        reader.finish()
        assert isinstance(reader.name, str)


@pytest.mark.parametrize("fmt", STREAMS, ids=lambda f: f.NAME)
@given(data=st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_that_random_bytes_never_raise(fmt, data):
    fmt.score(data, PurePath("train.log"))
    reader = fmt.Reader(PurePath("train.log"))
    reader.feed(data)
    reader.finish()


@pytest.mark.parametrize("fmt", formats(), ids=lambda f: f.NAME)
def test_that_every_format_introduces_itself(fmt):
    assert fmt.NAME
    assert fmt.TITLE
    assert fmt.WRITTEN_BY
    assert hasattr(fmt, "Reader") != hasattr(fmt, "Store")
