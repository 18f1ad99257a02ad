"""Short logs that the text reader must read, as different as they come."""

from __future__ import annotations

from lossacc_gui.core.formats import Sample

_KERAS = (
    "Epoch 1/2\n"
    " 5/10 [==============>...............] - ETA: 0s - loss: 1.9000 - acc: 0.3000"
    + "\b"
    * 75
    + "\r10/10 [==============================] - 0s 14ms/step - loss: 1.5000 - acc: 0.4000"
    " - val_loss: 1.6000 - val_acc: 0.4100\n"
    "Epoch 2/2\n"
    "10/10 [==============================] - 0s 9ms/step - loss: 1.2000 - acc: 0.5000"
    " - val_loss: 1.5000 - val_acc: 0.5100\n"
    "10/10 [==============================] - 0s 3ms/step - loss: 1.5000 - acc: 0.5100\n"
)
_BARS = (
    "\rEpoch 0:  50%|#####     | 5/10 [00:00<00:00, 81.2it/s, v_num=0, train_loss=0.95]"
    "\rEpoch 0: 100%|##########| 10/10 [00:00<00:00, 80.1it/s, v_num=0, train_loss=0.91]"
    "\rEpoch 1:   0%|          | 0/10 [00:00<?, ?it/s, v_num=0, train_loss=0.91]"
    "\rEpoch 1: 100%|##########| 10/10 [00:00<00:00, 82.4it/s, v_num=0, train_loss=0.71]\n"
)
_LOOP = (
    "2024-05-01 10:00:00,120 INFO: Epoch [1/2], Step [100/200], Loss: 2.26\n"
    "2024-05-01 10:00:01,120 INFO: Epoch [1/2], Step [200/200], Loss: 1.86\n"
    "2024-05-01 10:00:02,120 INFO: Test Loss: 2.01, Test Accuracy of the model: 59.25 %\n"
    "2024-05-01 10:00:03,120 INFO: Epoch [2/2], Step [100/200], Loss: 1.66\n"
    "2024-05-01 10:00:04,120 INFO: Epoch [2/2], Step [200/200], Loss: 1.46\n"
    "2024-05-01 10:00:05,120 INFO: Test Loss: 1.67, Test Accuracy of the model: 70.75 %\n"
)
_TABLE = (
    "  epoch    train_loss    valid_acc     dur\n"
    "-------  ------------  -----------  ------\n"
    "      1        \x1b[32m2.2534\x1b[0m       0.3250  0.0325\n"
    "      2        \x1b[32m2.0044\x1b[0m       0.5625  0.0149\n"
)
_DICTS = (
    "{'loss': '0.6941', 'learning_rate': '0.0018', 'epoch': '1'}\n"
    "{'eval_loss': '0.6652', 'eval_accuracy': '0.62', 'epoch': '1'}\n"
    "{'loss': '0.6341', 'learning_rate': '0.0009', 'epoch': '2'}\n"
    "{'eval_loss': '0.6152', 'eval_accuracy': '0.71', 'epoch': '2'}\n"
)
_ROUNDS = (
    "[0]\ttrain-mlogloss:1.91055\teval-mlogloss:2.02244\n"
    "[1]\ttrain-mlogloss:1.63951\teval-mlogloss:1.81459\n"
)

SAMPLES: tuple[Sample, ...] = (
    Sample(
        "train.out",
        _KERAS.encode(),
        {
            ("", "loss"): [(1, 1.5), (2, 1.2)],
            ("", "acc"): [(1, 0.4), (2, 0.5)],
            ("", "val_loss"): [(1, 1.6), (2, 1.5)],
            ("", "val_acc"): [(1, 0.41), (2, 0.51)],
        },
    ),
    Sample("slurm-1.out", _BARS.encode(), {("", "train_loss"): [(0, 0.91), (1, 0.71)]}),
    Sample(
        "train.log",
        _LOOP.encode(),
        {
            ("", "Loss"): [(100, 2.26), (200, 1.86), (300, 1.66), (400, 1.46)],
            ("", "Test Loss"): [(1, 2.01), (2, 1.67)],
            ("", "Test Accuracy"): [(1, 59.25), (2, 70.75)],
        },
    ),
    Sample(
        "skorch.log",
        _TABLE.encode(),
        {
            ("", "train_loss"): [(1, 2.2534), (2, 2.0044)],
            ("", "valid_acc"): [(1, 0.325), (2, 0.5625)],
        },
    ),
    Sample(
        "run.log",
        _DICTS.encode(),
        {
            ("", "loss"): [(1, 0.6941), (2, 0.6341)],
            ("", "learning_rate"): [(1, 0.0018), (2, 0.0009)],
            ("", "eval_loss"): [(1, 0.6652), (2, 0.6152)],
            ("", "eval_accuracy"): [(1, 0.62), (2, 0.71)],
        },
    ),
    Sample(
        "xgb.log",
        _ROUNDS.encode(),
        {
            ("", "train-mlogloss"): [(0, 1.91055), (1, 1.63951)],
            ("", "eval-mlogloss"): [(0, 2.02244), (1, 1.81459)],
        },
    ),
)
