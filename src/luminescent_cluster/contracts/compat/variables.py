"""Type variables by position: renaming one changes nothing."""

from __future__ import annotations

from luminescent_cluster.contracts.shapes import Signature

from .hint_reader import parse
from .terms import (
    CallableTerm,
    Named,
    Scope,
    SelfTerm,
    Term,
    TupleTerm,
    TypeTerm,
    UnionTerm,
    Variable,
    parts,
)

__all__ = ["numbered", "same_hint", "signature_numbers"]


def signature_numbers(signature: Signature, scope: Scope) -> dict[str, int]:
    """Return a number for each type variable of a signature, in the order of their appearance."""
    numbers: dict[str, int] = {}
    texts = [p.annotation.text if p.annotation else None for p in signature.parameters]
    texts.append(signature.returns.text if signature.returns else None)
    for text in texts:
        _note(parse(text, scope), numbers)
    return numbers


def _note(term: Term, numbers: dict[str, int]) -> None:
    if isinstance(term, Variable) and term.side >= 0:
        numbers.setdefault(f"{term.side}:{term.name}", len(numbers))
    for part in parts(term):
        _note(part, numbers)


def numbered(term: Term, numbers: dict[str, int]) -> str:
    """Return the text of a hint with its type variables as numbers and unions in order.

    The protocol itself is ``<own>``, whatever it is called.
    """
    if isinstance(term, Variable):
        if term.side < 0:
            return term.name  # what a parameter of the protocol itself takes is told with those
        bound = (term.bound,) if term.bound else term.constraints
        limits = sorted(numbered(t, numbers) for t in bound)
        at = numbers.get(f"{term.side}:{term.name}", term.name)
        return f"~{at}<{', '.join(limits)}>"
    if isinstance(term, SelfTerm):
        return "typing.Self"
    if isinstance(term, UnionTerm):
        return " | ".join(sorted(numbered(t, numbers) for t in term.items))
    if isinstance(term, TupleTerm):
        inner = ", ".join(numbered(t, numbers) for t in term.items)
        return f"tuple[{inner}{', ...' if term.variadic else ''}]"
    if isinstance(term, TypeTerm):
        return f"type[{numbered(term.item, numbers)}]"
    if isinstance(term, CallableTerm):
        given = (
            "..." if term.parameters is None else [numbered(t, numbers) for t in term.parameters]
        )
        return f"Callable[{given}, {numbered(term.returns, numbers)}]"
    if isinstance(term, Named):
        own = term.scope is not None and term.name == term.scope.own
        name = "<own>" if own else term.name
        return f"{name}[{', '.join(numbered(t, numbers) for t in term.arguments)}]"
    return str(term)


def same_hint(left: Term, right: Term, numbers: dict[str, int]) -> bool:
    """Return True when two hints are the same but for names of type variables and spelling."""
    return numbered(left, numbers) == numbered(right, numbers)
