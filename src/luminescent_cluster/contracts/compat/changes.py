"""From two editions to a list of named changes: what differs, before it is known who breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luminescent_cluster.contracts.shapes import Attribute, Default, Method, Parameter, Signature
from luminescent_cluster.extensions._calls.model import VAR_KEYWORD, VAR_POSITIONAL, Member

from .attributes import attribute_term
from .edition import Edition
from .flows import result_mode
from .methods import hint_of, signatures_of
from .terms import Named, Scope, Term, parse
from .variables import same_hint, signature_numbers

__all__ = ["Difference", "differences"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, under the rule that names it.

    ``parameters`` names the parameters concerned, so that rejections can be told apart.
    """

    rule_id: str
    member: str
    text: str
    parameters: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()


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
    for name in sorted(old.special.keys() & new.special.keys()):
        yield from _member(old.special[name], new.special[name], scopes)
    yield from _generic(old, new, scopes)
    if old.shape.doc != new.shape.doc:
        yield Difference("DOC-01", "", "documentation of the protocol changed")
    yield from _definitions(old, new, scopes)


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
    yield from _signature(name, before[0], after[0], scopes)


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
    from .variables import numbered

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


# --- parameters ---------------------------------------------------------------------------------


def _signature(
    name: str, before: Signature, after: Signature, scopes: tuple[Scope, Scope]
) -> Iterator[Difference]:
    pairs = list(_paired(before, after))
    numbers = (signature_numbers(before, scopes[0]), signature_numbers(after, scopes[1]))
    kept = [(a, b) for a, b in pairs if a is not None and b is not None]
    for one, other in pairs:
        if one is None and other is not None:
            yield _new_parameter(name, other)
        elif other is None and one is not None:
            yield _gone_parameter(name, one)
        elif one is not None and other is not None:
            yield from _parameter(name, one, other, scopes, numbers)
    yield from _order(name, before, after, kept)
    left = parse(before.returns.text if before.returns else None, scopes[0])
    right = parse(after.returns.text if after.returns else None, scopes[1])
    if not same_hint(left, right, {**numbers[0], **numbers[1]}):
        text = f"result of {name} changed from {_hint(before.returns)} to {_hint(after.returns)}"
        yield Difference("HNT-02", name, text, (), ("result-hint",))


def _hint(annotation: object) -> str:
    return getattr(annotation, "text", None) or "no hint"


def _paired(
    before: Signature, after: Signature
) -> Iterator[tuple[Parameter | None, Parameter | None]]:
    """Pair parameters: by name, variadics by kind, and what is left at one place as renamed."""
    left, right = list(before.parameters), list(after.parameters)
    taken: dict[int, int] = {}
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            same = (
                one.kind == other.kind if one.variadic or other.variadic else one.name == other.name
            )
            if same and j not in taken.values():
                taken[i] = j
                break
    for i, one in enumerate(left):
        if i in taken or one.variadic:
            continue
        partner = _renamed(i, left, right, taken)
        if partner is not None:
            taken[i] = partner
    for i, one in enumerate(left):
        yield one, right[taken[i]] if i in taken else None
    for j, other in enumerate(right):
        if j not in taken.values():
            yield None, other


def _renamed(
    i: int, left: Sequence[Parameter], right: Sequence[Parameter], taken: dict[int, int]
) -> int | None:
    one = left[i]
    if one.positional:
        fits = [i] if i < len(right) else []
    else:
        free = [k for k in range(len(left)) if k not in taken and not left[k].positional]
        fits = list(range(len(right))) if len(free) == 1 else []
    for j in fits:
        other = right[j]
        if j in taken.values() or other.variadic or other.positional != one.positional:
            continue
        if (one.default is None) == (other.default is None):
            return j
    return None


def _stars(parameter: Parameter) -> str:
    return {VAR_POSITIONAL: "*", VAR_KEYWORD: "**"}.get(parameter.kind, "") + parameter.name


def _new_parameter(name: str, parameter: Parameter) -> Difference:
    shown = _stars(parameter)
    if parameter.variadic:
        return Difference("PAR-11", name, f"{name} takes {shown}", (shown,))
    if parameter.required:
        return Difference("PAR-01", name, f"required parameter {shown} of {name} added", (shown,))
    return Difference("PAR-02", name, f"optional parameter {shown} of {name} added", (shown,))


def _gone_parameter(name: str, parameter: Parameter) -> Difference:
    shown = _stars(parameter)
    if parameter.variadic:
        return Difference("PAR-12", name, f"{name} no longer takes {shown}", (shown,))
    return Difference("PAR-03", name, f"parameter {shown} of {name} removed", (shown,))


def _parameter(
    name: str,
    one: Parameter,
    other: Parameter,
    scopes: tuple[Scope, Scope],
    numbers: tuple[dict[str, int], dict[str, int]],
) -> Iterator[Difference]:
    both = tuple(dict.fromkeys((_stars(one), _stars(other))))
    place = f"{_stars(other)} of {name}"
    if one.name != other.name:
        text = f"parameter {_stars(one)} of {name} renamed to {_stars(other)}"
        hidden = one.variadic or not (one.by_keyword or other.by_keyword)
        yield Difference("PAR-13" if hidden else "PAR-04", name, text, both)
    if one.kind != other.kind:
        text = f"parameter {place} is now {other.kind}, no longer {one.kind}"
        narrowed = one.kind == "positional-or-keyword"
        yield Difference("PAR-06" if narrowed else "PAR-07", name, text, both)
    if one.default is None and other.default is not None and not other.variadic:
        yield Difference("PAR-08", name, f"parameter {place} became optional", both)
    elif one.default is not None and other.default is None and not other.variadic:
        yield Difference("PAR-09", name, f"parameter {place} became required", both)
    elif one.default is not None and other.default is not None:
        yield from _default(place, name, both, one.default, other.default)
    left, right = hint_of(one, scopes[0]), hint_of(other, scopes[1])
    if not same_hint(left, right, {**numbers[0], **numbers[1]}):
        text = f"type of {place} changed from {_hint(one.annotation)} to {_hint(other.annotation)}"
        yield Difference("HNT-01", name, text, both, ("parameter-hint",))


def _default(
    place: str, name: str, both: tuple[str, ...], one: Default, other: Default
) -> Iterator[Difference]:
    if one.text != other.text:
        text = f"default of {place} changed from {one.text} to {other.text}"
        yield Difference("PAR-10", name, text, both, ("default",))


def _order(
    name: str, before: Signature, after: Signature, kept: list[tuple[Parameter, Parameter]]
) -> Iterator[Difference]:
    old = [p.name for p in before.parameters if p.positional]
    new = [p.name for p in after.parameters if p.positional]
    left = [a.name for a, b in kept if a.positional and b.positional]
    partner = {a.name: b.name for a, b in kept}
    right = [n for n in new if n in {partner[x] for x in left}]
    if [partner[x] for x in left] != right:
        text = f"parameters of {name} reordered from ({', '.join(old)}) to ({', '.join(new)})"
        yield Difference("PAR-05", name, text, tuple(dict.fromkeys((*old, *new))))


# --- the protocol as a whole --------------------------------------------------------------------


def _generic(old: Edition, new: Edition, scopes: tuple[Scope, Scope]) -> Iterator[Difference]:
    left, right = old.shape.type_parameters, new.shape.type_parameters
    if len(left) != len(right):
        text = f"{len(left)} type parameter(s) became {len(right)}"
        yield Difference("GEN-01", "", text, (), ("generic",))
        return
    for one, other in zip(left, right, strict=True):
        if one.variance != other.variance and "inferred" not in (one.variance, other.variance):
            text = f"type parameter {other.name} is now {other.variance}, no longer {one.variance}"
            yield Difference("GEN-02", "", text, (one.name,), ("generic",))
        if not same_hint(_limit(one, scopes[0]), _limit(other, scopes[1]), {}):
            text = f"bound of type parameter {other.name} changed"
            yield Difference("GEN-03", "", text, (one.name,), ("generic",))


def _limit(parameter: object, scope: Scope) -> Term:
    bound: str = getattr(parameter, "bound", "")
    constraints: tuple[str, ...] = getattr(parameter, "constraints", ())
    if constraints:
        return Named("constraints", tuple(parse(c, scope) for c in constraints))
    return parse(bound or "object", scope)


def _definitions(old: Edition, new: Edition, scopes: tuple[Scope, Scope]) -> Iterator[Difference]:
    for name in sorted(old.definitions.keys() & new.definitions.keys()):
        one, other = old.definitions[name], new.definitions[name]
        if one.kind in ("type-variable", "alias", "class") and one.kind == other.kind:
            continue
        if one != other and _meaning(old, name, scopes[0]) != _meaning(new, name, scopes[1]):
            yield Difference(
                "HNT-03", "", f"definition of {name} changed", (name,), ("definition",)
            )


def _meaning(edition: Edition, name: str, scope: Scope) -> object:
    definition = edition.definitions[name]
    fields = [
        (f.name, f.required, str(parse(f.annotation.text if f.annotation else None, scope)))
        for f in definition.fields
    ]
    if definition.kind == "enum":
        fields = [
            (f.name, True, f.annotation.text if f.annotation else "") for f in definition.fields
        ]
    if definition.kind in ("typed-dict", "enum"):
        fields.sort()
    text = str(parse(definition.text, scope)) if definition.text else ""
    return definition.kind, fields, text, definition.shape
