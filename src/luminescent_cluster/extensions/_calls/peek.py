"""Looking at objects without running anybody's code: no property, no ``__getattr__``."""

from __future__ import annotations

import builtins
import types
from collections.abc import Mapping
from typing import Any, TypeGuard, TypeVar

from .model import UNKNOWN

_T = TypeVar("_T")
_PLAIN_DESCRIPTORS = (types.MemberDescriptorType, types.GetSetDescriptorType)


class InstanceOf:
    """Stands for some instance of a class when only the class is at hand."""

    __slots__ = ("owner",)

    def __init__(self, owner: type):
        self.owner = owner


def class_of(value: Any) -> type:
    """Return the class of a value, also of one that is only stood for."""
    return value.owner if type(value) is InstanceOf else type(value)


def really(value: object, kind: type[_T]) -> TypeGuard[_T]:
    """Return isinstance by the true class: proxies and mocks with a spec lie in ``__class__``."""
    return issubclass(type(value), kind)


def raw_attribute(klass: type, name: str) -> Any:
    """Return what the classes of the resolution order hold under ``name``, unbound, or UNKNOWN."""
    for base in type.__dict__["__mro__"].__get__(klass):
        space: Mapping[str, Any] = type.__dict__["__dict__"].__get__(base)
        if name in space:
            return space[name]
    return UNKNOWN


def looks_up_plainly(klass: type) -> bool:
    """Return True when the class leaves ``__getattribute__`` to Python itself."""
    raw = raw_attribute(klass, "__getattribute__")
    return getattr(getattr(raw, "__objclass__", None), "__module__", "") == "builtins"


def instance_dict(value: object) -> Mapping[str, Any]:
    """Return the instance's own ``__dict__``; ``{}`` where it has none, or calls another so."""
    if really(raw_attribute(type(value), "__dict__"), property):
        return {}
    try:
        found = object.__getattribute__(value, "__dict__")
    except Exception:
        return {}
    return found if isinstance(found, dict) else {}


def peek(value: Any, name: str) -> Any:
    """Return ``value.name`` where that runs nobody's code, else UNKNOWN."""
    if really(value, types.ModuleType):
        return vars(value).get(name, UNKNOWN)
    if really(value, type):
        return _bind_raw(raw_attribute(value, name), None, value)
    if type(value) is InstanceOf:
        return _bind_raw(raw_attribute(value.owner, name), value, value.owner)
    owner = type(value)
    if not looks_up_plainly(owner):
        return UNKNOWN
    raw = raw_attribute(owner, name)
    if isinstance(raw, _PLAIN_DESCRIPTORS):
        try:
            return raw.__get__(value, owner)
        except AttributeError:
            return UNKNOWN
    own = instance_dict(value)
    if name in own and not hasattr(type(raw), "__set__"):
        return own[name]
    return _bind_raw(raw, value, owner)


def _bind_raw(raw: Any, value: Any, owner: type) -> Any:
    if raw is UNKNOWN:
        return UNKNOWN
    if really(raw, types.FunctionType):
        return raw if value is None else types.MethodType(raw, value)
    if really(raw, staticmethod):
        return raw.__func__
    if really(raw, classmethod):
        return types.MethodType(raw.__func__, owner)
    if isinstance(raw, (types.MethodDescriptorType, types.ClassMethodDescriptorType)):
        return raw if value is None else raw.__get__(value, owner)
    if hasattr(type(raw), "__get__"):
        return UNKNOWN
    return raw


def free_name(function: types.FunctionType, name: str) -> Any:
    """Return what a free or global name means inside a function, else UNKNOWN."""
    if function.__closure__ and name in function.__code__.co_freevars:
        cell = function.__closure__[function.__code__.co_freevars.index(name)]
        try:
            return cell.cell_contents
        except ValueError:
            return UNKNOWN
    if name in function.__globals__:
        return function.__globals__[name]
    return vars(builtins).get(name, UNKNOWN)


def wrapped_of(value: Any) -> Any:
    """Return what ``__wrapped__`` holds, by looking only, else UNKNOWN."""
    if is_wrapt(value):
        try:
            return value.__wrapped__
        except Exception:
            return UNKNOWN
    if really(value, staticmethod) or really(value, classmethod):
        return value.__func__
    own = instance_dict(value)
    return own.get("__wrapped__", UNKNOWN)


def is_wrapt(value: Any) -> bool:
    """Return True for a proxy or function wrapper of wrapt, C or Python."""
    return any(
        k.__name__ == "ObjectProxy" and str(k.__module__).split(".")[0] in ("wrapt", "_wrappers")
        for k in type(value).__mro__
    )


def is_mock(value: Any) -> bool:
    """Return True for an object of ``unittest.mock``, without importing it."""
    return any(
        k.__module__ == "unittest.mock" and k.__name__ == "NonCallableMock"
        for k in type(value).__mro__
    )


def same_function(one: Any, other: Any) -> bool:
    """Return True for the same function, bound or not."""
    if one is other:
        return True
    one, other = getattr(one, "__func__", one), getattr(other, "__func__", other)
    return one is other and really(one, types.FunctionType)
