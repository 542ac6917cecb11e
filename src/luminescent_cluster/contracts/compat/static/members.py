"""Members of one class body, as text shows them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from luminescent_cluster.contracts.shapes import (
    Annotation,
    Attribute,
    Method,
    flow_from_node,
)
from luminescent_cluster.extensions._calls.model import Member

from .bodies import FunctionNode, body_digest, does_nothing, property_hint
from .constants import value_text
from .decorators import Decorators, decorators_of
from .documentation import documentation
from .module import active
from .names import Names
from .signatures import managed, signature

__all__ = ["Body", "assigned_on_self", "read_body"]

_NEVER: Final = frozenset(
    [
        "__init__",
        "__new__",
        "__init_subclass__",
        "__class_getitem__",
        "__subclasshook__",
        "__del__",
        "__prepare__",
        "__instancecheck__",
        "__subclasscheck__",
        "__getattribute__",
        "__getstate__",
        "__reduce__",
        "__reduce_ex__",
        "__slots__",
        "__class__",
        "__dict__",
        "__weakref__",
    ]
)


@dataclass(slots=True)
class Body:
    """What one class body defines itself."""

    members: dict[str, Member] = field(default_factory=dict)
    abstract: set[str] = field(default_factory=set)
    bodies: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    nested: set[str] = field(default_factory=set)
    type_variables: list[ast.AST] = field(default_factory=list)


def read_body(node: ast.ClassDef, names: Names) -> Body:
    """Read the members that a class body itself defines; later definitions win, as they do live."""
    body = Body()
    functions: dict[str, list[FunctionNode]] = {}
    for statement in active(node.body):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            functions.setdefault(statement.name, []).append(statement)
            body.type_variables += getattr(statement, "type_params", [])
            body.members.pop(statement.name, None)
        elif isinstance(statement, ast.ClassDef):
            body.nested.add(statement.name)
        else:
            _data(statement, names, body, functions)
    for name, nodes in functions.items():
        if name not in _NEVER and name not in body.members:
            _function(_source_name(name, node.name), nodes, names, body)
    return body


def _source_name(name: str, owner: str) -> str:
    # Python mangles `__x` in a class body, and so is it seen from outside.
    if name.startswith("__") and not name.endswith("__") and owner.strip("_"):
        return f"_{owner.lstrip('_')}{name}"
    return name


# --- data ---------------------------------------------------------------------------------------


def _data(
    statement: ast.stmt, names: Names, body: Body, functions: dict[str, list[FunctionNode]]
) -> None:
    targets: list[ast.expr]
    annotation = None
    value: ast.expr | None
    if isinstance(statement, ast.AnnAssign):
        targets, annotation, value = [statement.target], statement.annotation, statement.value
    elif isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    else:
        return
    for target in targets:
        if not isinstance(target, ast.Name):
            continue
        name = target.id
        if name == "__protocols__" and value is not None:
            body.values[name] = value_text(value, names)[0]
        if _dunder(name) or name in _NEVER:
            continue
        if annotation is None and isinstance(value, ast.Name) and value.id in functions:
            functions[name] = functions[value.id]
            continue
        body.members[name] = _variable(name, annotation, value, names)
        if value is not None:
            body.values[name] = value_text(value, names)[0]


def _dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _variable(
    name: str, annotation: ast.expr | None, value: ast.expr | None, names: Names
) -> Attribute:
    text = names.hint(annotation) if annotation is not None else ""
    wrappers = ("typing.ClassVar", "typing.Final", "typing.ReadOnly")
    wrapped = next((w for w in wrappers if text == w or text.startswith(w + "[")), None)
    if wrapped:
        text = text[len(wrapped) + 1 : -1]
    return Attribute(
        name,
        "classvar" if wrapped == "typing.ClassVar" else "variable",
        Annotation(text) if text else None,
        settable=wrapped in (None, "typing.ClassVar"),
        has_value=value is not None,
    )


def assigned_on_self(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield what the methods of a class assign on ``self``: the name, and the value if plain."""
    for method in node.body:
        if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) or not method.args.args:
            continue
        first = method.args.args[0].arg
        values: dict[int, ast.expr | None] = {}
        for inner in ast.walk(method):
            if isinstance(inner, ast.Assign):
                values.update({id(target): inner.value for target in inner.targets})
            elif isinstance(inner, ast.AnnAssign):
                values[id(inner.target)] = inner.value
            elif (
                isinstance(inner, ast.Attribute)
                and isinstance(inner.ctx, ast.Store)
                and isinstance(inner.value, ast.Name)
                and inner.value.id == first
            ):
                yield inner.attr, values.get(id(inner))


# --- functions ----------------------------------------------------------------------------------


def _function(name: str, nodes: list[FunctionNode], names: Names, body: Body) -> None:
    marks = [decorators_of(node, names) for node in nodes]
    getters = [n for n, m in zip(nodes, marks, strict=True) if m.property]
    if getters and (marks[-1].property or marks[-1].setter or marks[-1].deleter):
        body.members[name] = _property(name, nodes, marks, names, body)
        return
    overloads = [n for n, m in zip(nodes, marks, strict=True) if m.overload]
    last, mark = nodes[-1], marks[-1]
    drop = mark.binding != "static"
    signatures = tuple(signature(n, names, drop) for n in overloads)
    own = signatures[0] if mark.overload else signature(last, names, drop)
    if mark.context:
        own = managed(own, "Async" if mark.context.endswith("asynccontextmanager") else "")
    stub = mark.overload or does_nothing(last)
    doc = "" if mark.overload else documentation(last)
    flow = flow_from_node(last)
    body.members[name] = Method(
        name,
        own,
        "sync" if mark.context else flow,
        mark.binding,  # type: ignore[arg-type]
        signatures,
        mark.since,
        not stub,
        doc=doc,
    )
    if any(m.abstract for m in marks):
        body.abstract.add(name)
    if not stub:
        body.bodies[name] = body_digest(last)


def _property(
    name: str, nodes: list[FunctionNode], marks: list[Decorators], names: Names, body: Body
) -> Attribute:
    at = max(i for i, m in enumerate(marks) if m.property)
    getter, mark = nodes[at], marks[at]
    settable = mark.cached or any(m.setter for m in marks[at:])
    written = Annotation(names.hint(getter.returns)) if getter.returns is not None else None
    returns = property_hint(getter, written)
    stub = does_nothing(getter)
    if not stub:
        body.bodies[name] = body_digest(getter)
    if mark.abstract:
        body.abstract.add(name)
    return Attribute(
        name, "property", returns, settable, not stub, mark.since, doc=documentation(getter)
    )
