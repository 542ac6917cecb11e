"""Putting state that lies outside the instances back between runs.

A fresh instance is no fresh start for an extension that keeps totals in a module or on a class.
When sequential runs differ because of that, the values of its modules and classes are restored
before every run, as they were after the warm-up. Used only where it makes runs repeat.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from types import CellType, FunctionType, ModuleType
from typing import Any

from .locks import CoopLock, CoopRLock
from .real import REAL
from .scope import module_of

__all__ = ["Snapshot"]

_LIMIT = 20_000
_SKIP = (ModuleType, FunctionType, str, bytes, int, float, bool, complex, type(None))


class Snapshot:
    """The state of modules, of the classes defined in them, and of what these hold.

    ``modules`` are names of modules under test. Containers are restored in place, so that
    references to them stay good; instances of classes under test get their attributes back.
    """

    def __init__(self, modules: Iterable[str]) -> None:
        self._undo: list[Callable[[], None]] = []
        self._seen: set[int] = set()
        self._kept: list[Any] = []
        self._modules = set(modules)
        for name in sorted(self._modules):
            module = sys.modules.get(name)
            if isinstance(module, ModuleType):
                self._namespace(vars(module))

    def restore(self) -> None:
        """Put everything back."""
        for undo in self._undo:
            undo()

    def _namespace(self, namespace: dict[str, Any]) -> None:
        bound = {
            key: value
            for key, value in namespace.items()
            if not key.startswith("__") and not isinstance(value, (ModuleType, FunctionType))
        }

        def undo() -> None:
            for key in [
                key
                for key, value in namespace.items()
                if key not in bound
                and not key.startswith("__")
                and not isinstance(value, (ModuleType, FunctionType, type))
            ]:
                del namespace[key]
            for key, value in bound.items():
                if namespace.get(key, undo) is not value:
                    namespace[key] = value

        self._undo.append(undo)
        for value in bound.values():
            self._value(value)
        self._functions(namespace)

    def _functions(self, namespace: Mapping[str, Any]) -> None:
        for value in list(namespace.values()):
            if isinstance(value, (classmethod, staticmethod)):
                self._function(value.__func__)
            elif isinstance(value, property):
                for function in (value.fget, value.fset, value.fdel):
                    self._function(function)
            else:
                self._function(value)

    def _function(self, value: Any) -> None:
        """What a function keeps from call to call: in its closure, its defaults, its attributes."""
        if not isinstance(value, FunctionType) or id(value) in self._seen:
            return
        if value.__module__ not in self._modules:
            return
        self._seen.add(id(value))
        for cell in value.__closure__ or ():
            self._cell(cell)
        for kept in (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()):
            self._value(kept)
        fields = vars(value)
        self._container(fields, dict(fields), dict.clear, dict.update)
        for kept in list(fields.values()):
            self._value(kept)

    def _cell(self, cell: CellType) -> None:
        try:
            value = cell.cell_contents
        except ValueError:
            return

        def undo() -> None:
            cell.cell_contents = value

        self._undo.append(undo)
        self._value(value)

    def _value(self, value: Any) -> None:
        self._function(value)
        if isinstance(value, _SKIP) or id(value) in self._seen or len(self._seen) > _LIMIT:
            return
        if type(value) in (REAL.lock_type, REAL.rlock_type, CoopLock, CoopRLock):
            return
        self._seen.add(id(value))
        self._kept.append(value)
        if isinstance(value, dict):
            self._container(value, dict(value), dict.clear, dict.update)
            for item in list(value.values()):
                self._value(item)
        elif isinstance(value, (list, deque)):
            self._container(value, list(value), type(value).clear, type(value).extend)
            for item in list(value):
                self._value(item)
        elif isinstance(value, set):
            self._container(value, set(value), set.clear, set.update)
        elif isinstance(value, tuple):
            for item in value:
                self._value(item)
        elif isinstance(value, type):
            if module_of(value) in self._modules:
                self._class(value)
        elif module_of(type(value)) in self._modules:
            fields = getattr(value, "__dict__", None)
            if type(fields) is dict:
                self._container(fields, dict(fields), dict.clear, dict.update)
                for item in list(fields.values()):
                    self._value(item)

    def _container(self, live: Any, copy: Any, clear: Any, fill: Any) -> None:
        def undo() -> None:
            if len(live) != len(copy) or not _same(live, copy):
                clear(live)
                fill(live, copy)

        self._undo.append(undo)

    def _class(self, cls: type) -> None:
        kept = {
            key: value
            for key, value in vars(cls).items()
            if not key.startswith("__")
            and not isinstance(value, (FunctionType, property, classmethod, staticmethod))
        }

        def undo() -> None:
            for key in [k for k, v in vars(cls).items() if k not in kept and _plain(k, v)]:
                delattr(cls, key)
            for key, value in kept.items():
                if vars(cls).get(key, undo) is not value:
                    setattr(cls, key, value)

        self._undo.append(undo)
        for value in kept.values():
            self._value(value)
        self._functions(vars(cls))


def _plain(key: str, value: Any) -> bool:
    return not key.startswith("__") and not isinstance(
        value, (FunctionType, property, classmethod, staticmethod)
    )


def _same(live: Any, copy: Any) -> bool:
    """The very same items in the same places; never asks the extension's own equality."""
    if isinstance(live, dict):
        return all(
            one is other and live[one] is copy[other]
            for one, other in zip(live, copy, strict=False)
        )
    if isinstance(live, set):
        return {id(item) for item in live} == {id(item) for item in copy}
    return all(one is other for one, other in zip(live, copy, strict=False))
