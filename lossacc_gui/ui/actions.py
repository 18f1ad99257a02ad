"""Everything that can be done, as one table: menus, palette, shortcut sheet and keys follow it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do; `keys` are the shortcuts, the first one is shown."""

    id: str
    title: str
    section: str
    keys: tuple[str, ...] = ()
    checkable: bool = False


ACTS = (
    Act("open", "Open a folder…", "Folder", ("Ctrl+O",)),
    Act("open-address", "Open a remote address…", "Folder", ("Ctrl+Shift+O",)),
    Act("demo", "Watch the demo", "Folder"),
    Act("rescan", "Look for new files now", "Folder", ("F5",)),
    Act("start", "Back to the start page", "Folder"),
    Act("problems", "Show files with problems", "Folder", ("Ctrl+Shift+P",)),
    Act("filter", "Filter runs", "Runs", ("/", "Ctrl+F")),
    Act("next-run", "Next run", "Runs", ("J", "Ctrl+Down")),
    Act("previous-run", "Previous run", "Runs", ("K", "Ctrl+Up")),
    Act("tick", "Tick the run to compare it", "Runs", ("C",)),
    Act("untick", "Untick all runs", "Runs", ("Shift+C",)),
    Act("rename", "Rename the run here…", "Runs", ("F2",)),
    Act("hide", "Hide the run", "Runs"),
    Act("show-hidden", "Show hidden runs again", "Runs"),
    Act("map", "What is what: map metrics…", "Runs"),
    Act("classes", "Number of classes…", "Runs"),
    Act("reveal", "Show the run in the file manager", "Runs"),
    Act("copy-path", "Copy the path of the run", "Runs"),
    Act("next-finding", "Next finding", "Findings", ("N",)),
    Act("previous-finding", "Previous finding", "Findings", ("P",)),
    Act("overview", "The run as a whole; back to the comparison", "Findings", ("Esc",)),
    Act("copy-text", "Copy the explanation as text", "Findings", ("Ctrl+Shift+C",)),
    Act("copy-markdown", "Copy the explanation as Markdown", "Findings"),
    Act("follow", "Follow live", "Plot", ("F",), checkable=True),
    Act("fit", "Fit everything", "Plot", ("0",)),
    Act("mode", "Next arrangement: overlay, stacked, indexed", "Plot", ("M",)),
    Act("x-axis", "Next x axis", "Plot", ("X",)),
    Act("log-loss", "Logarithmic loss", "Plot", ("L",), checkable=True),
    Act("better-up", "Better is up", "Plot", ("U",), checkable=True),
    Act("smoother", "Smooth more", "Plot", ("]",)),
    Act("rougher", "Smooth less", "Plot", ("[",)),
    Act("smoothing-kind", "Smooth by average or by median", "Plot"),
    Act("clip", "Clip outliers", "Plot", ("O",), checkable=True),
    Act("train", "Training curves", "Plot", ("T",), checkable=True),
    Act("markers", "Best and early-stopping marks", "Plot", ("B",), checkable=True),
    Act("shades", "Shaded findings", "Plot", ("S",), checkable=True),
    Act("metrics", "Other metrics in the plot…", "Plot", ("E",)),
    Act("note", "Write a note at the newest point…", "Plot", ("A",)),
    Act("png", "Export a picture (PNG)…", "Export", ("Ctrl+S",)),
    Act("svg", "Export a drawing (SVG)…", "Export"),
    Act("csv-drawn", "Export what is drawn (CSV)…", "Export"),
    Act("csv-full", "Export all points (CSV)…", "Export"),
    Act("html", "Export a report (HTML)…", "Export", ("Ctrl+R",)),
    Act("palette", "Do anything…", "Window", ("Ctrl+K",)),
    Act("shortcuts", "Keyboard shortcuts", "Window", ("?", "F1")),
    Act("settings", "Settings…", "Window", ("Ctrl+,",)),
    Act("alerts", "Desktop notifications", "Window", checkable=True),
    Act("theme", "Next colours: system, light, dark", "Window", ("Ctrl+T",)),
    Act("bigger", "Larger text", "Window", ("Ctrl++", "Ctrl+=")),
    Act("smaller", "Smaller text", "Window", ("Ctrl+-",)),
    Act("full-screen", "Full screen", "Window", ("F11",), checkable=True),
    Act("quit", "Quit", "Window", ("Ctrl+Q",)),
)


class Actions(QObject):
    """The acts as Qt actions of a window. Signal: `asked(act id)`, whatever triggered it."""

    asked = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._made: dict[str, QAction] = {}
        for act in ACTS:
            action = QAction(act.title, window)
            action.setShortcuts([QKeySequence(keys) for keys in act.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setCheckable(act.checkable)
            action.setObjectName(act.id)
            action.triggered.connect(lambda _=False, name=act.id: self.asked.emit(name))
            window.addAction(action)
            self._made[act.id] = action

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def check(self, name: str, on: bool) -> None:
        """Shows the state of a checkable act without asking for it."""
        self._made[name].setChecked(on)


def keys_of(act: Act) -> str:
    """The shortcut as people read it, "" if there is none."""
    shown = QKeySequence.SequenceFormat.NativeText
    return QKeySequence(act.keys[0]).toString(shown) if act.keys else ""
