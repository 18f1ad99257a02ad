"""Curves to evidence to findings: what disagrees, since when, and why most likely."""
