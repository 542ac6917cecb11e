"""Keys of TypedDicts, read from text."""

from __future__ import annotations

import ast

from luminescent_cluster.contracts.shapes import Annotation, Field
from luminescent_cluster.extensions._calls.hints import dotted_name

from ..edition import Definition
from .module import active
from .names import Names

__all__ = ["class_node", "is_false", "read_only_keys", "typed_dict", "typed_dict_fields"]


def is_false(node: ast.expr) -> bool:
    """Return True for the literal ``False``."""
    return isinstance(node, ast.Constant) and node.value is False


def class_node(qualified: str, written: str, names: Names) -> tuple[ast.ClassDef, Names] | None:
    if written in names.module.classes:
        return names.module.classes[written][-1], names
    owner, local = names.locate(qualified)
    if owner is not None and owner.classes.get(local):
        return owner.classes[local][-1], Names(owner, names.home)
    return None


def typed_dict_fields(name: str, names: Names) -> tuple[Field, ...] | None:
    """Return the keys of a TypedDict, those of its bases included; None for any other class."""
    found = class_node(names.qualify(name) or name, name, names)
    if found is None:
        return None
    node, inside = found
    fields: dict[str, Field] = {}
    is_one = False
    for base in node.bases:
        written = dotted_name(base.value if isinstance(base, ast.Subscript) else base) or ""
        qualified = inside.qualify(written) or written
        if qualified.rpartition(".")[2] == "TypedDict":
            is_one = True
        elif qualified.rpartition(".")[2] != "Generic":
            inherited = typed_dict_fields(written, inside)
            if inherited is not None:
                is_one = True
                fields.update({f.name: f for f in inherited})
    if not is_one:
        return None
    total = not any(is_false(k.value) for k in node.keywords if k.arg == "total")
    for statement in active(node.body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            item = _key(statement.target.id, statement.annotation, total, inside)
            fields[item.name] = item
    return tuple(sorted(fields.values(), key=lambda f: f.name))


def typed_dict(
    name: str, given: list[tuple[object, ast.expr]], total: bool, names: Names
) -> Definition:
    fields = [_key(str(key), hint, total, names) for key, hint in given]
    return Definition(name, "typed-dict", tuple(sorted(fields, key=lambda f: f.name)))


def _key(name: str, annotation: ast.expr, total: bool, names: Names) -> Field:
    text = names.hint(annotation)
    required = total
    changed = True
    while changed:
        changed = False
        for wrapper in ("typing.Required[", "typing.NotRequired[", "typing.ReadOnly["):
            if text.startswith(wrapper):
                text = text[len(wrapper) : -1]
                changed = True
                if wrapper != "typing.ReadOnly[":
                    required = wrapper == "typing.Required["
    return Field(name, required, Annotation(text))


def read_only_keys(node: ast.ClassDef, names: Names) -> tuple[str, ...]:
    return tuple(
        statement.target.id
        for statement in active(node.body)
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and "typing.ReadOnly[" in names.hint(statement.annotation)
    )
