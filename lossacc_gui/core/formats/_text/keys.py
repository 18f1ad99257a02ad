"""Says what the words before a number are: a counter, a metric, a split, or nothing of interest."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from lossacc_gui.core._words import Reading, read_name, vocabulary
from lossacc_gui.core.rows import Split

KeyKind = Literal["epoch", "step", "run", "metric", "bare", "other", "none"]


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_NOISE = _words(
    "time times runtime duration seconds second secs sec ms s eta elapsed remaining wait wall",
    "hours hour minutes minute days date speed throughput fps hz ips wps ups tps mfu flops flos",
    "tflops memory mem gpu cpu ram gb mb kb util sys device devices workers world rank pid port",
    "count num size version seed samples tokens images params param parameters layers classes tok",
    "img bs bsz line len length width height dim hidden seq iters steps epochs consumed skipped",
    "best worst lowest highest min max minimum maximum patience previous prev improvement",
    "threshold counter progress limit gap diff period scale dropout decay momentum beta clip",
    "warmup frozen load cpumem gpumem reducing reduced decreased improved increased annealing",
    "adjusting changed",
)
_COSTS = _words("batch reader data time iter step compute io")
_NO_METRIC = _words("p data id it x y z total")
_NO_COUNTER_BEFORE = _words("per each every next last best total max than until from no number")
_OWN_COUNTERS: dict[str, Literal["epoch", "step", "run"]] = {
    "E": "epoch",
    "e": "epoch",
    "Ep": "epoch",
    "Pass": "epoch",
    "pass": "epoch",
    "Up": "step",
    "run": "run",
    "fold": "run",
    "trial": "run",
}
_ONE_LETTER_SPLIT = re.compile(r"([vt])[_-](?=[a-z]{2})", re.IGNORECASE)
_SPLIT_INITIALS = {"T": "train", "V": "val", "Tr": "train", "Va": "val", "Te": "test"}
_INITIALS = {
    f"{split}{quantity}": f"{name} {measure}"
    for split, name in _SPLIT_INITIALS.items()
    for quantity, measure in (("L", "loss"), ("A", "acc"))
}
_LONG_TAIL = re.compile(r"\s(?:of|on|for|over|after|across)\s(?:the|all|a)\s.*\Z", re.IGNORECASE)
_REMARK = re.compile(r"\s*\([^()]*\)\Z")
_TRIM_LEFT = re.compile(r"^[^\w%]+")
_TRIM_RIGHT = re.compile(r"[^\w%)@]+\Z")
_LINKING = re.compile(r"\s(?:is|was|of|at|to|equals|being|=)\Z", re.IGNORECASE)
_LONGEST_KEY = 120
_MOST_WORDS = 14
_SUFFIX_WORDS = 5


class Key(NamedTuple):
    """What a key is. `split` is what the words left over say, for metrics what the tag does not."""

    kind: KeyKind
    tag: str = ""
    split: Split | None = None
    plural: bool = False
    measures: bool = True  # a loss, an accuracy, a learning rate; else something like them
    before: str = ""  # of a counter: the words before it ("Cost after" iteration 100)


NO_KEY = Key("none")


def clean(text: str) -> str:
    """The text without what is no part of a name at its ends."""
    return _TRIM_RIGHT.sub("", _TRIM_LEFT.sub("", text.strip()))


@lru_cache(maxsize=8192)
def key(text: str, strong: bool) -> Key:
    """Classifies the last piece of text before a number.

    `strong` means that a colon, an equals sign or a bar stands between them.
    """
    name = clean(text[-_LONGEST_KEY:])
    if not name or name.endswith("(t)"):  # "Batch (t)" is a time
        return NO_KEY
    linked = _LINKING.sub("", name)
    if linked != name:
        name = clean(linked)
        strong = len(name.split()) <= 3  # "and the validation loss is" names more than a key
    own = _OWN_COUNTERS.get(name) or _OWN_COUNTERS.get(name.lower() if len(name) > 2 else name)
    if own:
        return Key(own, name)
    if name in _INITIALS:
        return Key("metric", f"{_INITIALS[name]} ({name})")
    whole = _whole(name, read_name(name), strong)
    if whole is not None:
        return whole
    found = _suffix(name, strong)
    if found is not None:
        return found
    return Key("other", name) if strong and name.lower() not in _NO_METRIC else NO_KEY


def _whole(name: str, reading: Reading, strong: bool) -> Key | None:
    """The key if all of the words are one."""
    kind = counter(reading)
    if kind:
        plural = name.lower().endswith("s")
        return Key(kind, split=reading.split, plural=plural)
    tag = _short(name) if strong else name
    if tag != name:
        return Key("metric", tag, split_of(reading, 4))
    tag = _without_remark(name)
    if tag != name:
        return Key("metric", tag)
    if reading.x == "time" or len(reading.words) > _MOST_WORDS or is_noise(reading):
        return NO_KEY if strong else None
    if reading.quantity or reading.spoiled:
        if not strong and (reading.unknown or not _ends_in_quantity(name)):
            return None
        letter = _ONE_LETTER_SPLIT.match(name) if reading.split is None else None
        told = {"v": "val", "t": "train"}[letter.group(1).lower()] if letter else None
        return Key("metric", name, cast(Split | None, told), measures=bool(reading.quantity))
    if reading.split and not reading.unknown and strong:
        return Key("bare", name)
    return None


def _ends_in_quantity(name: str) -> bool:
    """Whether the last words are the metric's: "val loss" and not "accuracy on the test set"."""
    words = name.split()
    if counter(read_name(words[-1])):
        return False
    for length in range(1, min(3, len(words)) + 1):
        reading = read_name(" ".join(words[-length:]))
        if reading.quantity not in ("", "score") or reading.spoiled:
            return True
    return False


def _suffix(name: str, strong: bool) -> Key | None:
    """The key if only the last words are one ("and the val loss", "loss at iteration")."""
    words = name.split()
    for length in range(min(_SUFFIX_WORDS, len(words) - 1), 0, -1):
        rest, last = " ".join(words[:-length]), " ".join(words[-length:])
        reading = read_name(last)
        before = words[-length - 1].lower().strip(".,:;!")
        kind = counter(reading)
        short = len(words) <= 3 and not is_noise(read_name(rest))
        if kind and (short or not strong) and before not in _NO_COUNTER_BEFORE:
            return Key(kind, split=reading.split or split_of(read_name(rest)), before=rest)
        if reading.x or is_noise(reading) or reading.unknown or before in _NOISE:
            continue
        if reading.quantity and (strong or _ends_in_quantity(last)):
            return Key("metric", clean(last), split_of(read_name(rest)))
    return None


def counter(reading: Reading) -> Literal["epoch", "step"] | None:
    """Which x the words count, words of a split aside."""
    x = reading.x or (vocabulary().x.get(reading.stem) if reading.split else None)
    if x == "epoch":
        return "epoch"
    return "step" if x == "step" else None


def is_noise(reading: Reading) -> bool:
    """Whether some word makes it a time, a size, a best value or the like."""
    if reading.words[-1:] == ("cost",) and _COSTS.intersection(reading.words):
        return True
    return any(word in _NOISE for word in reading.words)


def split_of(reading: Reading, most_unknown: int = 2) -> Split | None:
    """The split that a phrase names, if it says little else."""
    return reading.split if reading.split and len(reading.unknown) <= most_unknown else None


def _without_remark(name: str) -> str:
    """The name without what stands in brackets behind it: "lr(PiecewiseDecay)"."""
    short = _REMARK.sub("", name)
    if short == name or not short:
        return name
    reading, remark = read_name(short), read_name(name[len(short) :])
    about_itself = remark.quantity or remark.split or remark.spoiled or is_noise(remark)
    measures = reading.quantity and not reading.unknown and not is_noise(reading)
    return name if about_itself or not measures else short


def _short(name: str) -> str:
    """The name without "of the model on the 400 images"."""
    short = _LONG_TAIL.sub("", name)
    reading = read_name(short)
    return short if short != name and reading.quantity and not is_noise(reading) else name
