"""Constants of the source put into the expressions that name them, and arithmetic done."""

from __future__ import annotations

import ast
import copy
import operator
from typing import Any, Final

from luminescent_cluster.extensions._calls.default_texts import default_from_source
from luminescent_cluster.extensions._calls.model import UNKNOWN
from luminescent_cluster.extensions._calls.spelling import dotted_name

from .. import constants
from .hint_nodes import known
from .kinds import class_node, is_dataclass, is_enum, is_named_tuple
from .names import Names

__all__ = ["fold", "value_text"]


def value_text(node: ast.expr, names: Names) -> tuple[str, bool]:
    """Return the canonical text of a value given as source, and whether it is a literal."""
    return default_from_source(fold(node, names), names.qualify, names.home)


def fold(node: ast.expr, names: Names) -> ast.expr:
    """Return an expression with the constants of its place put in and arithmetic done."""
    folded: ast.expr = _Fold(names).visit(copy.deepcopy(node))
    return folded


_ARITHMETIC: Final[dict[type[ast.operator], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.BitOr: operator.or_,
}
_GROWING: Final = (ast.LShift, ast.Pow)
_MOST: Final = 64


class _Fold(ast.NodeTransformer):
    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._named(node, node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name = dotted_name(node)
        return self._named(node, name) if name else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        # What is called keeps its name.
        node.args = [self.visit(argument) for argument in node.args]
        node.keywords = [self.visit(keyword) for keyword in node.keywords]
        return node

    def _named(self, node: ast.expr, name: str) -> ast.expr:
        found = self.names.value_of(name)
        if found is None or name in self.names.open or _enum_member(name, self.names):
            return node
        names, value = found
        names.open = self.names.open | {name}
        folded = fold(value, names)
        if _literal(folded):
            return folded
        return known(value_text(value, names)[0]) if _tells_all(folded, names) else node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        work = _ARITHMETIC.get(type(node.op))
        if work is None or not (_number(node.left) and _number(node.right)):
            return node
        left, right = ast.literal_eval(node.left), ast.literal_eval(node.right)
        if isinstance(node.op, _GROWING) and right > _MOST:
            return node
        try:
            return ast.parse(repr(work(left, right)), mode="eval").body
        except (ArithmeticError, TypeError, ValueError, SyntaxError):
            return node


def _tells_all(node: ast.expr, names: Names) -> bool:
    """Return True when an expression means the same wherever it is written.

    ``object()`` does not: it is the name of a sentinel that counts.
    """
    if dotted_name(node) is not None or _literal(node):
        return True
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return all(_tells_all(item, names) for item in node.elts)
    if isinstance(node, ast.Dict):
        keys = [key for key in node.keys if key is not None]
        return len(keys) == len(node.values) and all(
            _tells_all(item, names) for item in (*keys, *node.values)
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _tells_all(node.left, names) and _tells_all(node.right, names)
    if not isinstance(node, ast.Call):
        return False
    if constants.constant(value_text(node, names)[0]) is not UNKNOWN:
        return True
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return _is_record(node, names) and all(_tells_all(item, names) for item in given)


def _is_record(call: ast.Call, names: Names) -> bool:
    found = class_node(dotted_name(call.func) or "", names)
    return found is not None and (is_dataclass(found[0]) or is_named_tuple(*found))


def _enum_member(name: str, names: Names) -> bool:
    found = class_node(name.rpartition(".")[0], names)
    return found is not None and is_enum(*found)


def _literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _number(node: ast.expr) -> bool:
    return _literal(node) and type(ast.literal_eval(node)) in (int, float)
