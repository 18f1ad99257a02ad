"""Makes text that came from logs safe to show: plain, on one line, of bounded length."""

from __future__ import annotations

import unicodedata

_MARKS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str, limit: int = 120) -> str:
    """`text` without control characters and direction marks, elided in the middle.

    Line breaks and tabs become a space, other invisible characters "�", so that a trick stays
    visible. At most `limit` characters come back.
    """
    made = []
    for char in text[: 4 * limit] if len(text) > 8 * limit else text:
        if char in "\r\n\t\v\f\u2028\u2029\x85":
            made.append(" ")
        elif char in _MARKS or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            made.append("�")
        else:
            made.append(char)
    if len(text) > 8 * limit:
        made = [*made[: limit // 2], "…", *plain(text[-limit:], limit)[-(limit // 2 - 1) :]]
    shown = "".join(made)
    if len(shown) <= limit:
        return shown
    head = (limit - 1 + 1) // 2
    return f"{shown[:head]}…{shown[len(shown) - (limit - 1 - head) :]}"
