"""The visible x range and who moves it: follow the newest point, keep what is shown, or fit all."""

from __future__ import annotations

import math

from lossacc_gui.ui.plot.options import ViewState


class Viewport:
    """Plain state; knows no widget. `extent` is the x range of all data, None without any."""

    def __init__(self) -> None:
        self.x0, self.x1 = 0.0, 1.0
        self.state: ViewState = "fit"
        self.extent: tuple[float, float] | None = None
        self._whole = True  # while following: everything, or a window that slides

    def set_extent(self, low: float, high: float) -> None:
        """Take new data's range; moves the view unless the person holds it."""
        before = self.extent
        self.extent = (low, high)
        if self.state == "fit" or (self.state == "follow" and self._whole) or before is None:
            self._show_all()
        elif self.state == "follow":
            self._slide()

    def clear(self) -> None:
        """Forget the data, so that the next fits anew."""
        self.extent = None
        self.x0, self.x1 = 0.0, 1.0
        if self.state == "keep":
            self.state = "fit"
        self._whole = True

    def fit(self) -> None:
        """Show everything, now and later."""
        self.state = "fit"
        self._whole = True
        self._show_all()

    def follow(self, on: bool) -> None:
        """Keep the newest point in view, with the width that is shown; or let go."""
        if not on:
            if self.state == "follow":
                self.state = "keep" if not self._whole else "fit"
            return
        self._whole = self.state == "fit" or self.covers_all()
        self.state = "follow"
        if self._whole:
            self._show_all()
        else:
            self._slide()

    def covers_all(self) -> bool:
        """Whether all data is in view."""
        if self.extent is None:
            return True
        slack = 1e-9 * max(1.0, abs(self.extent[1] - self.extent[0]))
        return self.x0 <= self.extent[0] + slack and self.x1 >= self.extent[1] - slack

    def pan(self, by: float) -> None:
        """Move by so many x; the person now holds the view."""
        self.state = "keep"
        self._set(self.x0 + by, self.x1 + by)

    def zoom(self, factor: float, centre: float) -> None:
        """Scale around a place. Zooming lets follow go on as a sliding window."""
        if self.state == "follow" and self.extent is not None:
            centre = max(centre, min(self.x1, self.extent[1])) if factor < 1 else centre
            self._whole = False
        else:
            self.state = "keep"
        self._set(centre + (self.x0 - centre) * factor, centre + (self.x1 - centre) * factor)
        if self.state == "follow" and self.covers_all():
            self._whole = True

    def show(self, x0: float, x1: float) -> None:
        """Show this range and hold it."""
        self.state = "keep"
        self._set(min(x0, x1), max(x0, x1))

    def reveal(self, start: float, end: float) -> bool:
        """Bring a stretch into view with some air around; whether anything had to move."""
        if self.x0 <= start and end <= self.x1 and (end - start) > 0.02 * (self.x1 - self.x0):
            return False
        if self.x0 <= start and end <= self.x1 and self.extent and start == end:
            return False
        width = max((end - start) * 1.6, (self.x1 - self.x0) * 0.25 if end == start else 0.0)
        width = max(width, 1e-9)
        middle = (start + end) / 2
        self.show(middle - width / 2, middle + width / 2)
        return True

    def _show_all(self) -> None:
        if self.extent is not None:
            self.x0, self.x1 = with_air(*self.extent)

    def _slide(self) -> None:
        if self.extent is None:
            return
        width = self.x1 - self.x0
        end = self.extent[1] + 0.02 * width
        if not (self.x0 <= self.extent[1] <= self.x1 and self.x1 - self.extent[1] < 0.1 * width):
            self.x0, self.x1 = end - width, end

    def _set(self, x0: float, x1: float) -> None:
        if not (math.isfinite(x0) and math.isfinite(x1)):
            return
        span = x1 - x0
        low, high = with_air(*self.extent) if self.extent else (x0, x1)
        least = max(1e-6 * (high - low), 1e-9 * max(1.0, abs(x0)))
        if span < least or span > 50 * (high - low):
            return
        # Some data always stays in view, or the person is lost in white.
        if x1 < low + 0.05 * span:
            x0, x1 = low + 0.05 * span - span, low + 0.05 * span
        if x0 > high - 0.05 * span:
            x0, x1 = high - 0.05 * span, high - 0.05 * span + span
        self.x0, self.x1 = x0, x1


def with_air(low: float, high: float) -> tuple[float, float]:
    """The data's range with a little room, so that no point sits on an axis."""
    span = high - low
    if span <= 0:
        span = max(1.0, abs(low) * 1e-3)
        return low - span / 2, high + span / 2
    return low - 0.012 * span, high + 0.012 * span
