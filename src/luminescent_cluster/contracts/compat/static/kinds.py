"""What kind of class a class is, as far as its text tells."""

from __future__ import annotations

import ast
from typing import Final

from luminescent_cluster.extensions._calls.spelling import dotted_name

from .names import Names

__all__ = ["base_names", "class_node", "is_dataclass", "is_enum", "is_frozen", "is_named_tuple"]

_ENUMS: Final = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"})
_ATTRS: Final = frozenset(
    {"attrs.define", "attrs.frozen", "attrs.mutable", "attr.s", "attr.define", "define", "frozen"}
)
_DEEPEST: Final = 8


def class_node(written: str, names: Names) -> tuple[ast.ClassDef, Names] | None:
    """Return a class by its name as written, and the names of the place where it stands."""
    owner, local = names.find(written)
    if owner is None or not owner.classes.get(local):
        return None
    return owner.classes[local][-1], names.inside(owner, local)


def base_names(node: ast.ClassDef, names: Names) -> list[str]:
    """Return the qualified names of a class's bases, without their type arguments."""
    written = [
        dotted_name(base.value if isinstance(base, ast.Subscript) else base) or ""
        for base in node.bases
    ]
    return [names.qualify(name) or name for name in written]


def is_enum(node: ast.ClassDef, names: Names, depth: int = 0) -> bool:
    """Return True for a class that is an enum, by itself or by a base."""
    for base in node.bases:
        written = dotted_name(base) or ""
        if (names.qualify(written) or written).rpartition(".")[2] in _ENUMS:
            return True
        found = class_node(written, names)
        if found is not None and depth < _DEEPEST and is_enum(*found, depth + 1):
            return True
    return False


def is_named_tuple(node: ast.ClassDef, names: Names) -> bool:
    """Return True for a class that lists ``NamedTuple`` among its bases."""
    return any(base.rpartition(".")[2] == "NamedTuple" for base in base_names(node, names))


def is_dataclass(node: ast.ClassDef) -> bool:
    """Return True for a class that ``dataclass`` or attrs gives its constructor."""
    return any(_makes_dataclass(decorator) for decorator in node.decorator_list)


def is_frozen(node: ast.ClassDef) -> bool:
    """Return True for a dataclass whose fields cannot be set."""
    for decorator in filter(_makes_dataclass, node.decorator_list):
        if _maker(decorator).rpartition(".")[2] == "frozen":
            return True
        keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
        given = {k.arg: k.value for k in keywords}.get("frozen")
        if isinstance(given, ast.Constant) and given.value is True:
            return True
    return False


def _makes_dataclass(decorator: ast.expr) -> bool:
    name = _maker(decorator)
    return "dataclass" in name or name in _ATTRS


def _maker(decorator: ast.expr) -> str:
    return dotted_name(decorator.func if isinstance(decorator, ast.Call) else decorator) or ""
