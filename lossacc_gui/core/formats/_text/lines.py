"""Takes the states of lines one by one and decides how each is to be read."""

from __future__ import annotations

import re

from lossacc_gui.core.formats._text.pairs import plan
from lossacc_gui.core.formats._text.prefix import Message, message, stamp_of
from lossacc_gui.core.formats._text.recipes import Torn, recipe
from lossacc_gui.core.formats._text.screen import State
from lossacc_gui.core.formats._text.series import Series, Value
from lossacc_gui.core.formats._text.shapes import Known, Meaning, known, meaning_of, shape_of
from lossacc_gui.core.formats._text.story import Facts, Story
from lossacc_gui.core.formats._text.tables import Tables
from lossacc_gui.core.formats._text.tokens import cut, number

_DIGIT = re.compile(r"\d")
_AFTER_BAR = re.compile(r"\[[^\[\]]*(?:it/s|s/it)[^\[\]]*\](?=\s*[{\[(]?['\"]?[A-Za-z])")
_BAR_END = re.compile(r":?\s*\d{1,3}(?:\.\d+)?\s?%\s?\|?\s?[█▏▎▍▌▋▊▉━─╸╺░#].*\Z")
_MOST_SHAPES = 4096


class Lines:
    """Knows the shapes of lines and the table that is being printed; the rest is the story."""

    def __init__(self) -> None:
        self.hits = 0
        self._story = Story()
        self._tables = Tables()
        self._torn = Torn()
        self._meanings: dict[str, Meaning] = {}
        self._heads: set[str] = set()  # shapes of lines that head a table
        self._once: set[str] = set()  # shapes of whole lines that were met once
        self._known: dict[str, Known | None] = {}
        self._first_rank: int | None = None

    @property
    def series(self) -> Series:
        """The points found so far."""
        return self._story.series

    def finish(self) -> None:
        """The file rests."""
        self._story.finish()

    def line(self, state: State) -> None:
        """Reads one state of one line."""
        text = self._torn.mended(state.text)
        shape = shape_of(text)
        found = self._known.get(shape)
        if found is not None:
            self._again(found, text, state)
            return
        if not text.strip():
            return
        if "0" not in shape:
            if state.refresh:
                return
            self._words(message(text).text)
            return
        told = message(text)
        if told.rank is not None and not self._is_first_rank(told.rank):
            return
        body = told.text
        glued = _AFTER_BAR.search(body)
        if glued and _DIGIT.search(body, glued.end()):
            self._numbers(body[: glued.end()], Facts(state.line, told.time, refresh=True))
            self._numbers(body[glued.end() :], Facts(state.line, told.time, state.refresh))
            return
        facts = Facts(state.line, told.time, state.refresh)
        meaning = self._numbers(body, facts, whole=text if body is not text else "")
        if meaning is not None and told.rank is None:
            self._learn(shape, text, meaning, told)

    def _learn(self, shape: str, text: str, meaning: Meaning, told: Message) -> None:
        """Remembers the shape of a whole line when it is met for the second time."""
        if len(self._once) >= _MOST_SHAPES or len(self._known) >= _MOST_SHAPES:
            self._once.clear()
            self._known.clear()
        if shape not in self._once:
            self._once.add(shape)
        elif shape not in self._known:
            self._known[shape] = known(text, meaning, told.time == told.time)

    def _again(self, found: Known, text: str, state: State) -> None:
        """Reads a line of a shape that is known: only its numbers are new."""
        meaning = found.meaning
        if meaning.silent:
            return
        numbers = [float(text[start:end]) for start, end in found.spans]
        time = stamp_of(text) if found.stamped else float("nan")
        self.hits += 1
        self._story.points(meaning, numbers, Facts(state.line, time, state.refresh))

    def _is_first_rank(self, rank: int) -> bool:
        if self._first_rank is None:
            self._first_rank = rank
        return rank == self._first_rank

    def _words(self, text: str) -> None:
        if not self._tables.names(text):
            self._story.words(text)

    def _numbers(self, text: str, facts: Facts, whole: str = "") -> Meaning | None:
        """Reads a line with digits; its meaning, if nothing but its own shape decided it."""
        if self._tables.active:
            row = self._tables.row(_BAR_END.sub("", text))
            if row is None and whole:  # a table may hold the time in a column of its own
                row = self._tables.row(_BAR_END.sub("", whole))
            if row is not None:
                self.hits += 1
                self._story.row(row, facts)
                return None
        known_line = recipe(text)
        if known_line is not None:
            self.hits += 1
            values = [
                Value(tag, known_line.split, y, False, facts.line, facts.time)
                for tag, y in known_line.values
            ]
            self._story.recipe(values, known_line.step)
            return None
        shape = cut(text)
        if not shape.tokens:
            self._words(text)
            return None
        meaning = self._meaning(shape.shape, text)
        if meaning is None:
            meaning = meaning_of(plan(shape))
            if not meaning.values and self._tables.names(_BAR_END.sub("", text)):
                self._heads.add(shape.shape)
            self._meanings[shape.shape] = meaning
        if meaning.silent:
            return meaning if shape.shape not in self._heads else None
        numbers = [number(token) for token in shape.tokens]
        if not meaning.values:
            self._story.heading(meaning, numbers, text)
            return None
        self.hits += 1
        self._story.points(meaning, numbers, facts)
        return meaning

    def _meaning(self, shape: str, text: str) -> Meaning | None:
        """What lines of this shape were found to mean."""
        if len(self._meanings) >= _MOST_SHAPES:
            self._meanings.clear()
            self._heads.clear()
        if shape in self._heads:
            self._tables.names(_BAR_END.sub("", text))
        return self._meanings.get(shape)
