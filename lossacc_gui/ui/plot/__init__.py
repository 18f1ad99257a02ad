"""The plot pane: dual axes, regions, markers, crosshair, phase map, timeline."""
