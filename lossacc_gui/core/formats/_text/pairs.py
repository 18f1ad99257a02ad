"""Finds keys and values in one line of any kind; a pure function of the line's shape."""

from __future__ import annotations

from lossacc_gui.core._words import read_name
from lossacc_gui.core.formats._text import marks
from lossacc_gui.core.formats._text.items import (
    Item,
    ItemKind,
    Plan,
    has_no_split,
    has_split,
    quantity,
    tail_split,
    with_initials,
    with_told_splits,
)
from lossacc_gui.core.formats._text.keys import Key, clean, key, split_of
from lossacc_gui.core.formats._text.tokens import BAR, CUT, Cut, Token
from lossacc_gui.core.rows import Split


def plan(line: Cut) -> Plan:
    """Reads the shape of a line."""
    return _Planner(line).run()


class _Planner:
    def __init__(self, line: Cut) -> None:
        self._gaps = line.gaps
        self._bar = line.bar
        self._tokens = line.tokens
        self._items: list[Item] = []
        self._group: Split | None = None
        self._group_name = ""
        self._line_split: Split | None = None
        self._carry = ""
        self._after_metric = -1  # the token right behind a metric's value
        self._first = -1  # a number that opens the line and may count
        self._skip = -1  # a token that is read already
        self._before = (-1, "")  # the words before a counter, and the token right behind it

    def run(self) -> Plan:
        at = 0
        while at < len(self._tokens):
            width = self._width(at)
            if at != self._skip:
                self._number(at, width)
            at += width
        tail = self._gaps[-1]
        if self._gaps[0].lstrip().startswith("Saving dict for"):  # TensorFlow's estimators
            self._line_split = "val"
        items = [self._with_units(item) for item in with_told_splits(with_initials(self._items))]
        if not any(item.kind == "metric" for item in items):
            self._heading()
        elif self._first >= 0 and all(i.kind in ("metric", "other") and i.strong for i in items):
            items.insert(0, Item("lead", self._first))
        if self._line_split is None and items and not any(has_split(i) for i in items):
            self._line_split = tail_split(tail)
        rate = any(t.kind == "u" and "/" in t.unit for t in self._tokens) and any(
            marks.BAR_RATE.search(f" {t.unit}") for t in self._tokens
        )
        return Plan(
            tuple(items),
            self._line_split,
            bool(marks.SUMMARY.match(self._gaps[0]))
            or any("'train_runtime'" in g for g in self._gaps),
            rate,
            any(marks.SETTINGS.search(gap) for gap in self._gaps),
        )

    def _with_units(self, item: Item) -> Item:
        if item.kind not in ("metric", "other"):
            return item
        kind = self._tokens[item.at].kind
        if item.mean >= 0 and self._tokens[item.mean].kind != kind:
            item = item._replace(mean=-1)
        return item._replace(percent=kind == "p" or item.total >= 0)

    def _heading(self) -> None:
        """A line without values: any of its pieces may name the split of the lines below."""
        for gap in self._gaps:
            for piece in self._pieces(gap):
                if clean(piece):
                    self._note_group(piece, chained=True)
        self._line_split = self._line_split or self._group

    def _width(self, at: int) -> int:
        """2 where this number and the next are k/N, else 1."""
        tokens = self._tokens
        if at + 1 >= len(tokens) or tokens[at + 1].kind not in "iu":
            return 1
        between = self._gaps[at + 1].strip().lower()
        return 2 if tokens[at].kind == "i" and between in marks.FRACTION else 1

    def _number(self, at: int, width: int) -> None:
        text = self._carry + self._gaps[at]
        self._carry = ""
        if named := marks.NAMED_SPLIT.search(text):
            self._note_group(named.group(1), chained=True)
            self._group_name = ""
        if self._after_metric == at and marks.ONLY_MODE.match(text):
            behind = marks.MODE_AFTER.match(self._gaps[at + 1])
            self._second_split(self._items[-1], at, behind.group(1) if behind else "")
            return
        enclosed = self._after_metric == at and self._gaps[at + 1].lstrip()[:1] in ")],"
        mode = marks.MODE_BEFORE.match(text) if enclosed else None
        if mode and split_of(read_name(mode.group(1)), 0):  # "loss=0.9 (val 1.1)"
            self._second_split(self._items[-1], at, mode.group(1))
            return
        head = text.rstrip(marks.OPENERS)
        core = head.rstrip(" \t:=|>~-–—→'\"`│┃║：＝")
        if not core.strip(" \t,;.()[]{}/\\|<'\"-–—\x02\x03*•·:=#│┃║"):
            self._without_key(at, width, text)
            return
        pieces = self._pieces(core)
        if core.rstrip()[-1:] in (",", ";") or not pieces:
            for piece in pieces:  # what stands before a comma belongs to the number before
                self._note_group(piece)
            self._without_key(at, width, text)
            return
        strong = bool(marks.LINKS.search(text))
        found = self._key(pieces, strong)
        ints = width == 2 and self._tokens[at + 1].kind == "i"
        if ints and (found.kind in ("none", "bare", "other")):
            self._note_group(pieces[-1])
            self._progress(at, pieces[-1])
            return
        if found.kind == "none" and not strong and self._tokens[at].kind == "i":
            self._carry = f"{text[-160:].rstrip()} #"
        if found.kind != "none":
            self._keyed(found, at, width, text, strong)

    def _pieces(self, core: str) -> list[str]:
        text = marks.INNER_PARENS.sub(lambda m: f"\x05{m.group(1).replace(',', chr(7))}\x06", core)
        text = text.replace("(", ",").replace(")", ",")
        text = text.replace("\x05", "(").replace("\x06", ")")
        pieces = [piece for piece in marks.SEPARATORS.split(text) if piece and piece.strip()]
        return [piece.replace("\x07", ",") for piece in pieces]

    def _key(self, pieces: list[str], strong: bool) -> Key:
        """The key in the last piece; the pieces before may name the split of what follows."""
        if not pieces:
            return Key("none")
        for piece in pieces[:-1]:
            self._note_group(piece)
        chain = marks.CHAIN.split(pieces[-1].strip(" :："))
        for name in chain[:-1]:
            self._note_group(name, chained=True)
        found = key(chain[-1], strong)
        if found.split is not None:
            self._group, self._group_name = found.split, ""
        return found

    def _note_group(self, text: str, chained: bool = False) -> None:
        name = clean(text)
        if not name or len(name) > 60:
            return
        reading = read_name(name)
        split = split_of(reading)
        if split is None:
            return
        if reading.quantity and not chained:
            return
        self._group = split
        self._group_name = name if chained and name.isalpha() and len(name) <= 10 else ""

    def _keyed(self, found: Key, at: int, width: int, text: str, strong: bool) -> None:
        token = self._tokens[at]
        total = at + 1 if width == 2 else -1
        if found.kind == "run":
            if token.kind == "i" and not any(item.kind == "metric" for item in self._items):
                self._items.append(Item("run", at, total, tag=found.tag.lower()))
        elif found.kind in ("epoch", "step"):
            if token.kind == "i" or (token.kind == "f" and found.kind == "epoch"):
                self._counter(found, at, width)
        elif token.kind == "u":
            if total >= 0 and self._beside_bar(at, width):
                self._items.append(Item("progress", at, total, bar=True))
        elif found.kind == "other":
            self._other(found, at)
        elif found.kind == "bare" and token.kind not in "fp":
            self._note_group(found.tag)
            if total < 0 and self._gaps[at + 1].strip() in ("[", "][", "] [", "("):
                self._items.append(Item("epoch", at))  # "Train: 3 [ 50/1251"
        elif token.kind == "i" and marks.CLASS_IN_A_CELL.search(text):
            return  # "0 | criterion | CrossEntropyLoss | 0": a model's parts and their parameters
        elif found.measures or (token.kind != "i" and _is_finite(token)):
            self._metric(found, at, width, strong)

    def _counter(self, found: Key, at: int, width: int) -> None:
        total = at + 1 if width == 2 else -1
        behind = at + width
        ranged = self._gaps[at + 1].strip() in ("-", "–", "..", "...", "~")
        if total < 0 and ranged and at + 1 < len(self._tokens):
            at += self._tokens[at + 1].kind == "i"  # "Batch [0-5]": where it has come to
        kind: ItemKind = "epoch" if found.kind == "epoch" else "step"
        bar = self._beside_bar(at, width)
        self._items.append(Item(kind, at, total, split=found.split, bar=bar, plural=found.plural))
        self._before = (behind, found.before)
        self._line_split = self._line_split or found.split

    def _metric(self, found: Key, at: int, width: int, strong: bool) -> None:
        if width == 1 and self._two_splits(found, at):
            return
        tag = self._inherited(found)
        split = None if quantity(tag) == "lr" and self._group_name else self._group
        if split and self._group_name and has_no_split(tag):
            tag = f"{self._group_name} {tag}"
        total = at + 1 if width == 2 else -1
        self._items.append(Item("metric", at, total, tag=tag, split=split, strong=strong))
        self._after_metric = at + width

    def _inherited(self, found: Key) -> str:
        """In "loss train: 0.9, val: 0.8" the second value is a loss as well."""
        last = self._items[-1] if self._items else None
        if found.kind != "bare" or last is None or last.kind != "metric":
            return found.tag
        words = last.tag.split()
        if len(words) < 2 or not split_of(read_name(words[-1]), 0):
            return found.tag
        name = " ".join(words[:-1])
        return f"{name} {found.tag}" if read_name(name).quantity else found.tag

    def _two_splits(self, found: Key, at: int) -> bool:
        """ "Train/Val Loss: 0.91/0.95" names two splits and gives two values."""
        modes = marks.TWO_MODES.match(found.tag)
        behind = marks.TWO_MODES_BEHIND.match(found.tag)
        if not (modes or behind) or at + 1 >= len(self._tokens):
            return False
        if modes:
            first, second, name = modes.groups()
        elif behind:
            name, first, second = behind.groups()
        splits = (split_of(read_name(first), 0), split_of(read_name(second), 0))
        if None in splits or self._gaps[at + 1].strip() not in ("/", "|", ",", "-"):
            return False
        for offset, split in enumerate(splits):
            self._items.append(Item("metric", at + offset, tag=name, split=split))
        self._skip = at + 1
        return True

    def _other(self, found: Key, at: int) -> None:
        token = self._tokens[at]
        if (
            token.kind in "fp"
            and _is_finite(token)
            and not marks.UNIT_WORD.match(self._gaps[at + 1])
        ):
            self._items.append(Item("other", at, tag=found.tag, split=self._group))
            self._after_metric = at + 1

    def _without_key(self, at: int, width: int, text: str) -> None:
        token = self._tokens[at]
        bare = text.strip()
        last = self._items[-1] if self._items else None
        behind = last is not None and self._after_metric == at
        if (
            behind
            and last is not None
            and bare in ("(", "[")
            and token.kind in "fpi"
            and token.text[0] not in "+-"
            and self._gaps[at + 1].lstrip()[:1] in (")", "]")
            and width == 1
        ):
            self._items[-1] = last._replace(mean=at)
        elif behind and last is not None and bare in marks.ARROWS:
            self._items[-1] = last._replace(at=at)
        elif bare in marks.SPREADS:
            return
        elif self._before[0] == at and self._before[1] and bare in (":", "=", "is", "->", "|", "-"):
            self._after_counter(at, width)
        elif behind and last is not None and (mode := marks.MODE_AFTER.match(self._gaps[at + 1])):
            self._second_split(last, at, mode.group(1))
        elif (
            last is not None
            and bare == "("
            and last.kind in ("progress", "step")
            and token.kind == "p"
        ):
            if at == last.total + 1:
                self._items[-1] = last._replace(mean=at)
        elif width == 2 and self._tokens[at + 1].kind == "i":
            self._progress(at, text)
        elif token.kind in "fp" and (name := marks.NAME_AFTER.match(self._gaps[at + 1])):
            self._named_after(name.group(1), at)
        elif token.kind == "i":
            self._lead(at, text)

    def _after_counter(self, at: int, width: int) -> None:
        """A value whose name stands before a counter: "Cost after iteration 100: 0.58"."""
        found = key(f"{self._before[1].rsplit(' ', 1)[0]}", strong=True)
        if found.kind == "metric" and found.measures and self._tokens[at].kind != "u":
            total = at + 1 if width == 2 else -1
            self._items.append(Item("metric", at, total, tag=found.tag, split=self._group))
            self._after_metric = at + width

    def _named_after(self, name: str, at: int) -> None:
        """A value before its name: "0.91 loss, 61.2% acc"."""
        found = key(name, strong=False)
        if found.kind == "metric" and found.measures:
            self._items.append(Item("metric", at, tag=found.tag, split=self._group))

    def _second_split(self, last: Item, at: int, mode: str) -> None:
        """A value (train) another (val): both under the name before the first."""
        first_mode = marks.MODE_AFTER.match(self._gaps[at])
        first = split_of(read_name(first_mode.group(1))) if first_mode else last.split
        self._items[-1] = last._replace(split=first)
        self._items.append(last._replace(at=at, mean=-1, split=split_of(read_name(mode))))
        self._after_metric = at + 1

    def _progress(self, at: int, text: str) -> None:
        bar = self._beside_bar(at, 2)
        after = self._gaps[at + 2]
        if self._after_metric == at and text.strip() == "(":
            return  # "Acc: 28.5% (14256/50000)"
        if marks.UNIT_WORD.match(after) and not bar:
            return  # "2214/2168 tok/s"
        measured = any(item.kind == "metric" for item in self._items)
        if measured and not bar and after.lstrip()[:1] not in ("]", ")"):
            return
        name = clean(text.replace(BAR, " ").replace(CUT, " "))
        last = self._items[-1] if self._items else None
        if last is not None and last.kind == "progress" and text.strip() in ("][", "] ["):
            self._items[-1] = last._replace(kind="epoch")  # "Train: [0/300][50/1251]"
        self._items.append(Item("progress", at, at + 1, bar=bar, tag=name))

    def _lead(self, at: int, text: str) -> None:
        """A number that opens the line or a bracket: "[12]", "12:", "[1,  2000]"."""
        after = self._gaps[at + 1].lstrip(" ")
        if len(after) < len(self._gaps[at + 1]) and at == 0:
            after = f" {after}" if after[:1].isalpha() else after
        last = self._items[-1] if self._items else None
        if at == 0 and (
            after[:1] in ("]", ":", "|", ")", "\t", ",", ".") or after[:2] in ("- ", "> ")
        ):
            if text.strip() in ("", "[", "(", "#", "|", ">", "*", "-", "│", "┃"):
                self._items.append(Item("lead", at))
        elif at == 0 and not text.strip() and marks.WORD_FOLLOWS.match(after):
            self._first = at
        elif (
            last is not None
            and last.kind == "lead"
            and at == 1
            and text.strip() in (",", ":", "][", "|", "-", "/", "] [", ") (")
            and after[:1] in ("]", ")", ":", "|", "-")
        ):
            self._items[-1] = Item("epoch", last.at)
            self._items.append(Item("step", at))
        elif (
            last is not None
            and last.kind == "epoch"
            and last.at == at - 1
            and text.strip() in ("][", "] [")
        ):
            self._items.append(Item("step", at, strong=False))

    def _beside_bar(self, at: int, width: int) -> bool:
        if BAR in self._gaps[at] or BAR in self._gaps[at + width][:8]:
            return True
        return self._bar and any(t.kind == "u" for t in self._tokens)


def _is_finite(token: Token) -> bool:
    return token.text[-1:].isdigit() or token.text[-1:] == "."
