"""The marks by which numbers on a line are told apart: separators, units, arrows, brackets."""

from __future__ import annotations

import re

FRACTION = frozenset(("/", "of", "out of", "von", "de", "из", "／"))
ARROWS = frozenset(("->", "-->", "→", "=>", "⟶", "➜", "➔"))
SPREADS = frozenset(("±", "+/-", "+-", "+/−"))
OPENERS = " \t'\"`([{<$~≈#"
LINKS = re.compile(r"(?:[:=|→⟶➜│┃║]|->|=>|：|＝|\s[-–—])[\s'\"`(\[{<>$~≈#]*\Z")
SEPARATORS = re.compile(
    r"=(?:\"[^\"]*\"|[^\s\"]+)\s+|[,;|\t{}\[\]<>│┃║•·…⋅，；。\x02\x03]|\s{2,}|\s[-–—*/\\]+\s|(?<=[.!])\s|\s->\s|\s=>\s|(?<=\w)\.\.\."
)
INNER_PARENS = re.compile(r"\(([^()\d]{1,30})\)")
CHAIN = re.compile(r"\s*[:：]\s+|[:：](?=[A-Za-z_]{3})")
UNIT_WORD = re.compile(
    r"\s*(?:s|sec|secs|seconds?|ms|us|min|mins|minutes?|hours?|h|hrs?|days?|[KMGT]i?B|bytes|it/s|s/it"
    r"|[a-z]+/s\w*|images?|samples?|examples?|tokens?|params?|parameters|files?|G?FLOPs)\b",
    re.IGNORECASE,
)
MODE_AFTER = re.compile(r"\s*[(\[](\w{2,10})[)\]]")
MODE_BEFORE = re.compile(r"\s*[(\[]\s*([A-Za-z]{2,10})(?:\s*[:=]\s*|\s+)\Z")
ONLY_MODE = re.compile(r"\s*[(\[]\w{2,10}[)\]][\s,/|;]*\Z")
CLASS_IN_A_CELL = re.compile(
    r"[|│┃]\s*(?!Train|Val|Test|Eval)[A-Z][a-z0-9]*[A-Z][A-Za-z0-9]*\s*[|│┃]\s*\Z"
)
NAMED_SPLIT = re.compile(
    r"\b(?:phase|stage|mode|split|subset|partition|dataset|data|set|part|prefix|loop)['\"]?"
    r"\s?[=:]\s?['\"]?([A-Za-z]{2,12})\b(?![\w./=:-])",
    re.IGNORECASE,
)
TAIL_MODE = re.compile(
    r"(?:\b(?:on|for|in)\s(?:the\s)?|[(\[])(\w{2,12})(?:\s?(?:set|data|split|dataset))?"
    r"[)\]]?[\s.!]*\Z"
)
SUMMARY = re.compile(
    r"^\W*(?:the\s)?(?:best|final|finished(?!\s+(?:epoch|eval|valid|train|iter|step))|early.?stop"
    r"|load|epoch loaded|restor|resum|max(?:imum)?\b|training (?:complete|finished|done|took)"
    r"|overriding|namespace|args\b|arguments|config|hyper-?param|usage)",
    re.IGNORECASE,
)
UNSPLIT = frozenset(("norm", "grad", "gradient", "gnorm", "scale", "weight", "momentum"))
WORD_FOLLOWS = re.compile(r"\s[A-Za-z]")
TWO_MODES = re.compile(r"(\w{2,10})\s?[/|&]\s?(\w{2,10})[\s_-]+(.+)\Z")
SETTINGS = re.compile(r"(?:=|:\s)(?:False|True|None|false|true|null)\b")
BAR_RATE = re.compile(
    r"(?:^|[\s,\[])(?:ms|us|µs|s|it|iter|iters|step|steps|batch|batches|min)"
    r"/(?:step|it|iter|sample|batch|epoch|s|sec)\b"
)
TWO_MODES_BEHIND = re.compile(r"(.{2,40}?)\s*[(\[]?\b(\w{2,10})\s?[/|&]\s?(\w{2,10})[)\]]?\Z")
NAME_AFTER = re.compile(r"\s{0,2}\(?([A-Za-z_][\w @-]{1,24}?)\)?\s*(?:[,;|]|\Z)")
