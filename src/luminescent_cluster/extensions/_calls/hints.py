"""Canonical text of annotations, the same from source text and from live objects.

Two spellings of one hint give one text: ``Optional[Dict[str, "X"]]`` and ``dict[str, X] | None``.
"""

from __future__ import annotations

import ast
import types
import typing
from typing import Any

from .default_texts import default_from_source, default_text
from .spelling import Resolver, dotted_name, name_of, qualified, subscript, union

__all__ = ["canonical", "render"]


def canonical(source: str | ast.expr, resolve: Resolver, home: str = "") -> str:
    """Return the canonical text of a hint given as source.

    ``resolve`` gets each dotted name as written (``Optional``, ``t.Dict``) and returns its
    qualified form (``typing.Optional``), from the imports of the module.  Unknown names stay as
    they are.  Source that is no expression is returned stripped: nothing is raised.
    """
    if isinstance(source, str):
        try:
            source = ast.parse(source.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return source.strip() if isinstance(source, str) else ""
    return _node(source, resolve, home)


def _node(node: ast.expr, resolve: Resolver, home: str) -> str:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return canonical(node.value, resolve, home)
        return "..." if node.value is Ellipsis else repr(node.value)
    if (dotted := dotted_name(node)) is not None:
        return qualified(resolve(dotted) or dotted, home)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return union(_node(side, resolve, home) for side in (node.left, node.right))
    if isinstance(node, ast.Subscript):
        name = _node(node.value, resolve, home)
        index = node.slice
        items = index.elts if isinstance(index, ast.Tuple) and index.elts else [index]
        if name == "typing.Literal":
            return subscript(name, [_literal_text(item, resolve, home) for item in items])
        return subscript(name, [_node(item, resolve, home) for item in items])
    if isinstance(node, ast.List):
        return f"[{', '.join(_node(item, resolve, home) for item in node.elts)}]"
    if isinstance(node, ast.Starred):
        return f"typing.Unpack[{_node(node.value, resolve, home)}]"
    return ast.unparse(node)


def _literal_text(node: ast.expr, resolve: Resolver, home: str) -> str:
    return default_from_source(node, resolve, home)[0]


def render(hint: object, resolve: Resolver, home: str = "") -> str:
    """Return the canonical text of a live hint; strings and forward references are parsed."""
    if hint is None or hint is type(None):
        return "None"
    if hint is Ellipsis:
        return "..."
    if isinstance(hint, (typing.ParamSpecArgs, typing.ParamSpecKwargs)):
        ending = "args" if isinstance(hint, typing.ParamSpecArgs) else "kwargs"
        return f"{hint.__origin__.__name__}.{ending}"
    if isinstance(hint, str):
        return canonical(hint, resolve, home)
    if isinstance(hint, typing.ForwardRef):
        return canonical(hint.__forward_arg__, resolve, home)
    if isinstance(hint, (list, tuple)):
        inner = ", ".join(render(item, resolve, home) for item in hint)
        return f"[{inner}]" if isinstance(hint, list) else f"({inner})"
    origin = typing.get_origin(hint)
    if origin is None:
        return name_of(hint, home)
    return _generic(hint, origin, resolve, home)


def _generic(hint: object, origin: Any, resolve: Resolver, home: str) -> str:
    args = typing.get_args(hint)
    if origin is typing.Union or origin is types.UnionType:
        return union(render(item, resolve, home) for item in args)
    if hasattr(hint, "__metadata__"):
        return render(args[0], resolve, home) if args else render(origin, resolve, home)
    name = name_of(origin, home)
    if name == "typing.Literal":
        return subscript(name, [default_text(item, {}, home)[0] for item in args])
    parts = [render(item, resolve, home) for item in args]
    text = subscript(name, parts) if parts else _bare(hint, name)
    return f"typing.Unpack[{text}]" if getattr(hint, "__unpacked__", False) is True else text


def _bare(hint: object, name: str) -> str:
    # tuple[()] has an origin and no arguments, so has a bare typing.Dict.
    return f"{name}[()]" if name == "tuple" and str(hint).endswith("[()]") else name
