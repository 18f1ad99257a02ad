"""Compares what `inspect` reads from a folder of logs with the truth files beside them.

    python scripts/check_logs.py ../shared/logs            the engine's reading, as people get it
    python scripts/check_logs.py ../shared/logs --files    each file by its reader alone, no engine
    python scripts/check_logs.py ../shared/logs keras_csvlogger wandb_offline     only these sources

A truth series counts as read when one series has its metric, its split, its number of points and
its values (within the tolerance of the truth file; percentages converted). Whether the x values
agree as well is counted apart. Every miss is printed with its reason. The exit status is 1 when
something is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lossacc_gui.core.formats import HEAD_BYTES, best_format
from lossacc_gui.core.names import fraction_scale, recognise

JUDGED = ("loss", "accuracy", "lr")
RELATIVE = 1e-5


@dataclass
class Curve:
    """One series as read."""

    tag: str
    metric: str
    split: str
    points: list[tuple[float, float]]
    where: str


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("logs", type=Path)
    arguments.add_argument("sources", nargs="*")
    arguments.add_argument("--files", action="store_true", help="readers alone, without the engine")
    options = arguments.parse_intermixed_args()
    wanted = seen = with_x = 0
    for truth_file in sorted(options.logs.glob("*.truth.json")):
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
        name = truth["name"]
        if options.sources and name not in options.sources:
            continue
        folder = options.logs / name
        curves = list(read_files(folder) if options.files else inspect(folder))
        judged = [s for s in truth["series"] if s["metric"] in JUDGED]
        results = [judge(series, curves) for series in judged]
        wanted += len(judged)
        seen += sum(r in ("", "x") for r in results)
        with_x += sum(r == "" for r in results)
        print_source(name, judged, results)
    print(f"\n{seen} of {wanted} series read ({seen / max(wanted, 1):.1%}); x too: {with_x}")
    return 0 if seen == wanted else 1


def print_source(name: str, judged: list[dict[str, Any]], results: list[str]) -> None:
    """One line per source, one per miss."""
    read = sum(r in ("", "x") for r in results)
    print(f"{'ok  ' if read == len(judged) else 'MISS'} {name}: {read}/{len(judged)}")
    for series, result in zip(judged, results, strict=True):
        what = f"{series['split']} {series['metric']} {series['tag']!r} of {series['run']}"
        where = series.get("file") or ""
        if result == "x":
            print(f"       x differs: {what} ({where}), truth counts {series['x']}")
        elif result:
            print(f"     - {what} ({where}): {result}")


def inspect(folder: Path) -> Iterator[Curve]:
    """The series that the command line prints for a folder."""
    from lossacc_gui.cli import main as command

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        command(["inspect", str(folder), "--json", "--points"])
    text = printed.getvalue()
    for run in json.loads(text)["runs"] if text.strip() else []:
        for series in run["series"]:
            points = [(float(x), float(y)) for x, y in series["points"]]
            yield Curve(series["tag"], series["metric"], series["split"], points, run["run"])


def read_files(folder: Path) -> Iterator[Curve]:
    """The series of each file that a stream format claims, roles and splits by name."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        yield from read_file(path, path.relative_to(folder.parent))


def read_file(path: Path, shown: PurePath) -> Iterator[Curve]:
    data = path.read_bytes()
    chosen = best_format(data[:HEAD_BYTES], path)
    if chosen is None or not hasattr(chosen, "Reader"):
        return
    reader = chosen.Reader(path)
    points: dict[tuple[str, str | None, str], list[tuple[float, float]]] = {}
    signs: set[str] = set()
    for rows in (reader.feed(data), reader.finish()):
        for column in rows.columns:
            curve = points.setdefault((column.tag, column.split, column.run), [])
            signs |= {column.tag} if column.percent else set()
            for i, y in enumerate(column.y):
                x = next(
                    (
                        float(a[i])
                        for a in (column.step, column.epoch)
                        if a is not None and not math.isnan(a[i])
                    ),
                    float(len(curve) + 1),
                )
                curve.append((x, float(y)))
    tags = {tag for tag, _, _ in points}
    for (tag, split, _), curve in points.items():
        name = recognise(tag, shown.parts[1:], split, tags)
        scale = 1.0
        if name.role == "accuracy":
            scale = fraction_scale(tag, [y for _, y in curve], tag in signs)
        yield Curve(tag, name.role, name.split, [(x, y * scale) for x, y in curve], str(shown))


def judge(truth: dict[str, Any], curves: list[Curve]) -> str:
    """ "" when read, "x" when only the x values differ, otherwise the reason of the miss."""
    reasons = []
    for curve in sorted(curves, key=lambda c: c.tag != truth["tag"]):
        reason = compare(truth, curve)
        if reason == "":
            return ""
        reasons.append((reason, curve))
    if any(reason == "x" for reason, _ in reasons):
        return "x"
    return nearest_reason(truth, reasons)


def nearest_reason(truth: dict[str, Any], reasons: list[tuple[str, Curve]]) -> str:
    """Why the curve that comes nearest was not taken."""
    same_values = [c for r, c in reasons if r == "role"]
    if same_values:
        found = ", ".join(f"{c.split} {c.metric} {c.tag!r} in {c.where}" for c in same_values[:3])
        return f"its values were read as {found}"
    near = [(r, c) for r, c in reasons if c.tag == truth["tag"] and r != "other"]
    near = near or [(r, c) for r, c in reasons if r != "other"]
    if near:
        return f"{near[0][0]} ({near[0][1].tag!r} in {near[0][1].where})"
    return "nothing with this metric and split"


def compare(truth: dict[str, Any], curve: Curve) -> str:
    """ "", "x", "role" (the values agree only), "other", or what differs."""
    same_role = (curve.metric, curve.split) == (truth["metric"], truth["split"])
    values = differing_values(truth, curve)
    if values:
        return values if same_role else "other"
    if not same_role:
        return "role"
    points = truth.get("points")
    if points and any(
        abs(float(a[0]) - b[0]) > 1e-6 + 1e-3 * abs(b[0])
        for a, b in zip(points, curve.points, strict=True)
    ):
        return "x"
    return ""


def differing_values(truth: dict[str, Any], curve: Curve) -> str:
    """What differs in number or values, "" when they agree in fractions or in percent."""
    if len(curve.points) != truth["n_points"]:
        return differing_number(truth, curve)
    scales = (1.0, 0.01) if truth["metric"] == "accuracy" else (1.0,)
    found = [y for _, y in curve.points]
    for scale in scales:
        tolerance = (truth.get("tol") or 0.0) * scale
        relative = max(truth.get("rtol") or 0.0, RELATIVE)
        if "points" in truth:
            expected = [number(y) * scale for _, y in truth["points"]]
            pairs = list(zip(expected, found, strict=True))
        else:
            ends = (truth["first"][1], truth["last"][1], truth["min"], truth["max"])
            finite = [y for y in found if math.isfinite(y)]
            own = (found[0], found[-1], min(finite), max(finite))
            pairs = [(number(a) * scale, b) for a, b in zip(ends, own, strict=True)]
        if all(close(a, b, tolerance, relative) for a, b in pairs):
            return ""
    return "other values"


def differing_number(truth: dict[str, Any], curve: Curve) -> str:
    """Whether points were only lost (a torn log can cost some), or invented."""
    expected = {(float(x), number(y)) for x, y in truth.get("points", ())}
    invented = [
        point
        for point in curve.points
        if not any(
            close(point[0], x, 1e-6, 1e-9) and close(point[1], y, 0, 1e-5) for x, y in expected
        )
    ]
    told = "" if invented or not expected else ", none of them invented"
    return f"{len(curve.points)} points instead of {truth['n_points']}{told}"


def number(value: object) -> float:
    return float(str(value).replace("Infinity", "inf"))


def close(a: float, b: float, absolute: float, relative: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if math.isinf(a) or math.isinf(b):
        return a == b
    return abs(a - b) <= absolute * 1.001 + relative * abs(a) + 1e-12


if __name__ == "__main__":
    raise SystemExit(main())
