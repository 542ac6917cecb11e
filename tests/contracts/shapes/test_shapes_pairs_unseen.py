"""Pairs where something that looking cannot see through stands between protocol and code."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, ParamSpec, Protocol, TypedDict, TypeVar
from unittest.mock import AsyncMock, MagicMock

import attrs
import pytest
from typing_extensions import Unpack

from luminescent_cluster.contracts.shapes import accepts

ROWS: list[Any] = []
P = ParamSpec("P")
T = TypeVar("T")


def row(why: str, protocol: Any, implementation: Any, clause: str = "") -> None:
    """Add a row to the table; ``clause`` is the one that rejects, empty where all is well."""
    ROWS.append(pytest.param(protocol, implementation, clause, id=why))


class Track(Protocol):
    def track(self, operation: str, tokens: int) -> None: ...


class Fetch(Protocol):
    async def fetch(self, key: str) -> None: ...


def with_method(name: str, value: Any) -> Any:
    """Return an instance of a class that holds one thing."""
    return type("Extension", (), {name: value})()


# --- decorators whose text does not show what they call ----------------------------------------


class Validator:
    """Calls the function from code that cannot be read, as compiled validators do."""

    def __init__(self, function: Any):
        self.function = function

    def call(self, *args: Any, **kwargs: Any) -> Any:
        return self.run(args, kwargs)

    def run(self, args: Any, kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


def validated(function: Any) -> Any:
    """Decorate like a validation library."""
    call = Validator(function).call

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return call(*args, **kwargs)

    return wrapper


def adapted(function: Any) -> Any:
    """Decorate like a library that sorts the arguments, and says what it takes."""
    signature = inspect.signature(function)

    def caller(inner, *args, **kwargs):
        return inner(*args, **kwargs)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        args, kwargs = sorted_out(signature, args, kwargs)
        return caller(function, *args, **kwargs)

    wrapper.__signature__ = signature
    return wrapper


def sorted_out(signature: inspect.Signature, args: Any, kwargs: Any) -> tuple[Any, Any]:
    """Return the arguments as the function takes them."""
    bound = signature.bind(*args, **kwargs)
    return bound.args, bound.kwargs


def right(self, operation, tokens): ...
def short(self, operation): ...
def renamed(self, op, tokens): ...
async def awaited(self, key): ...


row("validated", Track, with_method("track", validated(right)))
row("validated, lacks one", Track, with_method("track", validated(short)), "SIG-02")
row("validated, renamed", Track, with_method("track", validated(renamed)), "SIG-02")
row("adapted", Track, with_method("track", adapted(right)))
row("adapted, lacks one", Track, with_method("track", adapted(short)), "SIG-02")
row("adapted and awaited", Fetch, with_method("fetch", adapted(awaited)))


def opened(function: Any) -> Any:
    """Decorate classmethods too, because it looks inside."""

    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        return function.__func__(type(self), *args, **kwargs)

    return wrapper


row("the inside of a classmethod", Track, with_method("track", opened(classmethod(right))))
row("a classmethod object", Track, with_method("track", validated(classmethod(right))), "SIG-02")
row("a property object", Track, with_method("track", validated(property(right))), "SIG-02")


# --- what is promised and never was a generator ------------------------------------------------


class Transactions(Protocol):
    def transaction(self, name: str) -> AbstractContextManager[int]: ...


class Pages(Protocol):
    def pages(self, name: str) -> Iterator[int]: ...


class Account:
    """What a protocol may promise."""


class Accounts(Protocol):
    def account(self, name: str) -> Account: ...


def yields(self, name):
    yield 1


row("context manager", Transactions, with_method("transaction", contextmanager(yields)))
row("forgotten decorator", Transactions, with_method("transaction", yields), "SIG-04")
row("iterator", Pages, with_method("pages", yields))
row("generator for an object", Accounts, with_method("account", yields), "SIG-04")


# --- mocks and asynchrony ----------------------------------------------------------------------

row("AsyncMock for a sync protocol", Track, AsyncMock(), "SIG-04")
row("MagicMock for an async protocol", Fetch, MagicMock(), "SIG-04")
row("MagicMock told what to return", Fetch, MagicMock(**{"fetch.return_value": AsyncMock()()}))


# --- the arguments that a caller chooses -------------------------------------------------------


class Submit(Protocol):
    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...


class Task(Protocol[P]):
    def start(self, *args: P.args, **kwargs: P.kwargs) -> None: ...


def submits(self, work, *args, **kwargs): ...
def submits_positional(self, work, *args): ...
def starts(self, name): ...


row("a method's own ParamSpec", Submit, with_method("submit", submits))
row("its keywords", Submit, with_method("submit", submits_positional), "SIG-02")
row("the implementation's ParamSpec", Task, with_method("start", starts))


# --- a class that is the function --------------------------------------------------------------


class MakeEvent(Protocol):
    def __call__(self, name: str, *, urgent: bool = False) -> object: ...


class Event:
    def __init__(self, name: str, *, urgent: bool = False): ...


class ShortEvent:
    def __init__(self, name: str): ...


class Handler:
    def __call__(self, name: str, *, urgent: bool = False) -> object: ...


row("a class as factory", MakeEvent, Event)
row("a class that takes less", MakeEvent, ShortEvent, "SIG-02")
row("a class, for its instances", MakeEvent, Handler)


# --- attributes --------------------------------------------------------------------------------


class Named(Protocol):
    name: str


class Kinded(Protocol):
    kind: ClassVar[str]


@attrs.frozen
class FrozenName:
    name: str = "x"


@attrs.define
class OpenName:
    name: str = "x"


class Immutable:
    """Written by hand."""

    def __init__(self):
        object.__setattr__(self, "name", "x")

    def __setattr__(self, name, value):
        """Refuse."""
        raise AttributeError(name)


class Checked:
    """Refuses something else."""

    def __init__(self):
        self.name = "x"

    def __setattr__(self, name, value):
        if name != "name":
            raise AttributeError(name)
        object.__setattr__(self, name, value)


class OpenKind:
    def __init__(self):
        self.kind = "x"


row("attrs", Named, OpenName())
row("attrs, frozen", Named, FrozenName(), "SIG-05")
row("immutable", Named, Immutable(), "SIG-05")
row("checked", Named, Checked())
row("class variable", Kinded, with_method("kind", "x"))
row("class variable on the instance", Kinded, OpenKind(), "SIG-01")


# --- values and types --------------------------------------------------------------------------


class Vector:
    """Compares item by item, as arrays do."""

    def __init__(self, *items: int):
        self.items = items

    def __eq__(self, other: object) -> Any:
        return Vector(*(a == b for a, b in zip(self.items, other.items, strict=True)))  # type: ignore[attr-defined]

    def __bool__(self) -> bool:
        raise ValueError("ambiguous")

    def all(self) -> bool:
        """Return whether every item is true."""
        return all(self.items)

    __hash__ = None  # type: ignore[assignment]


class Weighs(Protocol):
    def weigh(self, by: Vector = Vector(1, 2)) -> None: ...  # noqa: B008


def weighs_same(self, by=Vector(1, 2)): ...  # noqa: B008
def weighs_other(self, by=Vector(1, 3)): ...  # noqa: B008


row("equal arrays", Weighs, with_method("weigh", weighs_same))
row("another array", Weighs, with_method("weigh", weighs_other), "DEF-02")


class Options(TypedDict, total=False):
    color: str


class Configure(Protocol):
    def configure(self, options: Options) -> None: ...


def takes_text(self, options: str) -> None: ...
def takes_dict(self, options: dict) -> None: ...


row("a TypedDict is a dict", Configure, with_method("configure", takes_dict))
row("a TypedDict is no text", Configure, with_method("configure", takes_text), "SIG-05")


# --- hints that speak of themselves or of what a caller chooses --------------------------------

Json = None | str | int | dict[str, "Json"] | list["Json"]


class Parse(Protocol):
    def parse(self, value: Json) -> Json: ...


def parses(self, value: Json) -> Json: ...
def parses_all(self, value: object) -> str: ...
def parses_bytes(self, value: bytes) -> str: ...


row("recursive alias", Parse, with_method("parse", parses))
row("recursive alias, wider", Parse, with_method("parse", parses_all))
row("recursive alias, other type", Parse, with_method("parse", parses_bytes), "SIG-05")


class Echo(Protocol):
    def echo(self, item: T, again: T) -> T: ...


def echoes(self, item: T, again: T) -> T: ...
def echoes_text(self, item: object, again: object) -> str: ...


row("what the caller chose comes back", Echo, with_method("echo", echoes))
row("something else comes back", Echo, with_method("echo", echoes_text), "SIG-05")


class Pair(Protocol):
    def pair(self, *args: Unpack[tuple[int, str]]) -> None: ...


def pairs(self, number: int, text: str, /) -> None: ...
def pairs_one(self, number: int, /) -> None: ...


row("a tuple in *args", Pair, with_method("pair", pairs))
row("a tuple in *args, lacks one", Pair, with_method("pair", pairs_one), "SIG-02")


class Closes(Protocol):
    def close(self) -> None: ...


class Commits(Closes, Protocol):
    def commit(self) -> None: ...


class Uses(Protocol):
    def use(self, connection: Closes) -> None: ...


class Whole:
    """Has what a smaller protocol asks for, without saying so."""

    def close(self) -> None: ...


class Asks(Protocol):
    def use(self, connection: Whole) -> None: ...


def uses_closing(self, connection: Closes) -> None: ...
def uses_committing(self, connection: Commits) -> None: ...


row("a smaller protocol", Asks, with_method("use", uses_closing))
row("a larger protocol", Uses, with_method("use", uses_committing), "SIG-05")


class HoldsEvent(Protocol):
    event: Event


class HoldsClass(Protocol):
    event: type[Event]


row("an object", HoldsEvent, with_method("event", Event("x")))
row("its class instead", HoldsEvent, with_method("event", Event), "SIG-05")
row("a class", HoldsClass, with_method("event", Event))
row("another class", HoldsClass, with_method("event", int), "SIG-05")


class Cursor(Protocol):
    def __aiter__(self) -> AsyncIterator[int]: ...
    async def __anext__(self) -> int: ...


class ReturnsSelf:
    def __aiter__(self):
        return self

    async def __anext__(self):
        return 1


class AwaitsSelf(ReturnsSelf):
    async def __aiter__(self):
        return self


class Sends(Protocol):
    async def send(self, body: str) -> None: ...


class Indirect:
    async def _write(self, body): ...

    def _start(self, body):
        return self._write(body)

    def send(self, body):
        return self._start(body)


class Forgets(Indirect):
    def send(self, body):
        self._start(body)


row("returns itself", Cursor, ReturnsSelf())
row("must be awaited first", Cursor, AwaitsSelf(), "SIG-04")
row("a coroutine by two steps", Sends, Indirect())
row("a coroutine that nobody gets", Sends, Forgets(), "SIG-04")


if sys.version_info >= (3, 12):
    space: dict[str, Any] = {"Protocol": Protocol, "__name__": __name__}
    exec(  # a syntax that older interpreters do not parse; the hints are texts, as in this module
        "class Convert(Protocol):\n"
        "    def convert[V](self, item: V) -> list[V]: ...\n"
        "class Right:\n"
        "    def convert[W](self, item: W) -> list[W]: ...\n"
        "class Wrong:\n"
        "    def convert[W](self, item: W) -> int: ...\n",
        space,
    )
    row("type parameters in texts", space["Convert"], space["Right"]())
    row("another result", space["Convert"], space["Wrong"](), "SIG-05")


@pytest.mark.parametrize(("protocol", "implementation", "clause"), ROWS)
def test_acceptance_of_what_is_not_seen(protocol, implementation, clause):
    """The answer is that of really using the object, and the clause says why."""
    answer = accepts(implementation, protocol)
    found = {rejection.clause_id for rejection in answer.rejections}
    assert clause in found if clause else answer.ok, str(answer)


class Watched(Protocol):
    name: str
    hook: Callable[[int], None]

    @property
    def size(self) -> int: ...
    def track(self, operation: str, tokens: int) -> None: ...


def test_each_member_is_looked_up_once():
    """A proxy that counts, or charges for, lookups sees one for each member, and no other name."""
    seen: list[str] = []

    class Counting:
        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            seen.append(name)
            return (lambda operation, tokens: None) if name == "track" else lambda number: None

    accepts(Counting(), Watched)
    assert sorted(seen) == ["hook", "name", "size", "track"]


def test_a_callable_is_asked_nothing_of_its_own():
    """Whether something is abstract or wrapped is seen without its ``__getattr__``."""
    asked: list[str] = []

    class Remote:
        def __getattr__(self, name):
            asked.append(name)
            raise AttributeError(name)

        def __call__(self, operation, tokens): ...

    assert accepts(with_method("track", Remote()), Track).ok
    assert asked == []


def test_a_property_named_dict_is_not_run():
    """What an instance holds is read without a ``__dict__`` that its class made up."""
    ran: list[str] = []

    class MadeUp:
        @property
        def __dict__(self):
            ran.append("__dict__")
            return {}

        def track(self, operation, tokens): ...

    assert accepts(MadeUp(), Track).ok
    assert ran == []
