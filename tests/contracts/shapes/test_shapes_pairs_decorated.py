"""Pairs whose implementation is no plain function: decorated, partial, proxied, mocked."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import inspect
import types
from typing import Any, NamedTuple, Protocol
from unittest import mock

import pytest
import wrapt


class Track(Protocol):
    """Two required parameters, one optional."""

    def track(self, operation: str, tokens: int, metadata: Any = None) -> None: ...


class By(Protocol):
    """By position only."""

    def track(self, operation: str, tokens: int, metadata: Any = None, /) -> None: ...


class Takes(Protocol):
    """A dict cannot be hashed."""

    def track(self, operation: dict) -> None: ...


class Row(NamedTuple):
    """One row of the table; without clauses the implementation is to be accepted."""

    protocol: type
    make: Any
    clauses: frozenset[str]


ROWS: list[Row] = []


def pair(protocol: type, *clauses: str) -> Any:
    """Register a class or factory; its docstring gives the reason."""

    def register(make: Any) -> Any:
        ROWS.append(Row(protocol, make, frozenset(clauses)))
        return make

    return register


# --- decorators --------------------------------------------------------------------------------


def transparent(fn):
    """Hand everything on."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    return wrapper


def with_self(fn):
    """Hand everything on, ``self`` by name."""

    @functools.wraps(fn)
    def wrapper(self, *args, **kwargs):
        result = fn(self, *args, **kwargs)
        return result  # noqa: RET504 - through a name, as many decorators do

    return wrapper


def anonymous(fn):
    """Hand everything on without saying so."""

    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    return wrapper


def injecting(fn):
    """Add a first argument."""

    @functools.wraps(fn)
    def wrapper(self, *args, **kwargs):
        return fn(self, "connection", *args, **kwargs)

    return wrapper


def injecting_keyword(fn):
    """Add a keyword."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, connection="c", **kwargs)

    return wrapper


def injecting_into(fn):
    """Add a keyword beforehand."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        kwargs.setdefault("connection", "c")
        return fn(*args, **kwargs)

    return wrapper


def injecting_merged(fn):
    """Add a keyword in passing."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **{**kwargs, "connection": "c"})

    return wrapper


def checking(fn):
    """Bind first, then call with what was bound."""
    signature = inspect.signature(fn)

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return fn(*bound.args, **bound.kwargs)

    return wrapper


def narrowing(fn):
    """A wrapper that takes less than what it wraps."""

    @functools.wraps(fn)
    def wrapper(self, operation, tokens):
        return fn(self, operation, tokens)

    return wrapper


def retrying(fn):
    """Try again."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        for _ in range(2):
            try:
                return fn(*args, **kwargs)
            except ValueError:
                continue
        return None

    return wrapper


class Logged:
    """A decorator written as a class."""

    def __init__(self, fn):
        functools.update_wrapper(self, fn)
        self.fn = fn

    def __get__(self, instance, owner=None):
        return self if instance is None else types.MethodType(self, instance)

    def __call__(self, *args, **kwargs):
        return self.fn(*args, **kwargs)


class PartialLogged(Logged):
    """The same with a partial."""

    def __get__(self, instance, owner=None):
        return functools.partial(self, instance)


@wrapt.decorator
def wrapt_transparent(wrapped, instance, args, kwargs):
    """Hand on."""
    return wrapped(*args, **kwargs)


@wrapt.decorator
def wrapt_injecting(wrapped, instance, args, kwargs):
    """Add a first argument."""
    return wrapped("connection", *args, **kwargs)


GOOD_WITH = [transparent, with_self, anonymous, checking, retrying, Logged, PartialLogged]
GOOD_WITH += [wrapt_transparent, functools.lru_cache, functools.partial(functools.lru_cache)]


def _implementations(decorate):
    class Good:
        @decorate
        def track(self, operation, tokens, metadata=None): ...

    class Renamed:
        @decorate
        def track(self, op, tokens, metadata=None): ...

    class Fewer:
        @decorate
        def track(self, operation, tokens): ...

    class Needs:
        @decorate
        def track(self, operation, tokens, metadata): ...

    class Default:
        @decorate
        def track(self, operation, tokens, metadata=0): ...

    class Extra:
        @decorate
        def track(self, operation, tokens, metadata=None, *, connection): ...

    return {
        Good: (),
        Renamed: ("SIG-03",),
        Fewer: ("SIG-02",),
        Needs: ("DEF-01",),
        Default: ("DEF-02",),
        Extra: ("DEF-03",),
    }


for _decorator in GOOD_WITH:
    for _implementation, _clauses in _implementations(_decorator).items():
        _implementation.__qualname__ += "_" + getattr(_decorator, "__name__", "lru")
        ROWS.append(Row(Track, _implementation, frozenset(_clauses)))


@pair(Track)
class Injected:
    """The decorator supplies the connection."""

    @injecting
    def track(self, connection, operation, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class InjectedTwice:
    """It takes no room for the connection."""

    @injecting
    def track(self, operation, tokens, metadata=None): ...


@pair(Track)
class InjectedKeyword:
    """The decorator supplies the connection by keyword."""

    @injecting_keyword
    def track(self, operation, tokens, metadata=None, *, connection): ...


@pair(Track)
class InjectedInto:
    """The decorator puts the connection into its keywords."""

    @injecting_into
    def track(self, operation, tokens, metadata=None, *, connection): ...


@pair(Track)
class InjectedMerged:
    """The decorator merges the connection in; nobody can be sure, so nobody is accused."""

    @injecting_merged
    def track(self, operation, tokens, metadata=None, *, connection): ...


@pair(Track)
class InjectedByWrapt:
    """The wrapt wrapper supplies the connection."""

    @wrapt_injecting
    def track(self, connection, operation, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class Narrowed:
    """The good signature is not the one that is called."""

    @narrowing
    def track(self, operation, tokens, metadata=None): ...


@pair(Track)
class TwoLayers:
    """Decorators stack."""

    @transparent
    @with_self
    def track(self, operation, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class TwoLayersNarrow:
    """The layer in the middle takes less."""

    @transparent
    @narrowing
    def track(self, operation, tokens, metadata=None): ...


@pair(Track)
class InjectedDeep:
    """Injection below another decorator."""

    @transparent
    @injecting
    @with_self
    def track(self, connection, operation, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class FalseSignature:
    """``__signature__`` claims what the code does not take."""

    def track(self, operation, tokens): ...

    track.__signature__ = inspect.signature(Track.track)


@pair(Track)
class ModestSignature:
    """``__signature__`` claims less than the code takes."""

    def track(self, operation, tokens, metadata=None): ...

    track.__signature__ = inspect.signature(lambda self: None)


@pair(Track)
class WrapsTheProtocol:
    """``wraps`` is used for the docstring only."""

    @functools.wraps(Track.track)
    def track(self, operation, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class WrapsTheProtocolBadly:
    """The docstring does not help."""

    @functools.wraps(Track.track)
    def track(self, operation, tokens): ...


# --- methods of other kinds --------------------------------------------------------------------


@pair(Track)
class Static:
    """A static method."""

    @staticmethod
    def track(operation, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class StaticWithSelf:
    """A static method with a forgotten ``self``."""

    @staticmethod
    def track(self, operation, tokens, metadata=None): ...


@pair(Track)
class ByClass:
    """A class method."""

    @classmethod
    def track(cls, operation, tokens, metadata=None): ...


@pair(Track)
class StaticDecorated:
    """A static method below a decorator."""

    @staticmethod
    @transparent
    def track(operation, tokens, metadata=None): ...


@pair(Track, "SIG-03")
class ByClassRenamed:
    """A class method with a renamed parameter."""

    @classmethod
    @transparent
    def track(cls, op, tokens, metadata=None): ...


@pair(Track)
class FromProperty:
    """A property that returns a callable."""

    @property
    def track(self):
        def track(operation, tokens, metadata=None): ...

        return track


@pair(Track, "DEF-01")
class FromPropertyBadly:
    """It needs one argument more."""

    @property
    def track(self):
        return lambda operation, tokens, metadata: None


@pair(Track)
class FromCachedProperty:
    """A cached property that returns a bound method."""

    @functools.cached_property
    def track(self):
        return self._track

    def _track(self, operation, tokens, metadata=None): ...


@pair(Track)
class FromAttribute:
    """A callable attribute."""

    def __init__(self):
        self.track = lambda operation, tokens, metadata=None: None


@pair(Track, "SIG-03")
class FromAttributeBadly:
    """A callable attribute with a renamed parameter."""

    def __init__(self):
        self.track = lambda op, tokens, metadata=None: None


@pair(Track)
class FromPartial:
    """A partial of a method."""

    def __init__(self):
        self.track = functools.partial(self._track, "kind")

    def _track(self, kind, operation, tokens, metadata=None): ...


@pair(Track)
class FromPartialKeyword:
    """A partial that presets a keyword."""

    def __init__(self):
        self.track = functools.partial(self._track, kind="kind")

    def _track(self, operation, tokens, metadata=None, *, kind): ...


@pair(Track, "SIG-02")
class FromPartialTooMuch:
    """A partial that presets what the protocol passes."""

    def __init__(self):
        self.track = functools.partial(self._track, "operation")

    def _track(self, operation, tokens, metadata=None): ...


@pair(Track, "DEF-02")
class FromPartialDefault:
    """A partial that presets another default."""

    def __init__(self):
        self.track = functools.partial(self._track, metadata="preset")

    def _track(self, operation, tokens, metadata=None): ...


@pair(Track)
class FromPartialMethod:
    """functools.partialmethod."""

    def _track(self, kind, operation, tokens, metadata=None): ...

    track = functools.partialmethod(_track, "kind")


@pair(Track, "SIG-03")
class FromPartialMethodBadly:
    """functools.partialmethod over a renamed parameter."""

    def _track(self, kind, op, tokens, metadata=None): ...

    track = functools.partialmethod(_track, "kind")


@pair(By)
class Dispatched:
    """singledispatchmethod takes its first argument by position."""

    @functools.singledispatchmethod
    def track(self, operation, tokens, metadata=None): ...

    @track.register
    def _(self, operation: int, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class DispatchedByKeyword:
    """singledispatchmethod has no type to dispatch on when called by keyword."""

    @functools.singledispatchmethod
    def track(self, operation, tokens, metadata=None): ...


@pair(By, "SIG-02")
class DispatchedVariant:
    """One variant takes less; the argument's type decides who is called."""

    @functools.singledispatchmethod
    def track(self, operation, tokens, metadata=None): ...

    @track.register
    def _(self, operation: str, tokens): ...


@pair(Track)
class CallableObject:
    """An object with ``__call__`` as attribute."""

    class Tracker:
        """Callable."""

        def __call__(self, operation, tokens, metadata=None): ...

    track = Tracker()


@pair(Track, "DEF-01")
class CallableObjectBadly:
    """It needs all three."""

    class Tracker:
        """Callable."""

        def __call__(self, operation, tokens, metadata): ...

    track = Tracker()


@pair(Track)
class CallsAClass:
    """A class as attribute: calling makes an instance."""

    class track:  # noqa: N801
        """An event."""

        def __init__(self, operation, tokens, metadata=None): ...


@pair(Track, "SIG-03")
class CallsADataclass:
    """Its fields are the parameters."""

    @dataclasses.dataclass
    class track:  # noqa: N801
        """An event."""

        op: str
        tokens: int
        metadata: Any = None


@pair(Track)
@dataclasses.dataclass
class FieldHoldsCallable:
    """A dataclass field that holds a callable."""

    track: Any = dataclasses.field(
        default_factory=lambda: lambda operation, tokens, metadata=None: None
    )


@pair(Track)
class Descriptor:
    """A descriptor that makes a function on the spot."""

    class Maker:
        """Makes a function."""

        def __get__(self, instance, owner=None):
            def track(operation, tokens, metadata=None): ...

            return track

    track = Maker()


# --- delegates and proxies ---------------------------------------------------------------------


class Right:
    """Takes every call."""

    def track(self, operation, tokens, metadata=None): ...


class Wrong:
    """Takes too few."""

    def track(self, operation, tokens): ...


@pair(Track)
class DelegatesRight:
    """``__getattr__``."""

    def __getattr__(self, name):
        return getattr(Right(), name)


@pair(Track, "SIG-02")
class DelegatesWrong:
    """``__getattr__`` to something that does not fit."""

    def __getattr__(self, name):
        return getattr(Wrong(), name)


@pair(Track, "SIG-01")
class DelegatesNothing:
    """``__getattr__`` that knows nothing."""

    def __getattr__(self, name):
        raise AttributeError(name)


@pair(Track, "SIG-02")
class ForwardsWrong:
    """Takes anything and hands it to something that does not."""

    def __init__(self):
        self._inner = Wrong()

    def track(self, *args, **kwargs):
        return self._inner.track(*args, **kwargs)


@pair(Track)
class ForwardsRight:
    """Takes anything and hands it to something that takes it."""

    def __init__(self):
        self._inner = Right()

    def track(self, *args, **kwargs):
        return self._inner.track(*args, **kwargs)


@pair(Track, "SIG-02")
class ClosureProxy:
    """``__getattr__`` that wraps what it finds."""

    def __getattr__(self, name):
        target = getattr(Wrong(), name)

        def call(*args, **kwargs):
            return target(*args, **kwargs)

        return call


@pair(Track, "SIG-02")
class CallsSuper(Wrong):
    """``super()`` takes too few."""

    def track(self, *args, **kwargs):
        return super().track(*args, **kwargs)


@pair(Track)
class CollectsCalls:
    """A spy."""

    def __init__(self):
        self.calls = []

    def track(self, *args, **kwargs):
        self.calls.append((args, kwargs))


@pair(Track)
def proxied_right():
    """wrapt.ObjectProxy."""
    return wrapt.ObjectProxy(Right())


@pair(Track, "SIG-02")
def proxied_wrong():
    """wrapt.ObjectProxy around something that does not fit."""
    return wrapt.ObjectProxy(Wrong())


@pair(Track)
def module_right():
    """A module with a function."""
    module = types.ModuleType("extension")
    module.track = lambda operation, tokens, metadata=None: None
    return module


@pair(Track)
def namespace_right():
    """A namespace with a function."""
    return types.SimpleNamespace(track=lambda operation, tokens, metadata=None: None)


@pair(Track)
def magic_mock():
    """A bare mock takes everything."""
    return mock.MagicMock()


@pair(Track)
def autospec_right():
    """An autospec of a class that fits."""
    return mock.create_autospec(Right, instance=True)


@pair(Track, "SIG-02")
def autospec_wrong():
    """An autospec checks its calls."""
    return mock.create_autospec(Wrong, instance=True)


@pair(Track, "SIG-01")
def mock_without_it():
    """A mock with another spec."""
    return mock.MagicMock(spec=["other"])


@pair(Track)
def autospec_function():
    """An autospec of a function."""
    return types.SimpleNamespace(track=mock.create_autospec(Right().track))


@pair(Takes, "SIG-02")
class Cached:
    """lru_cache hashes its arguments, and a dict has no hash."""

    @functools.lru_cache  # noqa: B019
    def track(self, operation: dict) -> None: ...


# --- builtins ----------------------------------------------------------------------------------


class Get(Protocol):
    """``dict.get`` by position."""

    def get(self, key: str, default: Any = None, /) -> Any: ...


class GetByName(Protocol):
    """``dict.get`` by keyword."""

    def get(self, key: str, default: Any = None) -> Any: ...


class Append(Protocol):
    """``list.append``."""

    def append(self, item: int, /) -> None: ...


class Update(Protocol):
    """``dict.update`` does not tell its signature."""

    def update(self, other: dict, /) -> None: ...


ROWS += [
    Row(Get, dict, frozenset()),
    Row(GetByName, dict, frozenset({"SIG-02"})),
    Row(Append, list, frozenset()),
    Row(Append, set, frozenset({"SIG-01"})),
    Row(Update, dict, frozenset()),
]


class Session(Protocol):
    """A context manager."""

    def session(self, name: str) -> contextlib.AbstractContextManager[str]: ...


@pair(Session)
class ContextManaged:
    """Written with contextlib."""

    @contextlib.contextmanager
    def session(self, name):
        yield name


@pair(Session, "SIG-03")
class ContextManagedBadly:
    """Renamed behind contextlib."""

    @contextlib.contextmanager
    def session(self, title):
        yield title


class Fetch(Protocol):
    """Async."""

    async def fetch(self, key: str) -> str: ...


def async_wrapper(fn):
    """Await behind."""

    @functools.wraps(fn)
    async def wrapper(*args, **kwargs):
        return await fn(*args, **kwargs)

    return wrapper


def running(fn):
    """Run to the end."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return asyncio.run(fn(*args, **kwargs))

    return wrapper


class Sync(Protocol):
    """Sync."""

    def fetch(self, key: str) -> str: ...


@pair(Fetch)
class AsyncDecorated:
    """Async throughout."""

    @async_wrapper
    async def fetch(self, key): ...


@pair(Fetch)
class AsyncHandedOn:
    """A plain wrapper hands the coroutine on."""

    @transparent
    async def fetch(self, key): ...


@pair(Fetch, "SIG-04")
class AsyncRun:
    """The decorator runs it, so there is nothing to await."""

    @running
    async def fetch(self, key): ...


@pair(Sync)
class SyncRun:
    """The decorator makes it sync."""

    @running
    async def fetch(self, key):
        return "value"


@pair(Sync, "SIG-04")
class SyncHandedOn:
    """The coroutine reaches the caller."""

    @transparent
    async def fetch(self, key): ...


@pair(Sync, "SIG-04")
class SyncPartial:
    """Also through a partial."""

    def __init__(self):
        self.fetch = functools.partial(self._fetch, 1)

    async def _fetch(self, one, key): ...


@pair(Fetch)
class AsyncCallable:
    """An object with an async ``__call__``."""

    class Fetcher:
        """Async."""

        async def __call__(self, key): ...

    fetch = Fetcher()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.make.__qualname__)
def test_odd_implementation_is_judged_as_the_calls_themselves(row, check_pair):
    """The answer is the expected one, and agrees with really calling."""
    check_pair(row.protocol, row.make(), set(row.clauses), perform=True)
