"""Short tables in the dialects that people and loggers write; a test reads each in three ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lossacc_gui.core.formats import Sample

_Points = Mapping[tuple[str, str], Sequence[tuple[float, float]]]


def _sample(file: str, text: str, points: _Points, encoding: str = "utf-8") -> Sample:
    return Sample(file, text.encode(encoding), points)


SAMPLES: tuple[Sample, ...] = (
    _sample(
        "training.log",
        "epoch,accuracy,loss,val_accuracy,val_loss\n0,0.31,2.2,NA,NA\n1,0.52,nan,0.5,1.75\n",
        {
            ("", "accuracy"): [(0, 0.31), (1, 0.52)],
            ("", "loss"): [(0, 2.2), (1, float("nan"))],
            ("", "val_accuracy"): [(1, 0.5)],
            ("", "val_loss"): [(1, 1.75)],
        },
    ),
    _sample(
        "lightning_logs/version_0/metrics.csv",
        "epoch,step,train_loss,val_acc\n0,9,2.5,\n0,12,,0.25\n1,19,1.5,\n1,25,,0.5\n",
        {("", "train_loss"): [(9, 2.5), (19, 1.5)], ("", "val_acc"): [(12, 0.25), (25, 0.5)]},
    ),
    _sample(
        "history.csv",
        "epoch,train_loss,valid_loss,accuracy,time\n0,2.0,1.5,0.5,00:01\n1,1.0,1.25,0.75,00:01\n"
        "epoch,train_loss,valid_loss,accuracy,time\n0,0.5,1.0,0.875,00:01\n",
        {
            ("", "train_loss"): [(0, 2.0), (1, 1.0), (0, 0.5)],
            ("", "valid_loss"): [(0, 1.5), (1, 1.25), (0, 1.0)],
            ("", "accuracy"): [(0, 0.5), (1, 0.75), (0, 0.875)],
        },
    ),
    _sample(
        "results.csv",
        "                  epoch,             train/loss,  metrics/accuracy_top1,"
        "               val/loss,                  lr/pg0\n"
        "                      0,                 2.3125,                   0.25,"
        "                  2.125,                   0.001\n"
        "                      1,                  1.125,                    0.5,"
        "                    1.5,                   0.002\n",
        {
            ("", "train/loss"): [(0, 2.3125), (1, 1.125)],
            ("", "metrics/accuracy_top1"): [(0, 0.25), (1, 0.5)],
            ("", "val/loss"): [(0, 2.125), (1, 1.5)],
            ("", "lr/pg0"): [(0, 0.001), (1, 0.002)],
        },
    ),
    _sample(
        "verlauf.csv",
        "Epoche;Verlust;Genauigkeit\r\n1;2,25;35,5 %\r\n2;1,5;62,25 %\r\n",
        {("", "Verlust"): [(1, 2.25), (2, 1.5)], ("", "Genauigkeit"): [(1, 35.5), (2, 62.25)]},
        "utf-16",
    ),
    _sample(
        "log.csv",
        "# lr 0.1, seed 3\nepoch,phase,loss,acc\n"
        "1,train,2.0,0.25\n1,val,1.75,0.5\n2,train,1.5,0.5\n",
        {
            ("train", "loss"): [(1, 2.0), (2, 1.5)],
            ("val", "loss"): [(1, 1.75)],
            ("train", "acc"): [(1, 0.25), (2, 0.5)],
            ("val", "acc"): [(1, 0.5)],
        },
        "utf-8-sig",
    ),
    _sample(
        "keras_history_r.csv",
        '"","epoch","value","metric","data"\n"1",1,0.9,"loss","training"\n'
        '"2",1,0.625,"accuracy","training"\n"3",1,0.75,"loss","validation"\n',
        {
            ("train", "loss"): [(1, 0.9)],
            ("train", "accuracy"): [(1, 0.625)],
            ("val", "loss"): [(1, 0.75)],
        },
    ),
    _sample(
        "run-validation-tag-epoch_loss.csv",
        "Wall time,Step,Value\n1700000000.5,0,2.0\n1700000001.5,1,1.5\n",
        {("val", "epoch_loss"): [(0, 2.0), (1, 1.5)]},
    ),
    _sample(
        "wandb_export.csv",
        '"Step","run-a - val_loss","run-a - val_loss__MIN","run-a - val_loss__MAX"\n'
        '"1","1.5","1.5","1.5"\n"2","1.25","1.25","1.25"\n',
        {("", "val_loss"): [(1, 1.5), (2, 1.25)]},
    ),
    _sample(
        "progress.csv",
        "time/total_timesteps,train/loss,rollout/ep_rew_mean,time/iterations\n"
        "2048,0.5,,1\n4096,0.25,21.5,2\n",
        {
            ("", "train/loss"): [(2048, 0.5), (4096, 0.25)],
            ("", "rollout/ep_rew_mean"): [(4096, 21.5)],
            ("", "time/iterations"): [(2048, 1), (4096, 2)],
        },
    ),
    _sample(
        "val_loss.txt",
        "1.5\n1.25\n1.125\n",
        {("", "val_loss"): [(1, 1.5), (2, 1.25), (3, 1.125)]},
    ),
)
