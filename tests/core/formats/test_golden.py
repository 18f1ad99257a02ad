"""Small pieces of genuine logs (tests/data) and what was read from them, looked over by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lossacc_gui.core.formats import HEAD_BYTES, best_format
from tests.core.formats.feeding import gathered, read

DATA = Path(__file__).resolve().parents[2] / "data"
CASES = sorted(
    p for kind in ("table", "json") for p in (DATA / kind).iterdir() if ".expected" not in p.name
)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.name)
@pytest.mark.parametrize("seed", range(4))
def test_that_a_genuine_log_is_read_as_expected(path, seed):
    expected = json.loads(Path(f"{path}.expected.json").read_text(encoding="utf-8"))
    data = path.read_bytes()
    chosen = best_format(data[:HEAD_BYTES], path)
    assert chosen is not None
    reader = chosen.Reader(path)
    points = gathered(read(reader, data, seed))
    assert reader.name == expected["name"]
    assert {"|".join(key) for key in points} == set(expected["points"])
    for key, found in points.items():
        wanted = [(x, float(y)) for x, y in expected["points"]["|".join(key)]]
        flat = [v for point in found for v in point]
        assert flat == pytest.approx([v for point in wanted for v in point], nan_ok=True)
