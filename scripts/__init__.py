"""Scripts for people who work on LossAcc."""
