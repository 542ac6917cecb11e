"""What the names in live hints stand for, read by reflection."""

from __future__ import annotations

import dataclasses
import enum
import sys
import typing
from collections.abc import Iterator
from typing import Any

from luminescent_cluster.contracts.shapes import (
    Annotation,
    Field,
    Method,
    Shape,
    canonical,
    shape_of,
)
from luminescent_cluster.contracts.shapes.typed_dicts import is_typed_dict
from luminescent_cluster.extensions._calls.default_texts import default_text
from luminescent_cluster.extensions._calls.hints import render
from luminescent_cluster.extensions._calls.model import UNKNOWN, TypeParameter
from luminescent_cluster.extensions._calls.names import resolver_for
from luminescent_cluster.extensions._calls.reflection import own_annotations
from luminescent_cluster.extensions._calls.type_parameters import VARIABLES, type_parameter

from .edition import Definition, class_shape
from .live_typed_dicts import bare, required_keys, wrapped
from .static.definitions import names_in, texts_of

__all__ = ["LiveDefinitions"]


class LiveDefinitions:
    """Collects the definitions of what live hints mention."""

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.home = cls.__module__
        self.resolve = resolver_for(cls)
        self.seen: set[int] = set()
        self.found: list[Definition] = []

    def collect(self, shape: Shape) -> list[Definition]:
        """Return the definitions of everything in the hints of a shape."""
        for parameter in self._own(self.cls):
            self._parts(parameter)
        for hint in _hints_of(shape):
            self.walk(hint)
        self._quoted(shape)
        return [d for d in self.found if d.name != shape.name]

    def _quoted(self, shape: Shape) -> None:
        """Note aliases that keep their name in a hint: those in quotes, and those in themselves."""
        space = getattr(sys.modules.get(self.home), "__dict__", {})
        for name in sorted(names_in(texts_of(shape))):
            value = space.get(name)
            if isinstance(value, str):
                self._alias(name, canonical(value, self.resolve, self.home))
            elif typing.get_origin(value) is not None:
                self._alias(name, self.text(value))

    def _alias(self, name: str, text: str) -> None:
        self.found.append(Definition(name, "alias", text=text))

    def walk(self, hint: Any) -> None:
        """Note what one hint mentions, at any depth."""
        if isinstance(hint, (list, tuple)):
            for item in hint:
                self.walk(item)
            return
        if hint is UNKNOWN or isinstance(hint, str) or id(hint) in self.seen:
            return
        self.seen.add(id(hint))
        if typing.get_origin(hint) is typing.Literal:
            for value in typing.get_args(hint):
                self.walk(type(value))
            return
        for item in typing.get_args(hint):
            self.walk(item)
        origin = typing.get_origin(hint) or hint
        self._own(origin)
        if type(origin).__name__ in VARIABLES:
            if origin is hint or id(origin) not in self.seen:  # of `P.args` it is P
                self._variable(origin)
        elif isinstance(getattr(origin, "__supertype__", None), object) and hasattr(
            origin, "__supertype__"
        ):
            self._add(origin, "new-type", text=self.text(origin.__supertype__))
            self.walk(origin.__supertype__)
        elif hasattr(origin, "__value__") and hasattr(origin, "__type_params__"):
            names = tuple(TypeParameter(p.__name__) for p in origin.__type_params__)
            self._add(origin, "alias", text=self.text(origin.__value__), type_parameters=names)
            self.walk(origin.__value__)
        elif isinstance(origin, type) and not _standard(origin):
            self._class(origin)

    def text(self, hint: Any) -> str:
        """Return the canonical text of a hint as the protocol's module writes it."""
        return render(hint, self.resolve, self.home)

    def _add(self, owner: Any, kind: Any, **parts: Any) -> None:
        if isinstance(owner, type):
            space = getattr(sys.modules.get(owner.__module__), "__dict__", {})
            also = (n for n, value in space.items() if value is owner and n != owner.__name__)
            parts["also"] = tuple(sorted(also))
        self.found.append(Definition(self.text(owner), kind, **parts))

    def _variable(self, item: Any) -> None:
        made = type_parameter(item, self.resolve, self.home)
        self.found.append(
            Definition(made.name, "type-variable", (), made.bound, made.constraints, (made,))
        )
        self._parts(item)

    def _own(self, owner: Any) -> tuple[Any, ...]:
        """Return what ``class Box[T]`` and ``type Pair[A, B]`` bring along; it is only theirs."""
        own = tuple(getattr(owner, "__type_params__", ()))
        self.seen.update(map(id, own))
        return own

    def _parts(self, variable: Any) -> None:
        for part in ("__bound__", "__constraints__", "__default__"):
            self.walk(getattr(variable, part, None))

    def _class(self, owner: type) -> None:
        bases = tuple(
            self.text(b)
            for b in owner.__dict__.get("__orig_bases__", owner.__bases__)
            if b is not object
        )
        hints = self._annotations(owner)
        if getattr(owner, "_is_protocol", False):
            shape = shape_of(owner)
            self._add(owner, "protocol", type_parameters=shape.type_parameters, shape=shape)
            for hint in _hints_of(shape):
                self.walk(hint)
            return
        if is_typed_dict(owner):
            required = required_keys(owner, hints)
            fields = tuple(
                Field(n, n in required, Annotation(self.text(bare(h))))
                for n, h in sorted(hints.items())
            )
            read_only = tuple(n for n, h in hints.items() if wrapped(h, "ReadOnly"))
            self._add(owner, "typed-dict", fields=fields, read_only=read_only)
        elif issubclass(owner, enum.Enum):
            fields = tuple(
                Field(n, True, Annotation(default_text(m.value, {})[0]))
                for n, m in owner.__members__.items()
            )
            mixed = {"enum.IntEnum": "int", "enum.StrEnum": "str", "enum.IntFlag": "int"}
            plain = tuple(mixed.get(b, b) for b in bases if b not in ("enum.Enum", "enum.Flag"))
            self._add(owner, "enum", fields=fields, bases=plain)
        elif issubclass(owner, tuple) and hasattr(owner, "_fields"):
            given = getattr(owner, "_field_defaults", {})
            fields = tuple(
                Field(n, n not in given, Annotation(self.text(hints[n])) if n in hints else None)
                for n in owner._fields
            )
            self._add(owner, "record", fields=fields, bases=("tuple",))
        elif dataclasses.is_dataclass(owner):
            fields = tuple(
                Field(f.name, _must_give(f), Annotation(self.text(hints.get(f.name, f.type))))
                for f in dataclasses.fields(owner)
            )
            frozen = owner.__dataclass_params__.frozen  # type: ignore[attr-defined]
            fixed = tuple(f.name for f in fields) if frozen else ()
            parts = _class_parts(owner, bases)
            self._add(owner, "record", fields=fields, read_only=fixed, **parts)
        else:
            self._add(owner, "class", **_class_parts(owner, bases))
        for hint in hints.values():
            self.walk(hint)
        for base in owner.__bases__:
            self.walk(base)

    def _annotations(self, owner: type) -> dict[str, Any]:
        try:
            return typing.get_type_hints(owner, include_extras=True)
        except Exception:
            return dict(own_annotations(owner))


def _class_parts(owner: type, bases: tuple[str, ...]) -> dict[str, Any]:
    shape = class_shape(shape_of(owner))
    return {"bases": bases, "type_parameters": shape.type_parameters, "shape": shape}


def _must_give(item: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return item.init and item.default is missing and item.default_factory is missing


def _standard(owner: type) -> bool:
    return owner.__module__.partition(".")[0] in sys.stdlib_module_names


def _hints_of(shape: Shape) -> Iterator[Any]:
    for member in shape.members:
        if not isinstance(member, Method):
            if member.annotation is not None:
                yield member.annotation.hint
            continue
        for signature in (member.signature, *member.overloads):
            for parameter in signature.parameters:
                if parameter.annotation is not None:
                    yield parameter.annotation.hint
            if signature.returns is not None:
                yield signature.returns.hint
