"""How sure it is that a JSON file is a log of a training, from its head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from lossacc_gui.core.formats import CONFIDENT
from lossacc_gui.core.formats._json.messages import score_of_messages
from lossacc_gui.core.formats._json.records import flatten, is_quality
from lossacc_gui.core.formats._json.text import NotJsonError, parse
from lossacc_gui.core.formats._table.plan import tag_of_file
from lossacc_gui.core.formats._told import VALUE_KEYS, normal, told_split
from lossacc_gui.core.names import x_kind

_LINES_LOOKED_AT = 250
_KEY_OF_NUMBERS = re.compile(r'"([^"\\]{1,120})"\s*:\s*\[\s*(?:-?[\d.]|NaN|null|\[\s*-?\d)')
_KEY_OF_NUMBER = re.compile(r'"([^"\\]{1,120})"\s*:\s*"?(?:-?[\d.]|NaN|-?Infinity)')
_KEY_OF_OBJECT = re.compile(r'"([^"\\]{1,120})"\s*:\s*\{')
_NUMBERED = re.compile(r"(?:epoch|step|iter|iteration|round)?[ _-]?\d{1,12}", re.IGNORECASE)
_ROWS = re.compile(r'(?:^\s*|"[^"\\]{1,120}"\s*:\s*)\[\s*\{')
_TRIPLES = re.compile(r"\s*\[\s*\[\s*-?\d[^\[\]]*,[^\[\]]*\]")
_LONG_FORM = re.compile(r'"(?:metric|name|key|tag)"\s*:\s*"([^"\\]{1,120})"')
_WORDS = re.compile(r'"([^"\\]{1,120})"\s*[,\]]')
_LINE_SUFFIXES = (".jsonl", ".ndjson")
_VOCABULARY = 300


def score_lines(text: str, path: PurePath) -> int:
    """0..100 for one record a line."""
    lines = text.splitlines()[:_LINES_LOOKED_AT]
    parsed = [record for line in lines for record in _records(line)]
    texts = sum(1 for line in lines if line.strip())
    if not parsed:
        return 0
    whole = sum(1 for line in lines if _starts_json(line))
    if whole < 0.5 * texts:
        return 30
    found = [_worth(record) for record in parsed]
    best = max(found)
    several = whole > 1 or path.suffix in _LINE_SUFFIXES or (best == 2 and _has_x(parsed))
    one_document = path.suffix not in _LINE_SUFFIXES and _is_document(text)
    if not several or one_document or _opens_array(lines):
        return 20
    if best == 2 and all(map(_is_comparison, parsed)):
        return 30
    if best < 2 and score_of_messages(parsed, path) >= CONFIDENT:
        return 75
    return {2: 90, 1: 60, 0: 25}[best]


def score_document(text: str, path: PurePath) -> int:
    """0..100 for one document."""
    if text.lstrip()[:1] not in ("{", "["):
        return 0
    if _TRIPLES.match(text):
        return 70 if is_quality(tag_of_file(path)) or "-tag-" in path.stem else 30
    lists = [k for k in _KEY_OF_NUMBERS.findall(text) if is_quality(k) or k == "values"]
    if lists:
        return 85
    if '"learn_metrics"' in text and '"iterations"' in text:
        return 90
    numbers = _KEY_OF_NUMBER.findall(text)
    quality = [k for k in numbers if is_quality(k)]
    if len(set(numbers)) > _VOCABULARY and len(quality) < 0.02 * len(numbers):
        return 20
    objects = _KEY_OF_OBJECT.findall(text)
    by_number = any(n.isdecimal() for n in numbers) or _KEY_OF_NUMBERS.search(text)
    if by_number and any(map(is_quality, objects)):
        return 80
    if quality and any(_NUMBERED.fullmatch(k) for k in objects):
        return 70
    if quality and (rows := _ROWS.search(text)):
        return 30 if _compares(text[rows.end() - 1 :]) else 80
    if _ROWS.search(text) and '"value"' in text and any(map(is_quality, _LONG_FORM.findall(text))):
        return 75
    if '"columns"' in text and '"data"' in text and any(map(is_quality, _WORDS.findall(text))):
        return 75
    if '"log_history"' in text:
        return 70
    has_x = any(x_kind(k) in ("step", "epoch") for k in numbers)
    return 55 if quality and has_x else 20


def _is_document(text: str) -> bool:
    """Whether the text is one value whose numbers stand in lists."""
    try:
        value = parse(text.encode())
    except NotJsonError:
        return False
    if not isinstance(value, dict):
        return True
    has_x = any(x_kind(leaf.key) in ("step", "epoch") for leaf in flatten(value).numbers)
    return not has_x and any(isinstance(v, dict | list) for v in value.values())


def _has_x(records: list[dict[str, Any]]) -> bool:
    return any(
        x_kind(leaf.key) in ("step", "epoch") for r in records for leaf in flatten(r).numbers
    )


def _compares(rows: str) -> bool:
    """Whether the first of these rows is a model or method with its results."""
    try:
        return _is_comparison(parse(rows[: rows.find("}") + 1].encode()))
    except NotJsonError:
        return False


def _is_comparison(record: Any) -> bool:
    """Whether an object has a name and no x: a row of a comparison, not a moment of a training."""
    if not isinstance(record, dict):
        return False
    flat = flatten(record)
    keys = (*(leaf.key for leaf in flat.numbers), *(key for key, _ in flat.texts))
    long_form = any(normal(key) in VALUE_KEYS for key in keys)
    names = [t for k, t in flat.texts if x_kind(k) is None and told_split(t) is None]
    return bool(names) and not long_form and not any(map(x_kind, keys))


def _opens_array(lines: list[str]) -> bool:
    """Whether the first line opens an array that later lines fill."""
    first = next((line.strip() for line in lines if line.strip()), "")
    return first.startswith("[") and not first.rstrip(",").endswith("]")


def _starts_json(line: str) -> bool:
    return line.startswith(('{"', "[{", "{'", "{ ", "{}"))


def _records(line: str) -> Iterator[dict[str, Any]]:
    if not _starts_json(line):
        return
    text = line.strip()
    try:
        value = parse(text.encode())
    except NotJsonError:
        first, brace, _ = text.partition("}{")
        if not brace:
            return
        yield from _records(first + "}")
        return
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        yield from (v for v in value if isinstance(v, dict))


def _worth(record: dict[str, Any]) -> int:
    """2: a loss or accuracy; 1: some x or a name with a value; 0: nothing of a training."""
    flat = flatten(record)
    if len(flat.numbers) > _VOCABULARY:
        return 0
    texts = [text for key, text in flat.texts if key in ("metric", "name", "key", "tag")]
    if any(is_quality(leaf.path) for leaf in flat.numbers):
        return 2
    if any(leaf.key in ("value", "y") for leaf in flat.numbers) and any(map(is_quality, texts)):
        return 2
    return int(any(x_kind(leaf.key) in ("step", "epoch") for leaf in flat.numbers))
