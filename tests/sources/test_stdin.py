"""Standard input: passed through unchanged, and spooled for the engine."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from lossacc_gui.sources.stdin import StandardInput


def pipes():
    ours, theirs = os.pipe()
    return os.fdopen(ours, "rb", buffering=0), os.fdopen(theirs, "wb", buffering=0)


def test_that_the_text_goes_through_unchanged_and_into_the_spool():
    source, trainer = pipes()
    reader, sink = pipes()
    spool = StandardInput(source, sink)
    arrived = threading.Event()
    spool.start(arrived.set)
    with source, sink, reader:
        with trainer:
            trainer.write(b"epoch 1 loss 0.5\r\x1b[1m")
            assert arrived.wait(10)
            assert reader.read(100) == b"epoch 1 loss 0.5\r\x1b[1m"
        spool.wait(10)
        assert Path(spool.path).read_bytes() == b"epoch 1 loss 0.5\r\x1b[1m"
        spool.close()
    assert not Path(spool.path).exists()


def test_that_a_closed_sink_does_not_stop_the_spooling():
    source, trainer = pipes()
    reader, sink = pipes()
    reader.close()
    spool = StandardInput(source, sink)
    spool.start(lambda: None)
    with source:
        with trainer:
            trainer.write(b"one\n")
            trainer.write(b"two\n")
        spool.wait(10)
        assert Path(spool.path).read_bytes() == b"one\ntwo\n"
        assert spool.problems() == ()
        spool.close()
