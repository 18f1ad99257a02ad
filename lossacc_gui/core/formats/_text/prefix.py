"""Takes off what loggers write before a message: time, level, module, process, host, rank."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

_STAMP = re.compile(
    r"[\[(<]?(?P<y>\d{4})[-/.](?P<mo>\d\d)[-/.](?P<d>\d\d)[T ,_-]{1,2}"
    r"(?P<h>\d\d):(?P<mi>\d\d)(?::(?P<s>\d\d)(?:[.,:](?P<f>\d{1,9}))?)?"
    r"\s?(?P<z>Z|UTC|[+-]\d\d:?\d\d)?[\])>]?"
)
_SHORT_STAMP = re.compile(
    r"[\[(<]?(?:"
    r"\d\d[-/.]\d\d(?:[-/.]\d{2,4})?[ T,]{1,2}\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?"
    r"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s)?"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\s+\d{1,2},?\s(?:\d{4}\s)?"
    r"\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?"
    r"|\d\d:\d\d:\d\d(?:[.,]\d+)?"
    r"|\d{4}-\d\d-\d\d"
    r")(?:\s?[AP]M)?[\])>]?(?![\w:])"
)
_GLOG = re.compile(r"[IWEFD]\d{4} \d\d:\d\d:\d\d(?:\.\d+)?\s+\d+ [\w./<>-]+:\d+\]\s?")
_LEVEL = re.compile(
    r"(?<![\w])(?:INFO|WARNING|WARN|DEBUG|ERROR|CRITICAL|FATAL|TRACE|NOTICE|SUCCESS|info|debug|Info)"
    r"(?![\w=])"
)
_AFTER_LEVEL = re.compile(
    r"[\])>}]*(?:(?:\s*\[[^\]\d]*\])?(?:\s*[:|>-]+)?(?=\s|$)|:[A-Za-z_][\w.]*:|[:|])?\s*"
)
_LOCATION = re.compile(
    r"(?:[|:-]\s*)?(?:[A-Za-z_]\w*(?:\.\w+)+(?=\s+[-:]\s)|[\w.<>]+:[\w.<>]+:\d+|[\w./-]+\.(?:py|cc|cpp|jl|lua|rs|go):\d+"
    r"|\([\w.]+:\d+\)|\[[\w./-]+\.(?:py|cc|cpp|jl|rs):\d+(?::\w+)?\])\s*[\]):|>-]*\s*"
)
_ORIGIN = re.compile(
    r"(?:\((?:[\w.-]+ )?pid=\d+[^)]{0,80}\)|\[\d+,\d+\]<std(?:out|err)>:|<std(?:out|err)>:?"
    r"|\[(?:default|rank|node|worker|gpu)[-_ ]?\d+\]:?"
    r"|(?:rank|worker|node|gpu)[-_ ]?\d+\s*[:|>])\s*",
    re.IGNORECASE,
)
_RANK = re.compile(r"(?<![a-z])rank[-_ :=]*(\d+)", re.IGNORECASE)
_BEFORE_STAMP = re.compile(r"[\w\[\]():./@# |,-]{0,80}\Z")
_COUNTER = re.compile(r"epoch|step|iter|batch|round", re.IGNORECASE)
_LONGEST_PREFIX = 160
_SEPARATORS = " \t|:>-"


class Message(NamedTuple):
    """A line without its prefix; `time` is in seconds since 1970, NaN if the prefix has no date."""

    text: str
    time: float
    rank: int | None  # of the process that wrote it, if the prefix tells


def message(line: str) -> Message:
    """Takes the prefix off one line; a line without any comes back as it is."""
    text, time = line, float("nan")
    rank: int | None = None
    for _ in range(3):  # the process that forwards a line puts its own prefix before the logger's
        origin = _ORIGIN.match(text)
        if not origin:
            break
        told = _RANK.search(origin.group())
        rank = int(told.group(1)[:6]) if told else rank
        text = text[origin.end() :]
    glog = _GLOG.match(text)
    if glog:
        return Message(text[glog.end() :], time, rank)
    head = text[:_LONGEST_PREFIX]
    text, time, stamped = _without_stamp(text, head)
    level = _LEVEL.search(text, 0, 90)
    if level and _is_prefix(text[: level.start()], stamped):
        after = _AFTER_LEVEL.match(text, level.end())
        text = text[after.end() if after else level.end() :]
        stamped = True
        if time != time and (text[:2].isdigit() or text[:1] in "[("):
            text, time, _ = _without_stamp(text, text[:_LONGEST_PREFIX])
    if stamped:
        text = _without_location(text)
    return Message(text, time, rank)


def stamp_of(line: str) -> float:
    """The time of a line that is known to carry a date, in seconds since 1970."""
    stamp = _STAMP.search(line[:_LONGEST_PREFIX])
    return _seconds(stamp) if stamp else float("nan")


def _without_stamp(text: str, head: str) -> tuple[str, float, bool]:
    stamp = _STAMP.search(head)
    if stamp and _is_before_stamp(head[: stamp.start()]):
        rest = text[stamp.end() :]
        return rest.lstrip(_SEPARATORS) if rest[:1] in _SEPARATORS else rest, _seconds(stamp), True
    short = _SHORT_STAMP.match(head)
    if short:
        rest = text[short.end() :]
        return rest.lstrip(_SEPARATORS) if rest[:1] in _SEPARATORS else rest, float("nan"), True
    return text, float("nan"), False


def _is_before_stamp(before: str) -> bool:
    return bool(_BEFORE_STAMP.match(before)) and not _COUNTER.search(before)


def _is_prefix(before: str, stamped: bool) -> bool:
    """Whether what stands before a level word is a logger's (module, pid), not the message's."""
    if not before.strip(" \t[(<|:-"):
        return True
    return stamped and "=" not in before and ": " not in before.rstrip(": ")


def _without_location(text: str) -> str:
    location = _LOCATION.match(text)
    if location:
        return text[location.end() :]
    return text


def _seconds(stamp: re.Match[str]) -> float:
    part = stamp.groupdict()
    zone = part["z"]
    try:
        when = datetime(
            int(part["y"]),
            int(part["mo"]),
            int(part["d"]),
            int(part["h"]),
            int(part["mi"]),
            int(part["s"] or 0),
            tzinfo=_zone(zone) if zone else None,
        )
        return when.timestamp() + float(f"0.{part['f'] or 0}")
    except (ValueError, OverflowError, OSError):
        return float("nan")


def _zone(text: str) -> timezone:
    if text in ("Z", "UTC"):
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if text[0] == "+" else -offset)
