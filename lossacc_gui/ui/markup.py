"""Carries plain text through the few Qt surfaces that would read markup or mnemonics into it."""

from __future__ import annotations

import html
import re

from lossacc_gui.core.plain import plain

_TAG = re.compile(r"<([/!?]?[A-Za-z][^<>]*)>")


def tooltip(text: str) -> str:
    """Text for `setToolTip`: always marked up, so that Qt never guesses, all escaped."""
    lines = (html.escape(plain(line, 400)) for line in text.split("\n"))
    return f"<span>{'<br>'.join(lines)}</span>"


def menu_text(text: str, limit: int = 60) -> str:
    """Text for menus and buttons, where an ampersand would underline the next letter."""
    return plain(text, limit).replace("&", "&&")


def notice(text: str, limit: int = 200) -> str:
    """Text for desktop notifications, whose servers may or may not read markup."""
    shown = _TAG.sub(r"‹\1›", plain(text, limit))
    return shown.replace("&", "＆").replace("<", "‹")
