"""The causes: one module each, found by folder."""
