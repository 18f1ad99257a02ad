"""LossAcc: watches training logs, shows where loss and accuracy disagree, and explains why."""

__version__ = "0.1.0"
