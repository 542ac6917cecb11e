"""The places inside an object where a lock or a lock factory may lie, and how to write there."""

from __future__ import annotations

import functools
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from types import CellType, FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import Any, NamedTuple

from .scope import module_of

__all__ = ["Slot", "slots"]


class Slot(NamedTuple):
    """One writable place: what is there now, and how to read and write it."""

    value: Any
    load: Callable[[], Any]
    store: Callable[[Any], None]
    follow: bool = True


_ATOMS = (str, bytes, int, float, complex, bool, type(None), bytearray, ModuleType)
# Instances of these modules are looked into although they are not the extension's own code.
_LIBRARY = frozenset(
    ["threading", "queue", "logging", "logging.handlers", "concurrent.futures.thread",
     "concurrent.futures._base", "functools", "collections", "dataclasses", "contextlib",
     "asyncio.locks", "asyncio.queues", "asyncio.mixins", "weakref"]
)  # fmt: skip


def slots(owner: Any, in_scope: Callable[[str], bool]) -> Iterator[Slot]:
    """The places directly inside ``owner``. Never runs code of the object's class."""
    kind = type(owner)
    if kind in (dict, defaultdict) or issubclass(kind, dict):
        if issubclass(kind, defaultdict):
            yield _attribute(owner, "default_factory", owner.default_factory)
        if len(owner) <= 2_000:
            for key, value in list(dict.items(owner)):
                if not isinstance(value, _ATOMS):
                    yield _item(owner, key, value)
    elif issubclass(kind, (list, deque)):
        if len(owner) <= 2_000:
            for index, value in enumerate(list(owner)):
                if not isinstance(value, _ATOMS):
                    yield _item(owner, index, value)
    elif kind in (tuple, set, frozenset):
        if len(owner) <= 2_000:
            for value in list(owner):
                if not isinstance(value, _ATOMS):
                    yield Slot(value, lambda: None, _read_only)
    elif kind is ModuleType:
        for key, value in list(vars(owner).items()):
            if not isinstance(value, _ATOMS):
                yield _item(vars(owner), key, value)
    elif kind is CellType:
        try:
            yield _attribute(owner, "cell_contents", owner.cell_contents)
        except ValueError:
            return
    elif kind is FunctionType:
        yield from _function(owner, in_scope)
    elif kind is MethodType:
        yield Slot(owner.__self__, lambda: None, _read_only)
        yield Slot(owner.__func__, lambda: None, _read_only)
    elif kind in (staticmethod, classmethod):
        yield Slot(owner.__func__, lambda: None, _read_only)
    elif kind is property:
        for part in (owner.fget, owner.fset, owner.fdel):
            if part is not None:
                yield Slot(part, lambda: None, _read_only)
    elif issubclass(kind, functools.partial):
        yield _partial(owner)
        for value in (*owner.args, *owner.keywords.values()):
            yield Slot(value, lambda: None, _read_only)
    elif isinstance(owner, type):
        if in_scope(module_of(owner)):
            for key, value in list(vars(owner).items()):
                if not isinstance(value, _ATOMS) and key not in ("__dict__", "__weakref__"):
                    yield _attribute(owner, key, value)
            for base in owner.__mro__[1:]:
                yield Slot(base, lambda: None, _read_only)
    else:
        yield from _instance(owner, in_scope)


def _function(owner: FunctionType, in_scope: Callable[[str], bool]) -> Iterator[Slot]:
    for cell in owner.__closure__ or ():
        yield Slot(cell, lambda: None, _read_only)
    if owner.__defaults__:
        for index, value in enumerate(owner.__defaults__):
            if not isinstance(value, _ATOMS):
                yield Slot(
                    value,
                    lambda index=index: owner.__defaults__[index],  # type: ignore[misc]
                    lambda new, index=index: _set_default(owner, index, new),  # type: ignore[misc]
                )
    if owner.__kwdefaults__:
        yield Slot(owner.__kwdefaults__, lambda: None, _read_only)
    yield Slot(vars(owner), lambda: None, _read_only)
    if in_scope(owner.__module__ or ""):
        yield Slot(owner.__globals__, lambda: None, _read_only)


def _set_default(function: FunctionType, index: int, new: Any) -> None:
    defaults = list(function.__defaults__ or ())
    defaults[index] = new
    function.__defaults__ = tuple(defaults)


def _partial(owner: functools.partial[Any]) -> Slot:
    def store(new: Any) -> None:
        reduced: Any = owner.__reduce__()
        restore: Any = owner
        restore.__setstate__((new, *reduced[2][1:]))

    return Slot(owner.func, lambda: owner.func, store)


def _instance(owner: Any, in_scope: Callable[[str], bool]) -> Iterator[Slot]:
    cls = type(owner)
    known = module_of(cls) in _LIBRARY or any(in_scope(module_of(base)) for base in cls.__mro__)
    if not (known or isinstance(owner, (logging.Handler, logging.Logger))):
        return
    try:
        attributes = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        attributes = None
    if type(attributes) is dict:
        for key, value in list(attributes.items()):
            if not isinstance(value, _ATOMS):
                yield _item(attributes, key, value)
    for base in cls.__mro__:
        for name, member in vars(base).items():
            if isinstance(member, MemberDescriptorType) and member.__objclass__ is base:
                try:
                    value = member.__get__(owner, cls)
                except AttributeError:
                    continue
                if not isinstance(value, _ATOMS):
                    yield Slot(
                        value,
                        lambda member=member: member.__get__(owner, cls),  # type: ignore[misc]
                        lambda new, member=member: member.__set__(owner, new),  # type: ignore[misc]
                    )
            del name


def _item(container: Any, key: Any, value: Any) -> Slot:
    def store(new: Any) -> None:
        container[key] = new

    return Slot(value, lambda: container[key], store)


def _attribute(owner: Any, name: str, value: Any) -> Slot:
    return Slot(
        value,
        lambda: vars(owner)[name] if isinstance(owner, type) else getattr(owner, name),
        lambda new: setattr(owner, name, new),
    )


def _read_only(new: Any) -> None:
    raise TypeError("this place cannot be written")
