"""Hints as syntax: what may be one, and the names in it."""

from __future__ import annotations

import ast
import re
from typing import Final

from luminescent_cluster.extensions._calls.spelling import dotted_name

__all__ = ["MARK", "is_quoted", "is_type_expression", "known", "words"]

_NAME: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_STRING: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
MARK: Final = "!"
"""Starts a name that is qualified already and must not be looked up again."""


def known(text: str) -> ast.expr:
    """Return canonical text as a tree whose names are already qualified."""

    class Mark(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.Name(MARK + node.id, ast.Load())

        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
            name = dotted_name(node)
            return ast.Name(MARK + name, ast.Load()) if name else node

        def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
            if dotted_name(node.value) == "typing.Literal":
                node.value = self.visit(node.value)
                return node
            self.generic_visit(node)
            return node

    return Mark().visit(ast.parse(text, mode="eval").body)  # type: ignore[no-any-return]


def words(text: str) -> set[str]:
    """Return every dotted name in the canonical text of a hint."""
    return set(_NAME.findall(_STRING.sub("", text)))


def is_type_expression(value: ast.expr) -> bool:
    """Return True for a value that may be an alias of a type."""
    if isinstance(value, (ast.Name, ast.Attribute)):
        return dotted_name(value) is not None
    if isinstance(value, ast.Subscript):
        return dotted_name(value.value) is not None
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        return all(map(is_type_expression, (value.left, value.right)))
    return isinstance(value, ast.Constant) and (
        value.value is None or (isinstance(value.value, str) and _looks_like_hint(value.value))
    )


def is_quoted(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _looks_like_hint(text: str) -> bool:
    return text.replace(".", "").isidentifier() or ("[" in text and "]" in text) or " | " in text
