"""Cuts names into known words: the vocabulary of resources/aliases.toml, the reading of a name."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Literal, cast

from lossacc_gui.core.resources import resource
from lossacc_gui.core.rows import Split

_WORD = re.compile(r"[^\W\d_]+|\d+|%", re.UNICODE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_POSSESSIVE = re.compile(r"['’]s\b")  # LightGBM: "valid_0's auc"
_LOSSES = ("loss", "total_loss", "cross_entropy", "part_loss")
_ACCURACIES = ("accuracy", "top1", "balanced", "score")
_LONGEST_COMPOUND = 32
_SHORTEST_PART = 3  # of a compound in Latin letters; "tr" or "ce" inside a word prove nothing


@dataclass(frozen=True, slots=True)
class Reading:
    """One name, cut up. `words` are its words in lower case, numbers without leading zeros."""

    words: tuple[str, ...]
    quantity: str = ""
    split: Split | None = None
    x: Literal["step", "epoch", "time"] | None = None
    x_rank: int = 0  # place in the alias file
    level: str = ""  # "batch", "epoch" or ""
    number: int | None = None  # the last number that belongs to no phrase
    percent: bool = False
    spoiled: bool = False  # a word that makes it neither loss nor accuracy
    unknown: tuple[str, ...] = ()
    stem: tuple[str, ...] = ()  # the words without those of the split

    @property
    def is_loss(self) -> bool:
        return self.quantity in _LOSSES and not self.spoiled

    @property
    def is_accuracy(self) -> bool:
        return self.quantity in _ACCURACIES and not self.spoiled

    @property
    def is_error(self) -> bool:
        return self.quantity == "error" and not self.spoiled

    @property
    def neither(self) -> bool:
        """Whether it is no measure of quality at all: no loss, no accuracy, no error rate."""
        return not (self.is_loss or self.is_accuracy or self.is_error)


@dataclass(frozen=True, slots=True)
class Idiom:
    """In a folder or beside a tag of these words, splits mean something else."""

    folder: tuple[str, ...]
    beside: tuple[str, ...]
    meaning: Mapping[Split, Split]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Phrases (tuples of words) and what they mean; all that is in the alias file."""

    phrases: Mapping[tuple[str, ...], str]
    x: Mapping[tuple[str, ...], tuple[str, int]]  # the kind and the place in the alias file
    percent: frozenset[str]
    idioms: tuple[Idiom, ...]
    longest: int


def words_of(name: str) -> tuple[str, ...]:
    """The words of `name` in lower case: cut at punctuation, digits and changes of case."""
    text = _POSSESSIVE.sub(" ", unicodedata.normalize("NFKC", name))
    return tuple(_lower(w) for w in _WORD.findall(_CAMEL.sub(" ", text)))


def _lower(word: str) -> str:
    return str(int(word)) if word.isdecimal() and len(word) < 12 else word.casefold()


def _plain(word: str) -> str:
    """The word without its accents; only Latin letters lose theirs."""
    if not word or ord(word[0]) > 0x24F:
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@cache
def vocabulary() -> Vocabulary:
    """The alias file, read once.

    Raises:
        FileNotFoundError: the installation lacks its resources.
    """
    table = tomllib.loads(resource("aliases.toml").read_text(encoding="utf-8"))
    phrases: dict[tuple[str, ...], str] = {}
    for meaning, spelling in _meanings(table):
        phrases.setdefault(words_of(spelling), meaning)
    x: dict[tuple[str, ...], tuple[str, int]] = {}
    for kind, spellings in table["x"].items():
        for rank, spelling in enumerate(spellings):
            x.setdefault(words_of(spelling), (kind, rank))
    _add_without_accents(phrases)
    _add_without_accents(x)
    return Vocabulary(
        phrases=phrases,
        x=x,
        percent=frozenset(table["neutral"]["percent"]),
        idioms=tuple(_idioms(table["idioms"])),
        longest=max(map(len, phrases)),
    )


def _add_without_accents(known: dict[tuple[str, ...], Any]) -> None:
    for words in tuple(known):
        known.setdefault(tuple(map(_plain, words)), known[words])


def _meanings(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in ("splits", "roles"):
        for meaning, spellings in table[kind].items():
            yield from ((f"{kind}.{meaning}", s) for s in spellings)
    yield from (("other", s) for s in table["other"]["words"])
    for level in ("batch", "epoch", "percent"):
        yield from ((f"level.{level}", s) for s in table["neutral"][level])
    yield from (("neutral", s) for s in table["neutral"]["words"])


def _idioms(entries: list[dict[str, str]]) -> Iterator[Idiom]:
    for entry in entries:
        meaning = {k: v for k, v in entry.items() if k not in ("folder", "beside")}
        yield Idiom(
            folder=words_of(entry.get("folder", "")),
            beside=words_of(entry.get("beside", "")),
            meaning=cast(dict[Split, Split], meaning),
        )


@lru_cache(maxsize=16384)
def read_name(name: str) -> Reading:
    """Reads one name: the longest known phrases from left to right, then what they add up to."""
    known = vocabulary()
    words = words_of(name)
    pieces = _pieces(words, known)
    meanings = [m for _, m in pieces]
    split, split_at = _split_of(meanings)
    numbers = [int(p[0]) for p, m in pieces if not m and p[0].isdecimal() and len(p[0]) < 9]
    stem = tuple(w for i, (p, _) in enumerate(pieces) if i != split_at for w in p)
    kind, rank = _x_of(words, stem, known)
    reading = Reading(
        words=words,
        quantity=_quantity(meanings),
        split=split,
        x=cast(Any, kind),
        x_rank=rank,
        level="epoch"
        if "level.epoch" in meanings
        else "batch"
        if "level.batch" in meanings
        else "",
        number=numbers[-1] if numbers else None,
        percent=any(w in known.percent for w in words),
        spoiled="other" in meanings,
        unknown=tuple(p[0] for p, m in pieces if not m and not p[0].isdecimal()),
        stem=stem,
    )
    return _ranked_top(reading, pieces)


def _x_of(
    words: tuple[str, ...], stem: tuple[str, ...], known: Vocabulary
) -> tuple[str | None, int]:
    """The x that the words count, and their place in the alias file; "valid_step" comes last."""
    found = known.x.get(words) or known.x.get(tuple(map(_plain, words)))
    if found or stem == words or stem not in known.x:
        return found or (None, 0)
    kind, rank = known.x[stem]
    return (kind, rank + len(known.x)) if kind != "time" else (None, 0)


def _pieces(words: tuple[str, ...], known: Vocabulary) -> list[tuple[tuple[str, ...], str]]:
    """The words grouped into phrases with their meanings; "" for unknown ones."""
    pieces: list[tuple[tuple[str, ...], str]] = []
    at = 0
    while at < len(words):
        for length in range(min(known.longest, len(words) - at), 0, -1):
            phrase = words[at : at + length]
            meaning = known.phrases.get(phrase) or known.phrases.get(
                tuple(_plain(w) for w in phrase)
            )
            if meaning:
                pieces.append((phrase, meaning))
                at += length
                break
        else:
            parts = _compound(words[at], known)
            pieces.extend(parts or [((words[at],), "")])
            at += 1
    return pieces


def _compound(word: str, known: Vocabulary) -> list[tuple[tuple[str, ...], str]]:
    """The known words that `word` is glued together from, or nothing."""
    if len(word) > _LONGEST_COMPOUND:
        return []
    shortest = _SHORTEST_PART if word.isascii() else 1
    for cut in range(len(word) - shortest, shortest - 1, -1):
        head, tail = word[:cut], word[cut:]
        meaning = known.phrases.get((head,))
        if not meaning:
            continue
        if tail_meaning := known.phrases.get((tail,)):
            return [((head,), meaning), ((tail,), tail_meaning)]
        if rest := _compound(tail, known):
            return [((head,), meaning), *rest]
    return []


def _split_of(meanings: list[str]) -> tuple[Split | None, int]:
    """The last split that is named, and where; "eval" counts only where no other is."""
    weak: tuple[Split | None, int] = (None, -1)
    for at in range(len(meanings) - 1, -1, -1):
        kind, _, split = meanings[at].partition(".")
        if kind != "splits":
            continue
        if split != "weak_val":
            return cast(Split, split), at
        weak = ("val", at)
    return weak


def _quantity(meanings: list[str]) -> str:
    """The last quantity that is named; a plain "loss" behind a particular one keeps that one."""
    named = [m.partition(".")[2] for m in meanings if m.startswith("roles.")]
    if not named:
        return ""
    last = named[-1]
    before = named[:-1]
    if last == "loss":
        return next((q for q in before if q in _LOSSES and q != "loss"), last)
    if last == "accuracy":
        return next((q for q in before if q in ("top1", "balanced")), last)
    if last == "score":
        return before[-1] if before else last
    if last == "top1":
        return "error" if "error" in before else last
    return last


def _ranked_top(reading: Reading, pieces: list[tuple[tuple[str, ...], str]]) -> Reading:
    """Settles numbers right behind an accuracy or error: "acc1" is top-1, "accuracy03" is not."""
    for (_, before), (words, meaning) in pairwise(pieces):
        ranks = before in ("roles.accuracy", "roles.error", "roles.top1")
        if ranks and not meaning and words[0].isdecimal() and words[0] not in ("0", "1"):
            return Reading(**{**_fields(reading), "spoiled": True})
    return reading


def _fields(reading: Reading) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in Reading.__slots__}
