"""Values for an annotation: plain ones first, then everything that the type allows."""

from __future__ import annotations

import collections
import contextlib
import copy
import datetime
import decimal
import enum
import functools
import inspect
import io
import pathlib
import types
import typing
from collections import abc
from collections.abc import Callable
from typing import Any

import typing_extensions
from hypothesis import reject
from hypothesis import strategies as st

from .records import field_types, is_record_class
from .values import json_values, keys, text

__all__ = ["is_itself", "is_unpacked", "made", "strategy_for", "without_none"]

_LISTS = (list, abc.Sequence, abc.MutableSequence, abc.Collection, abc.Iterable, abc.Reversible)
_SETS = (set, abc.Set, abc.MutableSet)
_MAPPINGS = (dict, abc.Mapping, abc.MutableMapping)
_STREAMS = (abc.Iterator, abc.Generator)
_WRAPPERS = (typing.ClassVar, typing.Final)
_UNPACKED = tuple(
    module.Unpack for module in (typing, typing_extensions) if hasattr(module, "Unpack")
)
_MANY = 4


def strategy_for(annotation: Any) -> Any:
    """Give a strategy for an annotation.

    What says nothing of its values (``Any``, a bare container, an unbound type variable, a name
    that only a type checker knows) gets JSON-like ones.

    Raises:
        HypothesisException, TypeError: Hypothesis knows no values of that type.
    """
    # Before Python 3.11, Unpack[…] calls itself a TypeVar.
    if isinstance(annotation, typing.TypeVar) and not is_unpacked(annotation):
        return _of_variable(annotation)
    if isinstance(annotation, _UNRESOLVED) or annotation in _UNTOLD:
        return json_values()
    supertype = getattr(annotation, "__supertype__", None)
    if supertype is not None:
        return strategy_for(supertype)
    if typing_extensions.is_typeddict(annotation):
        return _deferred(_typed_dicts, annotation)
    if isinstance(annotation, type) and typing.get_origin(annotation) is None:
        return _of_class(annotation)
    return _of_form(annotation, typing.get_origin(annotation), typing.get_args(annotation))


def is_unpacked(annotation: Any) -> bool:
    """Tell whether an annotation of ``*args`` or ``**kwargs`` tells of all of them together."""
    return typing.get_origin(annotation) in _UNPACKED


def without_none(annotation: Any) -> Any:
    """Give an annotation that does not take None, where something else is left."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(annotation) if part is not type(None)]
        return typing.Union[tuple(rest)]  # noqa: UP007 - built at run time
    return annotation


_UNRESOLVED = (
    str,
    typing.ForwardRef,
    typing_extensions.ParamSpecArgs,
    typing_extensions.ParamSpecKwargs,
)
_UNTOLD = (Any, typing_extensions.Any, object, inspect.Parameter.empty)


def _of_variable(variable: Any) -> Any:
    if variable.__constraints__:
        return st.one_of([strategy_for(part) for part in variable.__constraints__])
    return json_values() if variable.__bound__ is None else strategy_for(variable.__bound__)


def _of_form(annotation: Any, origin: Any, arguments: tuple[Any, ...]) -> Any:
    """Give values of an annotation with arguments, or of one of ``typing``'s bare names."""
    if origin in (typing.Union, types.UnionType):
        return st.one_of([strategy_for(part) for part in arguments])
    if origin is typing.Annotated:
        told = [part for part in arguments[1:] if _constrains(part)]
        return st.from_type(annotation) if told else strategy_for(arguments[0])
    if origin in (*_WRAPPERS, *_UNPACKED):
        return strategy_for(arguments[0])
    if origin in _LISTS:
        most = 1 if arguments and _holds_itself(arguments[0]) else _MANY
        return st.lists(_argument(arguments), max_size=most)
    if origin in _SETS:
        return st.sets(_hashable(_argument(arguments)), max_size=_MANY)
    if origin is frozenset:
        return st.frozensets(_hashable(_argument(arguments)), max_size=_MANY)
    if origin in _MAPPINGS:
        key = _hashable(strategy_for(arguments[0])) if arguments else keys()
        return st.dictionaries(key, _argument(arguments, 1), max_size=_MANY)
    if origin is collections.deque:
        return st.lists(_argument(arguments), max_size=_MANY).map(collections.deque)
    if origin in _STREAMS:
        return st.lists(_argument(arguments), max_size=_MANY).map(iter)
    if origin is tuple and arguments:
        if arguments[-1] is Ellipsis:
            return st.lists(strategy_for(arguments[0]), max_size=_MANY).map(tuple)
        return st.tuples(*map(strategy_for, arguments))
    if origin is abc.Callable:
        return _callbacks(arguments)
    if origin is typing.IO:
        return _of_class(typing.TextIO if arguments == (str,) else typing.BinaryIO)
    if origin is type and arguments and isinstance(arguments[0], type):
        return st.just(arguments[0])
    if isinstance(origin, type) and _is_own_protocol(origin):
        return _deferred(_stand_ins, origin)
    if isinstance(origin, type) and is_record_class(origin):
        return _deferred(_records, origin)
    return st.from_type(annotation)


def _holds_itself(kind: Any) -> bool:
    """Tell whether a record has fields of its own class, so that many of them never end."""
    if not isinstance(kind, type) or not is_record_class(kind):
        return False
    return any(kind in (told, *typing.get_args(told)) for told in field_types(kind).values())


def _constrains(part: Any) -> bool:
    module = type(part).__module__.partition(".")[0]
    return isinstance(part, st.SearchStrategy) or module == "annotated_types"


def _argument(arguments: tuple[Any, ...], index: int = 0) -> Any:
    return strategy_for(arguments[index]) if len(arguments) > index else json_values()


def _hashable(strategy: Any) -> Any:
    return strategy.filter(_is_hashable)


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


@functools.cache
def _of_class(kind: Any) -> Any:
    plain = _PLAIN.get(kind)
    if plain is not None:
        return plain()
    if kind in (*_LISTS, *_SETS, *_MAPPINGS, *_STREAMS, frozenset, collections.deque, abc.Callable):
        return _of_form(kind, kind, ())
    if issubclass(kind, enum.Enum) or (inspect.isabstract(kind) and not _is_own_protocol(kind)):
        return st.from_type(kind)
    if _is_own_protocol(kind):
        return _deferred(_stand_ins, kind)
    if is_record_class(kind):
        return _deferred(_records, kind)
    return st.from_type(kind)


def _times() -> Any:
    """Give times: aware ones of our days, then any, naive ones too."""
    first, last = datetime.datetime(2000, 1, 1), datetime.datetime(2100, 1, 1)
    aware = st.datetimes(first, last).map(lambda time: time.replace(tzinfo=datetime.timezone.utc))
    return st.one_of(aware, st.datetimes(first, last), st.datetimes())


_PLAIN: dict[Any, Callable[[], Any]] = {
    str: text,
    int: lambda: st.one_of(st.integers(0, 1000), st.integers()),
    float: lambda: st.one_of(st.floats(0, 1000, width=16), st.floats()),
    bytes: lambda: st.one_of(st.binary(min_size=1, max_size=8), st.binary(max_size=40)),
    dict: lambda: st.dictionaries(keys(), json_values(), max_size=_MANY),
    list: lambda: st.lists(json_values(), max_size=_MANY),
    tuple: lambda: st.lists(json_values(), max_size=_MANY).map(tuple),
    decimal.Decimal: lambda: st.one_of(
        st.decimals(0, 1000, places=2), st.decimals(allow_nan=False, allow_infinity=False)
    ),
    datetime.datetime: _times,
    # An extension may write there: another place is the author's to name.
    pathlib.Path: lambda: st.just(pathlib.Path()),
    pathlib.PurePath: lambda: st.just(pathlib.PurePath()),
    typing.BinaryIO: lambda: st.binary(max_size=40).map(io.BytesIO),
    typing.TextIO: lambda: text().map(io.StringIO),
}


def _deferred(make: Callable[[Any], Any], kind: Any) -> Any:
    """Give a strategy that is built when it is first needed: types may hold themselves."""
    return st.deferred(lambda: make(kind))


@functools.cache
def _typed_dicts(kind: Any) -> Any:
    hints = typing_extensions.get_type_hints(kind)
    fields = {name: strategy_for(hint) for name, hint in hints.items()}
    optional = {name: fields.pop(name) for name in kind.__optional_keys__ if name in fields}
    return st.fixed_dictionaries(fields, optional=optional)


@functools.cache
def _records(kind: Any) -> Any:
    return made(kind, {name: strategy_for(hint) for name, hint in field_types(kind).items()})


@st.composite
def made(draw: st.DrawFn, kind: Any, fields: dict[str, Any]) -> Any:
    """Give a strategy of objects of a class, made of drawn fields; values it refuses are not."""
    values = draw(st.fixed_dictionaries(fields))
    try:
        return kind(**values)
    except Exception:  # it takes only some values of the declared types
        reject()


def _callbacks(arguments: tuple[Any, ...]) -> Any:
    returned = arguments[-1] if arguments else None
    answer = typing.get_origin(returned)
    if answer in (abc.Awaitable, abc.Coroutine):
        return _results(typing.get_args(returned)[-1]).map(_answering_later)
    return _results(returned).map(_answering)


def _results(returned: Any) -> Any:
    return st.none() if returned in (None, type(None)) else strategy_for(returned)


def _answering(value: Any) -> Callable[..., Any]:
    def callback(*args: Any, **kwargs: Any) -> Any:
        return copy.deepcopy(value)

    return callback


def _answering_later(value: Any) -> Callable[..., Any]:
    async def callback(*args: Any, **kwargs: Any) -> Any:
        return copy.deepcopy(value)

    return callback


def _itself(this: Any, *args: Any, **kwargs: Any) -> Any:
    return this


async def _itself_later(this: Any, *args: Any, **kwargs: Any) -> Any:
    return this


def is_itself(annotation: Any, protocol: Any) -> bool:
    """Tell whether an annotation says ``Self``, or the protocol that it stands in, or None."""
    return without_none(annotation) in (typing_extensions.Self, protocol)


def _is_own_protocol(kind: type) -> bool:
    """Tell whether a class is a protocol that its author wrote, not one of the library."""
    libraries = ("typing", "typing_extensions", "collections.abc", "contextlib")
    return getattr(kind, "_is_protocol", False) and kind.__module__ not in libraries


@functools.cache
def _stand_ins(protocol: Any) -> Any:
    """Give objects that a protocol describes: every method answers one value of its type.

    What answers another of its kind answers itself, so that there is an end to it.
    """
    from .methods import methods_of

    methods = methods_of(protocol)
    itself = {m.name for m in methods if is_itself(m.returns, protocol)}
    answers = {m.name: _results(m.returns) for m in methods if m.name not in itself}
    held = {
        name: strategy_for(hint)
        for name, hint in _attributes(protocol).items()
        if name not in answers
    }
    later = {method.name for method in methods if method.is_async}

    def make(drawn: tuple[dict[str, Any], dict[str, Any]]) -> Any:
        said, attributes = drawn
        functions = {
            name: staticmethod((_answering_later if name in later else _answering)(value))
            for name, value in said.items()
        }
        made = type(protocol.__name__, (), {**attributes, **functions})()
        for name in itself:
            answering = _itself_later if name in later else _itself
            setattr(type(made), name, answering)
        return made

    return st.tuples(st.fixed_dictionaries(answers), st.fixed_dictionaries(held)).map(make)


def _attributes(protocol: type) -> dict[str, Any]:
    with contextlib.suppress(Exception):  # a name that only a type checker can see
        return typing_extensions.get_type_hints(protocol)
    return {}
