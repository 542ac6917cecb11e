"""The classes that a class consists of: itself and its bases, type arguments filled in."""

from __future__ import annotations

import ast
import importlib
from dataclasses import dataclass, field, replace
from typing import Any, Final

from luminescent_cluster.contracts.shapes import (
    Annotation,
    Attribute,
    Signature,
    canonical,
)
from luminescent_cluster.extensions._calls.model import Member
from luminescent_cluster.extensions._calls.spelling import dotted_name

from ..errors import SourceError
from ..standard import MODULES, standard_shape
from .lookup import PROTOCOL, find_class, followed
from .members import Body, read_body
from .names import Names
from .type_parameters import type_parameters_of

__all__ = ["Part", "filled", "parts_of"]

_NOTHING: Final = frozenset(
    {
        *PROTOCOL,
        "Generic",
        "typing.Generic",
        "typing_extensions.Generic",
        "object",
        "abc.ABC",
        "builtins.object",
    }
)


@dataclass(slots=True)
class Part:
    """One class of the resolution order: its own members, and its type variables filled in."""

    key: str
    body: Body
    names: Names
    fill: dict[str, str] = field(default_factory=dict)
    node: ast.ClassDef | None = None


def parts_of(node: ast.ClassDef, names: Names, place: str) -> list[Part]:
    """Return a class and all its bases in resolution order.

    Args:
        node: the class.
        names: the names in its body.
        place: how the user named the source, for messages.

    Raises:
        SourceError: a base cannot be read, or a class inherits from itself.
    """
    return _parts(node, names, {}, place, ())


def _parts(
    node: ast.ClassDef, names: Names, fill: dict[str, str], place: str, through: tuple[str, ...]
) -> list[Part]:
    key = f"{names.module.name}.{names.owner}"
    if key in through:
        raise SourceError(place, f"{node.name} inherits from itself", "break the circle")
    first = Part(key, read_body(node, names), names, fill, node)
    lines = [_base(base, names, fill, place, (*through, key)) for base in node.bases]
    return [first, *_merged([line for line in lines if line])]


def _merged(lines: list[list[Part]]) -> list[Part]:
    """Return several resolution orders as one, as Python does (C3).

    A class comes only when no other line has it behind its head: a shared base stands behind
    everything that derives from it. What Python would refuse is taken line by line.
    """
    waiting = [*lines, [line[0] for line in lines]]
    order: list[Part] = []
    while waiting := [line for line in waiting if line]:
        behind = {part.key for line in waiting for part in line[1:]}
        heads = (line[0] for line in waiting)
        chosen = next((head for head in heads if head.key not in behind), waiting[0][0])
        order.append(chosen)
        waiting = [[part for part in line if part.key != chosen.key] for line in waiting]
    return order


def _base(
    base: ast.expr, names: Names, fill: dict[str, str], place: str, through: tuple[str, ...]
) -> list[Part]:
    written = base.value if isinstance(base, ast.Subscript) else base
    dotted = dotted_name(written) or ast.unparse(written)
    qualified = names.qualify(dotted) or dotted
    if qualified in _NOTHING:
        return []
    owner, name = followed(names, dotted)
    if owner is not None and name in owner.classes:
        inner, inside = find_class(names, dotted, place)
        filled = _arguments(base, inner, names, inside, fill)
        return _parts(inner, inside, filled, place, through)
    body = _live_base(qualified)
    if body is None:
        raise SourceError(
            place,
            f"its base {dotted} cannot be read, so its members are not known{names.module.trouble}",
            "compare where the source of the base is at hand, or name an importable class",
        )
    return [Part(qualified, body, names)]


def _live_base(qualified: str) -> Body | None:
    """Return the members of a protocol of the standard library."""
    module, _, name = qualified.rpartition(".")
    if module not in MODULES:
        return None
    try:
        value: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        return None
    value = getattr(value, "__origin__", value)
    if not isinstance(value, type):
        return None
    abstract = set(getattr(value, "__abstractmethods__", ()))
    return Body({m.name: m for m in standard_shape(value).members}, abstract)


def _arguments(
    base: ast.expr, inner: ast.ClassDef, names: Names, inside: Names, fill: dict[str, str]
) -> dict[str, str]:
    if not isinstance(base, ast.Subscript):
        return {}
    given = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
    texts = [canonical(names.hint(g), lambda n: fill.get(n)) for g in given]
    variables = [p.name for p in type_parameters_of(inner, inside)]
    return dict(zip(variables, texts, strict=False))


def filled(member: Member, fill: dict[str, str]) -> Member:
    """Return a member with the type variables of its class filled in."""
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
