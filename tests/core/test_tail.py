"""One growing file: what is new, or that it must be read afresh."""

from __future__ import annotations

import os
from pathlib import Path

from lossacc_gui.core.tail import HEAD, WHOLE, Appended, Failed, FileTail, Gone, Reset, Unchanged

NOW = 1_700_000_000.0


def write(path: Path, data: bytes, at: float = NOW - 100) -> None:
    path.write_bytes(data)
    os.utime(path, (at, at))


def append(path: Path, data: bytes, at: float = NOW - 50) -> None:
    with path.open("ab") as file:
        file.write(data)
    os.utime(path, (at, at))


def read_all(tail: FileTail) -> bytes:
    data = b""
    while isinstance(answer := tail.read(1 << 20, NOW), Appended):
        data += answer.data
    return data


def test_that_appended_bytes_come_once(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"one\n")
    tail = FileTail(str(path))
    assert tail.read(100, NOW) == Appended(b"one\n", False)
    assert tail.read(100, NOW) == Unchanged()
    append(path, b"two\n")
    assert tail.read(100, NOW) == Appended(b"two\n", False)


def test_that_a_limit_cuts_and_says_that_more_is_waiting(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"abcdef")
    tail = FileTail(str(path))
    assert tail.read(4, NOW) == Appended(b"abcd", True)
    assert tail.read(4, NOW) == Appended(b"ef", False)


def test_that_a_smaller_file_is_read_afresh(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"long content\n")
    tail = FileTail(str(path))
    tail.read(100, NOW)
    write(path, b"short\n", NOW - 10)
    assert tail.read(100, NOW) == Reset("truncated")
    assert tail.read(100, NOW) == Appended(b"short\n", False)


def test_that_a_file_that_shrank_and_grew_past_the_old_size_is_read_afresh(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"1\n2\n3\n")
    tail = FileTail(str(path))
    tail.read(100, NOW)
    write(path, b"7\n8\n9\n10\n11\n", NOW - 10)
    assert isinstance(tail.read(100, NOW), Reset)
    assert read_all(tail) == b"7\n8\n9\n10\n11\n"


def test_that_a_rewrite_of_the_same_size_in_the_middle_is_seen_in_a_small_file(tmp_path):
    path = tmp_path / "a.log"
    content = b"h" * HEAD + b"middle" + b"t" * 9000
    write(path, content)
    tail = FileTail(str(path))
    tail.read(WHOLE, NOW)
    write(path, content.replace(b"middle", b"MIDDLE"), NOW - 10)
    assert tail.read(WHOLE, NOW) == Reset("rewritten")


def test_that_a_rewrite_within_the_same_tick_of_a_coarse_clock_is_seen_later(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"loss 0.5\n", NOW)
    tail = FileTail(str(path))
    tail.read(100, NOW + 0.2)
    write(path, b"loss 0.7\n", NOW)  # same size, same time stamp
    assert tail.read(100, NOW + 600) == Reset("rewritten")


def test_that_an_untouched_old_file_is_not_even_opened(tmp_path, monkeypatch):
    path = tmp_path / "a.log"
    write(path, b"x\n")
    tail = FileTail(str(path))
    read_all(tail)
    monkeypatch.setattr(Path, "open", None)
    assert tail.read(100, NOW) == Unchanged()


def test_that_a_replacement_with_the_same_beginning_goes_on(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"1\n2\n")
    tail = FileTail(str(path))
    read_all(tail)
    other = tmp_path / "b.log"
    write(other, b"1\n2\n3\n")
    other.replace(path)
    assert tail.read(100, NOW) == Appended(b"3\n", False)


def test_that_a_large_replacement_is_read_afresh(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"x" * (WHOLE + 10))
    tail = FileTail(str(path))
    read_all(tail)
    other = tmp_path / "b.log"
    write(other, b"x" * (WHOLE + 20))
    other.replace(path)
    assert tail.read(100, NOW) == Reset("replaced by another file")


def test_that_a_missing_file_and_a_folder_are_values(tmp_path):
    assert FileTail(str(tmp_path / "no.log")).read(10, NOW) == Gone()
    assert isinstance(FileTail(str(tmp_path)).read(10, NOW), Failed)


def test_that_a_file_may_go_and_come_back(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"1\n")
    tail = FileTail(str(path))
    read_all(tail)
    path.unlink()
    assert tail.read(10, NOW) == Gone()
    write(path, b"other\n")
    assert isinstance(tail.read(10, NOW), Reset)
    assert read_all(tail) == b"other\n"


def test_that_starting_over_yields_the_file_from_its_head(tmp_path):
    path = tmp_path / "a.log"
    write(path, b"1\n")
    tail = FileTail(str(path))
    read_all(tail)
    tail.start_over()
    assert read_all(tail) == b"1\n"
