"""Bindings of a module that was never imported to its end, found by reading it."""

from __future__ import annotations

import ast

__all__ = ["bindings_in"]


def bindings_in(source: str) -> list[tuple[str, int]] | None:
    """Find functions decorated with ``@contract(…)`` in a module that uses this kit.

    Args:
        source: the module's text.

    Returns:
        Name and line of each, or None where the text cannot be read as Python.
    """
    if "contract" not in source or "luminescent_cluster" not in source:
        return []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    return [
        (node.name, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and any(_binds(decorator) for decorator in node.decorator_list)
    ]


def _binds(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call):
        return False
    called = decorator.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name == "contract"
