"""Hints as trees: from canonical text, with the names of one edition resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

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
    "own_definition",
    "parts",
    "rebuilt",
    "scope_of",
    "told_apart",
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
    protocol itself, which keep their position rather than their name. ``protocol`` defines the
    protocol itself, which is called ``own``.
    """

    side: int
    own: str
    definitions: Mapping[str, Definition]
    class_variables: Mapping[str, int] = field(default_factory=dict)
    edition: Edition | None = None
    known: Mapping[str, Term] = field(default_factory=dict)
    protocol: Definition | None = field(default=None, compare=False, repr=False)

    def same_names(self, other: Scope) -> bool:
        """Return True when every name means the same in both scopes."""
        return (
            self.class_variables == other.class_variables
            and self.known == other.known
            and self.definitions == other.definitions
        )


@dataclass(frozen=True, slots=True)
class _Singleton(Term):
    text: str

    def __str__(self) -> str:
        return self.text


ANY: Final = _Singleton("typing.Any")
NEVER: Final = _Singleton("typing.Never")


@dataclass(frozen=True, slots=True)
class SelfTerm(Term):
    """``Self``: the very class of the implementation, which is one of ``of``."""

    of: Named | None = field(default=None, compare=False, repr=False)

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
        if self.scope is None:
            return None
        own = self.scope.protocol if self.name == self.scope.own else None
        return self.scope.definitions.get(self.name, own)

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
        protocol=own_definition(edition),
    )


def own_definition(edition: Edition) -> Definition:
    """Return what the protocol's own name stands for in its hints."""
    shape = edition.shape
    return Definition(shape.name, "protocol", type_parameters=shape.type_parameters, shape=shape)


def told_apart(left: Term, left_side: int, right: Term, right_side: int) -> tuple[str, str]:
    """Return two types as text; of one text, each with the version that defines it so."""
    one, other = str(left), str(right)
    if one != other:
        return one, other
    versions = ("as the old version has it", "as the new version has it")
    return f"{one} {versions[left_side]}", f"{other} {versions[right_side]}"


def union_of(items: tuple[Term, ...]) -> Term:
    """Return the union of terms: flat, without duplicates."""
    flat: dict[Term, None] = {}
    for item in items:
        for part in item.items if isinstance(item, UnionTerm) else (item,):
            flat[part] = None
    if len(flat) == 1:
        return next(iter(flat))
    return UnionTerm(tuple(flat)) if flat else NEVER


def parts(term: Term) -> tuple[Term, ...]:
    """Return the types that a type is made of."""
    if isinstance(term, (UnionTerm, TupleTerm)):
        return term.items
    if isinstance(term, TypeTerm):
        return (term.item,)
    if isinstance(term, CallableTerm):
        return (*(term.parameters or ()), term.returns)
    return term.arguments if isinstance(term, Named) else ()


def rebuilt(term: Term, change: Callable[[Term], Term]) -> Term:
    """Return a type with each of its parts changed."""
    if isinstance(term, UnionTerm):
        return union_of(tuple(map(change, term.items)))
    if isinstance(term, TupleTerm):
        return TupleTerm(tuple(map(change, term.items)), term.variadic)
    if isinstance(term, TypeTerm):
        return TypeTerm(change(term.item))
    if isinstance(term, CallableTerm):
        parameters = None if term.parameters is None else tuple(map(change, term.parameters))
        return CallableTerm(parameters, change(term.returns))
    if isinstance(term, Named) and term.arguments:
        return Named(term.name, tuple(map(change, term.arguments)), term.scope)
    return term
