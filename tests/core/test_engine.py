"""The engine, driven a step at a time with a simulated clock."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from lossacc_gui.core.budget import OFFLINE, Budget
from lossacc_gui.core.commands import (
    Close,
    Hint,
    MapMetric,
    Open,
    Prefer,
    Reload,
    Rescan,
    SetClasses,
    SourceProblems,
    Watching,
)
from lossacc_gui.core.engine import CURVES_FIRST, Engine, read_once
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.wording import is_judged

NOW = 1_700_000_000.0
HEAD = "epoch,loss,accuracy,val_loss,val_accuracy\n"


def ticks():
    """A clock that rises by a millisecond at every look."""
    moment = [0.0]

    def clock() -> float:
        moment[0] += 0.001
        return moment[0]

    return clock


def write(path: Path, text: str, mode: str = "w", at: float = NOW) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open(mode, newline="") as file:
        file.write(text)
    os.utime(path, (at, at))


def row(epoch: int, shift: float = 0.0) -> str:
    loss = round(2.0 / (epoch + 1) + shift, 4)
    return f"{epoch},{loss},{0.5 + epoch / 100},{round(loss + 0.1, 4)},{0.4 + epoch / 100}\n"


def rows(count: int, shift: float = 0.0) -> str:
    return HEAD + "".join(row(epoch, shift) for epoch in range(count))


def settle(engine: Engine, now: float = NOW + 1):
    snapshot = engine.step([Rescan()], now)
    while engine.pending:
        snapshot = engine.step([], now)
    return snapshot


def curve(snapshot, tag: str = "loss", run: int = 0):
    return next(s for s in snapshot.runs[run].data.series if s.tag == tag)


@pytest.fixture
def log(tmp_path) -> Path:
    path = tmp_path / "exp" / "log.csv"
    write(path, rows(3))
    return path


def test_that_a_folder_is_read_and_named_by_its_shortest_path(tmp_path, log):
    snapshot = settle(Engine([str(tmp_path)], ticks()))
    (view,) = snapshot.runs
    assert (view.data.name, view.data.path) == ("exp", str(log.parent))
    assert curve(snapshot).x.tolist() == [0, 1, 2]
    assert view.data.main("accuracy", "val").tag == "val_accuracy"


def test_that_an_appended_line_renews_its_run_and_leaves_the_others_alone(tmp_path, log):
    write(tmp_path / "other" / "log.csv", rows(4, shift=0.3))
    engine = Engine([str(tmp_path)], ticks())
    before = settle(engine)
    write(log, row(3), "a")
    after = engine.step([Hint(str(log))], NOW + 2)
    assert [a is b for a, b in zip(after.runs, before.runs, strict=True)] == [False, True]
    assert curve(after).x.tolist() == [0, 1, 2, 3]


def test_that_nothing_new_gives_the_same_snapshot(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    first = engine.step([], NOW + 2)
    assert engine.step([Rescan()], NOW + 2) is first


def test_that_a_hint_alone_finds_a_new_file_and_a_rescan_a_new_folder(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    write(tmp_path / "b" / "log.csv", rows(2, 0.3))
    assert len(engine.step([Hint(str(tmp_path / "b" / "log.csv"))], NOW).runs) == 2
    write(tmp_path / "c" / "log.csv", rows(2, 0.6))
    assert len(settle(engine).runs) == 3


def test_that_a_folder_that_does_not_exist_yet_is_waited_for(tmp_path):
    engine = Engine([str(tmp_path / "later")], ticks())
    snapshot = settle(engine)
    assert "does not exist yet" in snapshot.status.problems[0].message
    write(tmp_path / "later" / "log.csv", rows(2))
    snapshot = settle(engine)
    assert len(snapshot.runs) == 1 and snapshot.status.problems == ()


def test_that_a_deleted_file_keeps_its_points_and_is_told_gone(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    log.unlink()
    snapshot = settle(engine)
    assert snapshot.runs[0].data.state == "gone"
    assert len(curve(snapshot).x) == 3


def test_that_a_renamed_run_is_followed_under_its_new_name(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    log.parent.rename(tmp_path / "final")
    snapshot = settle(engine, NOW + 6)
    assert [view.data.name for view in snapshot.runs] == ["final"]
    assert curve(snapshot).x.tolist() == [0, 1, 2] and curve(snapshot).ghosts == ()


def test_that_a_replaced_file_leaves_its_old_points_as_ghosts(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    log.unlink()
    write(log, HEAD + row(0) + row(1, 0.5), at=NOW + 5)
    snapshot = settle(engine, NOW + 6)
    loss = curve(snapshot)
    assert loss.x.tolist() == [0, 1]
    assert [ghost.x.tolist() for ghost in loss.ghosts] == [[1, 2]]


def test_that_a_csv_rewritten_with_a_new_column_leaves_no_ghosts(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    lines = rows(4).splitlines()
    wider = [lines[0] + ",lr", *(line + ",0.1" for line in lines[1:])]
    write(log, "\n".join(wider) + "\n", at=NOW + 5)
    snapshot = settle(engine, NOW + 6)
    assert curve(snapshot).x.tolist() == [0, 1, 2, 3] and curve(snapshot).ghosts == ()


def test_that_a_half_line_is_taken_at_rest_and_goes_on_after_its_end(tmp_path):
    path = tmp_path / "train.log"
    write(path, "epoch 1 loss 0.5\nepoch 2 loss 0.25")
    engine = Engine([str(tmp_path)], ticks())
    assert curve(settle(engine, NOW + 0.1)).y.tolist() == [0.5]
    assert engine.resting
    assert curve(engine.step([], NOW + 10)).y.tolist() == [0.5, 0.25]
    write(path, "\nepoch 3 loss 0.125\n", "a", at=NOW + 11)
    assert curve(settle(engine, NOW + 12)).y.tolist() == [0.5, 0.25, 0.125]


def test_that_a_number_cut_at_rest_is_never_kept(tmp_path):
    path = tmp_path / "train.log"
    write(path, "epoch 1 loss 0.5\nepoch 2 loss 0.4\nepoch 3 loss 0.1")
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    engine.step([], NOW + 10)
    write(path, "375\n", "a", at=NOW + 11)
    loss = curve(settle(engine, NOW + 12))
    assert loss.y.tolist() == [0.5, 0.4, 0.1375] and loss.ghosts == ()


def test_that_a_huge_file_is_read_in_pieces_and_another_is_not_starved(tmp_path, log):
    lines = (json.dumps({"step": i, "loss": 1 / (i + 1)}) + "\n" for i in range(20_000))
    write(tmp_path / "big" / "big.jsonl", "".join(lines))
    engine = Engine([str(tmp_path)], ticks())
    small = Budget(bytes=64_000, chunk=16_000, seconds=10, total=10)
    first = engine.step([], NOW, small)
    first = engine.step([], NOW, small)
    assert engine.pending and first.status.bytes_read < first.status.bytes_total
    assert {view.data.name: view.data.state for view in first.runs}["exp"] == "live"
    while engine.pending:
        last = engine.step([], NOW, small)
    assert {len(s.x) for v in last.runs for s in v.data.series if len(v.data.series) == 1} == {
        20_000
    }


def test_that_a_file_that_is_no_log_is_listed_once_with_the_reason(tmp_path, log):
    (tmp_path / "blob").write_bytes(bytes(range(256)) * 100)
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    status = settle(engine).status
    (problem,) = status.unrecognised
    assert problem.file.endswith("blob") and problem.message == "binary data of no known kind"


def test_that_of_a_file_of_no_kind_only_the_head_is_read(tmp_path):
    path = tmp_path / "blob"
    path.write_bytes(b"\0\1\2\3" * 200_000)
    engine = Engine([str(path)], ticks())
    assert settle(engine).status.bytes_read <= 64 * 1024


def test_that_a_person_can_say_what_a_metric_is(tmp_path):
    write(tmp_path / "log.csv", "epoch,foo\n0,0.5\n1,0.6\n")
    engine = Engine([str(tmp_path)], ticks())
    assert curve(settle(engine), "foo").role == "other"
    snapshot = engine.step([MapMetric("", "foo", "accuracy", "val")], NOW)
    foo = curve(snapshot, "foo")
    assert (foo.role, foo.split, foo.main) == ("accuracy", "val", True)


def test_that_the_number_of_classes_reaches_the_diagnosis(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    snapshot = engine.step([SetClasses("", 17)], NOW)
    assert snapshot.runs[0].diagnosis.phase_map.classes == 17


def test_that_open_close_and_reload_do_so(tmp_path, log):
    write(tmp_path / "more" / "log.csv", rows(2, 0.4))
    engine = Engine([str(tmp_path / "exp")], ticks())
    assert len(settle(engine).runs) == 1
    engine.step([Open((str(tmp_path / "more"),))], NOW)
    assert len(settle(engine).runs) == 2
    engine.step([Close(str(tmp_path / "exp"))], NOW)
    assert [v.data.name for v in settle(engine).runs] == ["more"]
    engine.step([Reload()], NOW)
    assert [v.data.name for v in settle(engine).runs] == ["more"]


def test_that_watching_and_the_troubles_of_sources_are_in_the_status(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    trouble = Problem("s3://b", 0, "cannot be reached")
    status = engine.step([Watching("rescan every 1 s"), SourceProblems((trouble,))], NOW).status
    assert status.watching == "rescan every 1 s" and trouble in status.problems


def test_that_an_unreadable_file_is_a_problem_and_reads_again_later(tmp_path, log, monkeypatch):
    engine = Engine([str(tmp_path)], ticks())
    settle(engine)
    write(log, row(3), "a", at=NOW + 5)
    stat = Path.stat

    def refuse(path, **more):
        if path == log:
            raise PermissionError(13, "Permission denied")
        return stat(path, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", refuse)
        snapshot = settle(engine, NOW + 6)
        assert snapshot.runs[0].data.state == "unreadable"
        assert len(curve(snapshot).x) == 3
    assert len(curve(settle(engine, NOW + 7)).x) == 4


def test_that_a_line_more_in_a_long_log_does_not_touch_the_old_points(tmp_path):
    path = tmp_path / "log.jsonl"
    text = "".join(json.dumps({"step": i, "loss": 1 / (i + 1)}) + "\n" for i in range(3000))
    write(path, text)
    engine = Engine([str(path)], ticks())
    settle(engine)
    views = []
    for more in range(2):
        write(path, json.dumps({"step": 3000 + more, "loss": 0.1}) + "\n", "a", at=NOW + more)
        views.append(curve(settle(engine, NOW + 6 + more)))
    assert [len(view.x) for view in views] == [3001, 3002]
    assert views[0].x.base is views[1].x.base


def test_that_reading_once_takes_what_is_there_to_the_last_line(tmp_path):
    write(tmp_path / "log.jsonl", '{"step": 1, "loss": 0.5}\n{"step": 2, "loss": 0.25}')
    snapshot = read_once([str(tmp_path)], ticks(), NOW, OFFLINE)
    assert curve(snapshot).y.tolist() == [0.5, 0.25]


def test_that_curves_are_shown_before_they_are_judged(tmp_path, log):
    engine = Engine([str(tmp_path)], ticks())
    before = settle(engine)
    write(log, row(3), "a")
    first = engine.step([Hint(str(log))], NOW + 2)
    assert curve(first).x.tolist() == [0, 1, 2, 3]
    assert first.runs[0].diagnosis is before.runs[0].diagnosis
    assert engine.put_off and engine.pending and not engine.reading
    second = engine.step([], NOW + 2)
    assert second.runs[0].diagnosis is not before.runs[0].diagnosis
    assert not engine.put_off and not engine.pending


def test_that_points_without_end_put_the_diagnosis_off_for_a_bounded_time(tmp_path, log):
    moment = [0.0]
    engine = Engine([str(tmp_path)], lambda: moment[0])
    before = settle(engine).runs[0].diagnosis
    judged = []
    for epoch in range(3, 12):
        moment[0] += CURVES_FIRST / 4
        write(log, row(epoch), "a")
        snapshot = engine.step([Hint(str(log))], NOW + epoch)
        judged.append(snapshot.runs[0].diagnosis is not before)
    assert judged.index(True) == 4


def test_that_the_run_that_is_looked_at_is_judged_before_newer_ones(tmp_path):
    for number in range(6):
        write(tmp_path / f"run-{number}" / "log.csv", rows(5 + number), at=NOW + number)
    engine = Engine([str(tmp_path)], ticks())
    snapshot = engine.step([Rescan()], NOW)
    while engine.reading:
        snapshot = engine.step([], NOW)
    wanted = snapshot.runs[2].data.key
    assert not any(is_judged(view.diagnosis) for view in snapshot.runs)
    snapshot = engine.step([Prefer((wanted,))], NOW, Budget(total=0.0))
    assert [v.data.key for v in snapshot.runs if is_judged(v.diagnosis)] == [wanted]
