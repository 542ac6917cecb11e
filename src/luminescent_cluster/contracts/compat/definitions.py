"""Whether the values of a locally defined type fit its definition in another version."""

from __future__ import annotations

from collections.abc import Callable

from luminescent_cluster.contracts.shapes import Field

from .edition import Definition
from .hint_reader import parse
from .kinships import inner_scope
from .terms import Named, Scope, Term

__all__ = ["definition_fits", "same_keys"]

Fits = Callable[[Term, Term], bool]
"""Decides whether every value of one type is one of another."""


def definition_fits(left: Named, right: Named, fits: Fits) -> bool:
    """Return True when what is made by the left definition serves who reads by the right one.

    A name such as ``Event`` is the same on both sides; what it stands for may differ:

    - a TypedDict, dataclass or NamedTuple must hold every field that the reader relies on;
    - an enum may have no member that the reader does not know;
    - a NewType is as good as its base.
    """
    one, other = left.definition, right.definition
    one_scope, other_scope = inner_scope(left), inner_scope(right)
    if one is None or other is None or one_scope is None or other_scope is None:
        return True
    if one.kind != other.kind:
        # An ordinary class may do what a record does.
        return "class" in (one.kind, other.kind)
    if one.kind == "enum":
        return {f.name for f in one.fields} <= {f.name for f in other.fields}
    if one.kind == "new-type":
        return fits(parse(one.text, one_scope), parse(other.text, other_scope))
    if one.kind in ("typed-dict", "record"):
        return _fields_fit(one, one_scope, other, other_scope, fits)
    return True


def _fields_fit(
    one: Definition, one_scope: Scope, other: Definition, other_scope: Scope, fits: Fits
) -> bool:
    made = {f.name: f for f in one.fields}
    made_by_old = one_scope.side < other_scope.side
    sequence = "tuple" in one.bases and "tuple" in other.bases
    if sequence and not _same_order(one, other, made_by_old):
        return False
    for wanted in other.fields:
        given = made.get(wanted.name)
        if given is None:
            # Added and nobody has to give it: old code still makes good values. Gone: old code
            # asks for what is no longer there.
            if made_by_old and not wanted.required:
                continue
            return False
        # The constructor of a record fills in what is left out; a dictionary stays without.
        filled_in = one.kind == "record" and not made_by_old
        if wanted.required and not given.required and not filled_in:
            return False
        if _locked(given, one, other):
            return False
        if not _field_fits(given, one_scope, wanted, other_scope, one, fits):
            return False
    return True


def same_keys(left: Named, right: Named, fits: Fits) -> bool:
    """Return True when one TypedDict has all keys of another, of the same types (PEP 589)."""
    one, other = left.definition, right.definition
    one_scope, other_scope = inner_scope(left), inner_scope(right)
    if one is None or other is None or one_scope is None or other_scope is None:
        return False
    made = {f.name: f for f in one.fields}
    for wanted in other.fields:
        given = made.get(wanted.name)
        if given is None or given.required != wanted.required:
            return False
        if _locked(given, one, other):
            return False
        if not _field_fits(given, one_scope, wanted, other_scope, other, fits):
            return False
    return True


def _locked(field: Field, one: Definition, other: Definition) -> bool:
    """Return True when a field cannot be set, and those who read it by ``other`` may set it."""
    return field.name in one.read_only and field.name not in other.read_only


def _same_order(one: Definition, other: Definition, made_by_old: bool) -> bool:
    """Return True when unpacking still gives each field its place, and none too many."""
    left, right = [f.name for f in one.fields], [f.name for f in other.fields]
    return left == right[: len(left)] if made_by_old else left == right


def _field_fits(
    given: Field,
    given_scope: Scope,
    wanted: Field,
    wanted_scope: Scope,
    owner: Definition,
    fits: Fits,
) -> bool:
    left, right = _term(given, given_scope), _term(wanted, wanted_scope)
    if not fits(left, right):
        return False
    if given.name in owner.read_only or owner.kind == "record":
        return True
    return fits(right, left)


def _term(field: Field, scope: Scope) -> Term:
    return parse(field.annotation.text if field.annotation else None, scope)
