"""Finding a protocol's member on an implementation, as a caller would."""

from __future__ import annotations

import dis
import functools
import sys
import types
import warnings
from dataclasses import dataclass
from typing import Any

from . import source
from .build import build
from .model import UNKNOWN
from .nodes import Node, PrefixNode
from .peek import (
    InstanceOf,
    instance_dict,
    is_mock,
    is_wrapt,
    looks_up_plainly,
    raw_attribute,
    really,
)
from .reflection import own_annotations

_METHODS = (
    types.FunctionType,
    functools.partial,
    functools.partialmethod,
    functools.singledispatchmethod,
)

# Those of `object` only say that they know no order.
_ORDER = frozenset({"__lt__", "__le__", "__gt__", "__ge__"})


@dataclass(slots=True)
class Found:
    """A member of an implementation.

    ``node`` is None when it is missing or cannot be called; ``reason`` then says why.  ``unsure``
    is set when only an instance could tell.
    """

    node: Node | None = None
    reason: str = ""
    unsure: str = ""
    value: Any = UNKNOWN


def is_operator(name: str) -> bool:
    """Return True for dunder methods that the interpreter calls, by position, on the type."""
    return name.startswith("__") and name.endswith("__") and name != "__call__"


def find_method(subject: Any, name: str, protocol: type | None) -> Found:
    """Find a method on an instance, or on a class whose instances are to be judged."""
    owner = subject if really(subject, type) else type(subject)
    if name in _ORDER and raw_attribute(owner, name) is vars(object)[name]:
        return Found(reason=f"{owner.__qualname__} has no {name}")
    if owner is not subject:
        found = _on_instance(subject, name)
    elif name == "__call__" and is_factory(subject, protocol):
        found = Found(build(subject), value=subject)
    else:
        found = _on_class(subject, name)
    if found.node is not None and (stub := inherited_stub(owner, name, protocol)):
        return Found(reason=stub)
    return found


def is_factory(klass: type, protocol: type | None) -> bool:
    """Return True for a class that is itself the function which a callback protocol asks for."""
    if protocol is None or raw_attribute(klass, "__call__") is not UNKNOWN:
        return False
    return raw_attribute(protocol, "__call__") is not UNKNOWN and not serves_dynamically(klass)


def _on_instance(subject: Any, name: str) -> Found:
    owner = type(subject)
    kind = owner.__qualname__
    if name == "__call__":
        if not callable(subject):
            return Found(reason=f"an instance of {kind} cannot be called")
        return Found(build(subject), value=subject)
    try:
        value = _read(subject, name)
        if value is UNKNOWN:
            return Found(reason=f"{kind} has no {name}")
    except AttributeError as error:
        return Found(reason=f"{kind} has no {name}" + _cause(error, name))
    except Exception as error:
        return Found(reason=f"reading {kind}.{name} raises {type(error).__name__}: {error}")
    raw = raw_attribute(owner, name)
    own = instance_dict(subject)
    if really(raw, functools.singledispatchmethod) and name not in own:
        return Found(PrefixNode(build(raw, (subject,))), value=value)
    return of_value(value, f"{kind}.{name}")


def of_value(value: Any, name: str) -> Found:
    """Return what an attribute's value is as a method; ``name`` says which one it is."""
    if not callable(value):
        return Found(reason=f"{name} is a {type(value).__name__} and cannot be called")
    return Found(build(value), value=value)


def _read(subject: Any, name: str) -> Any:
    """Read an attribute as a call would; a warning that became an error is no obstacle."""
    try:
        return _read_once(subject, name)
    except Warning:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read_once(subject, name)


def _read_once(subject: Any, name: str) -> Any:
    if not is_operator(name) or is_mock(subject) or is_wrapt(subject):
        return getattr(subject, name)
    raw = raw_attribute(type(subject), name)
    return raw.__get__(subject, type(subject)) if hasattr(type(raw), "__get__") else raw


def _cause(error: AttributeError, name: str) -> str:
    text = str(error)
    return "" if name in text or not text else f" ({text})"


def _on_class(subject: type, name: str) -> Found:
    raw = raw_attribute(subject, name)
    kind = subject.__qualname__
    if raw is UNKNOWN:
        if is_operator(name):
            return Found(reason=f"{kind} has no {name}")
        if serves_dynamically(subject):
            return Found(Node(), unsure=f"{kind} may serve {name} dynamically")
        if may_assign(subject, name):
            return Found(Node(), unsure=f"{kind} assigns {name} on its instances")
        return Found(reason=f"{kind} has no {name}")
    if really(raw, functools.partial) and sys.version_info < (3, 14):
        return Found(build(raw), value=raw)  # no method yet: `self` is not passed
    if any(really(raw, kind) for kind in _METHODS):
        return Found(PrefixNode(build(raw, (InstanceOf(subject),))), value=raw)
    if really(raw, staticmethod):
        return Found(build(raw.__func__), value=raw.__func__)
    if really(raw, classmethod):
        bound = types.MethodType(raw.__func__, subject)
        return Found(build(bound), value=bound)
    if hasattr(type(raw), "__get__"):
        if hasattr(raw, "__wrapped__") or really(raw, types.MethodDescriptorType):
            return Found(PrefixNode(build(raw)), value=raw)
        return Found(Node(), unsure=f"{kind}.{name} is a {type(raw).__name__}, read on instances")
    if not callable(raw):
        if raw_attribute(subject, "__slots__") is not UNKNOWN or may_assign(subject, name):
            return Found(Node(), unsure=f"{kind} assigns {name} on its instances")
        return Found(reason=f"{kind}.{name} is a {type(raw).__name__} and cannot be called")
    return Found(build(raw), value=raw)


def serves_dynamically(klass: type) -> bool:
    """Return True for classes with ``__getattr__`` or their own ``__getattribute__``."""
    return not looks_up_plainly(klass) or raw_attribute(klass, "__getattr__") is not UNKNOWN


def may_assign(klass: type, name: str) -> bool:
    """Return True when a method of the class stores an attribute of that name."""
    for base in klass.__mro__[:-1]:
        if name in own_annotations(base):
            return True
        for raw in vars(base).values():
            code = getattr(raw, "__code__", None)
            if code is None or name not in code.co_names:
                continue
            for step in dis.get_instructions(code):
                if step.opname == "STORE_ATTR" and step.argval == name:
                    return True
    return False


def is_abstract(raw: object) -> bool:
    """Return True for what ``@abstractmethod`` marked, asking nobody's own ``__getattr__``."""
    module = type(raw).__module__
    if module in ("builtins", "functools"):
        return getattr(raw, "__isabstractmethod__", False) is True
    return instance_dict(raw).get("__isabstractmethod__") is True


def inherited_stub(owner: type, name: str, protocol: type | None) -> str:
    """Return why an inherited method is no implementation: abstract, or the protocol's own stub."""
    raw = raw_attribute(owner, name)
    function = raw.__func__ if really(raw, staticmethod) or really(raw, classmethod) else raw
    if is_abstract(raw):
        return f"{owner.__qualname__}.{name} is abstract"
    if protocol is None or owner is protocol or protocol not in owner.__mro__:
        return ""
    for base in protocol.__mro__:
        if vars(base).get(name) is raw and really(function, types.FunctionType):
            if getattr(base, "_is_protocol", False) and not source.body_does_something(function):
                return (
                    f"{owner.__qualname__} inherits {name} from {base.__name__}, "
                    "where it has no body"
                )
            return ""
    return ""


def find_attribute(subject: Any, name: str) -> Found:
    """Find a data member without evaluating a property; ``value`` is set when it is at hand."""
    klass = subject if really(subject, type) else type(subject)
    raw = raw_attribute(klass, name)
    if not really(subject, type):
        own = instance_dict(subject)
        if name in own and not hasattr(type(raw), "__set__"):
            return Found(Node(), value=own[name])
        if really(raw, types.MemberDescriptorType):
            try:
                return Found(Node(), value=raw.__get__(subject, klass))
            except AttributeError:
                return Found(reason=f"{klass.__qualname__}.{name} is a slot without a value")
    if raw is not UNKNOWN:
        if is_abstract(raw):
            return Found(reason=f"{klass.__qualname__}.{name} is abstract")
        plain = not hasattr(type(raw), "__get__")
        return Found(Node(), value=raw if plain else UNKNOWN)
    if really(subject, type):
        if serves_dynamically(klass) or may_assign(klass, name):
            return Found(Node(), unsure=f"{klass.__qualname__} may set {name} on its instances")
        return Found(reason=f"{klass.__qualname__} has no {name}")
    try:
        return Found(Node(), value=getattr(subject, name))  # __getattr__, as for any reader
    except AttributeError:
        return Found(reason=f"{klass.__qualname__} has no {name}")
    except Exception as error:
        return Found(reason=f"reading {name} raises {type(error).__name__}: {error}")
