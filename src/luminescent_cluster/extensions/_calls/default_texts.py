"""Canonical text of default values, the same from source text and from live objects."""

from __future__ import annotations

import ast
import copy
import enum
import re
import types
import typing
from collections.abc import Iterable
from typing import Any, Final

from .spelling import Resolver, dotted_name, name_of, qualified, union

_EMPTY: Final = {  # `dict()` is `{}`
    "bool": "False",
    "bytes": "b''",
    "dict": "{}",
    "float": "0.0",
    "int": "0",
    "list": "[]",
    "str": "''",
    "tuple": "()",
}


def default_from_source(
    source: str | ast.expr, resolve: Resolver, home: str = ""
) -> tuple[str, bool]:
    """Return the canonical text of a default given as source, and whether it is a literal."""
    node = ast.parse(source.strip(), mode="eval").body if isinstance(source, str) else source
    try:
        return literal_text(ast.literal_eval(node)), True
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        pass
    if isinstance(node, ast.Call) and not node.args and not node.keywords:
        made = dotted_name(node.func) or ""
        empty = _EMPTY.get((resolve(made) or made).removeprefix("builtins."))
        if empty is not None:
            return empty, True

    class Qualify(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            return ast.Name(qualified(resolve(name.id) or name.id, home), ast.Load())

        def visit_Attribute(self, attribute: ast.Attribute) -> ast.expr:
            dotted = dotted_name(attribute)
            if dotted is not None:
                return ast.Name(qualified(resolve(dotted) or dotted, home), ast.Load())
            self.generic_visit(attribute)
            return attribute

        def visit_Subscript(self, made: ast.Subscript) -> ast.expr:
            self.generic_visit(made)
            end = {"typing.Union": [], "typing.Optional": ["None"]}.get(ast.unparse(made.value))
            if end is None:
                return made
            items = made.slice.elts if isinstance(made.slice, ast.Tuple) else [made.slice]
            return ast.Name(union([*map(ast.unparse, items), *end]), ast.Load())

    text = ast.unparse(Qualify().visit(copy.deepcopy(node)))
    joined = isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)
    return union([text]) if joined else text, False


def literal_text(value: object) -> str:
    """Return the ``repr`` of a literal, the same for equal sets whatever their hash order."""
    if isinstance(value, (set, frozenset)) and value:
        inner = "{" + ", ".join(sorted(map(literal_text, value))) + "}"
        return inner if isinstance(value, set) else f"frozenset({inner})"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal_text, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal_text, value))}]"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{literal_text(k)}: {literal_text(v)}" for k, v in value.items()) + "}"
        )
    return "..." if value is Ellipsis else repr(value)


_SCALARS: Final = (int, float, complex, str, bytes, bool, type(None), type(Ellipsis))


def is_literal(value: object) -> bool:
    """Return True for what can be written as a literal: exact builtin types, at any depth."""
    kind = type(value)
    if kind in _SCALARS:
        # inf and nan have no literal.
        return kind not in (float, complex) or repr(value).strip("()-+0123456789.ej") == ""
    if kind in (tuple, list, set):
        return (kind is not set or bool(value)) and all(
            is_literal(item) for item in typing.cast("Iterable[object]", value)
        )
    if kind is dict:
        mapping = typing.cast("dict[object, object]", value)
        return all(is_literal(k) and is_literal(v) for k, v in mapping.items())
    return False


def default_text(
    value: object, namespace: typing.Mapping[str, object], home: str = ""
) -> tuple[str, bool]:
    """Return the canonical text of a live default, and whether it is a literal.

    A sentinel is looked up by identity in ``namespace`` (the function's globals), so that
    ``_MISSING = object()`` is called ``_MISSING`` as in the source.  Never raises.
    """
    if is_literal(value):
        return literal_text(value), True
    if isinstance(value, enum.Enum) and (names := _member_names(value)):
        return union(f"{name_of(type(value), home)}.{name}" for name in names), False
    if typing.get_origin(value) in (typing.Union, types.UnionType):
        # Two classes before Python 3.14, one since: `int | str` is `Union[int, str]`.
        return union(default_text(part, {}, home)[0] for part in typing.get_args(value)), False
    named = isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType))
    if named and typing.get_origin(value) is None:  # `list[int]` passes for a class on 3.10
        return name_of(value, home), False
    if type(value) in _CONTAINERS:
        return _container_text(value, namespace, home), False
    for name, candidate in () if _shows_itself(value) else namespace.items():
        if candidate is value and not name.startswith("__"):
            return name, False
    try:
        text = repr(value)
    except Exception:  # a user's repr may raise anything
        text = f"<{type(value).__name__}>"
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    if type(value) in (float, complex):
        text = f"{type(value).__name__}({text!r})"
    return text, False


_CONTAINERS: Final = (tuple, list, dict, set, frozenset)


def _member_names(value: enum.Enum) -> list[str]:
    """Return the name of an enum's member; of joined flags, those of its parts."""
    if not isinstance(value, enum.Flag):
        return [value.name]
    parts = [m.name for m in type(value) if m.value & value.value and m.value.bit_count() == 1]
    return [name for name in parts if name] or [value.name or str(value.value)]


def _container_text(value: Any, namespace: typing.Mapping[str, object], home: str) -> str:
    """Return a container as its source would write it, enums and sentinels in it by name."""

    def text(item: object) -> str:
        return default_text(item, namespace, home)[0]

    if type(value) is dict:
        return "{" + ", ".join(f"{text(k)}: {text(v)}" for k, v in value.items()) + "}"
    items = [text(item) for item in value]
    if type(value) is tuple:
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if type(value) is list:
        return f"[{', '.join(items)}]"
    inner = "{" + ", ".join(sorted(items)) + "}" if items else ""
    return inner if type(value) is set and items else f"{type(value).__name__}({inner})"


def _shows_itself(value: object) -> bool:
    """Return True for what is told by its value: not an object that counts for being itself."""
    kind = type(value)
    plain = kind in (float, complex) or kind.__module__ in ("datetime", "decimal", "fractions")
    return plain or hasattr(kind, "__dataclass_fields__") or hasattr(kind, "_fields")
