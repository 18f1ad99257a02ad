"""Which run a file belongs to by its path alone."""

from __future__ import annotations

import pytest

from lossacc_gui.core.places import is_plain, place, writer_of


def home_and_unit(path: str, events: bool = False) -> tuple[str, str]:
    found = place(f"/top/{path}", "/top", events=events)
    return (str(found.home.relative_to("/top")), found.unit)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("csv/train.csv", "csv/valid.csv"),
        ("plots/metrics/train/loss.tsv", "plots/metrics/val/accuracy.tsv"),
        ("metrics_epoch_1.json", "metrics_epoch_12.json"),
        ("exp1_train.csv", "exp1_val.csv"),
        ("out/checkpoint-10/trainer_state.json", "out/trainer_state.json"),
        ("run.log", "run.log.1"),
    ],
)
def test_that_parts_share_home_and_unit(one, other):
    assert home_and_unit(one) == home_and_unit(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("run1.csv", "run2.csv"),
        ("version_0/metrics.csv", "version_1/metrics.csv"),
        ("exp1_train.csv", "exp2_train.csv"),
        ("train/results.csv", "train2/results.csv"),
    ],
)
def test_that_independent_logs_do_not(one, other):
    assert home_and_unit(one) != home_and_unit(other)


@pytest.mark.parametrize(
    "folder", ["train", "validation", "loss_train", "acc_valid", "1795389391.1971364", "tb/eval"]
)
def test_that_event_files_in_inner_folders_belong_to_the_folder_above(folder):
    assert home_and_unit(f"exp/{folder}/events.out.tfevents.1.host.2.0", True) == ("exp", "events")


def test_that_a_lone_train_folder_may_be_a_run_of_that_name():
    found = place("/top/runs/train/results.csv", "/top")
    assert str(found.split_home) == "/top/runs/train"


def test_that_rotated_pieces_come_oldest_first():
    names = ["train.log", "train.log.2", "train.log.10", "train.log.1"]
    places = sorted((place(f"/top/{name}", "/top") for name in names), key=lambda p: p.order)
    assert [p.path.rsplit("/", 1)[1] for p in places] == [
        "train.log.10", "train.log.2", "train.log.1", "train.log",
    ]  # fmt: skip


def test_that_checkpoints_come_in_the_order_of_their_numbers():
    names = ["checkpoint-100", "checkpoint-20", "checkpoint-3"]
    places = [place(f"/top/out/{name}/trainer_state.json", "/top") for name in names]
    assert [p.path.split("/")[3] for p in sorted(places, key=lambda p: p.order)] == names[::-1]


def test_that_nothing_above_the_opened_folder_is_touched():
    assert str(place("/top/train/a.csv", "/top/train").home) == "/top/train"
    assert str(place("/top/a.csv", "/top/a.csv").home) == "/top"


def test_that_an_event_file_names_its_writer():
    assert writer_of("events.out.tfevents.1795390256.box.21817.0") == "box.21817"
    assert writer_of("log.csv") == ""


def test_that_plain_names_say_nothing_but_log():
    home = place("/top/20261122/x.csv", "/top").home
    assert is_plain("metrics.csv", home) and is_plain("20261122.json", home)
    assert not is_plain("resnet.csv", home)


def test_that_mlflow_s_metric_files_are_parts_of_their_run_however_deep():
    run = "/logs/mlruns/0/7a61281ce6d24d3c9b4dcd74ecd5637c"
    for name in ("lr", "opt/momentum", "val/loss", "system/gpu/memory"):
        found = place(f"{run}/metrics/{name}", "/logs")
        assert (str(found.home), found.unit) == (run, "parts mlflow")
