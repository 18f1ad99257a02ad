"""After any history of file operations the live state equals a fresh read, and nothing is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.histories import History


@given(st.randoms(use_true_random=False), st.integers(1, 12))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_that_any_history_of_file_operations_ends_as_a_fresh_read_would(
    random: Random, length: int
):
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder), random)
        history.play(length)
        history.check()
