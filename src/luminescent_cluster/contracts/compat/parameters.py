"""What differs between two signatures: parameters paired, renamed, moved, and their hints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from luminescent_cluster.contracts.shapes import Default, Parameter, Signature
from luminescent_cluster.extensions._calls.model import VAR_KEYWORD, VAR_POSITIONAL

from .defaults import equal_defaults
from .difference import Difference
from .hint_reader import parse
from .signatures import declared_hint
from .terms import Scope
from .variables import same_hint, signature_numbers

__all__ = ["signature_differences"]


def signature_differences(
    name: str, before: Signature, after: Signature, scopes: tuple[Scope, Scope]
) -> Iterator[Difference]:
    """Yield what differs between two signatures of one method."""
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
    left, right = declared_hint(one, scopes[0]), declared_hint(other, scopes[1])
    if not same_hint(left, right, {**numbers[0], **numbers[1]}):
        text = f"type of {place} changed from {_hint(one.annotation)} to {_hint(other.annotation)}"
        yield Difference("HNT-01", name, text, both, ("parameter-hint",))


def _default(
    place: str, name: str, both: tuple[str, ...], one: Default, other: Default
) -> Iterator[Difference]:
    spelled = "..." in (one.text, other.text) or (one.literal and other.literal)
    if one.text != other.text and (spelled or not equal_defaults(one, other)):
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
