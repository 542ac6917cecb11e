"""Extensions of protocols of nobody in particular: broken in one way each, or unusual and right."""

from __future__ import annotations

import functools
import itertools
import os
import queue
import random
import sys
import threading
import time
from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import wrapt

from luminescent_cluster.contracts import Subject
from luminescent_cluster.extensions import optional

NOTEBOOK_VERSION = "1.1.0"
ASYNC_NOTEBOOK_VERSION = "1.0.0"


class Notebook(Protocol):
    """A protocol with everything the generic families look at."""

    def write(self, author: str, text: str, tags: dict | None = None) -> None: ...

    def read(self, author: str, limit: int = 10) -> list: ...

    def about(self, author: str) -> dict: ...

    @optional(since="1.1.0")
    def count(self, author: str) -> int:
        return len(self.read(author, limit=1_000_000))


class AsyncNotebook(Protocol):
    async def write(self, author: str, text: str, tags: dict | None = None) -> None: ...

    async def read(self, author: str, limit: int = 10) -> list: ...


class Exhibit(NamedTuple):
    """A broken extension, the clause that must reject it, and words that the message must hold."""

    clause: str
    factory: Callable[[], object]
    words: tuple[str, ...]
    protocol: type = Notebook


class Right:
    """Satisfies Notebook in the plainest way; exhibits break one thing of it."""

    __protocols__: Any = ("Notebook>=1.0,<2",)

    def __init__(self) -> None:
        self.notes: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self.notes[author].append((text, {str(k): str(v) for k, v in (tags or {}).items()}))

    def read(self, author: str, limit: int = 10) -> list:
        return [{"text": text, "tags": dict(tags)} for text, tags in self.notes[author]][:limit]

    def about(self, author: str) -> dict:
        return {"author": author, "notes": len(self.notes[author])}


class AsyncRight:
    __protocols__ = ("AsyncNotebook>=1.0,<2",)

    def __init__(self) -> None:
        self.inner = Right()

    async def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self.inner.write(author, text, tags)

    async def read(self, author: str, limit: int = 10) -> list:
        return self.inner.read(author, limit)


EXHIBITS: list[Exhibit] = []


def rejected_by(clause: str, *words: str, protocol: type = Notebook) -> Callable[[Any], Any]:
    """Put the decorated class (or factory) on the list of broken extensions."""

    def add(factory: Any) -> Any:
        EXHIBITS.append(Exhibit(clause, factory, words, protocol))
        return factory

    return add


# -- signatures ------------------------------------------------------------------------------------


@rejected_by("SIG-01", "read")
class Lacking:
    """One method is missing."""

    write, about = Right.write, Right.about


@rejected_by("SIG-01", "read")
class NotCallable(Right):
    """The name is there and cannot be called."""

    read: Any = "a text"


@rejected_by("SIG-01", "about")
class RaisingProperty(Right):
    """The attribute exists on the class and raises on the instance."""

    @property
    def about(self) -> Any:
        raise AttributeError("not configured")


@rejected_by("SIG-02", "write(")
class TooFew(Right):
    """A required parameter is missing."""

    def write(self, author: str) -> None:  # type: ignore[override]
        pass


@rejected_by("SIG-02", "author=")
class OnlyByPosition(Right):
    """Core may pass by keyword."""

    def about(self, author: str, /) -> dict:
        return {}


@rejected_by("SIG-02", "read(")
class OnlyByKeyword(Right):
    """Core may pass by position."""

    def read(self, *, author: str, limit: int = 10) -> list:  # type: ignore[override]
        return []


def _narrow(method: Any) -> Any:
    @functools.wraps(method)
    def wrapper(self: Any, author: str) -> Any:
        return method(self, author)

    return wrapper


@rejected_by("SIG-02", "read(")
class LyingDecorator(Right):
    """functools.wraps shows the right signature; the wrapper takes less."""

    read = _narrow(Right.read)


@rejected_by("SIG-03", "write(")
class Swapped(Right):
    """By position, the author becomes the text."""

    def write(self, text: str, author: str, tags: dict | None = None) -> None:
        super().write(author, text, tags)


@rejected_by("SIG-04", "read", protocol=Notebook)
class BecameAsync(Right):
    """A coroutine where a list is expected."""

    async def read(self, author: str, limit: int = 10) -> list:  # type: ignore[override]
        return []


@rejected_by("SIG-04", "read", protocol=AsyncNotebook)
class BecameSync(AsyncRight):
    """A list where an awaitable is expected."""

    def read(self, author: str, limit: int = 10) -> list:  # type: ignore[override]
        return []


@rejected_by("SIG-04", "read", protocol=AsyncNotebook)
class AsyncGenerator(AsyncRight):
    """An async generator cannot be awaited."""

    async def read(self, author: str, limit: int = 10) -> Any:  # type: ignore[override]
        yield {}


@rejected_by("SIG-05", "read")
class WrongAnnotation(Right):
    """The annotation promises another type."""

    def read(self, author: str, limit: int = 10) -> str:  # type: ignore[override]
        return ""


@rejected_by("SIG-05", "about")
class NoAnnotation(Right):
    """Nothing for a type checker to go by."""

    def about(self, author):  # type: ignore[no-untyped-def]
        return {}


# -- defaults --------------------------------------------------------------------------------------


@rejected_by("DEF-01", "tags")
class Insists(Right):
    def write(self, author: str, text: str, tags: dict | None) -> None:  # type: ignore[override]
        pass


@rejected_by("DEF-02", "limit")
class OtherDefault(Right):
    def read(self, author: str, limit: int = 100) -> list:
        return super().read(author, limit)


@rejected_by("DEF-02", "limit")
class DefaultOfAnotherType(Right):
    """The text "10" is not the number 10."""

    def read(self, author: str, limit: Any = "10") -> list:
        return super().read(author, int(limit))


@rejected_by("DEF-03", "locale")
class ExtraRequired(Right):
    def about(self, author: str, locale: str) -> dict:  # type: ignore[override]
        return {}


@rejected_by("DEF-04", "limit")
class Sentinel(Right):
    """Its default looks right and is told apart inside."""

    def read(self, author: str, limit: int = 10, **more: Any) -> list:
        return super().read(author, limit)

    def __init__(self) -> None:
        super().__init__()
        plain = self.read

        def read(author: str, limit: int = 10) -> list:
            return plain(author, limit)

        @functools.wraps(read)
        def counting(*args: Any, **kwargs: Any) -> list:
            if len(args) + len(kwargs) == 1:
                return [{"text": "default view", "tags": {}}]
            return plain(*args, **kwargs)

        self.read = counting  # type: ignore[method-assign]


@rejected_by("DEF-04", "write")
class OmittedIsLost(Right):
    """With the tags omitted the note is lost; passed as None it is kept."""

    @functools.wraps(Right.write)
    def write(self, *args: Any, **kwargs: Any) -> None:
        if len(args) + len(kwargs) == 3:
            Right.write(self, *args, **kwargs)


class Counters(Protocol):
    def spread(self, name: str) -> float: ...
    def count_up(self, name: str, by: float = 1.0) -> None: ...
    def sum(self) -> float: ...


@rejected_by("DEF-04", "count_up", protocol=Counters)
class CountsTwoWhereOmitted:
    """Beside a method that changes by chance what is read after it."""

    def __init__(self) -> None:
        self.total = 0.0

    def spread(self, name: str) -> float:
        self.total += random.random()
        return 0.0

    def count_up(self, name: str, by: float = 1.0) -> None:
        self.total += by

    def sum(self) -> float:
        return self.total

    plain = count_up

    @functools.wraps(plain)
    def count_up(self, *args: Any, **kwargs: Any) -> None:
        given = len(args) + len(kwargs) == 2
        CountsTwoWhereOmitted.plain(self, *args, **(kwargs if given else {**kwargs, "by": 2.0}))


@rejected_by("DEF-05", "default of count(")
class DefaultCannotWork(Right):
    """The default of `count` passes `limit`, and this `read` refuses large ones."""

    def read(self, author: str, limit: int = 10) -> list:
        if limit > 1000:
            raise ValueError("limit is 1000 at most")
        return super().read(author, limit)


@rejected_by("DEF-05", "count")
class Colliding(Right):
    """Something unrelated bears the optional method's name."""

    count = 3


# -- versions --------------------------------------------------------------------------------------


@rejected_by("VER-01", "does not admit", "1.1.0")
class BuiltForTwo(Right):
    __protocols__ = ("Notebook>=2",)


@rejected_by("VER-01", "no protocol Notebok")
class Misspelt(Right):
    __protocols__ = ("Notebok>=1",)


@rejected_by("VER-01", "is no requirement")
class NotARequirement(Right):
    __protocols__ = ("Notebook => 1",)


@rejected_by("VER-01", "not a tuple")
class OneString(Right):
    __protocols__ = "Notebook>=1.0"


@rejected_by("VER-02", "over-claimed", "1.1.0")
class OverClaims(Right):
    """The range admits 1.1.0, whose optional method collides with an attribute here."""

    count = 3


@rejected_by("VER-02", "over-claimed", "about(")
class OverClaimsRunning(Right):
    """The range admits what runs, and a call of it is rejected."""

    def about(self, author: str, locale: str) -> dict:  # type: ignore[override]
        return {}


@rejected_by("VER-02", "contradictory")
class Contradicts(Right):
    __protocols__ = ("Notebook>=2,<1",)


@rejected_by("VER-03", "names no range")
class Undeclared(Right):
    __protocols__ = ()


# -- types -----------------------------------------------------------------------------------------


@rejected_by("TYP-01", "read(", "list")
class ReturnsNone(Right):
    def read(self, author: str, limit: int = 10) -> list:
        return super().read(author, limit) or None  # type: ignore[return-value]


@rejected_by("TYP-01", "write(", "None")
class ReturnsSomething(Right):
    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        super().write(author, text, tags)
        return len(self.notes)  # type: ignore[return-value]


@rejected_by("TYP-01", "about(", "dict")
class SecondCallDiffers(Right):
    """The first answer is a dict, the cached one is its items."""

    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, Any] = {}

    def about(self, author: str) -> dict:
        if author in self.cache:
            return self.cache[author]
        answer = super().about(author)
        self.cache[author] = tuple(answer.items())
        return answer


@rejected_by("TYP-02", "read")
class StaticallyWrong(Right):
    """Fine at run time, refused by a type checker: the parameter is narrower."""

    def read(self, author: str, limit: bool = 10) -> list:  # type: ignore[assignment]
        return super().read(author, limit)


@rejected_by("TYP-02", "write")
class StaticallyRenamed(Right):
    """A type checker only compares names where functions are compared."""

    def write(self, author: str, body: str, tags: dict | None = None) -> None:
        super().write(author, body, tags)


# -- purity ----------------------------------------------------------------------------------------


@rejected_by("PUR-01", "changed an argument")
class TakesAndMarks(Right):
    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        if tags is not None:
            tags.setdefault("author", author)


@rejected_by("PUR-01", "changed an argument")
class MarksDeep(Right):
    """Only what is nested in the argument is changed."""

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        super().write(author, text, tags)
        for value in (tags or {}).values():
            if isinstance(value, list):
                value.append(author)


@rejected_by("PUR-01", "changed an argument")
class MarksLater(Right):
    """The argument is changed by the next call."""

    def __init__(self) -> None:
        super().__init__()
        self.last: Any = None

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        if self.last is not None:
            self.last["next"] = text
        self.last = tags


@rejected_by("PUR-02", "changed its result")
class SharesResult(Right):
    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, dict] = {}

    def about(self, author: str) -> dict:
        return self.cache.setdefault(author, super().about(author))


@rejected_by("PUR-02", "changed its result")
class SharesDeep(Right):
    """The list is new, the notes in it are the stored ones."""

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self.notes[author].append({"text": text, "tags": {}})  # type: ignore[arg-type]

    def read(self, author: str, limit: int = 10) -> list:
        return list(self.notes[author])[:limit]


@rejected_by("PUR-02", "changed its result")
class SharesTemplate(Right):
    """All answers share one part, whatever the argument."""

    links: dict[str, str] = {"self": "/notes"}  # noqa: RUF012 - the defect

    def __init__(self) -> None:
        super().__init__()
        self.links = {"self": "/notes"}

    def about(self, author: str) -> dict:
        return {"author": author, "links": self.links}


@rejected_by("PUR-03", "argument changed afterwards")
class KeepsTheArgument(Right):
    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self.notes[author].append((text, tags if tags is not None else {}))

    def read(self, author: str, limit: int = 10) -> list:
        return [repr(note) for notes in self.notes.values() for note in notes][:limit]


@rejected_by("PUR-03", "argument changed afterwards")
class CopiesShallow(KeepsTheArgument):
    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        super().write(author, text, dict(tags or {}))


@rejected_by("PUR-03", "argument changed afterwards")
class CountsLate(Right):
    """Nothing of the argument is shown, but a number that depends on it is."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Any] = []

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self.kept.append(tags)

    def about(self, author: str) -> dict:
        return {"tags": sum(len(tags) for tags in self.kept if tags)}


@rejected_by("PUR-03", "argument changed afterwards", "if left alone")
class CountsWhenFirstAsked(CountsLate):
    """Takes the number at the first look, and keeps to it."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[int] = []

    def about(self, author: str) -> dict:
        self.numbers += [len(tags or ()) for tags in self.kept]
        self.kept.clear()
        return {"tags": sum(self.numbers)}


# -- truth -----------------------------------------------------------------------------------------


@rejected_by("TRU-01", "is False")
class Falsy(Right):
    def __bool__(self) -> bool:
        return False


@rejected_by("TRU-01", "is False")
class SizedByNotes(Right):
    """Empty, it is falsy."""

    def __len__(self) -> int:
        return sum(map(len, self.notes.values()))


@rejected_by("TRU-01", "is False", "after")
class TurnsFalsy(Right):
    """Truthy at first; after the third call it is not."""

    calls = 0

    def about(self, author: str) -> dict:
        self.calls += 1
        return super().about(author)

    def __bool__(self) -> bool:
        return self.calls < 2


@rejected_by("TRU-01", "after 40 calls of", "more such calls")
class FalsyWhenFull(Right):
    """Nothing is left of a room for forty."""

    room = 40

    def about(self, author: str) -> dict:
        self.room -= 1
        return super().about(author)

    def __len__(self) -> int:
        return max(0, self.room)


@rejected_by("TRU-01", "is False", "raises ValueError")
class FalsyOnceItRefused(Right):
    """An id that nobody sends is refused, and from then on it counts as false."""

    refused = False

    def about(self, author: str) -> dict:
        self.refused = self.refused or not author.isprintable()
        if self.refused:
            raise ValueError(author)
        return super().about(author)

    def __bool__(self) -> bool:
        return not self.refused


@rejected_by("TRU-01", "raises")
class Undecided(Right):
    def __bool__(self) -> bool:
        raise ValueError("ambiguous")


# -- errors ----------------------------------------------------------------------------------------


@rejected_by("ERR-01", "SystemExit")
class Exits(Right):
    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        if "\0" in text:
            sys.exit("bad input")
        super().write(author, text, tags)


@rejected_by("ERR-01", "end the process")
class ExitsHard(Right):
    def read(self, author: str, limit: int = 10) -> list:
        if len(author) > 500:
            os._exit(0)
        return super().read(author, limit)


@rejected_by("ERR-01", "did not come back")
def hangs() -> Subject:
    """An unusual author makes it spin."""

    class Spins(Right):
        def about(self, author: str) -> dict:
            while "\n" in author:
                pass
            return super().about(author)

    return Subject(Spins(), deadline=0.3)


@rejected_by("ERR-01", "after hostile calls")
class Breaks(Right):
    """One hostile call, and nothing works any more."""

    broken = False

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        try:
            text.encode()
            super().write(author, text, tags)
        except UnicodeEncodeError:
            self.broken = True
            raise

    def about(self, author: str) -> dict:
        if self.broken:
            raise RuntimeError("connection lost")
        return super().about(author)


@rejected_by("ERR-01", "KeyboardInterrupt")
class Interrupts(Right):
    def about(self, author: str) -> dict:
        if author == "":
            raise KeyboardInterrupt
        return super().about(author)


@rejected_by("ERR-02", "time.sleep")
class PatchesTime(Right):
    def __init__(self) -> None:
        super().__init__()
        time.sleep = lambda seconds: None


@rejected_by("ERR-02", "threading.Thread")
class PatchesThreads(Right):
    def about(self, author: str) -> dict:
        threading.Thread = None  # type: ignore[assignment, misc]
        return super().about(author)


@rejected_by("ERR-02", "trace function")
class Traces(Right):
    def read(self, author: str, limit: int = 10) -> list:
        sys.settrace(lambda *args: None)
        return super().read(author, limit)


# -- threads ---------------------------------------------------------------------------------------


class Store:
    """Notes by author, and nothing that two threads could not do at once."""

    __protocols__ = ("Notebook>=1.0,<2",)

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.totals: dict[str, int] = {}

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        with self.lock:
            self.totals[author] = self.totals.get(author, 0) + 1

    def read(self, author: str, limit: int = 10) -> list:
        with self.lock:
            return ["note"] * min(self.totals.get(author, 0), max(limit, 0))

    def about(self, author: str) -> dict:
        with self.lock:
            return {"notes": self.totals.get(author, 0)}


@rejected_by("THR-01", "deadlock")
class LockOrder(Store):
    """Two locks, taken in two orders."""

    def __init__(self) -> None:
        super().__init__()
        self.other = threading.Lock()

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        with self.other, self.lock:
            self.totals[author] = self.totals.get(author, 0) + 1

    def about(self, author: str) -> dict:
        with self.lock, self.other:
            return {"notes": self.totals.get(author, 0)}


@rejected_by("THR-01", "RuntimeError")
class Iterates(Store):
    """A dict that grows while another thread goes through it."""

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self.totals[f"{author}/{text}"] = 1

    def about(self, author: str) -> dict:
        count = 0
        for key in self.totals:
            count += key.startswith(author)
        return {"notes": count}


@rejected_by("THR-02", "sequential")
class LosesUpdates(Store):
    """Read, add, write, without the lock."""

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        before = self.totals.get(author, 0)
        self.totals[author] = before + 1


@rejected_by("THR-02", "sequential")
class Scratch(Store):
    """The author of the moment is kept on the instance."""

    def about(self, author: str) -> dict:
        self.current = author
        return {"author": self.current}


@rejected_by("THR-02", "sequential")
class LockedTwice(Store):
    """Each half is under the lock, the whole is not."""

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        with self.lock:
            before = self.totals.get(author, 0)
        with self.lock:
            self.totals[author] = before + 1


@rejected_by("THR-03", "threads")
class Sleepy(Store):
    """A pause between reading and writing, as a slow backend has: free-running threads meet."""

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        before = self.totals.get(author, 0)
        time.sleep(0.0005)
        self.totals[author] = before + 1


@rejected_by("THR-03", "raised")
class Busy(Store):
    """Refuses to be called by two at once."""

    inside = False

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        if self.inside:
            raise RuntimeError("busy")
        self.inside = True
        time.sleep(0.0005)
        self.inside = False


# -- unusual, and right ----------------------------------------------------------------------------


class Slots:
    __protocols__ = ("Notebook>=1.0",)
    __slots__ = ("inner",)

    def __init__(self) -> None:
        self.inner = Right()

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self.inner.write(author, text, tags)

    def read(self, author: str, limit: int = 10) -> list:
        return self.inner.read(author, limit)

    def about(self, author: str) -> dict:
        return self.inner.about(author)


@dataclass
class Fields:
    """Callable attributes in place of methods."""

    write: Callable[..., None]
    read: Callable[..., list]
    about: Callable[..., dict]
    __protocols__: Any = field(default=("Notebook",), repr=False)


def fields() -> Fields:
    inner = Right()
    return Fields(inner.write, inner.read, inner.about)


def _logged(method: Any) -> Any:
    @functools.wraps(method)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    return wrapper


class Decorated(Right):
    write = _logged(Right.write)
    read = _logged(_logged(Right.read))


@wrapt.decorator
def _passing(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    return wrapped(*args, **kwargs)


class Wrapt(Right):
    read = _passing(Right.read)


class Delegates:
    """Everything goes through __getattr__."""

    def __init__(self) -> None:
        self._inner = Right()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Partial(Right):
    def _read(self, kind: str, author: str, limit: int = 10) -> list:
        return super().read(author, limit)

    read: Any = functools.partialmethod(_read, "note")


class Static(Right):
    """State at module level is nobody's business here."""

    @staticmethod
    def about(author: str) -> dict:
        return {"author": author}


class Richer(Right):
    """Extra optional parameters, and results that are dict and list subclasses."""

    def about(self, author: str, locale: str = "en", *extra: Any, **more: Any) -> dict:
        return OrderedDict(super().about(author))


class Refusing(Right):
    """A syntax for names; the rest is refused."""

    def _check(self, author: str) -> None:
        if not author.isalnum():
            raise ValueError(f"no author name: {author!r}")

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self._check(author)
        super().write(author, text, tags)

    def read(self, author: str, limit: int = 10) -> list:
        self._check(author)
        return super().read(author, limit)

    def about(self, author: str) -> dict:
        self._check(author)
        return super().about(author)


class Stamped(Right):
    """Answers carry an id and a time."""

    _ids = itertools.count()

    def about(self, author: str) -> dict:
        stamp = {"id": next(self._ids), "at": time.time_ns()}
        return super().about(author) | stamp


class ReadOnly(Right):
    """Answers cannot be changed at all, deep inside."""

    def about(self, author: str) -> dict:
        return {"author": author, "links": MappingProxyType({"self": "/notes"})}


class Queued(Right):
    """Writes settle later, in a thread."""

    def __init__(self) -> None:
        super().__init__()
        self.pending: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            author, text, tags = self.pending.get()
            Right.write(self, author, text, tags)
            self.pending.task_done()

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        copied = {str(k): str(v) for k, v in (tags or {}).items()}
        self.pending.put((author, text, copied))


def queued() -> Subject:
    extension = Queued()
    return Subject(extension, flush=extension.pending.join)


class Proxied(wrapt.ObjectProxy):
    pass


def shared() -> Any:
    """One slow store for the whole clause."""
    return Subject(Right(), fresh="clause")


def generator() -> Any:
    """Made and torn down."""
    extension = Right()
    yield extension
    extension.notes.clear()


class Filtered(UserDict):  # type: ignore[type-arg]
    """A truthy extension that is a mapping by inheritance."""

    def __init__(self) -> None:
        super().__init__(always="something")
        self._inner = Right()

    def write(self, author: str, text: str, tags: dict | None = None) -> None:
        self._inner.write(author, text, tags)

    def read(self, author: str, limit: int = 10) -> list:
        return self._inner.read(author, limit)

    def about(self, author: str) -> dict:
        return self._inner.about(author)


class Implements(Right):
    """Has the optional method itself."""

    def count(self, author: str) -> int:
        return len(self.notes[author])


LEGITIMATE: dict[str, tuple[type, Callable[[], Any]]] = {
    "plain": (Notebook, Right),
    "slots": (Notebook, Slots),
    "dataclass of callables": (Notebook, fields),
    "functools.wraps": (Notebook, Decorated),
    "wrapt decorator": (Notebook, Wrapt),
    "__getattr__ delegate": (Notebook, Delegates),
    "wrapt proxy": (Notebook, lambda: Proxied(Right())),
    "partialmethod": (Notebook, Partial),
    "static method": (Notebook, Static),
    "extra optional parameters": (Notebook, Richer),
    "refuses odd names": (Notebook, Refusing),
    "ids and times": (Notebook, Stamped),
    "read-only parts": (Notebook, ReadOnly),
    "queue and thread": (Notebook, queued),
    "one instance per clause": (Notebook, shared),
    "generator factory": (Notebook, generator),
    "mapping by inheritance": (Notebook, Filtered),
    "has the optional method": (Notebook, Implements),
    "under one lock": (Notebook, Store),
    "async": (AsyncNotebook, AsyncRight),
}
