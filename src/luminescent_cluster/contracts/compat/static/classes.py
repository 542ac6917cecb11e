"""From the text of a protocol class, with all it inherits, to its edition."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from luminescent_cluster.contracts.shapes import (
    Annotation,
    Attribute,
    Method,
    Parameter,
    Shape,
    Signature,
    canonical,
    shape_of,
)
from luminescent_cluster.extensions._calls.hints import dotted_name
from luminescent_cluster.extensions._calls.model import Member

from ..edition import Definition, Edition
from ..errors import SourceError
from .definitions import collect_definitions
from .members import Body, assigned_on_self, read_body
from .module import Module
from .names import Names
from .type_parameters import modern_type_parameter, type_parameters_of
from .typed_dicts import typed_dict_fields

__all__ = ["read_class", "read_edition", "version_constant"]

_PROTOCOL: Final = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
_NOTHING: Final = frozenset(
    {
        *_PROTOCOL,
        "typing.Generic",
        "typing_extensions.Generic",
        "object",
        "abc.ABC",
        "builtins.object",
    }
)
_LIVE_MODULES: Final = frozenset({"typing", "collections.abc", "contextlib", "typing_extensions"})


@dataclass(slots=True)
class _Part:
    """One class of the resolution order: its own members, and its type variables filled in."""

    body: Body
    fill: dict[str, str] = field(default_factory=dict)
    names: Names | None = None


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
    node = find_class(module, class_name, place)
    if protocol and not is_protocol(node, Names(module, module.name)):
        raise SourceError(
            place,
            f"{class_name} is a class, but not a protocol: its bases do not name typing.Protocol",
            "name a class that lists Protocol among its bases",
        )
    edition = read_class(module, node, place)
    return edition if protocol else _with_instance_attributes(edition, module, node)


def _with_instance_attributes(edition: Edition, module: Module, node: ast.ClassDef) -> Edition:
    """Return the edition of an implementation with what its methods assign on ``self``."""
    known = {m.name for m in edition.shape.members}
    names = Names(module, module.name)
    found: dict[str, Attribute] = {}
    for owner in (node, *(n for n in _ancestors(node, names))):
        for name in assigned_on_self(owner):
            if name not in known:
                found.setdefault(name, Attribute(name, has_value=True))
    members = sorted((*edition.shape.members, *found.values()), key=lambda m: m.name)
    return replace(edition, shape=replace(edition.shape, members=tuple(members)))


def _ancestors(node: ast.ClassDef, names: Names, depth: int = 0) -> Iterator[ast.ClassDef]:
    for base in node.bases:
        dotted = dotted_name(base.value if isinstance(base, ast.Subscript) else base) or ""
        owner, name = (
            (names.module, dotted)
            if dotted in names.module.classes
            else names.locate(names.qualify(dotted) or dotted)
        )
        if owner is not None and owner.classes.get(name) and depth < 16:
            yield owner.classes[name][-1]
            yield from _ancestors(owner.classes[name][-1], Names(owner, names.home), depth + 1)


def find_class(module: Module, class_name: str, place: str) -> ast.ClassDef:
    """Return the one class of that name.

    Raises:
        SourceError: there is none, or there are several.
    """
    first, *rest = class_name.split(".")
    found = module.classes.get(first, [])
    for part in rest:
        if len(found) == 1:
            found = [n for n in found[0].body if isinstance(n, ast.ClassDef) and n.name == part]
    if not found:
        known = ", ".join(sorted(module.classes)) or "no class at all"
        raise SourceError(place, f"there is no class {class_name}", f"the file has {known}")
    if len(found) > 1:
        lines = ", ".join(str(n.lineno) for n in found)
        raise SourceError(
            place,
            f"{class_name} is ambiguous: it is defined on lines {lines}",
            "leave one definition, or give them different names",
        )
    return found[0]


def is_protocol(node: ast.ClassDef, names: Names) -> bool:
    """Return True when the class itself lists ``Protocol`` among its bases."""
    for base in node.bases:
        name = dotted_name(base.value if isinstance(base, ast.Subscript) else base) or ""
        if (names.qualify(name) or name) in _PROTOCOL or name == "Protocol":
            return True
    return False


def read_class(module: Module, node: ast.ClassDef, place: str) -> Edition:
    """Return the edition of a class, inherited members merged."""
    names = Names(module, module.name)
    merged = _merge(_parts(module, node, names, {}, place, ()), names)
    shape = _shape(node, merged, names)

    def nested(owner: Module, inner: ast.ClassDef, home: str) -> Shape:
        inside = Names(owner, home)
        return _shape(inner, _merge(_parts(owner, inner, inside, {}, place, ()), inside), inside)

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
    )


def _merge(parts: list[_Part], names: Names) -> Body:
    merged = Body()
    for part in parts:
        body = part.body
        merged.type_variables += body.type_variables
        if "__protocols__" in body.values:
            merged.values.setdefault("__protocols__", body.values["__protocols__"])
        for name, member in body.members.items():
            if name in merged.members:
                continue
            merged.members[name] = _with_fields(_fill(member, part.fill), part.names or names)
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
        doc=inspect.cleandoc(ast.get_docstring(node, clean=False) or ""),
    )


def version_constant(module: Module, class_name: str) -> str | None:
    """Return the version that stands beside a protocol: ``AUDIT_LOGGER_VERSION``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", class_name)
    for value in module.assigned.get(f"{words.upper()}_VERSION", [])[-1:]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None


def _parts(
    module: Module,
    node: ast.ClassDef,
    names: Names,
    fill: dict[str, str],
    place: str,
    through: tuple[str, ...],
) -> list[_Part]:
    """Return the class and its bases in resolution order (depth first, last duplicate kept)."""
    key = f"{module.name}.{node.name}"
    if key in through:
        raise SourceError(place, f"{node.name} inherits from itself", "break the circle")
    result: list[tuple[str, _Part]] = [(key, _Part(read_body(node, names), fill, names))]
    for base in node.bases:
        result += _base(module, base, names, fill, place, (*through, key))
    # C3 keeps a shared base behind everything that derives from it.
    last = {k: at for at, (k, _) in enumerate(result)}
    return [part for at, (k, part) in enumerate(result) if last[k] == at]


def _base(
    module: Module,
    base: ast.expr,
    names: Names,
    fill: dict[str, str],
    place: str,
    through: tuple[str, ...],
) -> list[tuple[str, _Part]]:
    written = base.value if isinstance(base, ast.Subscript) else base
    dotted = dotted_name(written) or ast.unparse(written)
    qualified = names.qualify(dotted) or dotted
    if qualified in _NOTHING or dotted in ("Protocol", "Generic"):
        return []
    owner, name = (module, dotted) if dotted in module.classes else names.locate(qualified)
    if owner is not None and owner.classes.get(name):
        inner = find_class(owner, name, place)
        further = Names(owner, names.home)
        filled = _arguments(base, inner, names, further, fill)
        return [
            (f"{owner.name}.{name}#{at}" if at else f"{owner.name}.{name}", part)
            for at, part in enumerate(_parts(owner, inner, further, filled, place, through))
        ]
    body = _live_base(qualified)
    if body is None:
        raise SourceError(
            place,
            f"its base {dotted} cannot be read, so its members are not known",
            "compare where the source of the base is at hand, or name an importable class",
        )
    return [(qualified, _Part(body))]


def _live_base(qualified: str) -> Body | None:
    """Return the members of a protocol of the standard library."""
    module, _, name = qualified.rpartition(".")
    if module not in _LIVE_MODULES:
        return None
    try:
        value: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        return None
    value = getattr(value, "__origin__", value)
    if not isinstance(value, type):
        return None
    return Body({m.name: m for m in shape_of(value).members})


def _arguments(
    base: ast.expr, inner: ast.ClassDef, names: Names, further: Names, fill: dict[str, str]
) -> dict[str, str]:
    if not isinstance(base, ast.Subscript):
        return {}
    given = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
    texts = [canonical(names.hint(g), lambda n: fill.get(n)) for g in given]
    variables = [p.name for p in type_parameters_of(inner, further)]
    return dict(zip(variables, texts, strict=False))


def _fill(member: Member, fill: dict[str, str]) -> Member:
    if not fill:
        return member

    def text(hint: Annotation | None) -> Annotation | None:
        return None if hint is None else Annotation(canonical(hint.text, lambda n: fill.get(n)))

    def whole(signature: Signature) -> Signature:
        parameters = tuple(replace(p, annotation=text(p.annotation)) for p in signature.parameters)
        return Signature(parameters, text(signature.returns))

    if isinstance(member, Attribute):
        return replace(member, annotation=text(member.annotation))
    return replace(
        member, signature=whole(member.signature), overloads=tuple(map(whole, member.overloads))
    )


def _with_fields(member: Member, names: Names) -> Member:
    """Return the member with the keys of ``**kwargs: Unpack[Options]`` filled in."""
    if not isinstance(member, Method):
        return member

    def parameter(item: Parameter) -> Parameter:
        hint = item.annotation.text if item.annotation else ""
        if item.kind != "var-keyword" or not hint.startswith("typing.Unpack["):
            return item
        fields = typed_dict_fields(hint[len("typing.Unpack[") : -1], names)
        return item if fields is None else replace(item, fields=fields)

    def whole(signature: Signature) -> Signature:
        return replace(signature, parameters=tuple(map(parameter, signature.parameters)))

    return replace(
        member, signature=whole(member.signature), overloads=tuple(map(whole, member.overloads))
    )
