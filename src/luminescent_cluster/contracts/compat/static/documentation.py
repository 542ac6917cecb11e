"""What a source says to its readers: doc strings, and that something is deprecated."""

from __future__ import annotations

import ast
import inspect

from luminescent_cluster.extensions._calls.documentation import with_deprecation
from luminescent_cluster.extensions._calls.spelling import dotted_name

__all__ = ["documentation"]


def documentation(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    """Return the doc string of a function or class, with what ``@deprecated`` says."""
    doc = inspect.cleandoc(ast.get_docstring(node, clean=False) or "")
    return with_deprecation(doc, next(map(_message, _deprecations(node)), None))


def _deprecations(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[ast.Call]:
    return [
        decorator
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and (dotted_name(decorator.func) or "").rpartition(".")[2] == "deprecated"
    ]


def _message(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return str(first.value) if isinstance(first, ast.Constant) else ""
