"""In which unit a measurement that moved the ranking is told."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from lossacc_gui.core.diagnosis.cause import percent, points, signed_points
from lossacc_gui.core.diagnosis.ranking import sign_of


def _share(value: float) -> str:
    return _small(value, percent(value), " %")


def _points(value: float) -> str:
    return _small(value, points(value), " points")


def _signed(value: float) -> str:
    return _small(value, signed_points(value), " points")


def _small(value: float, text: str, unit: str) -> str:
    """The text, unless it would say 0.0 of what is not nothing."""
    return f"below 0.1{unit}" if 0.0 < abs(value) < 0.0005 else text.replace("-", "−")


def _fall(logarithm: float) -> str:
    """A fall of a loss by this much of its logarithm: 0.69 -> "50 %", -0.69 -> "it rose 99 %"."""
    if logarithm < -0.005:
        return f"it rose {_rise(-logarithm)}"
    return percent(1.0 - math.exp(-logarithm), 0)


def _rise(logarithm: float) -> str:
    """A rise by this much of a logarithm: 0.18 -> "20 %", 4.6 -> "99-fold"."""
    if logarithm < -0.005:
        return f"it fell {_fall(-logarithm)}"
    if logarithm > math.log(10.0):
        return f"{math.exp(min(logarithm, 50.0)):.3g}-fold"
    return percent(math.exp(logarithm) - 1.0, 0)


def _times(logarithm: float) -> str:
    return f"{math.exp(min(logarithm, 50.0)):.2g} times"


def _decades(logarithm: float) -> str:
    return "none" if abs(logarithm) < 0.005 else f"{10.0 ** min(logarithm, 20.0):.2g}-fold"


UNITS: Mapping[Callable[[float], str], str] = {
    # shares of something, and levels of accuracy, 0..1
    _share: """
        accuracy_at_minimum accuracy_end accuracy_peak answers_lost_sure calm_noise
        chance_off chance_share flip_loss_fall flip_place flip_share floor_share
        frozen_equal frozen_from_start frozen_level frozen_share frozen_values
        gap_before_best_over_end gap_early_over_end gap_halfway_over_end gap_opened_place
        gap_share_wide gap_soon_over_end jump_drop_share jump_next_left jump_place
        jump_relearning jump_remains jump_rival jump_second jump_share jump_third_left
        jump_val_share late_climb_room
        late_share_of_fall late_start loss_gap_late_growth loss_gap_spread minimum_place
        most_fallen_place narrow_plateau_share near_ceiling no_transfer peak_place
        rate_step_val_move rise rise_kept rise_stepwise rise_sure rough_ups sawtooth_jump
        sawtooth_share sawtooth_size sharp_gain_val_move still_exact still_from still_level
        still_share train_accuracy_at_minimum train_accuracy_end train_at_peak
        train_behind_share train_below_floor train_flip_loss_fall train_flip_place
        train_flip_share train_log_noise train_log_noise_robust train_perfect_place
        train_perfect_share train_rough train_rough_inside train_rough_last
        train_rough_median train_rough_most train_rough_share train_settled_place
        train_soft_band train_up_moves train_ups val_accuracy_ahead_share val_accuracy_end
        val_accuracy_median val_below_floor val_better_late_share val_better_share
        val_erratic_share val_follows_train val_log_noise val_log_noise_robust val_moves
        val_rough val_rough_last val_soft_band val_worse_half_share wide_plateau_share""",
    # differences of accuracies
    _signed: """
        accuracy_drop accuracy_last_gain accuracy_since_minimum accuracy_total_gain
        answers_lost drop_past_noise drop_since_lowest early_peak_drop flip_drop
        frozen_train_gap gap_early gap_end gap_growth gap_halfway gap_late_low gap_middle
        gap_soon jump_accuracy_drop jump_accuracy_late jump_train_accuracy_drop
        late_best_climb late_climb rate_step_accuracy_gain sharp_gain_accuracy_gain
        still_before still_train_gap train_above_val_level train_accuracy_last_gain
        train_accuracy_total_gain train_climb_after_peak train_flip_drop
        train_gain_since_minimum val_accuracy_last_gain val_accuracy_total_gain
        val_ahead_at_peak val_ahead_most val_gain_since_soon""",
    _points: """
        accuracy_settled_range binomial_error frozen_sd frozen_train_sd gap_spread jitter
        jitter_robust still_train_drift still_train_range train_accuracy_jitter
        train_accuracy_jitter_robust train_accuracy_late_range train_accuracy_settled_range
        val_accuracy_late_range val_accuracy_range val_whole_classes""",
    # falls and rises of a loss, as logarithms
    _fall: """
        floor_depth frozen_loss_fall loss_last_fall loss_total_fall narrow_plateau_fall
        narrow_plateau_late_fall rate_step_gain rate_step_val_gain sharp_gain sharp_gain_val_gain
        still_loss_fall train_fall_since_minimum train_loss_last_fall train_loss_late_fall
        train_loss_total_fall train_narrow_plateau_fall train_narrow_plateau_late_fall
        train_wide_plateau_fall train_wide_plateau_late_fall val_fall_since_soon
        val_loss_last_fall val_loss_late_fall val_loss_total_fall wide_plateau_fall
        wide_plateau_late_fall""",
    _rise: """
        jump_left_over jump_log jump_train_late jump_val_late jump_val_log jump_val_stays
        sharp_gain_prior_jump""",
    # ratios, as logarithms
    _times: """
        jump_lr_change jump_pace late_half_times loss_gap_log rough_at_low_rate sharp_calms
        step_calms
        train_excess train_loss_per_error val_better_early val_better_late val_better_median
        val_excess val_lag val_loss_per_error val_over_train_nats val_over_train_noise
        val_over_train_noise_robust""",
    lambda v: f"{v:.2g} times": """
        frozen_loss_end_ratio frozen_loss_ratio frozen_train_loss_ratio
        jitter_over_binomial still_loss_ratio train_noise_over_sampling train_noise_tail
        train_rough_over_sampling val_best_over_guess val_loss_over_guess
        val_noise_over_sampling""",
    _decades: "lr_fall",
    lambda v: f"{v:.2g} times the line": """
        growth_margin growth_margin_late level_margin overfit_margin rise_margin rough_margin
        sharp_margin step_margin turn_margin""",
    lambda v: f"z = {v:.1f}".replace("-", "−"): """
        drop_z fall_z rise_z train_late_trend""",
    lambda v: f"{v:.3g} nats".replace("-", "−"): """
        jump_abs jump_before loss_end loss_gap_abs loss_minimum narrow_plateau_fall_abs rise_abs
        train_excess_abs train_loss_end train_narrow_plateau_fall_abs train_rough_abs
        train_rough_abs_inside train_wide_plateau_fall_abs val_excess_abs val_loss_end
        wide_plateau_fall_abs wrong_cost_least wrong_cost_most""",
    lambda v: "yes" if v >= 0.5 else "no": """
        chance_to_end failed_at_end frozen_to_end jump_recovered rate_step_worse rise_from_jump""",
    lambda v: f"{v:.0f}": """
        chance_rows failed_rows flip_rows jump_rows jump_rows_after jump_settle_rows jumps
        late_half_rows rate_step_spans rate_steps rows_after_minimum samples_least sawtooth_rows
        still_rows train_flip_rows train_up_rows""",
}
_TOLD = {name: told for told, names in UNITS.items() for name in names.split()}


def value_text(feature: str, value: float) -> str:
    """The value of a feature for people, in its unit; three digits where it has none."""
    if math.isnan(value):
        return "not measurable"
    if sign_of(feature) is not None:
        return f"{percent(value, 0)} of full strength"
    told = _TOLD.get(feature)
    return told(value) if told is not None else f"{value:.3g}".replace("-", "−")
