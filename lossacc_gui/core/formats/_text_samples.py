"""Short logs that the text reader must read, as different as they come."""

from __future__ import annotations

from lossacc_gui.core.formats import Sample

SAMPLES: tuple[Sample, ...] = ()
