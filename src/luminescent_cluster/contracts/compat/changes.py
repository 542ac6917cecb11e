"""From two editions to a list of named changes: what differs, before it is known who breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from luminescent_cluster.contracts.shapes import Attribute, Method, Signature
from luminescent_cluster.extensions._calls.model import Member

from .attributes import attribute_term
from .definition_changes import definition_differences
from .difference import Difference
from .edition import Edition
from .flows import result_mode
from .generic_changes import generic_differences
from .hint_reader import parse
from .parameters import signature_differences
from .signatures import hint_of, signatures_of
from .terms import Scope
from .variables import numbered, same_hint, signature_numbers

__all__ = ["Difference", "differences"]


def differences(old: Edition, new: Edition, scopes: tuple[Scope, Scope]) -> Iterator[Difference]:
    """Yield everything in which two editions differ; alias spellings and order are nothing."""
    before, after = old.members, new.members
    optional_old, optional_new = optional_pair(old, new)
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one is None and other is not None:
            yield _added(name, other, name in optional_new)
        elif other is None and one is not None:
            yield Difference("MEM-03", name, f"{_kind(one)} {name} removed", (), ("missing",))
        elif one is not None and other is not None:
            yield from _optionality(name, one, name in optional_old, name in optional_new)
            yield from _member(one, other, scopes)
            yield from _texts(name, one, other, old, new)
    yield from generic_differences(old, new, scopes)
    if old.runtime_checkable != new.runtime_checkable:
        now = "is now" if new.runtime_checkable else "is no longer"
        yield Difference("GEN-04", "", f"the protocol {now} runtime_checkable", (), ("isinstance",))
    if old.shape.doc != new.shape.doc:
        yield Difference("DOC-01", "", "documentation of the protocol changed")
    yield from definition_differences(old, new, scopes)


def optional_pair(old: Edition, new: Edition) -> tuple[frozenset[str], frozenset[str]]:
    """Return the optional members of both versions.

    A protocol that never used the marker counts its default bodies as optional. When a version
    begins to use it, members that keep their body do not become required by that.
    """
    one, other = old.optional_names(), new.optional_names()
    if not old.marks_optional and new.marks_optional:
        other |= frozenset(n for n in one if new.has_default(n))
    elif old.marks_optional and not new.marks_optional:
        one |= frozenset(n for n in other if old.has_default(n))
    return one, other


def _kind(member: Member) -> str:
    if isinstance(member, Method):
        return "method"
    return "property" if member.kind == "property" else "attribute"


def _added(name: str, member: Member, optional: bool) -> Difference:
    if optional:
        return Difference("MEM-02", name, f"optional {_kind(member)} {name} added")
    return Difference("MEM-01", name, f"{_kind(member)} {name} added", (), ("missing",))


def _optionality(name: str, one: Member, before: bool, after: bool) -> Iterator[Difference]:
    if after and not before:
        yield Difference("MEM-04", name, f"{_kind(one)} {name} became optional")
    elif before and not after:
        text = f"optional {_kind(one)} {name} became required"
        yield Difference("MEM-05", name, text, (), ("missing",))


def _texts(
    name: str, one: Member, other: Member, old: Edition, new: Edition
) -> Iterator[Difference]:
    if one.doc != other.doc:
        yield Difference("DOC-01", name, f"documentation of {name} changed")
    body, later = old.bodies.get(name), new.bodies.get(name)
    if body is not None and later is not None and body != later:
        yield Difference("DOC-02", name, f"what {name} does by default changed")
    value, later = old.values.get(name), new.values.get(name)
    if value is not None and later is not None and value != later:
        yield Difference("DOC-03", name, f"value of {name} changed from {value} to {later}")
    since = (one.optional_since, other.optional_since)
    if None not in since and since[0] != since[1]:
        yield Difference("DOC-04", name, f"{name} is said to be optional since another version")


# --- members ------------------------------------------------------------------------------------


def _member(one: Member, other: Member, scopes: tuple[Scope, Scope]) -> Iterator[Difference]:
    name = one.name
    if one == other and scopes[0].same_names(scopes[1]):
        return
    if isinstance(one, Method) and isinstance(other, Method):
        yield from _method(one, other, scopes)
    elif isinstance(one, Attribute) and isinstance(other, Attribute):
        yield from _attribute(one, other, scopes)
    else:
        yield Difference("MEM-06", name, f"{_kind(one)} {name} became a {_kind(other)}")


def _attribute(
    one: Attribute, other: Attribute, scopes: tuple[Scope, Scope]
) -> Iterator[Difference]:
    name = one.name
    if one.settable and not other.settable:
        yield Difference("ATT-01", name, f"{name} became read-only", (), ("read-only",))
    elif other.settable and not one.settable:
        yield Difference("ATT-02", name, f"{name} became settable", (), ("read-only",))
    elif one.kind != other.kind and "classvar" not in (one.kind, other.kind):
        yield Difference("ATT-03", name, f"{_kind(one)} {name} became a {_kind(other)}")
    if (one.kind == "classvar") != (other.kind == "classvar"):
        where = "the class" if other.kind == "classvar" else "the instance"
        yield Difference("ATT-04", name, f"{name} now lives on {where}", (), ("class-level",))
    left, right = attribute_term(one, scopes[0]), attribute_term(other, scopes[1])
    if not same_hint(left, right, {}):
        text = f"type of {name} changed from {_shown(one)} to {_shown(other)}"
        yield Difference("ATT-05", name, text, (), ("attribute-hint",))


def _shown(attribute: Attribute) -> str:
    return attribute.annotation.text if attribute.annotation else "no hint"


def _method(one: Method, other: Method, scopes: tuple[Scope, Scope]) -> Iterator[Difference]:
    name = one.name
    if one.binding != other.binding:
        words = {"instance": "an instance method", "class": "a class method", "static": "static"}
        text = f"{name} became {words[other.binding]}"
        yield Difference("MEM-07", name, text, (), ("binding",))
    before, after = signatures_of(one), signatures_of(other)
    modes = (result_mode(one, before[0], scopes[0]), result_mode(other, after[0], scopes[1]))
    if modes[0] != modes[1]:
        words2 = {
            "plain": "given at once",
            "await": "awaited",
            "async for": "iterated with async for",
        }
        text = f"the result of {name} is now {words2[modes[1]]}, no longer {words2[modes[0]]}"
        yield Difference("FLO-01", name, text, (), ("flow",))
    elif one.flow != other.flow:
        text = f"{name} is now written as {other.flow}, no longer as {one.flow}"
        yield Difference("FLO-02", name, text, (), ("result-hint",))
    if len(before) > 1 or len(after) > 1 or one.overloads or other.overloads:
        yield from _overloads(name, before, after, scopes)
        return
    yield from signature_differences(name, before[0], after[0], scopes)


def _overloads(
    name: str,
    before: Sequence[Signature],
    after: Sequence[Signature],
    scopes: tuple[Scope, Scope],
) -> Iterator[Difference]:
    left = [signature_key(s, scopes[0]) for s in before]
    right = [signature_key(s, scopes[1]) for s in after]
    if left == right:
        return
    gone = [s for s, k in zip(before, left, strict=True) if k not in right]
    come = [s for s, k in zip(after, right, strict=True) if k not in left]
    for signature in gone:
        yield Difference("OVL-02", name, f"overload {name}{signature} removed")
    for signature in come:
        yield Difference("OVL-01", name, f"overload {name}{signature} added")
    if not gone and not come:
        yield Difference("OVL-03", name, f"overloads of {name} are in another order")


def signature_key(signature: Signature, scope: Scope) -> tuple[object, ...]:
    """Return what makes a signature, whatever its type variables are called."""
    numbers = signature_numbers(signature, scope)
    parts: list[object] = [
        (
            "" if p.variadic or not p.by_keyword else p.name,
            p.kind,
            p.default.text if p.default else None,
            numbered(hint_of(p, scope), numbers),
        )
        for p in signature.parameters
    ]
    returns = parse(signature.returns.text if signature.returns else None, scope)
    return (*parts, numbered(returns, numbers))
