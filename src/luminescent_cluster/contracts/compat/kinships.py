"""What is known about single types: identity, values, bases, variance."""

from __future__ import annotations

import builtins
import sys
from dataclasses import replace
from typing import Final

from luminescent_cluster.contracts.shapes import Method, Shape

from .flows import result_term
from .hierarchy import Slot, generic_bases, is_plain_subclass, load_class
from .hint_reader import parse
from .terms import ANY, OBJECT, CallableTerm, LiteralTerm, Named, Scope, SelfTerm, Term, TupleTerm

__all__ = [
    "bases_of",
    "callback_term",
    "has_the_methods",
    "hashable",
    "inner_scope",
    "is_alias",
    "is_own",
    "keeps_its_methods",
    "only_value",
    "record_tuple",
    "same_class",
    "values",
]


def same_class(left: Named, right: Named) -> bool:
    """Return True for two names of one class.

    A class that only moved (``pkg.User``, ``pkg.models.User``) keeps its last name; one that was
    renamed may keep the old name beside the new one (``User = Account``). Where neither
    source can be read it is taken for the same one, unless it is of another library.
    """
    if left.name == right.name:
        return True
    if left.scope is None or right.scope is None or left.scope is right.scope:
        return False
    if not _names(left) & _names(right):
        return False
    standard = [_standard(term.name) for term in (left, right)]
    local = [term.definition is not None for term in (left, right)]
    libraries = {term.name.partition(".")[0] for term in (left, right)}
    if not any(local) and len(libraries) > 1:
        return False
    return not all(standard) and not (any(standard) and any(local))


def _names(term: Named) -> set[str]:
    """Return what a class is called, and what else its module calls it."""
    also = term.definition.also if term.definition is not None else ()
    return {term.name.rpartition(".")[2], *also}


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


def inner_scope(term: Named) -> Scope | None:
    """Return what names mean inside a type's definition.

    Its arguments stand for its parameters, and ``Self`` for what is one of it.
    """
    definition, scope = term.definition, term.scope
    if definition is None or scope is None:
        return scope
    names = [p.name for p in definition.type_parameters]
    given = term.arguments or (ANY,) * len(names)
    known = {**dict(zip(names, given, strict=False)), "typing.Self": SelfTerm(term)}
    return replace(scope, class_variables={}, known=known)


def record_tuple(left: Named) -> TupleTerm | None:
    """Return a NamedTuple as the tuple that it is; None for any other type."""
    definition, scope = left.definition, inner_scope(left)
    if definition is None or "tuple" not in definition.bases or scope is None:
        return None
    hints = (f.annotation.text if f.annotation else None for f in definition.fields)
    return TupleTerm(tuple(parse(hint, scope) for hint in hints))


def bases_of(left: Named) -> list[Term]:
    """Return the types that a type is one of."""
    definition, scope = left.definition, inner_scope(left)
    if definition is None or scope is None:
        return [
            Named(base, tuple(_argument(slot, left) for slot in slots))
            for base, slots in generic_bases(left.name)
        ]
    kind, bases, text = definition.kind, definition.bases, definition.text
    fields = [f.annotation.text if f.annotation else None for f in definition.fields]
    if kind == "record" and "tuple" in bases:
        return [TupleTerm(tuple(parse(field, scope) for field in fields))]
    if kind == "new-type":
        return [parse(text, scope)]
    if kind == "typed-dict":
        return [Named("collections.abc.Mapping", (Named("str"), OBJECT))]
    return [parse(base, scope) for base in bases]


def _argument(slot: Slot, owner: Named) -> Term:
    """Return the argument of a base that a slot stands for."""
    if isinstance(slot, tuple):
        return TupleTerm(tuple(_argument(item, owner) for item in slot))
    if isinstance(slot, str):
        return Named(slot)
    return owner.arguments[slot] if slot < len(owner.arguments) else ANY


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


def keeps_its_methods(left: Named) -> bool:
    """Return True for a class of which no method can be missed by those who know it of old.

    Old code makes objects of the class as it is now; only what it asks of new ones may be gone. A
    class that answers for any name, or whose bases are out of reach, is given the benefit.
    """
    shape = left.definition.shape if left.definition else None
    made_by_old = left.scope is None or left.scope.side == 0
    return made_by_old or shape is None or shape.member("__getattr__") is not None


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
