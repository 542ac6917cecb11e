"""What changed in the types that hints mention."""

from __future__ import annotations

from collections.abc import Iterator

from luminescent_cluster.contracts.shapes import Method

from .difference import Difference
from .edition import Definition, Edition
from .hint_reader import parse
from .terms import Scope

__all__ = ["definition_differences"]


def definition_differences(
    old: Edition, new: Edition, scopes: tuple[Scope, Scope]
) -> Iterator[Difference]:
    """Yield the definitions that differ in what callers or implementers see of them."""
    for name in sorted(old.definitions.keys() & new.definitions.keys()):
        one, other = old.definitions[name], new.definitions[name]
        if one.kind in ("type-variable", "alias") and one.kind == other.kind:
            continue
        if one != other and (
            _meaning(old, name, scopes[0]) != _meaning(new, name, scopes[1])
            or not _methods(one) <= _methods(other)
        ):
            yield Difference(
                "HNT-03", "", f"definition of {name} changed", (name,), ("definition",)
            )


def _methods(definition: Definition) -> set[object]:
    """Return the public methods of an ordinary class, as callers see them."""
    if definition.shape is None or definition.kind not in ("class", "record"):
        return set()
    return {
        (m.name, m.signatures, m.flow, m.binding)
        for m in definition.shape.members
        if isinstance(m, Method) and not m.name.startswith("_")
    }


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
    shape = definition.shape if definition.kind == "protocol" else None
    return definition.kind, fields, text, shape, sorted(definition.read_only)
