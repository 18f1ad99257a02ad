"""The person's choices: one frozen dataclass whose fields carry label, range and help."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

logger = logging.getLogger(__name__)

T = TypeVar("T")
FOLDER = Path(platformdirs.user_config_dir("lossacc-gui", appauthor=False))
"""Where settings live unless told otherwise: never a log directory."""


def _setting(
    default: T,
    label: str,
    help: str,  # noqa: A002
    section: str,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    unit: str = "",
    least: str = "",
) -> T:
    """A field that shows in the settings dialog; `choices` are (value, label).

    `least` is what the lowest number is called there.
    """
    metadata = {
        "label": label,
        "help": help,
        "section": section,
        "low": low,
        "high": high,
        "choices": choices,
        "unit": unit,
        "least": least,
    }
    made: T = field(default=default, metadata=metadata)
    return made


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. A new setting is one field; dialog and file follow from it."""

    theme: str = _setting(
        "system",
        "Colours",
        "Follows the desktop, or stays light or dark.",
        "Look",
        choices=(("system", "as the system"), ("light", "light"), ("dark", "dark")),
    )
    font_size: int = _setting(
        0,
        "Text size",
        "10 pt is the usual size.",
        "Look",
        low=0,
        high=32,
        unit=" pt",
        least="usual",
    )
    smoothing: float = _setting(
        0.0,
        "Smoothing",
        "Half-life in evaluations; the raw curve stays visible.",
        "Curves",
        low=0.0,
        high=50.0,
        unit=" points",
        least="off",
    )
    smoothing_kind: str = _setting(
        "ema",
        "Kind of smoothing",
        "The average looks back only; the median keeps steps sharp and drops single spikes.",
        "Curves",
        choices=(("ema", "moving average"), ("median", "centred median")),
    )
    x_axis: str = _setting(
        "auto",
        "x axis",
        "What runs along the bottom; automatic takes the epoch where it is logged.",
        "Curves",
        choices=(
            ("auto", "automatic"),
            ("epoch", "epoch"),
            ("step", "step"),
            ("relative", "time since start"),
            ("clock", "clock time"),
        ),
    )
    mode: str = _setting(
        "overlay",
        "Arrangement",
        "Both quantities on two axes, two stacked panels, or change since the start.",
        "Curves",
        choices=(("overlay", "overlay"), ("stacked", "stacked"), ("indexed", "indexed")),
    )
    log_loss: bool = _setting(False, "Logarithmic loss axis", "Shows small losses apart.", "Curves")
    up_is_better: bool = _setting(
        False, "Better is up", "Turns the loss axis over, so that up is good on both.", "Curves"
    )
    follow: bool = _setting(
        True, "Follow live runs", "Keeps the newest point in view until you pan.", "Curves"
    )
    purpose: str = _setting(
        "any",
        "The model is used for",
        "Advice for this use comes first.",
        "Advice",
        choices=(
            ("any", "not said"),
            ("answers", "its answers (the class only)"),
            ("probabilities", "its probabilities"),
        ),
    )
    alerts: bool = _setting(
        True, "Desktop notifications", "One per event and run; off is off for all.", "Alerts"
    )
    alert_findings: bool = _setting(
        True,
        "… for a new serious finding",
        "Once per finding that is likelier than not, on live runs only.",
        "Alerts",
    )
    alert_numeric: bool = _setting(True, "… when a value becomes NaN", "Once per run.", "Alerts")
    alert_stalled: bool = _setting(
        True, "… when a run stalls", "No point for much longer than usual.", "Alerts"
    )
    alert_finished: bool = _setting(
        False, "… when a run has ended", "Once per run that was seen live.", "Alerts"
    )
    demand_folder: bool = _setting(
        True, "Open the last folder at start", "Otherwise the welcome page shows.", "Start"
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """How the window was left: geometry and folders; restored, not set by hand."""

    geometry: str = ""  # base64 of QWidget.saveGeometry
    panes: tuple[int, ...] = ()
    recent: tuple[str, ...] = ()  # newest first
    last: tuple[str, ...] = ()  # the paths that were open


def write_atomically(path: Path, text: str) -> None:
    """Writes `text` so that a crash leaves the old file or the new one, never half of it.

    Raises:
        OSError: the folder cannot be written.
    """

    def write(part: Path) -> None:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    path.parent.mkdir(parents=True, exist_ok=True)
    replace_whole(path, write)


def replace_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Lets `write` fill a file beside `path` that takes its place only once it is complete.

    Raises:
        OSError: the folder cannot be written; whatever `write` raises. Nothing is left behind.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-", suffix=path.suffix)
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def read_json(path: Path) -> tuple[dict[str, Any], str]:
    """The JSON object in `path` and a message: empty, or why defaults are used instead."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError, RecursionError) as error:
        return {}, f"{path}: cannot be read ({error}); defaults are used"
    if not isinstance(loaded, dict):
        return {}, f"{path}: expected a JSON object; defaults are used"
    return loaded, ""


def _fitting(spec: dataclasses.Field[Any], value: object) -> object | None:
    """`value` if the field may hold it (numbers cut to their range), else None."""
    default = spec.default
    if isinstance(default, bool):
        return value if isinstance(value, bool) else None
    if isinstance(default, int | float):
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return None
        low, high = spec.metadata.get("low"), spec.metadata.get("high")
        bounded = max(value if low is None else low, min(value, value if high is None else high))
        return type(default)(bounded)
    if isinstance(default, tuple):
        return tuple(value) if isinstance(value, list) else None
    choices = [choice for choice, _ in spec.metadata.get("choices", ())]
    if not isinstance(value, str) or (choices and value not in choices):
        return None
    return value


def from_dict(kind: type[T], loaded: dict[str, Any]) -> tuple[T, str]:
    """A dataclass filled from `loaded`; what does not fit keeps its default and is named."""
    kept: dict[str, Any] = {}
    wrong: list[str] = []
    for spec in dataclasses.fields(kind):  # type: ignore[arg-type]
        if spec.name not in loaded:
            continue
        value = _fitting(spec, loaded[spec.name])
        if value is None:
            wrong.append(spec.name)
        else:
            kept[spec.name] = value
    message = f"settings that could not be understood: {', '.join(wrong)}" if wrong else ""
    return kind(**kept), message


def load(kind: type[T], path: Path) -> tuple[T, str]:
    """The dataclass `kind` from its file, and a message for the person ("" when all is well)."""
    loaded, broken = read_json(path)
    value, wrong = from_dict(kind, loaded)
    return value, broken or wrong


def save(value: Any, path: Path) -> str:
    """Saves a dataclass as JSON; returns "" or why it could not be saved."""
    try:
        write_atomically(path, json.dumps(dataclasses.asdict(value), indent=2))
    except OSError as error:
        logger.warning("settings not saved: %s", error)
        return f"{path}: cannot be saved ({error})"
    return ""
