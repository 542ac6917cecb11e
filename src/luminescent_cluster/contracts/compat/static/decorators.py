"""What the decorators of a method or property say."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from luminescent_cluster.extensions._calls.spelling import dotted_name

from .bodies import FunctionNode
from .constants import fold
from .names import Names

__all__ = ["Decorators", "decorators_of"]


@dataclass(slots=True)
class Decorators:
    """What decorators make of a function."""

    property: bool = False
    cached: bool = False
    setter: bool = False
    deleter: bool = False
    binding: str = "instance"
    overload: bool = False
    abstract: bool = False
    since: str | None = None
    context: str = ""


def decorators_of(node: FunctionNode, names: Names) -> Decorators:
    """Return what the decorators of a function say."""
    found = Decorators()
    for decorator in map(names.made_by, node.decorator_list):
        call = decorator.func if isinstance(decorator, ast.Call) else decorator
        written = dotted_name(call) or ""
        name = names.qualify(written) or written
        last = name.rpartition(".")[2]
        if last in ("property", "abstractproperty"):
            found.property = True
        elif last == "cached_property":
            found.property = found.cached = True
        elif last == "setter":
            found.setter = True
        elif last in ("deleter", "getter"):
            found.deleter = last == "deleter"
            found.property = last == "getter"
        elif last in ("classmethod", "abstractclassmethod"):
            found.binding = "class"
        elif last in ("staticmethod", "abstractstaticmethod"):
            found.binding = "static"
        elif last == "overload":
            found.overload = True
        elif last == "optional":
            found.since = _since(decorator, names)
        elif name in ("contextlib.contextmanager", "contextlib.asynccontextmanager"):
            found.context = name
        found.abstract = found.abstract or last.startswith("abstract")
    return found


def _since(decorator: ast.expr, names: Names) -> str:
    if isinstance(decorator, ast.Call):
        for keyword in decorator.keywords:
            value = fold(keyword.value, names)
            if keyword.arg == "since" and isinstance(value, ast.Constant):
                return str(value.value)
    return "0"
