"""What the names in a protocol's hints stand for, as far as their source can be read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace

from luminescent_cluster.contracts.shapes import (
    Annotation,
    Attribute,
    Field,
    Shape,
    Signature,
    TypeParameter,
)
from luminescent_cluster.extensions._calls.spelling import dotted_name

from ..edition import Definition, class_shape
from ..errors import SourceError
from .hint_nodes import is_type_expression, words
from .kinds import base_names, class_node, is_dataclass, is_enum, is_frozen, is_named_tuple
from .module import Module, active
from .names import Names
from .type_parameters import type_parameters_of, type_variable
from .typed_dicts import called_typed_dict_keys, is_false, read_only_keys, typed_dict_keys

__all__ = ["collect_definitions", "names_in", "texts_of"]

ReadShape = Callable[[ast.ClassDef, Names], Shape]
"""Reads a class that a hint mentions, with the names in its body."""


def collect_definitions(shape: Shape, names: Names, read_shape: ReadShape) -> dict[str, Definition]:
    """Return the definitions of every name that the hints of a shape mention, directly or not."""
    found: dict[str, Definition] = {}
    waiting = sorted(names_in(texts_of(shape)))
    while waiting:
        name = waiting.pop()
        if name in found or name == shape.name:
            continue
        definition = _define(name, names, read_shape)
        if definition is None and "." in name:
            # An enum member in Literal[Mode.FAST], or P.args.
            waiting.append(name.rpartition(".")[0])
            continue
        if definition is None:
            continue
        found[name] = definition
        waiting += sorted(names_in(_definition_texts(definition)))
    return found


def texts_of(shape: Shape) -> Iterator[str]:
    """Yield every hint of a shape."""
    for member in shape.members:
        if isinstance(member, Attribute):
            if member.annotation:
                yield member.annotation.text
            continue
        for signature in (member.signature, *member.overloads):
            yield from _signature_texts(signature)
    for parameter in shape.type_parameters:
        yield from (parameter.bound, *parameter.constraints, parameter.default)


def _signature_texts(signature: Signature) -> Iterator[str]:
    for parameter in signature.parameters:
        if parameter.annotation:
            yield parameter.annotation.text
        for item in parameter.fields or ():
            if item.annotation:
                yield item.annotation.text
    if signature.returns:
        yield signature.returns.text


def _definition_texts(definition: Definition) -> Iterator[str]:
    yield definition.text
    yield from definition.bases
    for item in definition.fields:
        if item.annotation and definition.kind != "enum":
            yield item.annotation.text
    if definition.shape is not None:
        yield from texts_of(definition.shape)


def names_in(texts: Iterator[str]) -> set[str]:
    """Return every dotted name in hints."""
    return set().union(*map(words, texts))


def _define(name: str, names: Names, read_shape: ReadShape) -> Definition | None:
    owner, local = names.find(name)
    if owner is None:
        return None
    if owner.classes.get(local):
        found = _class(name, owner.classes[local][-1], names.inside(owner, local), read_shape)
        return replace(found, also=_second_names(owner, local))
    inside = names.inside(owner, local.rpartition(".")[0])
    if local in owner.type_aliases:
        return _alias(name, owner.type_aliases[local], inside)
    values = owner.assigned.get(local, [])
    return _assigned(name, values[-1], inside) if values else None


def _second_names(module: Module, name: str) -> tuple[str, ...]:
    """Return the names that a module gives a class besides its own: ``User = Account``."""
    return tuple(
        sorted(
            other
            for other, values in module.assigned.items()
            if len(values) == 1 and dotted_name(values[0]) == name
        )
    )


def _alias(name: str, node: ast.AST, names: Names) -> Definition:
    value: ast.expr = node.value  # type: ignore[attr-defined]
    parameters = tuple(TypeParameter(p.name) for p in getattr(node, "type_params", ()))
    return Definition(name, "alias", text=names.hint(value), type_parameters=parameters)


def _assigned(name: str, value: ast.expr, names: Names) -> Definition | None:
    if is_type_expression(value):
        names.open = names.open | {f"{names.module.name}.{name}"}
        return Definition(name, "alias", text=names.hint(value))
    if not isinstance(value, ast.Call):
        return None
    maker = (dotted_name(value.func) or "").rpartition(".")[2]
    if maker == "NewType" and len(value.args) == 2:
        return Definition(name, "new-type", text=names.hint(value.args[1]))
    if maker in ("TypeVar", "ParamSpec", "TypeVarTuple"):
        made = type_variable(value, maker, names)
        return Definition(
            name, "type-variable", text=made.bound, bases=made.constraints, type_parameters=(made,)
        )
    keys = called_typed_dict_keys(value, names)
    if keys is not None:
        return Definition(name, "typed-dict", keys)
    if maker in ("Enum", "IntEnum", "StrEnum") and len(value.args) == 2:
        return Definition(name, "enum", tuple(_enum_call(value.args[1])), bases=())
    if maker in ("NamedTuple", "namedtuple") and len(value.args) == 2:
        return _tuple_call(name, value.args[1], names)
    return None


def _enum_call(node: ast.expr) -> Iterator[Field]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        for word in node.value.replace(",", " ").split():
            yield Field(word, True)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            first = item.elts[0] if isinstance(item, ast.Tuple) else item
            if isinstance(first, ast.Constant):
                yield Field(str(first.value), True)
    elif isinstance(node, ast.Dict):
        for key in node.keys:
            if isinstance(key, ast.Constant):
                yield Field(str(key.value), True)


def _tuple_call(name: str, node: ast.expr, names: Names) -> Definition | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = node.value.replace(",", " ").split()
        return Definition(name, "record", tuple(Field(w, True) for w in words), bases=("tuple",))
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    fields = []
    for item in node.elts:
        if isinstance(item, ast.Tuple) and isinstance(item.elts[0], ast.Constant):
            hint = Annotation(names.hint(item.elts[1]))
            fields.append(Field(str(item.elts[0].value), True, hint))
        elif isinstance(item, ast.Constant):
            fields.append(Field(str(item.value), True))
    return Definition(name, "record", tuple(fields), bases=("tuple",))


# --- classes ------------------------------------------------------------------------------------


def _class(name: str, node: ast.ClassDef, names: Names, read_shape: ReadShape) -> Definition:
    parameters = type_parameters_of(node, names)
    if any(base.rpartition(".")[2] == "Protocol" for base in base_names(node, names)):
        offered = read_shape(node, names)
        return Definition(name, "protocol", type_parameters=parameters, shape=offered)
    fields = typed_dict_keys(node, names)
    if fields is not None:
        return Definition(name, "typed-dict", fields, read_only=read_only_keys(node, names))
    texts = tuple(names.hint(b) for b in node.bases)
    if is_enum(node, names):
        return Definition(name, "enum", tuple(_enum_members(node)), bases=_data_bases(texts))
    if is_named_tuple(node, names):
        return Definition(name, "record", tuple(_record(node, names)), bases=("tuple",))
    shape = _class_shape(node, names, read_shape)
    if is_dataclass(node):
        inherited = [f for base in node.bases for f in _inherited_fields(base, names)]
        own = list(_record(node, names))
        mine = {f.name for f in own}
        fields = tuple([f for f in inherited if f.name not in mine] + own)
        fixed = tuple(f.name for f in fields) if is_frozen(node) else ()
        return Definition(name, "record", fields, "", texts, parameters, fixed, shape)
    return Definition(name, "class", (), "", texts, parameters, (), shape)


def _class_shape(node: ast.ClassDef, names: Names, read_shape: ReadShape) -> Shape | None:
    try:
        return class_shape(read_shape(node, names))
    except SourceError:
        return None  # a base is out of reach; what it offers is then not known


def _inherited_fields(base: ast.expr, names: Names) -> Iterator[Field]:
    written = base.value if isinstance(base, ast.Subscript) else base
    found = class_node(dotted_name(written) or "", names)
    if found is None:
        return
    node, inside = found
    for further in node.bases:
        yield from _inherited_fields(further, inside)
    yield from _record(node, inside)


def _record(node: ast.ClassDef, names: Names) -> Iterator[Field]:
    for statement in active(node.body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        text = names.hint(statement.annotation)
        if text.startswith("typing.ClassVar"):
            continue
        yield Field(statement.target.id, _must_give(statement.value), Annotation(text))


def _must_give(value: ast.expr | None) -> bool:
    if value is None:
        return True
    if isinstance(value, ast.Call) and (dotted_name(value.func) or "").rpartition(".")[2] in (
        "field", "ib",
    ):  # fmt: skip
        named = {k.arg for k in value.keywords}
        return not named & {"default", "default_factory", "factory"} and not any(
            k.arg == "init" and is_false(k.value) for k in value.keywords
        )
    return False


def _data_bases(texts: tuple[str, ...]) -> tuple[str, ...]:
    mixed = {"enum.IntEnum": "int", "enum.StrEnum": "str", "enum.IntFlag": "int"}
    plain = ("enum.Enum", "enum.Flag")
    return tuple(mixed.get(t, t) for t in texts if t not in plain)


def _enum_members(node: ast.ClassDef) -> Iterator[Field]:
    for statement in active(node.body):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name) and not target.id.startswith("_"):
                    yield Field(target.id, True, Annotation(ast.unparse(statement.value)))
