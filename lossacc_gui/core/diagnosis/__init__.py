"""Curves to evidence to findings: what disagrees, since when, and why most likely."""

from lossacc_gui.core.diagnosis.diagnoser import Diagnoser, diagnose

__all__ = ["Diagnoser", "diagnose"]
