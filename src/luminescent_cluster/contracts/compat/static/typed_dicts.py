"""Keys of TypedDicts, read from text."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from luminescent_cluster.contracts.shapes import Annotation, Field
from luminescent_cluster.extensions._calls.spelling import dotted_name

from .kinds import class_node
from .module import active
from .names import Names

__all__ = ["called_typed_dict_keys", "is_false", "keys_of", "read_only_keys", "typed_dict_keys"]


def is_false(node: ast.expr) -> bool:
    """Return True for the literal ``False``."""
    return isinstance(node, ast.Constant) and node.value is False


def keys_of(written: str, names: Names) -> tuple[Field, ...] | None:
    """Return the keys of a TypedDict by its name, however it is made; None for anything else."""
    found = class_node(written, names)
    if found is not None:
        return typed_dict_keys(*found)
    assigned = names.value_of(written)
    return None if assigned is None else called_typed_dict_keys(assigned[1], assigned[0])


def typed_dict_keys(node: ast.ClassDef, names: Names) -> tuple[Field, ...] | None:
    """Return the keys of a TypedDict, those of its bases included; None for any other class."""
    fields: dict[str, Field] = {}
    is_one = False
    for base in node.bases:
        written = dotted_name(base.value if isinstance(base, ast.Subscript) else base) or ""
        if _is_typed_dict(written, names):
            is_one = True
            continue
        inherited = keys_of(written, names)
        if inherited is not None:
            is_one = True
            fields.update({f.name: f for f in inherited})
    if not is_one:
        return None
    total = not any(is_false(k.value) for k in node.keywords if k.arg == "total")
    for statement in active(node.body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            item = _key(statement.target.id, statement.annotation, total, names)
            fields[item.name] = item
    return _sorted(fields.values())


def called_typed_dict_keys(value: ast.expr, names: Names) -> tuple[Field, ...] | None:
    """Return the keys of ``TypedDict("Row", {"a": int})``; None for any other expression."""
    if not isinstance(value, ast.Call) or not _is_typed_dict(dotted_name(value.func) or "", names):
        return None
    if len(value.args) != 2 or not isinstance(value.args[1], ast.Dict):
        return None
    total = not any(is_false(k.value) for k in value.keywords if k.arg == "total")
    pairs = zip(value.args[1].keys, value.args[1].values, strict=True)
    return _sorted(
        _key(str(key.value), hint, total, names)
        for key, hint in pairs
        if isinstance(key, ast.Constant)
    )


def _is_typed_dict(written: str, names: Names) -> bool:
    return (names.qualify(written) or written).rpartition(".")[2] == "TypedDict"


def _sorted(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple(sorted(fields, key=lambda f: f.name))


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
