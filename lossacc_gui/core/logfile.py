"""One log file: follows its bytes, finds its format, keeps its curves and its problems."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath

from lossacc_gui.core.budget import Budget, Clock
from lossacc_gui.core.curves import Curve, Curves
from lossacc_gui.core.discovery import EMPTY
from lossacc_gui.core.formats import (
    HEAD_BYTES,
    Format,
    Reader,
    StoreReader,
    StoreReplacedError,
    best_format,
)
from lossacc_gui.core.left_over import LeftOvers
from lossacc_gui.core.rows import Problem, Rows
from lossacc_gui.core.series import Ghost
from lossacc_gui.core.series_store import SeriesStore, X, Y
from lossacc_gui.core.store_stamp import stamp_of
from lossacc_gui.core.tail import Appended, Failed, FileTail, Gone, Reset

logger = logging.getLogger(__name__)

SETTLED_LINES = 250
"""After so many lines, or a full head, the format stays."""

_GROWN = 1.25  # the head is looked at again once it is so many times as long

REST = 2.0
"""A file that did not change for so many seconds may end in a line without an end."""

STORE_REST = 3.0
"""A store whose files did not change for so many seconds is not asked again."""

MOST_PROBLEMS = 200
_LINE_ENDS = (b"\n", b"\r", b"\x08")


class LogFile:
    """Reads one file by small steps. Nothing here raises for what is in the file or on the disk.

    `revision` rises with every change that a person could see. While a replaced file is read
    afresh, `curves` stays what it was, so that nothing flickers; afterwards the old points are in
    `left_over` and whatever of them is not in the new file is kept as ghosts.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.format: Format | None = None
        self.problems: list[Problem] = []
        self.facts: dict[str, str] = {}
        self._left_over = LeftOvers()
        self.revision = 0
        self.gone = False
        self.failure = ""
        self.more = True  # something is waiting to be read
        self.tail = FileTail(path)
        self._unsure: Mapping[Curve, Ghost] = {}
        self._shown: Curves | None = None  # what people see while the file is read afresh
        self._fresh()

    def _fresh(self) -> None:
        self._curves = Curves()
        self._head = b""
        self._lines = 0
        self._looked_at = 0  # so much of the head had been read when the format was last chosen
        self._settled = False
        self._provisional: dict[Curve, Ghost] = {}  # points of a line that may go on
        self._flushed = False  # `finish` was called on what is not a whole line
        self._finished = 0  # up to here `finish` was asked
        self._broken = False  # the reader failed
        self._last_byte = b"\n"
        self._reader: Reader | None = None
        self._store: StoreReader | None = None
        self._store_stamp: tuple[float, ...] = ()
        self._store_asked = 0.0
        self.problems = []
        self.problem_count = 0

    @property
    def curves(self) -> Mapping[Curve, SeriesStore]:
        """The curves to show."""
        return (self._shown or self._curves).stores

    @property
    def left_over(self) -> Mapping[Curve, tuple[Ghost, ...]]:
        """Points of what the file was before that it does not have now."""
        return self._left_over.ghosts

    @property
    def percent(self) -> set[Curve]:
        """The curves whose numbers had a percent sign behind them."""
        return (self._shown or self._curves).percent

    @property
    def format_name(self) -> str:
        """The format as told to people; "" while none is found."""
        source = self._reader or self._store
        return source.name if source else ""

    @property
    def is_store(self) -> bool:
        """Whether it is asked again as a whole instead of being tailed."""
        return self._store is not None

    @property
    def rejected(self) -> bool:
        """Whether no format claims this file, or its reader failed: it is not read on."""
        return self._broken or (self._settled and self.format is None)

    def _appetite(self, budget: Budget, read: int) -> int:
        """A file that may be no log at all costs no more than its head."""
        chunk = budget.chunk if self.format else HEAD_BYTES
        return max(min(chunk, budget.bytes - read), 1)

    def poll(self, budget: Budget, clock: Clock, now: float) -> bool:
        """Reads what is new within the budget; True if anything a person could see changed."""
        before = self.revision
        if self._store is not None and not self._broken:
            self._poll_store(now)
            return self.revision != before
        if self.rejected and not self.tail.shrunk():
            return False
        until = clock() + budget.seconds
        read = 0
        while True:
            read += self._read_piece(self._appetite(budget, read), now)
            if self._store is not None:
                self._poll_store(now)
                break
            if not self.more or read >= budget.bytes or clock() >= until:
                break
        if not self.more:
            self._show_fresh()
        if self.revision != before:
            self._prune()
        return self.revision != before

    def _read_piece(self, limit: int, now: float) -> int:
        """One look at the file; the number of bytes that it brought."""
        answer = self.tail.read(limit, now)
        if isinstance(answer, Reset):
            self._start_afresh()
            answer = self.tail.read(limit, now)
        match answer:
            case Appended(data, more):
                self._mark(gone=False, failure="")
                self.more = more
                self._take(data)
                if self.rejected:
                    self.more = False
                return len(data)
            case Gone():
                self._mark(gone=True, failure="")
            case Failed(reason):
                self._mark(gone=False, failure=reason)
            case _:
                self._mark(gone=False, failure="")
                self.more = False
        return 0

    def finish(self, now: float, at_once: bool = False) -> bool:
        """Takes an unterminated last line of a file at rest; True if that brought anything."""
        if self._finished == self.tail.offset or self.more or not self._reader or self._broken:
            return False
        if not at_once and now - self.tail.modified < REST:
            return False
        changed = self._looked_at < len(self._head) and self._take_afresh(now)
        if self._reader is None:
            return changed
        rows = self._ask(self._reader.finish)
        found = self._add(rows) or changed
        unfinished = self._last_byte not in _LINE_ENDS and b"\0" not in self._head[:1024]
        self._flushed = unfinished
        self._finished = self.tail.offset
        if unfinished:
            self._provisional = self._last_points(rows)
        return found or bool(rows.problems)

    def _last_points(self, rows: Rows) -> dict[Curve, Ghost]:
        found = {}
        for column in rows.columns:
            curve = Curve(column.run, column.split, column.tag)
            store, count = self._curves.stores[curve], len(column.y)
            if count:
                found[curve] = Ghost(store.column(X)[-count:], store.column(Y)[-count:])
        return found

    def settled_at_rest(self, now: float, at_once: bool) -> bool:
        """Whether nothing more can come of the file as it is."""
        asked = self._finished == self.tail.offset
        return at_once or asked or now - self.tail.modified >= REST

    def reason_not_read(self) -> str:
        """Why this file shows nothing; "" where it does, or where it is too early to tell."""
        if self.more or self.curves or self.left_over or self.gone or self.failure:
            return ""
        if not self.tail.offset and not self.is_store:
            return EMPTY
        if self.format is not None:
            return f"looks like {self.format.TITLE}, but no metrics were found in it"
        if b"\0" in self._head:
            return "binary data of no known kind"
        return "no metrics were found in it"

    def _mark(self, gone: bool, failure: str) -> None:
        if (self.gone, self.failure) != (gone, failure):
            self.gone, self.failure = gone, failure
            self.revision += 1
        if gone or failure:
            self.more = False

    def _take(self, data: bytes) -> None:
        if self._flushed and not data.startswith(_LINE_ENDS):
            # The line that was taken for complete goes on: a number may have been cut in it.
            self.tail.start_over()
            self._start_afresh()
            self.more = True
            return
        self._flushed = False
        self._provisional = {}
        self._last_byte = data[-1:]
        if not self._settled:
            data = self._sniff(data)
        if self._reader is not None and data:
            self._add(self._ask(partial(self._reader.feed, data)))

    def _sniff(self, data: bytes) -> bytes:
        """Chooses the format by the head so far; returns what its reader has not had yet.

        Every format looks at the whole head, which takes longer than reading a line; so a head
        that grew only a little is looked at again when the file rests.
        """
        room = HEAD_BYTES - len(self._head)
        self._head += data[:room]
        self._lines += data.count(b"\n", 0, room)
        self._settled = len(self._head) >= HEAD_BYTES or self._lines >= SETTLED_LINES
        little = len(self._head) < _GROWN * self._looked_at and not self._settled
        if (self.format is not None and little) or not self._choose():
            return data
        return self._head + data[room:] if self._reader is not None else b""

    def _choose(self) -> bool:
        """Chooses the format by the head; True if it is another one than before."""
        self._looked_at = len(self._head)
        path = PurePath(self.path)
        choice = best_format(self._head, path)
        if choice is self.format or choice is None:
            return False
        self.format = choice
        self._curves = Curves()
        self.problems = []
        self.problem_count = 0
        self.revision += 1
        if hasattr(choice, "Store"):
            self._reader, self._store = None, choice.Store(path)
        else:
            self._reader = choice.Reader(path)  # type: ignore[attr-defined]
        return True

    def _take_afresh(self, now: float) -> bool:
        """Looks at the whole head; reads it anew if it turns out to be of another format."""
        if not self._choose():
            return False
        if self._reader is not None:
            self._add(self._ask(partial(self._reader.feed, self._head)))
        else:
            self._poll_store(now)
        return True

    def _ask(self, question: Callable[[], Rows]) -> Rows:
        """What a reader answers; one that fails on a file ends with this file and no other."""
        try:
            return question()
        except (OSError, StoreReplacedError):
            raise
        except Exception as error:
            logger.exception("the reader of %s failed", self.path)
            self._broken = True
            fault = f"the reader failed and stopped: {type(error).__name__}: {error}"
            return Rows((), (Problem(self.path, 0, fault),))

    def _add(self, rows: Rows) -> bool:
        found = self._curves.add(rows)
        if rows.problems:
            self.problem_count += len(rows.problems)
            room = MOST_PROBLEMS - len(self.problems)
            self.problems.extend(rows.problems[: max(room, 0)])
        self.facts.update(rows.facts)
        if found or rows.problems or rows.facts:
            self.revision += 1
        return found

    def adopt(self, moved: LogFile) -> None:
        """Takes over what was read of the same file under its old name."""
        self._left_over.adopt(moved._left_over)
        self._left_over.keep(moved._shown or moved._curves, moved._provisional, self._curves)
        self.revision += 1

    def _start_afresh(self) -> None:
        """The file is read again from its head; what was shown stays until that is done."""
        if self._shown is None and self._curves.stores:
            self._shown = self._curves
            self._unsure = self._provisional
        self._fresh()
        self.format = None
        self.more = True

    def _show_fresh(self) -> None:
        if self._shown is not None:
            shown, self._shown = self._shown, None
            self._left_over.keep(shown, self._unsure, self._curves)
            self.revision += 1

    def _prune(self) -> None:
        if self._shown is None:
            self._left_over.prune(self._curves)

    def _poll_store(self, now: float) -> None:
        assert self._store is not None
        self.more = False
        stamp = stamp_of(self._store, self.path)
        if (
            stamp
            and stamp == self._store_stamp
            and self._store_asked - max(stamp[1::2]) > STORE_REST
        ):
            return
        self._store_stamp, self._store_asked = stamp, now
        if stamp:
            self.tail.modified = max(stamp[1::2])
        try:
            rows = self._ask(self._store.poll)
        except StoreReplacedError:
            self._replace_store()
            return
        except FileNotFoundError:
            self._mark(gone=True, failure="")
            return
        except OSError as error:
            self._mark(gone=False, failure=error.strerror or str(error) or "cannot be read")
            self._store_stamp = ()  # busy for a moment, most likely: asked again
            return
        self._mark(gone=False, failure="")
        self._add(rows)
        self.more = getattr(self._store, "more", False)
        if self.more:
            self._store_stamp = ()
        self._prune()

    def _replace_store(self) -> None:
        assert self.format is not None
        old, self._curves = self._curves, Curves()
        self._store = self.format.Store(PurePath(self.path))  # type: ignore[attr-defined]
        self._store_stamp = ()
        self._left_over.keep(old, {}, self._curves)
        self.revision += 1
        self.more = True
