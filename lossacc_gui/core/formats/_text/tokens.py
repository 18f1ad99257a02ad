"""Cuts a line into texts and numbers, so that lines of one shape can share their reading."""

from __future__ import annotations

import re
from typing import NamedTuple

BAR = "\x03"
"""Stands where a progress bar was drawn."""
CUT = "\x02"
"""Stands where something was that is no measurement: a time, a date, a version, a path."""
_LONGEST_GAP = 400

_FILE = re.compile(
    r"\.(?:pt|pth|ckpt|h5|hdf5|keras|bin|safetensors|pkl|pickle|npz|npy|json|jsonl|csv|tsv|txt|log|png|jpg|jpeg|pdf|pdparams|params|states|onnx|ya?ml|toml|tar|gz|zip|7z|py|ipynb|cc|cpp|cu|c|h|so|weights|caffemodel|solverstate|prototxt|model|joblib|parquet|arrow|pb|tflite|mat|jld2|bson|rds|t7|mpk|cfg|ini|sh|whl|out|index|meta|msgpack)(?![\w.])",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\s")
_NOISE = re.compile(
    r"\d+\s*days?,?\s*\d+:\d\d(?::\d\d)?(?:\.\d+)?"
    r"|(?<![\w.])\d{1,4}:\d\d(?::\d\d)?(?:[.,]\d+)?(?![\w:])"
    r"|(?<!\d)\d{4}[-/]\d\d[-/]\d\d(?:[T_-]\d[\d:._-]*)?(?!\d)"
    r"|(?<![\w.])\d+\.\d+\.\d+(?:[\w.+-]*\w)?"
    r"|\b0x[0-9a-fA-F]+"
    r"|\b(?:epoch|step)s?/(?:s|sec)\b"
)
_MAY_BE_NOISE = re.compile(r"\d:\d|\d[-/]\d\d[-/]|\d\.\d+\.\d|0x|/s")
_BAR = re.compile(
    r"(?:\d{1,3}(?:\.\d+)?\s?%\s*)?[|\[▕⸨(]?"
    r"(?:[█▉▊▋▌▍▎▏▓▒░━╸╺╾╼■□▪▫▰▱⣿⣀⣄⣤⣦⣶⣷●○◼◻]{1,2000}|(?<![=\-#.>*])[=#>.*]{6,2000}(?![\w])"
    r"|(?<=\[)[=#>.\-*]{3,2000}(?=\])|(?<=\|)[=#>\-\s.*]{6,2000}(?=\|)|(?<=%\|)\s{0,2000})"
    r"[-─╺╸━\s░]{0,2000}[|\]▏⸩)]?"
)
_GLYPHS = re.compile(r"[█▉▊▋▌▍▎▏▓▒░━╸╺■□▰▱⣿]|%\s?\||\[[=>#.]{3}|[=#>]{6}")
_GLUED = re.compile(
    r"(?<![\w.\-/])(epochs?|epoche|ep|steps?|iters?|iteration|it|batch|round|e)[-_#]?(?=\d{1,9}(?![\w.]))",
    re.IGNORECASE,
)
_RANGE_GLUED = re.compile(r"(?<![\w.])\d{1,9}-(\d{1,9})(batch|iter|step)(?:es|s)?(?![a-z])")
_NUMBER_GLUED = re.compile(
    r"(?<![\w.])(\d{1,9})-?(epochs?|ep|steps?|iters?|batch|it)(?=[\s:,|\])\-]|\Z)", re.IGNORECASE
)
_MAY_BE_GLUED = re.compile(r"\d(?:epoch|ep|step|iter|batch|it|-\d)|[a-z][-_#]?\d", re.IGNORECASE)
_MODE_IN_PARENS = re.compile(
    r"(?<![\w])([A-Za-z_]\w*)\s?\((train|training|val|valid|validation|test|eval)\)", re.IGNORECASE
)
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d+)(?!\d)(?!,\d)")
_WRAPPED = re.compile(
    r"(?:\b(?:np|numpy|torch|jnp|jax|tf|mx|paddle|ms)\.)?"
    r"\b(?:tensor|Tensor|param|(?:Device)?Array|array|float(?:16|32|64)|Float(?:16|32|64)|Variable)"
    r"\((?=[\d.+\-n])|<tf\.Tensor: [^<>]{0,80}numpy=|<NDArray [^<>]{0,40}>"
)
_AFTER_SO_MANY = re.compile(r"^(?:\W*)[Aa]fter (\d{1,9}) (epoch|step|iteration)s?\b")
_JULIA_FLOAT = re.compile(r"(?<=\d)f(?=[+-]?\d{1,2}(?!\w))")
_MAY_BE_WRAPPED = re.compile(r"[a-y4256]\([\d.+\-n]|numpy=|<ND")
_CHINESE_COUNT = re.compile(
    r"第\s*(\d{1,9})\s*(?:/\s*(\d+)\s*)?(?:个|次)?\s*(轮次|轮|輪|周期|epoch|步|迭代|回)", re.I
)
_NUMBER = re.compile(
    r"(?<![\w.@])(?<![A-Za-z]-)"
    r"([+-]?(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\d])"
    r"|[+-]?\.\d+(?:[eE][+-]?\d+)?|[+-]?(?:[nN][aA][nN]|[iI]nf(?:inity)?|INF)(?!\w))"
    r"(\s?%(?!\w)|[A-Za-zµμ°_](?:[\w/µ]*\w)?)?"
)


class Token(NamedTuple):
    """One number: its text, what kind it is, and the unit glued to it."""

    text: str
    kind: str  # "i" a whole number, "f" a fraction or non-finite, "p" percent, "u" with a unit
    unit: str


class Cut(NamedTuple):
    """A line cut up: `gaps[i]` stands before `tokens[i]`; the last gap ends the line.

    `shape` is equal for lines that differ in their numbers only.
    """

    shape: str
    gaps: tuple[str, ...]
    tokens: tuple[Token, ...]
    bar: bool


def cut(line: str) -> Cut:
    """Cuts one message up."""
    text = _plain(line)
    bar = False
    if _GLYPHS.search(text):
        text, count = _BAR.subn(BAR, text)
        bar = count > 0
    gaps: list[str] = []
    tokens: list[Token] = []
    shape: list[str] = []
    at = 0
    for match in _NUMBER.finditer(text):
        number, unit = match.group(1), match.group(2) or ""
        kind = _kind(number, unit)
        gap = text[at : match.start()]
        gaps.append(gap[-_LONGEST_GAP:])
        tokens.append(Token(number, kind, unit.strip()))
        shape.append(gap)
        shape.append(f"\x01{kind}{unit if kind == 'u' else ''}\x01")
        at = match.end()
    gaps.append(text[at : at + _LONGEST_GAP])
    shape.append(text[at:])
    return Cut("".join(shape), tuple(gaps), tuple(tokens), bar)


def _kind(number: str, unit: str) -> str:
    if unit:
        return "p" if unit.strip() == "%" else "u"
    return "i" if number.lstrip("+-").replace(",", "").isdecimal() else "f"


def _plain(line: str) -> str:
    """The line with times, dates, versions and paths cut out and glued counters taken apart."""
    text = line
    if "第" in text:
        text = _CHINESE_COUNT.sub(_counted_in_chinese, text)
    if "fter" in text:
        text = _AFTER_SO_MANY.sub(r"\2 \1 , ", text)
    if "f" in text:
        text = _JULIA_FLOAT.sub("e", text)
    if _MAY_BE_WRAPPED.search(text):
        text = _WRAPPED.sub(" ", text)
    if _FILE.search(text):
        text = _without_files(text)
    if _MAY_BE_NOISE.search(text):
        text = _NOISE.sub(CUT, text)
    if _MAY_BE_GLUED.search(text):
        text = _RANGE_GLUED.sub(r"\2 \1", text)
        text = _NUMBER_GLUED.sub(r"\2 \1", text)
        text = _GLUED.sub(r"\1 ", text)
    if "(" in text:
        text = _MODE_IN_PARENS.sub(r"\2 \1", text)
    if "," in text and "." not in text:
        text = _with_points(text)
    return text


def _counted_in_chinese(match: re.Match[str]) -> str:
    total = f"/{match.group(2)}" if match.group(2) else ""
    name = "step" if match.group(3) in ("步", "迭代") else "epoch"
    return f"{name} {match.group(1)}{total} , "


def _with_points(text: str) -> str:
    """Decimal commas as points, on a line where some number can be nothing else."""
    found = _DECIMAL_COMMA.findall(text)
    if any(len(tail) != 3 or head == "0" for head, tail in found):
        return _DECIMAL_COMMA.sub(r"\1.\2", text)
    return text


def _without_files(text: str) -> str:
    """The text without the words that are names of files."""
    pieces: list[str] = []
    at = 0
    for match in _FILE.finditer(text):
        if match.start() < at:
            continue
        before = text[at : match.start()]
        start = max((before.rfind(c) for c in " \t'\"=(,"), default=-1) + 1
        after = _BLANK.search(text, match.end())
        pieces.append(before[:start] + CUT)
        at = after.start() if after else len(text)
    pieces.append(text[at:])
    return "".join(pieces)


def number(token: Token) -> float:
    """The value; what is no finite number in Python's eyes is NaN or an infinity."""
    return float(token.text.replace(",", ""))
