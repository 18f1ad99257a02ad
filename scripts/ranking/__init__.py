"""Fitting and scoring of the ranking: labelled sets, the booster, validation, simulated runs."""
