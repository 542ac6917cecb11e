"""Finding a class by its name, through imports and second names."""

from __future__ import annotations

import ast
from typing import Final

from luminescent_cluster.extensions._calls.spelling import dotted_name

from ..errors import SourceError
from .kinds import base_names
from .module import Module
from .names import Names

__all__ = ["PROTOCOL", "find_class", "followed", "is_protocol"]

PROTOCOL: Final = frozenset({"typing.Protocol", "typing_extensions.Protocol", "Protocol"})
_MOST_NAMES: Final = 8


def find_class(names: Names, class_name: str, place: str) -> tuple[ast.ClassDef, Names]:
    """Return the one class of that name, defined there or imported, and the names in its body.

    Raises:
        SourceError: there is none, or there are several.
    """
    owner, name = followed(names, class_name)
    found = owner.classes.get(name, []) if owner is not None else []
    if owner is None or not found:
        known = ", ".join(sorted(names.module.classes)) or "no class at all"
        problem = f"there is no class {class_name}{names.module.trouble}"
        raise SourceError(place, problem, f"the file has {known}")
    if len(found) > 1:
        lines = ", ".join(str(n.lineno) for n in found)
        raise SourceError(
            place,
            f"{class_name} is ambiguous: it is defined on lines {lines}",
            "leave one definition, or give them different names",
        )
    return found[0], names.inside(owner, name)


def followed(names: Names, class_name: str) -> tuple[Module | None, str]:
    """Return where a class stands that may be imported, or have a second name."""
    owner, name = names.find(class_name)
    for _ in range(_MOST_NAMES):
        if owner is None or name in owner.classes:
            break
        there = names.inside(owner, name.rpartition(".")[0])
        value = there.value_of(name)
        written = dotted_name(value[1]) if value is not None else None
        if value is None or written is None:
            break
        owner, name = value[0].find(written)
    return owner, name


def is_protocol(node: ast.ClassDef, names: Names) -> bool:
    """Return True when the class itself lists ``Protocol`` among its bases."""
    return any(name in PROTOCOL for name in base_names(node, names))
