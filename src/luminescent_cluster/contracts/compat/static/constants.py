"""Constants of a module put into the expressions that name them, and arithmetic done."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any, Final

from luminescent_cluster.extensions._calls.hints import dotted_name

if TYPE_CHECKING:
    from .names import Names

__all__ = ["fold"]


def fold(node: ast.expr, names: Names) -> ast.expr:
    """Return an expression with the constants of its module put in and arithmetic done."""
    folded: ast.expr = _Fold(names).visit(ast.parse(ast.unparse(node), mode="eval").body)
    return folded


_ARITHMETIC: Final[dict[type[ast.operator], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.LShift: operator.lshift,
    ast.BitOr: operator.or_,
}


class _Fold(ast.NodeTransformer):
    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._named(node, node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name = dotted_name(node)
        return self._named(node, name) if name else node

    def _named(self, node: ast.expr, name: str) -> ast.expr:
        found = self.names.value_of(name)
        if found is None or name in self.names.open:
            return node
        names, value = found
        names.open = self.names.open | {name}
        folded = names.constant(value)
        return folded if _literal(folded) else node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        work = _ARITHMETIC.get(type(node.op))
        if work is None or not (_number(node.left) and _number(node.right)):
            return node
        left, right = ast.literal_eval(node.left), ast.literal_eval(node.right)
        if isinstance(node.op, ast.LShift) and right > 64:
            return node
        try:
            return ast.parse(repr(work(left, right)), mode="eval").body
        except (ArithmeticError, TypeError, ValueError, SyntaxError):
            return node


def _literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _number(node: ast.expr) -> bool:
    return _literal(node) and type(ast.literal_eval(node)) in (int, float)
