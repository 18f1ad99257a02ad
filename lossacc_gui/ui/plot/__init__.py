"""The plot: what the window needs of it is PlotPane, PhaseMap and their options."""
