"""From canonical text to terms."""

from __future__ import annotations

import ast
from typing import Any, Final

from .terms import (
    ANY,
    NEVER,
    NONE,
    OBJECT,
    CallableTerm,
    LiteralTerm,
    Named,
    Scope,
    SelfTerm,
    Term,
    TupleTerm,
    TypeTerm,
    Variable,
    union_of,
)

__all__ = ["parse", "unfold"]


def parse(text: str | None, scope: Scope) -> Term:
    """Return the tree of a hint's canonical text; what cannot be understood is ``Any``.

    Args:
        text: the canonical text; None (no hint) is ``Any``.
        scope: what the names mean.
    """
    if text is None:
        return ANY
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return ANY
    return _Reader(scope).term(node)


def unfold(term: Term) -> Term:
    """Return what the name of an alias stands for, by one step; any other type as it is."""
    definition = term.definition if isinstance(term, Named) else None
    if not isinstance(term, Named) or definition is None or term.scope is None:
        return term
    if definition.kind != "alias":
        return term
    return _Reader(term.scope, frozenset({term.name})).text(definition.text)


_TOP: Final = {
    "typing.Any": ANY,
    "_typeshed.Incomplete": ANY,
    "typing.Never": NEVER,
    "typing.NoReturn": NEVER,
    "None": NONE,
    "object": OBJECT,
    "typing.LiteralString": Named("typing.LiteralString"),
    "tuple": TupleTerm((ANY,), True),
    "type": TypeTerm(ANY),
    "collections.abc.Callable": CallableTerm(None, ANY),
}
# What classes of the standard library call themselves, and what people call them.
_PRIVATE: Final = {
    "_asyncio.Future": "asyncio.Future",
    "_asyncio.Task": "asyncio.Task",
    "asyncio.futures.Future": "asyncio.Future",
    "asyncio.tasks.Task": "asyncio.Task",
    "types.CoroutineType": "collections.abc.Coroutine",
    "types.AsyncGeneratorType": "collections.abc.AsyncGenerator",
    "types.GeneratorType": "collections.abc.Generator",
    "_io.StringIO": "io.StringIO",
    "_io.BytesIO": "io.BytesIO",
    "contextlib._GeneratorContextManager": "contextlib.AbstractContextManager",
}
_TRANSPARENT: Final = frozenset(
    "typing." + name
    for name in ("Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly")
)


class _Reader:
    def __init__(self, scope: Scope, seen: frozenset[str] = frozenset()) -> None:
        self.scope = scope
        self.seen = seen

    def term(self, node: ast.expr) -> Term:
        if isinstance(node, ast.Constant):
            return self._constant(node.value)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return union_of((self.term(node.left), self.term(node.right)))
        name = _dotted(node)
        if name is not None:
            return self._name(name)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        return ANY

    def _constant(self, value: object) -> Term:
        if value is None:
            return NONE
        return parse(value, self.scope) if isinstance(value, str) else ANY

    def _name(self, name: str) -> Term:
        found = self.scope.known.get(name) or _TOP.get(name)
        if found is not None:
            return found
        if name == "typing.Self":
            return SelfTerm(Named(self.scope.own, (), self.scope) if self.scope.own else None)
        if name in self.scope.class_variables:
            at = self.scope.class_variables[name]
            parameter = self._class_parameter(name)
            return Variable(f"#{at}", -1, *parameter)
        if name in ("typing.AnyStr", "AnyStr"):
            both = (Named("str"), Named("bytes"))
            return Variable("AnyStr", self.scope.side, union_of(both), both)
        owner, _, part = name.rpartition(".")
        if part in ("args", "kwargs") and self._is_variable(owner):
            return Variable(name, self.scope.side)
        definition = self.scope.definitions.get(name)
        if definition is not None and name not in self.seen:
            inner = _Reader(self.scope, self.seen | {name})
            if definition.kind == "alias":
                return inner.text(definition.text)
            if definition.kind == "type-variable":
                constraints = tuple(inner.text(c) for c in definition.bases)
                bound = inner.text(definition.text) if definition.text else None
                return Variable(name, self.scope.side, bound, constraints)
        return Named(_PRIVATE.get(name, name), (), self.scope)

    def _is_variable(self, name: str) -> bool:
        definition = self.scope.definitions.get(name)
        return definition is not None and definition.kind == "type-variable"

    def _class_parameter(self, name: str) -> tuple[Term | None, tuple[Term, ...]]:
        edition = self.scope.edition
        parameters = edition.shape.type_parameters if edition else ()
        for item in parameters:
            if item.name == name and name not in self.seen:
                inner = _Reader(self.scope, self.seen | {name})
                bound = inner.text(item.bound) if item.bound else None
                return bound, tuple(inner.text(c) for c in item.constraints)
        return None, ()

    def text(self, text: str) -> Term:
        try:
            return self.term(ast.parse(text.strip(), mode="eval").body)
        except (SyntaxError, ValueError):
            return ANY

    def _subscript(self, node: ast.Subscript) -> Term:
        name = _dotted(node.value) or ""
        index: Any = node.slice
        items = list(index.elts) if isinstance(index, ast.Tuple) else [index]
        if name == "typing.Literal":
            return union_of(tuple(self._literal(item) for item in items))
        if name == "typing.Union":
            return union_of(tuple(self.term(item) for item in items))
        if name == "typing.Optional":
            return union_of((self.term(items[0]), NONE))
        if name in _TRANSPARENT:
            return self.term(items[0])
        if name == "typing.Unpack":
            return ANY
        if name == "tuple":
            return self._tuple(items)
        if name == "type":
            return TypeTerm(self.term(items[0]))
        if name == "collections.abc.Callable" and len(items) == 2:
            return self._callable(*items)
        head = self._name(name) if name else ANY
        if not isinstance(head, Named):
            return self._alias(name, items) or head
        return Named(head.name, tuple(self._argument(item) for item in items), self.scope)

    def _alias(self, name: str, items: list[ast.expr]) -> Term | None:
        definition = self.scope.definitions.get(name)
        if definition is None or definition.kind != "alias" or not definition.type_parameters:
            return None
        names = [p.name for p in definition.type_parameters]
        arguments = dict(zip(names, items, strict=False))

        class Fill(ast.NodeTransformer):
            def visit_Name(self, name: ast.Name) -> ast.expr:
                return arguments.get(name.id, name)

        body = ast.parse(definition.text, mode="eval").body
        return _Reader(self.scope, self.seen | {name}).term(Fill().visit(body))

    def _argument(self, node: ast.expr) -> Term:
        if isinstance(node, ast.List):
            return CallableTerm(tuple(self.term(item) for item in node.elts), ANY)
        return self.term(node)

    def _tuple(self, items: list[ast.expr]) -> Term:
        if any(isinstance(i, ast.Starred) or _unpacks(i) for i in items):
            return TupleTerm((ANY,), True)
        if len(items) == 2 and isinstance(items[1], ast.Constant) and items[1].value is Ellipsis:
            return TupleTerm((self.term(items[0]),), True)
        if len(items) == 1 and isinstance(items[0], ast.Tuple) and not items[0].elts:
            return TupleTerm(())
        return TupleTerm(tuple(self.term(item) for item in items))

    def _callable(self, parameters: ast.expr, returns: ast.expr) -> Term:
        result = self.term(returns)
        if not isinstance(parameters, ast.List):
            return CallableTerm(None, result)  # `...`, a ParamSpec, Concatenate
        return CallableTerm(tuple(self.term(item) for item in parameters.elts), result)

    def _literal(self, node: ast.expr) -> Term:
        try:
            value = ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError):
            text = ast.unparse(node)
            owner = text.rpartition(".")[0] or "object"
            return LiteralTerm(text, Named(owner, (), self.scope))
        if value is None:
            return NONE
        return LiteralTerm(repr(value), Named(type(value).__name__))


def _unpacks(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and _dotted(node.value) == "typing.Unpack"


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and node.value is None:
        return "None"
    if isinstance(node, ast.Attribute) and (left := _dotted(node.value)) is not None:
        return f"{left}.{node.attr}"
    return None
