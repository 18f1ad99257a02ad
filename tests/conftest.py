"""What all tests share: where Qt draws, and how hypothesis draws its examples."""

import os

from hypothesis import settings

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# CI draws the same examples every time, so that a landing is not a matter of luck; people's own
# runs go on looking for new ones. No deadline: speed is the benches' affair.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("person", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "person")
