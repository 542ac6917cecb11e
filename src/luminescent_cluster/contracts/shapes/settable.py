"""Whether an attribute of an implementation can be set, as far as looking tells."""

from __future__ import annotations

import ast
import re
import types
import typing
from typing import Any

from luminescent_cluster.extensions._calls.peek import raw_attribute, really
from luminescent_cluster.extensions._calls.reflection import own_annotations
from luminescent_cluster.extensions._calls.source import function_node

from .subtype import special


def read_only(raw: Any, owner: type, name: str) -> bool:
    """Return True when assigning the attribute on an instance would raise, or is declared wrong.

    Args:
        raw: what the class holds under the name, unbound.
        owner: the class of the implementation.
        name: the attribute.
    """
    if isinstance(raw, property):
        return raw.fset is None
    if is_final(next((h[name] for h in map(own_annotations, owner.__mro__) if name in h), None)):
        return True
    return _frozen(owner, name)


def is_final(hint: Any) -> bool:
    """Return True for ``Final`` and ``Final[X]``, quoted or not."""
    if isinstance(hint, str):
        return re.match(r"['\"]?([\w.]+\.)?Final\b", hint) is not None
    return "Final" in (special(hint), special(typing.get_origin(hint)))


def _frozen(owner: type, name: str) -> bool:
    dataclass = getattr(getattr(owner, "__dataclass_params__", None), "frozen", False)
    if dataclass and name in getattr(owner, "__dataclass_fields__", {}):
        return True
    if issubclass(owner, tuple) and name in getattr(owner, "_fields", ()):
        return True
    config = raw_attribute(owner, "model_config")
    if isinstance(config, dict) and config.get("frozen") is True:  # pydantic
        return True
    return _refuses(raw_attribute(owner, "__setattr__"))


def _refuses(setter: Any) -> bool:
    """Return True for a ``__setattr__`` that does nothing but raise, that of attrs included."""
    if not really(setter, types.FunctionType):
        return False
    if setter.__name__ == "_frozen_setattrs":
        return True
    node = function_node(setter)
    steps = [s for s in node.body if not isinstance(s, ast.Expr)] if node is not None else []
    return bool(steps) and all(isinstance(step, ast.Raise) for step in steps)
