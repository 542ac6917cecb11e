"""What callers of a method may rely on: its signatures, and the types of its parameters."""

from __future__ import annotations

from luminescent_cluster.contracts.shapes import Method, Parameter, Signature
from luminescent_cluster.extensions._calls.callers_view import by_position
from luminescent_cluster.extensions._calls.lookup import is_operator

from .calls import open_fields, open_specifications
from .hint_reader import parse
from .terms import ANY, NONE, Scope, Term, union_of

__all__ = ["declared_hint", "hint_of", "signatures_of"]


def hint_of(parameter: Parameter, scope: Scope) -> Term:
    """Return the type that a parameter takes: with ``None``, where that is the default.

    ``details: dict = None`` is an old spelling of ``Optional[dict]``; an implementation that leaves
    ``None`` in its place takes it, whatever the hint forgot to say.
    """
    declared = declared_hint(parameter, scope)
    by_default = parameter.default is not None and parameter.default.text == "None"
    return union_of((declared, NONE)) if by_default and declared is not ANY else declared


def declared_hint(parameter: Parameter, scope: Scope) -> Term:
    """Return the type that the hint of a parameter says."""
    return parse(parameter.annotation.text if parameter.annotation else None, scope)


def signatures_of(method: Method) -> tuple[Signature, ...]:
    """Return what callers may rely on; operators are called by position only."""
    found = tuple(open_specifications(open_fields(s)) for s in method.signatures)
    return tuple(map(by_position, found)) if is_operator(method.name) else found
