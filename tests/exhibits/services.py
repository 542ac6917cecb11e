"""Protocols of other services: tokens, records, streams, callbacks, codecs; right and broken."""

from __future__ import annotations

import asyncio
import copy
import functools
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol, TypedDict

from typing_extensions import Unpack

from .generic import Exhibit

EXHIBITS: list[Exhibit] = []
LEGITIMATE: dict[str, tuple[type, Callable[[], Any]]] = {}


def _broken(clause: str, protocol: type, *words: str) -> Callable[[Any], Any]:
    def add(factory: Any) -> Any:
        EXHIBITS.append(Exhibit(clause, factory, words, protocol))
        return factory

    return add


def _right(protocol: type) -> Callable[[Any], Any]:
    def add(factory: Any) -> Any:
        LEGITIMATE[factory.__name__] = (protocol, factory)
        return factory

    return add


# -- tokens: an answer that only a later call makes sense of ---------------------------------------


@dataclass
class Principal:
    name: str
    roles: set[str] = field(default_factory=set)


class Login(Protocol):
    def login(self, user: str, password: str) -> str | None: ...

    def principal(self, token: str) -> Principal: ...


@_right(Login)
class Tokens:
    """Only a token that was given out has a principal."""

    def __init__(self) -> None:
        self.users: dict[str, str] = {}

    def login(self, user: str, password: str) -> str | None:
        token = secrets.token_hex(8)
        self.users[token] = user
        return token

    def principal(self, token: str) -> Principal:
        if token not in self.users:
            raise PermissionError("no such token")
        return Principal(self.users[token], {"user"})


@_broken("TYP-01", Login, "principal(token=<what login(", "not Principal")
class AnswersNothing(Tokens):
    def principal(self, token: str) -> Any:
        return super().principal(token) and None


@_broken("TYP-01", Login, "field roles", "list is not a set")
class ListsRoles(Tokens):
    def principal(self, token: str) -> Principal:
        return Principal(super().principal(token).name, ["user"])  # type: ignore[arg-type]


@_broken("PUR-02", Login, "principal(", "after the caller changed its result")
class SharesRoles(Tokens):
    roles = {"user"}  # noqa: RUF012 - shared by mistake

    def principal(self, token: str) -> Principal:
        return Principal(super().principal(token).name, self.roles)


# -- records: what is kept is an object ------------------------------------------------------------


@dataclass(frozen=True)
class UserId:
    value: str


@dataclass
class User:
    id: UserId
    mail: str
    tags: list[str] = field(default_factory=list)


class Users(Protocol):
    def add(self, user: User) -> None: ...

    def get(self, user: UserId) -> User | None: ...


@_right(Users)
class Copies:
    def __init__(self) -> None:
        self.users: dict[UserId, User] = {}

    def add(self, user: User) -> None:
        self.users[user.id] = copy.deepcopy(user)

    def get(self, user: UserId) -> User | None:
        return copy.deepcopy(self.users.get(user))


@_right(Users)
class OnlyOnce(Copies):
    """Who is there already is refused, hostile or not."""

    def add(self, user: User) -> None:
        if user.id in self.users:
            raise KeyError("there is one already")
        super().add(user)


@_broken("PUR-03", Users, "its argument changed afterwards")
class KeepsTags(Copies):
    """The record is copied, and the list in it is not."""

    def add(self, user: User) -> None:
        self.users[user.id] = replace(user)


@_broken("PUR-02", Users, "after the caller changed its result")
class HandsOutItsOwn(Copies):
    def get(self, user: UserId) -> User | None:
        return self.users.get(user)


@_broken("PUR-01", Users, "the extension changed an argument")
class Normalises(Copies):
    def add(self, user: User) -> None:
        user.mail = user.mail.lower() + "."
        super().add(user)


# -- carriers: what is handed over to be filled ----------------------------------------------------


class Propagator(Protocol):
    def inject(self, carrier: MutableMapping[str, str], baggage: dict[str, str]) -> None: ...

    def fields(self) -> list[str]: ...


@_right(Propagator)
class Fills:
    def __init__(self) -> None:
        self.names: set[str] = set()

    def fields(self) -> list[str]:
        return sorted(self.names)

    def inject(self, carrier: MutableMapping[str, str], baggage: dict[str, str]) -> None:
        self.names.update(baggage)
        carrier.update({f"baggage-{key}": value for key, value in baggage.items()})


@_broken("PUR-01", Propagator, "the extension changed an argument")
class TakesOut(Fills):
    """What it was only lent is empty afterwards."""

    def inject(self, carrier: MutableMapping[str, str], baggage: dict[str, str]) -> None:
        super().inject(carrier, baggage)
        baggage.clear()


# -- streams and blocks: what comes bit by bit -----------------------------------------------------


class Feed(Protocol):
    def chunks(self, raw: bytes) -> Iterator[bytes]: ...

    def session(self, name: str) -> AbstractContextManager[int]: ...

    def listen(self, topic: str) -> AsyncIterator[str]: ...


@_right(Feed)
class Chunks:
    """Listening waits for what never comes."""

    def chunks(self, raw: bytes) -> Iterator[bytes]:
        yield from (raw[place : place + 1] for place in range(len(raw)))

    @contextmanager
    def session(self, name: str) -> Iterator[int]:
        yield len(name)

    async def listen(self, topic: str) -> AsyncIterator[str]:
        yield topic
        await asyncio.Event().wait()


@_broken("TYP-01", Feed, "chunks(", "not bytes", "inside")
class Texts(Chunks):
    def chunks(self, raw: bytes) -> Iterator[Any]:
        yield b""
        yield from raw.decode("latin-1")


@_broken("TYP-01", Feed, "session(", "not int", "inside")
class HoldsNothing(Chunks):
    @contextmanager
    def session(self, name: str) -> Iterator[Any]:
        yield None


@_broken("TYP-01", Feed, "listen(", "not str", "inside")
class Numbers(Chunks):
    async def listen(self, topic: str) -> AsyncIterator[Any]:
        yield len(topic)


# -- callbacks, typed dicts, options, and names that the kit uses itself ---------------------------


class Event(TypedDict):
    topic: str
    payload: dict[str, Any]


class Options(TypedDict, total=False):
    retries: int


class Bus(Protocol):
    name: str

    def subscribe(self, on: str, handler: Callable[[Event], Any]) -> Callable[[], None]: ...

    def publish(self, event: Event, method: str = "send", **options: Unpack[Options]) -> int: ...

    def history(self, topic: str) -> list[Event]: ...


@_right(Bus)
class Broker:
    name = "bus"

    def __init__(self) -> None:
        self.events: list[Event] = []

    def subscribe(self, on: str, handler: Callable[[Event], Any]) -> Callable[[], None]:
        handler({"topic": on, "payload": {}})
        return lambda: None

    def publish(self, event: Event, method: str = "send", **options: Unpack[Options]) -> int:
        self.events.append(copy.deepcopy(event))
        return options.get("retries", 0)

    def history(self, topic: str) -> list[Event]:
        return [copy.deepcopy(event) for event in self.events if event["topic"] == topic]


@_broken("PUR-03", Bus, "its argument changed afterwards")
class ShallowBroker(Broker):
    def publish(self, event: Event, method: str = "send", **options: Unpack[Options]) -> int:
        self.events.append({**event})
        return 0


@_broken("TYP-01", Bus, "name is 7")
class Unnamed(Broker):
    name: Any = 7


# -- codecs: what one method makes, the other takes ------------------------------------------------


class Codec(Protocol):
    def encode(self, value: dict[str, int]) -> bytes: ...

    def decode(self, raw: bytes) -> Mapping[str, int]: ...


@_right(Codec)
class Json:
    """Bytes that it did not make are refused."""

    def encode(self, value: dict[str, int]) -> bytes:
        return json.dumps(value).encode()

    def decode(self, raw: bytes) -> Mapping[str, int]:
        found = json.loads(raw)
        if not isinstance(found, dict):
            raise ValueError("no object")
        return found


@_broken("TYP-01", Codec, "not bytes: bytearray is another type")
class Buffers(Json):
    def encode(self, value: dict[str, int]) -> Any:
        return bytearray(super().encode(value))


@_broken("TYP-01", Codec, "decode(raw=<what encode(")
class Pairs(Json):
    def decode(self, raw: bytes) -> Any:
        return list(super().decode(raw).items())


# -- asynchronous, behind a decorator --------------------------------------------------------------


class Balance(NamedTuple):
    cents: int
    currency: str


class Accounts(Protocol):
    async def balance(self, account: str) -> Balance: ...


@_right(Accounts)
class Ledger:
    async def balance(self, account: str) -> Balance:
        return Balance(len(account), "EUR")


def _answering_at_once(function: Any) -> Any:
    @functools.wraps(function)
    def inner(self: Any, account: str) -> Any:
        return Balance(0, "EUR")

    return inner


def _forwarding(function: Any) -> Any:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


@_right(Accounts)
class Forwards(Ledger):
    balance: Any = _forwarding(Ledger.balance)


@_broken("SIG-04", Accounts, "balance(account='acme') answers at once")
class Cached(Ledger):
    balance: Any = _answering_at_once(Ledger.balance)


@_broken("TYP-01", Accounts, "not Balance", "currency")
class Unsaid(Ledger):
    async def balance(self, account: str) -> Balance:
        return Balance(0, None)  # type: ignore[arg-type]


# -- files: what reads has nothing to tell before something is stored, and after it was removed ----


class Files(Protocol):
    def write(self, path: str, data: bytes) -> None: ...

    def listing(self, path: str, detail: bool = True) -> list[dict[str, Any]] | list[str]: ...

    def remove(self, path: str) -> None: ...


@_right(Files)
class CachedFiles:
    """Listings are kept until something changes, and given away as copies."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self.listings: dict[str, list[dict[str, Any]]] = {}

    def write(self, path: str, data: bytes) -> None:
        self.sizes[path] = len(data)
        self.listings.clear()

    def listing(self, path: str, detail: bool = True) -> list[dict[str, Any]] | list[str]:
        if not detail:
            return [entry["name"] for entry in self.kept(path)]
        return copy.deepcopy(self.kept(path))

    def remove(self, path: str) -> None:
        self.sizes.pop(path, None)
        self.listings.clear()

    def kept(self, path: str) -> list[dict[str, Any]]:
        if path not in self.listings:
            found = [(name, size) for name, size in self.sizes.items() if name.startswith(path)]
            self.listings[path] = [{"name": name, "size": size} for name, size in found]
        return self.listings[path]


@_broken("PUR-02", Files, "listing", "after the caller changed its result")
class ShallowFiles(CachedFiles):
    """A new list of the very entries that are kept."""

    def listing(self, path: str, detail: bool = True) -> list[dict[str, Any]] | list[str]:
        return list(self.kept(path)) if detail else super().listing(path, detail)


@_broken("DEF-04", Files, "after write(", "listing", "passing the default")
class ForgetfulFiles(CachedFiles):
    """What is left out is looked up without the default."""

    def listing(self, path: str, **options: bool) -> list[dict[str, Any]] | list[str]:
        return super().listing(path, bool(options.get("detail")))
