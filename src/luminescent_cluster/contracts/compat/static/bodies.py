"""What a function's text says of its body, and of the type of ``self``."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import replace

from luminescent_cluster.contracts.shapes import Annotation, Signature, canonical, is_stub
from luminescent_cluster.extensions._calls.spelling import dotted_name

__all__ = [
    "FunctionNode",
    "body_digest",
    "does_nothing",
    "property_hint",
    "self_type",
    "with_self",
]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def body_digest(node: FunctionNode) -> str:
    """Return a digest of what a function does: not its docstring, comments or layout."""
    statements = node.body
    if statements and _docstring(statements[0]):
        statements = statements[1:]
    text = "\n".join(ast.dump(s) for s in statements)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def does_nothing(node: FunctionNode) -> bool:
    """Return True for a stub."""
    return is_stub(node.body)


def self_type(node: FunctionNode) -> str | None:
    """Return the name of the type variable that stands for ``Self``: ``def f(self: S) -> S``."""
    first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
    hint = first.annotation if first is not None else None
    if isinstance(hint, ast.Subscript) and dotted_name(hint.value) in ("type", "Type"):
        hint = hint.slice
    if isinstance(hint, ast.Constant) and isinstance(hint.value, str):
        return hint.value if hint.value.isidentifier() else None
    return hint.id if isinstance(hint, ast.Name) else None


def with_self(signature: Signature, name: str) -> Signature:
    """Return the signature with ``Self`` in place of a type variable."""

    def hint(annotation: Annotation | None) -> Annotation | None:
        if annotation is None:
            return None
        text = canonical(annotation.text, lambda n: "typing.Self" if n == name else None)
        return annotation if text == annotation.text else Annotation(text)

    parameters = tuple(replace(p, annotation=hint(p.annotation)) for p in signature.parameters)
    return Signature(parameters, hint(signature.returns))


def property_hint(node: FunctionNode, returns: Annotation | None) -> Annotation | None:
    """Return the type of a property: of ``async def``, what has to be awaited first."""
    if not isinstance(node, ast.AsyncFunctionDef):
        return returns
    item = returns.text if returns is not None else "typing.Any"
    return Annotation(f"collections.abc.Coroutine[typing.Any, typing.Any, {item}]")


def _docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
