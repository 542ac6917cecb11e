"""Hints as trees: from canonical text, with the names of one edition resolved."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .edition import Definition, Edition

__all__ = [
    "ANY",
    "NEVER",
    "NONE",
    "OBJECT",
    "CallableTerm",
    "LiteralTerm",
    "Named",
    "Scope",
    "SelfTerm",
    "Term",
    "TupleTerm",
    "TypeTerm",
    "UnionTerm",
    "Variable",
    "parse",
    "scope_of",
    "union_of",
]


class Term:
    """A hint; the subclasses say which."""

    __slots__ = ()

    def __str__(self) -> str:
        return "?"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names in one edition's hints mean.

    ``side`` keeps the type variables of two editions apart; ``class_variables`` are those of the
    protocol itself, which keep their position rather than their name.
    """

    side: int
    own: str
    definitions: Mapping[str, Definition]
    class_variables: Mapping[str, int] = field(default_factory=dict)
    edition: Edition | None = None
    known: Mapping[str, Term] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Singleton(Term):
    text: str

    def __str__(self) -> str:
        return self.text


ANY: Final = _Singleton("typing.Any")
NEVER: Final = _Singleton("typing.Never")


@dataclass(frozen=True, slots=True)
class SelfTerm(Term):
    """``Self``: the very class of the implementation."""

    def __str__(self) -> str:
        return "typing.Self"


@dataclass(frozen=True, slots=True)
class Named(Term):
    """A class, perhaps with arguments; ``scope`` says where its definition stands."""

    name: str
    arguments: tuple[Term, ...] = ()
    scope: Scope | None = field(default=None, compare=False, repr=False)

    @property
    def definition(self) -> Definition | None:
        """The definition of the name, where its source could be read."""
        return self.scope.definitions.get(self.name) if self.scope else None

    def __str__(self) -> str:
        inner = f"[{', '.join(map(str, self.arguments))}]" if self.arguments else ""
        return self.name + inner


NONE: Final = Named("None")
OBJECT: Final = Named("object")


@dataclass(frozen=True, slots=True)
class LiteralTerm(Term):
    """One value of a ``Literal``, as text; ``base`` is the class of the value."""

    text: str
    base: Named = field(compare=False)

    def __str__(self) -> str:
        return f"typing.Literal[{self.text}]"


@dataclass(frozen=True, slots=True)
class UnionTerm(Term):
    """Several alternatives."""

    items: tuple[Term, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.items))


@dataclass(frozen=True, slots=True)
class TupleTerm(Term):
    """``tuple[int, str]``, or with ``variadic`` ``tuple[int, ...]``."""

    items: tuple[Term, ...]
    variadic: bool = False

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.items)) or "()"
        return f"tuple[{inner}, ...]" if self.variadic else f"tuple[{inner}]"


@dataclass(frozen=True, slots=True)
class TypeTerm(Term):
    """``type[X]``."""

    item: Term

    def __str__(self) -> str:
        return f"type[{self.item}]"


@dataclass(frozen=True, slots=True)
class CallableTerm(Term):
    """``Callable[[A], B]``; ``parameters`` is None for ``Callable[..., B]``."""

    parameters: tuple[Term, ...] | None
    returns: Term

    def __str__(self) -> str:
        inner = "..." if self.parameters is None else f"[{', '.join(map(str, self.parameters))}]"
        return f"collections.abc.Callable[{inner}, {self.returns}]"


@dataclass(frozen=True, slots=True)
class Variable(Term):
    """A type variable: of a class (by position, the same on both sides) or of one signature."""

    name: str
    side: int
    bound: Term | None = field(default=None, compare=False)
    constraints: tuple[Term, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return self.name


def scope_of(edition: Edition, side: int) -> Scope:
    """Return the scope of an edition's own hints."""
    names = [p.name for p in edition.shape.type_parameters]
    return Scope(
        side,
        edition.name,
        edition.definitions,
        {name: at for at, name in enumerate(names)},
        edition,
    )


def union_of(items: tuple[Term, ...]) -> Term:
    """Return the union of terms: flat, without duplicates."""
    flat: dict[Term, None] = {}
    for item in items:
        for part in item.items if isinstance(item, UnionTerm) else (item,):
            flat[part] = None
    if len(flat) == 1:
        return next(iter(flat))
    return UnionTerm(tuple(flat)) if flat else NEVER


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


_TOP: Final = {
    "typing.Any": ANY,
    "_typeshed.Incomplete": ANY,
    "typing.Never": NEVER,
    "typing.NoReturn": NEVER,
    "None": NONE,
    "object": OBJECT,
    "typing.Self": SelfTerm(),
    "typing.LiteralString": Named("typing.LiteralString"),
    "tuple": TupleTerm((ANY,), True),
    "type": TypeTerm(ANY),
    "collections.abc.Callable": CallableTerm(None, ANY),
    "typing.TypeGuard": Named("bool"),
    "typing.TypeIs": Named("bool"),
    "numbers.Real": Named("numbers.Real"),
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
        if name in self.scope.class_variables:
            at = self.scope.class_variables[name]
            parameter = self._class_parameter(name)
            return Variable(f"#{at}", -1, *parameter)
        if name in ("typing.AnyStr", "AnyStr"):
            both = (Named("str"), Named("bytes"))
            return Variable("AnyStr", self.scope.side, union_of(both), both)
        definition = self.scope.definitions.get(name)
        if definition is not None and name not in self.seen:
            inner = _Reader(self.scope, self.seen | {name})
            if definition.kind == "alias":
                return inner.text(definition.text)
            if definition.kind == "type-variable":
                constraints = tuple(inner.text(c) for c in definition.bases)
                bound = inner.text(definition.text) if definition.text else None
                return Variable(name, self.scope.side, bound, constraints)
        return Named(name, (), self.scope)

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
