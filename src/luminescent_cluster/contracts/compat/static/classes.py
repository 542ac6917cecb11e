"""From the text of a protocol class, with all it inherits, to its edition."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from luminescent_cluster.contracts.shapes import (
    Attribute,
    Method,
    Parameter,
    Shape,
    Signature,
)
from luminescent_cluster.extensions._calls.model import Member
from luminescent_cluster.extensions._calls.spelling import dotted_name

from ..edition import Definition, Edition
from ..errors import SourceError
from .constants import value_text
from .definitions import collect_definitions
from .documentation import documentation
from .inheritance import Part, filled, parts_of
from .lookup import find_class, is_protocol
from .members import Body, assigned_on_self
from .module import Module
from .names import Names
from .type_parameters import modern_type_parameter, type_parameters_of
from .typed_dicts import keys_of

__all__ = ["read_edition"]


def read_edition(module: Module, class_name: str, place: str, *, protocol: bool = True) -> Edition:
    """Read a class of a module as text.

    Args:
        module: the parsed module.
        class_name: the class, ``Outer.Inner`` for a nested one.
        place: how the user named the source, for messages.
        protocol: demand that it is a protocol.

    Raises:
        SourceError: no such class, more than one, no protocol, or a base that cannot be read.
    """
    node, found = find_class(Names(module, module.name), class_name, place)
    names = Names(found.module, found.module.name, found.owner)
    if protocol and not is_protocol(node, names):
        raise SourceError(
            place,
            f"{class_name} is a class, but not a protocol: its bases do not name typing.Protocol",
            "name a class that lists Protocol among its bases",
        )
    parts = parts_of(node, names, place)
    edition = _edition(node, parts, names, place)
    return edition if protocol else _with_instance_attributes(edition, parts)


def _with_instance_attributes(edition: Edition, parts: list[Part]) -> Edition:
    """Return the edition of an implementation with what its methods assign on ``self``."""
    known = {m.name for m in edition.shape.members}
    found: dict[str, list[str]] = {}
    for part in parts:
        for name, value in assigned_on_self(part.node) if part.node is not None else ():
            text = value_text(value, part.names)[0] if value is not None else ""
            if name not in known:
                found.setdefault(name, []).append(text)
    added = (Attribute(name, has_value=True) for name in found)
    members = sorted((*edition.shape.members, *added), key=lambda m: m.name)
    # What is assigned in several places may be anything.
    values = {name: texts[0] for name, texts in found.items() if len(texts) == 1}
    shape = replace(edition.shape, members=tuple(members))
    return replace(edition, shape=shape, values={**edition.values, **values})


def _edition(node: ast.ClassDef, parts: list[Part], names: Names, place: str) -> Edition:
    """Return the edition of a class, inherited members merged."""
    merged = _merge(parts)
    shape = _shape(node, merged, names)

    def nested(inner: ast.ClassDef, inside: Names) -> Shape:
        return _shape(inner, _merge(parts_of(inner, inside, place)), inside)

    definitions = collect_definitions(shape, names, nested)
    for variable in merged.type_variables:
        made = modern_type_parameter(variable, names)
        definitions[made.name] = Definition(
            made.name, "type-variable", (), made.bound, made.constraints, (made,)
        )
    checkable = any(
        (dotted_name(d) or "").rpartition(".")[2] in ("runtime_checkable", "runtime")
        for d in node.decorator_list
    )
    return Edition(
        shape,
        definitions,
        frozenset(merged.abstract),
        merged.bodies,
        merged.values,
        checkable,
        place,
        tuple(f"{text}; what it defines is known by name" for text in names.module.unread),
    )


def _merge(parts: list[Part]) -> Body:
    merged = Body()
    for part in parts:
        body = part.body
        merged.type_variables += body.type_variables
        if "__protocols__" in body.values:
            merged.values.setdefault("__protocols__", body.values["__protocols__"])
        for name, member in body.members.items():
            if name in merged.members:
                continue
            merged.members[name] = _with_fields(filled(member, part.fill), part.names)
            if name in body.abstract:
                merged.abstract.add(name)
            if name in body.bodies:
                merged.bodies[name] = body.bodies[name]
            if name in body.values:
                merged.values[name] = body.values[name]
    return merged


def _shape(node: ast.ClassDef, merged: Body, names: Names) -> Shape:
    return Shape(
        node.name,
        tuple(merged.members[name] for name in sorted(merged.members)),
        version_constant(names.module, node.name),
        type_parameters_of(node, names),
        module=names.module.name,
        doc=documentation(node),
    )


def version_constant(module: Module, class_name: str) -> str | None:
    """Return the version that stands beside a protocol: ``AUDIT_LOGGER_VERSION``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", class_name)
    for value in module.assigned.get(f"{words.upper()}_VERSION", [])[-1:]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None


def _with_fields(member: Member, names: Names) -> Member:
    """Return the member with the keys of ``**kwargs: Unpack[Options]`` filled in."""
    if not isinstance(member, Method):
        return member

    def parameter(item: Parameter) -> Parameter:
        hint = item.annotation.text if item.annotation else ""
        if item.kind != "var-keyword" or not hint.startswith("typing.Unpack["):
            return item
        fields = keys_of(hint[len("typing.Unpack[") : -1], names)
        return item if fields is None else replace(item, fields=fields)

    def whole(signature: Signature) -> Signature:
        return replace(signature, parameters=tuple(map(parameter, signature.parameters)))

    return replace(
        member, signature=whole(member.signature), overloads=tuple(map(whole, member.overloads))
    )
