"""Data members of one version, read and written by callers of another."""

from __future__ import annotations

from collections.abc import Iterator

from luminescent_cluster.contracts.shapes import Attribute

from .hint_reader import parse
from .rejections import Rejection, Use
from .subtyping import Relation
from .terms import Scope, Term

__all__ = ["attribute_term", "check_attribute"]


def attribute_term(attribute: Attribute, scope: Scope) -> Term:
    """Return the type of an attribute."""
    return parse(attribute.annotation.text if attribute.annotation else None, scope)


def check_attribute(
    wanted: Attribute,
    given: Attribute,
    wanted_scope: Scope,
    given_scope: Scope,
    relation: Relation,
) -> Iterator[Rejection]:
    """Yield why an attribute as ``given`` does not serve callers who know it as ``wanted``.

    A property or a ``Final`` cannot be set (PEP 544 asks for a settable member where the protocol
    has a plain attribute); the type of what can be read must fit, and of what can be set, too.
    """
    name = wanted.name
    left, right = attribute_term(given, given_scope), attribute_term(wanted, wanted_scope)
    write = Use("write", name, value=right)
    if wanted.settable and not given.settable:
        level = "run time" if given.kind == "property" else "type checker"
        what = "a property without a setter" if given.kind == "property" else "Final"
        yield Rejection(name, "read-only", level, write, f"{name} is {what}")  # type: ignore[arg-type]
    if wanted.kind == "classvar" and given.kind != "classvar":
        use = Use("read on the class", name, value=right)
        yield Rejection(name, "class-level", "run time", use, f"{name} lives on the instance")
    if given.kind == "classvar" and wanted.kind == "variable" and wanted.settable:
        reason = f"{name} is a ClassVar, which cannot be set on an instance"
        yield Rejection(name, "class-level", "type checker", write, reason)
    if not relation.fork().fits(left, right):
        reason = f"{name} is {left}, not {right}"
        yield Rejection(name, "attribute-hint", "type checker", Use("read", name), reason)
    elif wanted.settable and given.settable and not relation.fork().fits(right, left):
        reason = f"{name} takes {left}, not {right}"
        yield Rejection(name, "attribute-hint", "type checker", write, reason)
