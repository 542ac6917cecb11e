"""What is known about single types: identity, values, bases, variance."""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Final

from luminescent_cluster.contracts.shapes import Method, Shape

from .edition import Definition
from .flows import result_term
from .hierarchy import is_plain_subclass, load_class, variances
from .hint_reader import parse
from .terms import OBJECT, CallableTerm, LiteralTerm, Named, Scope, Term, TupleTerm

if TYPE_CHECKING:
    from .subtyping import Relation

__all__ = [
    "callback_term",
    "has_the_methods",
    "hashable",
    "is_alias",
    "is_own",
    "local_bases",
    "only_value",
    "record_tuple",
    "same_class",
    "values",
    "variance_of",
]


def same_class(left: Named, right: Named) -> bool:
    """Return True for two names of one class.

    A class that only moved (``pkg.User``, ``pkg.models.User``) keeps its last name. Where neither
    source can be read it is taken for the same one; one of the standard library is another.
    """
    if left.name == right.name:
        return True
    if left.scope is None or right.scope is None or left.scope is right.scope:
        return False
    if left.name.rpartition(".")[2] != right.name.rpartition(".")[2]:
        return False
    standard = [_standard(term.name) for term in (left, right)]
    local = [term.definition is not None for term in (left, right)]
    return not all(standard) and not (any(standard) and any(local))


def _standard(name: str) -> bool:
    first, _, rest = name.partition(".")
    return first in sys.stdlib_module_names if rest else hasattr(builtins, first)


def is_own(term: Named) -> bool:
    """Return True for the protocol that is being compared, in either version."""
    return term.scope is not None and term.name == term.scope.own


def is_alias(term: Term) -> bool:
    """Return True for the name of an alias that holds itself; any other is written out already."""
    definition = term.definition if isinstance(term, Named) else None
    return definition is not None and definition.kind == "alias"


def values(term: Term) -> tuple[Term, ...]:
    """Return the single values of ``bool`` or of an enum; empty for any other type."""
    if term == Named("bool"):
        return (LiteralTerm("True", Named("bool")), LiteralTerm("False", Named("bool")))
    definition = term.definition if isinstance(term, Named) else None
    if definition is not None and definition.kind == "enum" and isinstance(term, Named):
        base = Named(term.name, (), term.scope)
        return tuple(LiteralTerm(f"{term.name}.{f.name}", base) for f in definition.fields)
    return ()


def only_value(left: Named, right: Term) -> bool:
    """Return True for an enum with one member and the literal of that member."""
    found = values(left)
    return isinstance(right, LiteralTerm) and len(found) == 1 and found[0] == right


def record_tuple(relation: Relation, left: Named, right: TupleTerm) -> bool:
    definition = left.definition
    if definition is None or "tuple" not in definition.bases or left.scope is None:
        return False
    scope = left.scope
    items = tuple(
        parse(f.annotation.text if f.annotation else None, scope) for f in definition.fields
    )
    return relation.fits(TupleTerm(items), right)


def local_bases(definition: Definition, scope: Scope) -> list[Term]:
    """Return the types that a locally defined type is one of."""
    kind, bases, text = definition.kind, definition.bases, definition.text
    fields = [f.annotation.text if f.annotation else None for f in definition.fields]
    if kind == "record" and "tuple" in bases:
        return [TupleTerm(tuple(parse(field, scope) for field in fields))]
    if kind == "new-type":
        return [parse(text, scope)]
    if kind == "typed-dict":
        return [Named("collections.abc.Mapping", (Named("str"), OBJECT))]
    return [parse(base, scope) for base in bases]


def hashable(term: Named) -> bool:
    if term.definition is not None:
        return term.definition.kind != "typed-dict"
    # An abstract class promises no more than its own methods.
    abstract = term.name.startswith(("collections.abc.", "typing.", "contextlib."))
    return not abstract and is_plain_subclass(term.name, "collections.abc.Hashable")


# What a class is by having the methods, without saying so.
_STRUCTURAL: Final = frozenset(
    [f"collections.abc.{name}" for name in (
        "AsyncIterable", "AsyncIterator", "Awaitable", "Collection", "Container", "Iterable",
        "Iterator", "Reversible", "Sized",
    )]
    + ["contextlib.AbstractContextManager", "contextlib.AbstractAsyncContextManager"]
)  # fmt: skip


def has_the_methods(left: Named, right: Named) -> bool:
    """Return True for a local class with the methods that a standard protocol consists of."""
    shape = left.definition.shape if left.definition else None
    asked = load_class(right.name) if right.name in _STRUCTURAL else None
    if shape is None or asked is None:
        return False
    return all(shape.member(name) for name in getattr(asked, "__abstractmethods__", ()))


def callback_term(shape: Shape, scope: Scope) -> Term:
    """Return what calling an object of a local class gives; ``None`` where it cannot be called."""
    method = shape.member("__call__")
    if not isinstance(method, Method):
        return Named("None")
    return CallableTerm(None, result_term(method, method.signature, scope))


def variance_of(term: Named, count: int) -> str:
    definition = term.definition
    if definition is None:
        return variances(term.name, count)
    letters = {"covariant": "+", "contravariant": "-", "invariant": "=", "inferred": "+"}
    found = "".join(letters[p.variance] for p in definition.type_parameters)
    return (found + "=" * count)[:count]
