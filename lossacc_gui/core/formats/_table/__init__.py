"""The parts of the table reader: dialect, plan, rows, bulk, gaps, silent, score."""
