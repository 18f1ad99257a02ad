"""Going over the roots, a little at every pass."""

from __future__ import annotations

from pathlib import Path

from lossacc_gui.core.search import Search


def advance(search: Search, root: Path, until: float = 1e9) -> list[str]:
    found: list[str] = []
    moment = [0.0]

    def clock() -> float:
        moment[0] += 1
        return moment[0]

    search.advance([str(root)], lambda _: False, lambda f: found.append(f.path), clock, until)
    return [Path(path).name for path in found]


def test_that_a_walk_goes_on_where_the_time_was_over(tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.csv").write_text("x")
    search = Search()
    first = advance(search, tmp_path, until=3)
    assert search.pending and len(first) < 6
    assert first + advance(search, tmp_path) == [f"{n}.csv" for n in range(6)]
    assert not search.pending and search.folders == 1


def test_that_nothing_is_walked_until_asked_again(tmp_path):
    search = Search()
    advance(search, tmp_path)
    (tmp_path / "a.csv").write_text("x")
    assert advance(search, tmp_path) == []
    search.again()
    assert advance(search, tmp_path) == ["a.csv"]


def test_that_a_missing_root_is_told_until_it_is_there(tmp_path):
    search, root = Search(), tmp_path / "later"
    advance(search, root)
    assert "does not exist yet" in search.problems[0].message
    root.mkdir()
    search.again()
    advance(search, root)
    assert search.problems == ()
