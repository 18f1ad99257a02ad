"""Binary logs recorded from their frameworks, compared with what the frameworks themselves tell."""

from __future__ import annotations

import json
from pathlib import Path, PurePath

import pytest

from lossacc_gui.core.formats import swanlab, tensorboard, visualdl, wandb
from tests.core.formats.feeding import gathered, problems, read

DATA = Path(__file__).parents[2] / "data"
READERS = {"tensorboard": tensorboard, "wandb": wandb, "swanlab": swanlab, "visualdl": visualdl}
FILES = [
    pytest.param(READERS[folder], path, id=f"{folder}-{path.stem}")
    for folder in READERS
    for path in sorted((DATA / folder).iterdir())
    if path.suffix != ".json"
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("fmt", "path"), FILES)
def test_that_a_recorded_file_is_read_as_its_framework_tells(fmt, path, seed):
    expected = json.loads(path.with_name(path.name + ".expected.json").read_text())
    rows = read(fmt.Reader(PurePath(path.name)), path.read_bytes(), seed)
    found = {tag: curve for (_, _, tag), curve in gathered(rows).items()}
    assert set(expected) <= set(found)
    for tag, curve in expected.items():
        assert [x for x, _ in found[tag]] == [x for x, _ in curve]
        assert [y for _, y in found[tag]] == pytest.approx([y for _, y in curve], rel=1e-6)
    assert not problems(rows)
