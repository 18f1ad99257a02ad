"""Turns runs and options into the contents of the panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lossacc_gui.core import wording
from lossacc_gui.core.plain import plain
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import SeriesView
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot.against import Differences, Twin, twins
from lossacc_gui.ui.plot.annotate import best_marks, flags, made_by, region_title
from lossacc_gui.ui.plot.choose import folder, line_name, shown_series, told_apart
from lossacc_gui.ui.plot.content import (
    AxisStyle,
    Content,
    Dash,
    Level,
    Line,
    Region,
)
from lossacc_gui.ui.plot.curves import Curve, CurveStore, Recipe, spacing
from lossacc_gui.ui.plot.frame import Side
from lossacc_gui.ui.plot.options import Note, PlotOptions, XMode
from lossacc_gui.ui.plot.panels import panels
from lossacc_gui.ui.plot.phase_data import levels
from lossacc_gui.ui.plot.stretches import sharing
from lossacc_gui.ui.plot.xaxis import NAMES, XMap
from lossacc_gui.ui.theme import GLYPHS, Theme, run_colours


@dataclass(frozen=True, slots=True)
class Shown:
    """The runs to show, which of them is selected, and what the person calls them."""

    views: tuple[RunView, ...]
    selected: int
    names: tuple[str, ...]


LIKE_BASELINE = (Level(0.0, "left", "as the baseline"), Level(0.0, "right", "as the baseline"))


class Builder:
    """Makes the panels' contents; keeps curves between calls so that only what grew is redone."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._store = CurveStore()
        self._rates = CurveStore()
        self._differences = Differences()
        self._base: dict[tuple[str, str], Twin] | None = None
        self.missing: tuple[str, ...] = ()

    def build(
        self, shown: Shown, options: PlotOptions, mode: XMode, notes: Sequence[Note] = ()
    ) -> list[Content]:
        """One content (overlay, indexed) or two (loss above accuracy)."""
        views, names, several = shown.views, shown.names, len(shown.views) > 1
        self._store.begin()
        maps = [XMap(view.data, mode) for view in views]
        groups = [folder(view.data.path) if options.bands and several else "" for view in views]
        colours = run_colours(
            [g or v.data.name for g, v in zip(groups, views, strict=True)], self._theme.palette
        )
        base = next((i for i, v in enumerate(views) if v.data.key == options.baseline), None)
        self._base = twins(views[base].data, maps[base]) if several and base is not None else None
        lines: list[Line] = []
        missing: list[str] = []
        for view, xmap, name, group in zip(views, maps, names, groups, strict=True):
            look = (name, colours[group or view.data.name]) if several else ("", "")
            if view.data.key != options.baseline or self._base is None:
                made = self._lines_of(view, xmap, options, look, missing)
                lines += [replace(line, group=group) for line in made]
        self._store.end()
        self.missing = tuple(missing)
        lines = told_apart(lines, views)
        against = plain(names[base], 24) if self._base is not None and base is not None else ""
        content = Content(
            left=self._loss_axis(options, several, against),
            right=self._accuracy_axis(several, against),
            lines=tuple(lines),
            clip=options.clip_outliers,
            message=self._message(views, lines, mode),
            hint=self._hint(mode),
        )
        if lines:
            content = self._annotated(
                content, views[shown.selected], maps[shown.selected], options, notes
            )
        return panels(content, options.mode, several)

    def lr_lines(self, view: RunView, mode: XMode) -> tuple[Line, ...]:
        """The learning rates of one run, for the strip; kept apart from the other curves."""
        made = []
        xmap = XMap(view.data, mode)
        self._rates.begin()
        for series in view.data.series:
            if series.role == "lr":
                curve = self._rates.get(view.data.key, series, xmap, Recipe(mode))
                if curve is not None and len(curve.x):
                    colour = self._theme.palette.lr
                    name = plain(series.tag, 24)
                    made.append(
                        Line(series.key, view.data.key, curve, "left", "number", colour, name)
                    )
        self._rates.end()
        return tuple(made)

    # -- curves ----------------------------------------------------------------------------

    def _lines_of(
        self,
        view: RunView,
        xmap: XMap,
        options: PlotOptions,
        look: tuple[str, str],
        missing: list[str],
    ) -> list[Line]:
        run = view.data
        held_out = run.held_out
        unit = spacing(run.main("loss", held_out) or run.main("accuracy", held_out), xmap)
        recipe = Recipe(
            xmap.mode, options.half_life * unit, options.smoothing, options.mode == "indexed"
        )
        made = []
        for series in shown_series(view, options):
            if self._base is not None:
                difference = self._differences.of(run.key, series, xmap, self._base)
                if difference is None:
                    continue
                series = difference
            curve = self._store.get(run.key, series, xmap, recipe)
            if curve is None or not len(curve.x):
                missing.append(line_name(series, look[0]))
                continue
            made.append(self._line(view, series, curve, xmap, options, look))
        return made

    def _line(
        self,
        view: RunView,
        series: SeriesView,
        curve: Curve,
        xmap: XMap,
        options: PlotOptions,
        look: tuple[str, str],
    ) -> Line:
        name, run_colour = look
        palette = self._theme.palette
        quantity = {"loss": palette.loss, "accuracy": palette.accuracy}
        side: Side = "right" if series.role == "accuracy" else "left"
        strong = series.split != "train"
        dash: Dash = {"train": "dash", "test": "dot"}.get(series.split, "solid")  # type: ignore[assignment]
        if series.split == view.data.held_out:
            dash = "solid"
        return Line(
            key=series.key,
            run=view.data.key,
            curve=curve,
            side=side,
            unit="percent" if options.mode == "indexed" or series.role == "accuracy" else "number",
            colour=run_colour or quantity.get(series.role, palette.muted),
            name=line_name(series, name),
            strong=strong,
            dash=dash,
            labelled=strong or not run_colour,
            quantity={"loss": "loss", "accuracy": "acc"}.get(series.role, ""),
            ghosts=self._ghosts(series, xmap) if options.show_ghosts else (),
        )

    @staticmethod
    def _ghosts(series: SeriesView, xmap: XMap) -> tuple[tuple[Floats, Floats], ...]:
        made = []
        shown = xmap.column(series)
        for ghost in series.ghosts:
            if xmap.mode == series.x_kind:
                made.append((ghost.x, ghost.y))
            elif shown is not None and np.isfinite(shown).all() and len(shown):
                made.append((np.interp(ghost.x, series.x, shown), ghost.y))
        return tuple(made)

    # -- axes ------------------------------------------------------------------------------

    def _loss_axis(self, options: PlotOptions, several: bool, against: str) -> AxisStyle:
        palette = self._theme.palette
        colour = palette.text if several else palette.loss
        if options.mode == "indexed":
            return AxisStyle(
                "share of the initial loss or errors removed",
                "higher is better",
                palette.text,
                "percent",
            )
        hint = "lower is better" + (", axis flipped" if options.better_up else "")
        title = f"loss minus {against}" if against else "loss"
        log = options.log_loss and not against
        return AxisStyle(title, hint, colour, "number", log, options.better_up)

    def _accuracy_axis(self, several: bool, against: str) -> AxisStyle:
        palette = self._theme.palette
        colour = palette.text if several else palette.accuracy
        title = f"accuracy minus {against}" if against else "accuracy"
        fixed = None if against else (0.0, 1.0)
        return AxisStyle(title, "higher is better", colour, "percent", fixed=fixed)

    # -- what stands on the curves ---------------------------------------------------------

    def _annotated(
        self,
        content: Content,
        view: RunView,
        xmap: XMap,
        options: PlotOptions,
        notes: Sequence[Note],
    ) -> Content:
        lines = {line.key: line for line in content.lines if line.run == view.data.key}
        marked = options.show_markers and self._base is None and options.mode != "indexed"
        marks = best_marks(view, lines, options, xmap.mode) if marked else ()
        return replace(
            content,
            regions=tuple(self._regions(view, xmap)) if options.show_findings else (),
            marks=marks,
            flags=tuple(flags(view, xmap, lines, notes)),
            levels=_levels(view) if self._base is None else LIKE_BASELINE,
        )

    def _regions(self, view: RunView, xmap: XMap) -> list[Region]:
        made: list[Region] = []
        for finding in wording.by_weight(view.diagnosis):
            start = xmap.to_shown(finding.start, finding.x_kind)
            end = xmap.to_shown(finding.end, finding.x_kind)
            if start is None or end is None:
                continue
            made.append(
                Region(
                    key=finding.key,
                    start=min(start, end),
                    end=max(start, end),
                    glyph=GLYPHS["info" if finding.benign else finding.severity],
                    name=plain(finding.title, 48),
                    title=region_title(finding),
                    text=plain(finding.label, 160),
                    colour=self._theme.severity_colour(finding.severity, benign=finding.benign),
                    quiet=wording.is_quiet(finding),
                    series=made_by(finding, view),
                    run=view.data.key,
                )
            )
        return sharing(made)

    # -- words -----------------------------------------------------------------------------

    def _message(self, views: Sequence[RunView], lines: Sequence[Line], mode: XMode) -> str:
        if not views:
            return "Choose a run to see its curves"
        if lines:
            return ""
        if self.missing:
            return f"No {NAMES[mode]} is logged for these curves: choose another x"
        return "No loss or accuracy in this run yet"

    def _hint(self, mode: XMode) -> str:
        if not self.missing:
            return ""
        names = ", ".join(self.missing[:3]) + (" …" if len(self.missing) > 3 else "")
        return f"without {NAMES[mode]}, so not shown: {names}"


def _levels(view: RunView) -> tuple[Level, ...]:
    known = levels(view.diagnosis.phase_map)
    return tuple(Level(accuracy, "right", told) for accuracy, told in known)
