"""Makes any text of a log safe to show: names, paths and messages are data, never markup."""

from __future__ import annotations

import unicodedata

SHOWN = 300
"""How many characters of a foreign text are shown where no other limit is given."""

STANDARD_INPUT = "standard input"
"""What "-", the usual name of what a trainer prints into a pipe, is called before people."""

_KEPT_FORMATS = frozenset("\u200c\u200d")  # joiners that Persian, Hindi and emoji need to be read
_MARKS_IN_A_ROW = 3  # more combining marks than any script needs would paint over the neighbours


def _shown(character: str) -> str:
    """What stands for one character: itself, or a visible name if it could act on others."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code & 0xFF:02x}"
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn") and character not in _KEPT_FORMATS:
        return f"‹U+{code:04X}›"
    return character


def _elided(text: str, limit: int, middle: bool) -> str:
    if len(text) <= limit:
        return text
    if not middle:
        return text[: limit - 1] + "…"
    head = (limit - 1) // 3
    return text[:head] + "…" + text[len(text) - (limit - 1 - head) :]


def plain(text: str, limit: int = SHOWN, middle: bool = False) -> str:
    """`text` as one line of at most `limit` characters without any power over its surroundings.

    Control characters, newlines and direction marks become visible symbols, long texts end in an
    ellipsis (or, for paths, hold one in the `middle`).
    """
    head = _elided(text, max(2, 2 * limit), middle)  # bounds the work for a name of a megabyte
    if head.isascii() and head.isprintable():
        return _elided(head, limit, middle)
    pieces: list[str] = []
    marks = 0
    for character in head:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            pieces.append(_shown(character))
    return _elided("".join(pieces), limit, middle)


def plain_path(path: str, limit: int = 80) -> str:
    """A path as one safe line; the end, which tells files apart, is kept. "-" is told in words."""
    return STANDARD_INPUT if path == "-" else plain(path, limit, middle=True)
