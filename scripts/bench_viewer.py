"""The yardstick for latency: the barest live viewer that watchdog and pyqtgraph allow."""

import sys
from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer


class Bridge(QObject, FileSystemEventHandler):
    changed = Signal()

    def on_modified(self, event):
        self.changed.emit()


log = Path(sys.argv[1])
app = pg.mkQApp()
plot = pg.PlotWidget()
curves = [plot.plot(pen=pg.intColor(i)) for i in range(4)]
handle = log.open()
rows = []


def read():
    rows.extend([float(cell) for cell in line.split(",")] for line in handle if line[0] != "e")
    for i, curve in enumerate(curves, start=1):
        curve.setData([row[0] for row in rows], [row[i] for row in rows])


bridge = Bridge()
bridge.changed.connect(read)
observer = Observer()
observer.schedule(bridge, str(log.parent))
observer.start()
read()
plot.setGeometry(0, 0, 1480, 900)
plot.show()
sys.exit(app.exec())
