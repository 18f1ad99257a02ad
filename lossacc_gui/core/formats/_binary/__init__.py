"""Frames, blocks and messages of binary logs, shared by their formats."""
