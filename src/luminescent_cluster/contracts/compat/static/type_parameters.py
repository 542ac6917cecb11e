"""Type variables and type parameters, read from text."""

from __future__ import annotations

import ast
from dataclasses import replace

from luminescent_cluster.contracts.shapes import TypeParameter
from luminescent_cluster.extensions._calls.spelling import dotted_name

from .names import Names

__all__ = ["modern_type_parameter", "type_parameters_of", "type_variable"]


def type_parameters_of(node: ast.ClassDef, names: Names) -> tuple[TypeParameter, ...]:
    """Return the type parameters of a class, in order."""
    modern = getattr(node, "type_params", None)
    if modern:
        return tuple(modern_type_parameter(p, names) for p in modern)
    order: dict[str, TypeParameter] = {}
    explicit: dict[str, TypeParameter] | None = None
    for base in node.bases:
        if not isinstance(base, ast.Subscript):
            continue
        written = dotted_name(base.value) or ""
        last = (names.qualify(written) or written).rpartition(".")[2]
        found = {}
        for item in ast.walk(base.slice):
            if isinstance(item, ast.Name) and (made := _variable(item.id, names)) is not None:
                # As hints call it, which may be by the module that it comes from.
                found[item.id] = replace(made, name=names.hint(item))
        if last in ("Protocol", "Generic"):
            explicit = found
        order.update({k: v for k, v in found.items() if k not in order})
    return tuple((explicit if explicit is not None else order).values())


def _variable(name: str, names: Names) -> TypeParameter | None:
    if names.qualify(name) == "typing.AnyStr":
        return TypeParameter("AnyStr", constraints=("bytes", "str"))
    found = names.value_of(name)
    if found is None or not isinstance(found[1], ast.Call):
        return None
    maker = (dotted_name(found[1].func) or "").rpartition(".")[2]
    if maker not in ("TypeVar", "ParamSpec", "TypeVarTuple"):
        return None
    return type_variable(found[1], maker, found[0])


def type_variable(call: ast.Call, maker: str, names: Names) -> TypeParameter:
    name = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else "T"
    flags = {k.arg: k.value for k in call.keywords}

    def true(flag: str) -> bool:
        value = flags.get(flag)
        return isinstance(value, ast.Constant) and value.value is True

    variance = "invariant"
    if true("covariant"):
        variance = "covariant"
    elif true("contravariant"):
        variance = "contravariant"
    elif true("infer_variance"):
        variance = "inferred"
    bound = names.hint(flags["bound"]) if "bound" in flags else ""
    return TypeParameter(
        str(name),
        maker,  # type: ignore[arg-type]
        bound,
        tuple(names.hint(a) for a in call.args[1:]),
        variance,  # type: ignore[arg-type]
        names.hint(flags["default"]) if "default" in flags else "",
    )


def modern_type_parameter(node: ast.AST, names: Names) -> TypeParameter:
    name: str = node.name  # type: ignore[attr-defined]
    kind = type(node).__name__
    bound = getattr(node, "bound", None)
    constraints: tuple[str, ...] = ()
    text = ""
    if isinstance(bound, ast.Tuple):
        constraints = tuple(names.hint(b) for b in bound.elts)
    elif bound is not None:
        text = names.hint(bound)
    variance = "inferred" if kind == "TypeVar" else "invariant"
    given = getattr(node, "default_value", None)
    default = names.hint(given) if given is not None else ""
    return TypeParameter(name, kind, text, constraints, variance, default)  # type: ignore[arg-type]
