"""What the measurements that the ranking uses are called when a person is told of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lossacc_gui.core.diagnosis.cause import all_causes

MEANINGS: Mapping[str, str] = {
    "accuracy_drop": "fall of accuracy from its peak",
    "accuracy_end": "accuracy at the end",
    "accuracy_peak": "highest accuracy",
    "accuracy_since_minimum": "change of accuracy since the smallest loss",
    "chance_off": "distance of the loss from ln K",
    "chance_rows": "evaluations at chance level",
    "chance_share": "share of the run at chance level",
    "chance_to_end": "stays at chance to the end",
    "drop_in_jitter": "fall of accuracy in units of its jitter",
    "early_peak_drop": "fall of accuracy from an early peak",
    "flip_drop": "fall of accuracy while the loss improves",
    "flip_in_jitter": "that fall in units of jitter",
    "flip_loss_fall": "improvement of the loss while accuracy falls",
    "flip_rows": "length of that stretch",
    "frozen_equal": "share of evaluations with exactly the same accuracy",
    "frozen_sd": "spread of accuracy where it is frozen",
    "gap_end": "train minus validation accuracy at the end",
    "gap_halfway_over_end": "how much of the gap was there when training was half way",
    "gap_in_errors": "accuracy gap in standard errors",
    "gap_soon": "accuracy gap in the first epochs",
    "gap_soon_over_end": "how much of the gap was there from the start",
    "jitter": "jitter of accuracy from evaluation to evaluation",
    "jitter_in_counts": "jitter in samples",
    "jitter_over_binomial": "jitter against what so many samples must give",
    "jump_abs": "height of the jump of train loss",
    "jump_accuracy_drop": "fall of validation accuracy at the jump",
    "jump_before": "train loss before the jump",
    "jump_in_noise": "the jump in units of noise",
    "jump_log": "relative height of the jump",
    "jump_next_left": "what is left of the jump one row later",
    "jump_rows": "rows until a quarter of the jump is left",
    "jump_settle_rows": "rows until the jump is relearned",
    "jump_share": "length of the jump",
    "jump_train_accuracy_drop": "fall of train accuracy at the jump",
    "jump_val_log": "jump of validation loss at the same place",
    "jump_val_stays": "what validation loss keeps of the jump",
    "jumps": "number of jumps",
    "late_best_climb": "climb of validation after training was perfect",
    "late_climb_room": "that climb against what was possible",
    "late_half_rows": "evaluations until half of that climb",
    "late_half_times": "how late half of that climb came",
    "late_start": "validation accuracy when training was perfect",
    "loss_end": "loss at the end",
    "loss_gap_log": "validation loss over train loss (logarithm)",
    "loss_minimum": "smallest loss",
    "narrow_plateau_fall": "fall of the loss while accuracy stands still",
    "narrow_plateau_fall_abs": "that fall in nats",
    "narrow_plateau_late_fall": "its second half",
    "narrow_plateau_share": "share of the run in which accuracy stands still",
    "rate_step_worse": "the step of the rate made things worse",
    "rise": "rise of the loss above its minimum",
    "rise_abs": "that rise in nats",
    "rise_from_jump": "the rise begins at the jump",
    "rise_in_noise": "the rise in units of noise",
    "rise_p": "p of the rise",
    "rise_z": "trend of the loss since its minimum (z)",
    "sharp_gain_over_next": "sharpest improvement against the next sharpest",
    "sharp_gain_prior_jump": "worsening before the sharpest improvement",
    "still_exact": "share of exactly equal accuracies in the still stretch",
    "still_rows": "evaluations without any change of accuracy",
    "still_train_gap": "train minus validation accuracy in the still stretch",
    "still_train_range": "movement of train accuracy in the still stretch",
    "train_above_val_level": "how far training climbed above validation",
    "train_accuracy_end": "train accuracy at the end",
    "train_accuracy_late_range": "movement of train accuracy over the last 40 %",
    "train_at_peak": "train accuracy at the peak of validation",
    "train_climb_after_peak": "climb of train accuracy after that peak",
    "train_excess": "train loss over what its accuracy can honestly cost (logarithm)",
    "train_excess_abs": "that excess in nats",
    "train_fall_since_minimum": "fall of train loss since the smallest validation loss",
    "train_flip_drop": "fall of train accuracy while train loss improves",
    "train_loss_end": "train loss at the end",
    "train_loss_late_fall": "fall of train loss over the last 40 %",
    "train_noise_tail": "how much the roughness comes from few rows",
    "train_rough": "roughness of train loss",
    "train_rough_abs": "that roughness in nats",
    "train_rough_inside": "roughness inside the rough stretch",
    "train_rough_median": "typical roughness of train loss",
    "train_rough_over_sampling": "roughness against what few logged batches give",
    "train_up_rows": "rows in which train loss rises clearly",
    "train_ups": "share of rows in which train loss rises",
    "val_accuracy_median": "typical validation accuracy",
    "val_ahead_at_peak": "lead of validation over training at its peak",
    "val_ahead_most": "largest lead of validation over training",
    "val_best_over_guess": "smallest validation loss against guessing",
    "val_better_median": "train loss over validation loss (logarithm)",
    "val_better_share": "share of evaluations with train loss above validation loss",
    "val_excess": "validation loss over what its accuracy can honestly cost (logarithm)",
    "val_excess_abs": "that excess in nats",
    "val_fall_since_soon": "fall of validation loss since the first epochs",
    "val_follows_train": "how far validation follows training",
    "val_gain_since_soon": "gain of validation accuracy since the first epochs",
    "val_log_noise": "noise of validation loss",
    "val_loss_end": "validation loss at the end",
    "val_loss_over_guess": "validation loss against guessing",
    "val_moves": "movement of validation loss from row to row",
    "val_over_train_noise": "noise of validation against noise of training (logarithm)",
    "val_rough": "roughness of validation loss",
    "val_whole_classes": "distance of validation accuracy from 1/K",
    "wide_plateau_fall": "fall of the loss while accuracy stays within two points",
    "wide_plateau_share": "share of the run within two points of the last accuracy",
}


def meaning(feature: str) -> str:
    """What a feature of the ranking is called."""
    if feature.startswith("signature:"):
        return f"the signs of “{all_causes()[feature[10:]].TITLE}”"
    return MEANINGS.get(feature, feature.replace("_", " "))


def value_text(feature: str, value: float) -> str:
    """The value of a feature for people."""
    if feature.startswith("signature:"):
        return f"{value:.0%} strong"
    return "not measurable" if math.isnan(value) else f"{value:.3g}"
