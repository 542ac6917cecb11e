"""The variance of type parameters: as declared, or inferred from the members (PEP 695)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from luminescent_cluster.contracts.shapes import Attribute

from .hierarchy import variances
from .static.hint_nodes import words
from .terms import OBJECT, Named

if TYPE_CHECKING:
    from .subtyping import Relation

__all__ = ["VARIANCES", "variance_of"]

VARIANCES: Final = {"+": "covariant", "-": "contravariant", "=": "invariant"}
"""What the letters of :func:`variance_of` mean."""

_DECLARED: Final = {"covariant": "+", "contravariant": "-", "invariant": "=", "inferred": "?"}
_NARROW: Final = Named("int")


def variance_of(term: Named, count: int, relation: Relation) -> str:
    """Return a letter for each of the first ``count`` type parameters of a class.

    ``+`` covariant, ``-`` contravariant, ``=`` invariant. Where the source leaves it to be
    inferred, the members decide: covariant when ``C[int]`` has all that ``C[object]`` asks for.
    """
    definition = term.definition
    if definition is None or term.scope is None:
        return variances(term.name, count)
    declared = "".join(_DECLARED[p.variance] for p in definition.type_parameters)
    declared = (declared + "=" * count)[:count]
    key = (term.name, term.scope.side)
    if "?" in declared and key not in relation.variances:
        # A class may hold itself: what is being asked is taken to be so until something objects.
        relation.variances[key] = declared
        for at, letter in enumerate(declared):
            if letter == "?":
                _infer(term, at, key, relation)
    return relation.variances.get(key, declared)


def _infer(term: Named, at: int, key: tuple[str, int], relation: Relation) -> None:
    for letter in "+-":
        letters = relation.variances[key]
        relation.variances[key] = letters[:at] + letter + letters[at + 1 :]
        narrow, wide = (_filled(term, at, item, len(letters)) for item in (_NARROW, OBJECT))
        given, asked = (narrow, wide) if letter == "+" else (wide, narrow)
        # What is found under a guess is forgotten with it.
        guess = relation.apart()
        fits = guess.protocol_fits is None or guess.protocol_fits(given, asked, guess)
        if fits and not _settable(term, at):
            return
    letters = relation.variances[key]
    relation.variances[key] = letters[:at] + "=" + letters[at + 1 :]


def _settable(term: Named, at: int) -> bool:
    """Return True when the data of a class holds the type parameter, and callers may set it."""
    definition = term.definition
    if definition is None or definition.kind == "protocol":
        return False
    fixed = [f.name for f in definition.fields] if "tuple" in definition.bases else []
    fixed += definition.read_only
    fields = [f for f in definition.fields if f.name not in fixed]
    hints = [f.annotation for f in fields]
    if definition.shape is not None and not fixed:
        members = definition.shape.members
        hints += [m.annotation for m in members if isinstance(m, Attribute) and m.settable]
    name = definition.type_parameters[at].name
    return any(name in words(h.text) for h in hints if h is not None)


def _filled(term: Named, at: int, item: Named, count: int) -> Named:
    arguments = tuple(item if place == at else _NARROW for place in range(count))
    return Named(term.name, arguments, term.scope)
