"""Findings and data as HTML, CSV and terminal text."""
