"""One version of a protocol, with everything that its hints mention: plain data, as JSON too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from luminescent_cluster.contracts.shapes import (
    Attribute,
    Field,
    Shape,
    TypeParameter,
    from_json,
    to_json,
)
from luminescent_cluster.extensions._calls.model import Member
from luminescent_cluster.extensions.optional import may_be_missing

__all__ = [
    "FORMAT",
    "Definition",
    "DefinitionKind",
    "Edition",
    "class_shape",
    "edition_from_json",
]

FORMAT = 1
"""Number of the snapshot format; a reader refuses a greater one."""

DefinitionKind = Literal[
    "typed-dict", "record", "enum", "new-type", "protocol", "class", "type-variable", "alias"
]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name in a hint stands for, as far as it matters to callers and implementers.

    ``fields`` are the keys of a TypedDict, the fields of a dataclass or NamedTuple (``required``
    when a constructor call must give them), or the members of an enum. ``text`` is the base of a
    NewType, the value of an alias, the bound of a type variable. ``bases`` are the base classes,
    ``also`` other names that its module gives the class: what it was called before.
    """

    name: str
    kind: DefinitionKind
    fields: tuple[Field, ...] = ()
    text: str = ""
    bases: tuple[str, ...] = ()
    type_parameters: tuple[TypeParameter, ...] = ()
    read_only: tuple[str, ...] = ()
    shape: Shape | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """A protocol at one version: its shape, and what its hints and bodies mean.

    ``definitions`` explains the names in the hints. ``abstract`` names the members that are
    marked ``@abstractmethod``, ``bodies`` gives a digest of each default body and ``values`` the
    text of each attribute's value. ``runtime_checkable`` says whether callers may use
    ``isinstance``. ``origin`` says where it was read and is not compared.
    """

    shape: Shape
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    abstract: frozenset[str] = frozenset()
    bodies: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    runtime_checkable: bool = False
    origin: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """The protocol's name."""
        return self.shape.name

    @property
    def version(self) -> str | None:
        """The version that the source declares, or None."""
        return self.shape.version

    @property
    def members(self) -> dict[str, Member]:
        """The members that belong to the contract, by name."""
        return {m.name: m for m in self.shape.members if not self.outside(m)}

    @staticmethod
    def outside(member: Member) -> bool:
        """Return True for members that the contract does not count.

        Those are the private ones, and the special methods that every object has.
        """
        special = member.name.startswith("__") and member.name.endswith("__")
        return member.name in vars(object) if special else member.name.startswith("_")

    @property
    def marks_optional(self) -> bool:
        """True when the protocol marks any member with ``@optional``."""
        return any(m.optional_since is not None for m in self.shape.members)

    def has_default(self, name: str) -> bool:
        """Return True when the member has a default that does something."""
        member = self.shape.member(name)
        if member is None or name in self.abstract:
            return False
        if isinstance(member, Attribute):
            return member.has_value
        return member.has_body

    def optional_names(self) -> frozenset[str]:
        """Return the members that an implementation may leave out.

        Those marked ``@optional``; in a protocol that never uses the marker, those whose body does
        something.
        """
        members = self.shape.members
        return may_be_missing(
            [m.name for m in members if m.optional_since is not None],
            [m.name for m in members if self.has_default(m.name)],
        )

    def to_json(self) -> dict[str, Any]:
        """Return the edition as data for a snapshot file."""
        data: dict[str, Any] = {
            "format": FORMAT,
            "protocol": self.name,
            "version": self.version,
            "shape": to_json(self.shape),
        }
        if self.definitions:
            data["definitions"] = [_definition_json(d) for _, d in sorted(self.definitions.items())]
        if self.abstract:
            data["abstract"] = sorted(self.abstract)
        if self.bodies:
            data["bodies"] = dict(sorted(self.bodies.items()))
        if self.runtime_checkable:
            data["runtime_checkable"] = True
        if self.values:
            data["values"] = dict(sorted(self.values.items()))
        return data


def class_shape(shape: Shape) -> Shape:
    """Return the shape of an ordinary class, without what every object or dataclass has."""
    generated = ("__replace__",)
    members = tuple(
        m for m in shape.members if not hasattr(object, m.name) and m.name not in generated
    )
    return replace(shape, members=members, version=None, doc="")


def _definition_json(definition: Definition) -> dict[str, Any]:
    data: dict[str, Any] = {"name": definition.name, "kind": definition.kind}
    for name in ("fields", "type_parameters"):
        if part := getattr(definition, name):
            data[name] = to_json(part)
    if definition.text:
        data["text"] = definition.text
    if definition.bases:
        data["bases"] = list(definition.bases)
    if definition.read_only:
        data["read_only"] = list(definition.read_only)
    if definition.also:
        data["also"] = list(definition.also)
    if definition.shape is not None:
        data["shape"] = to_json(definition.shape)
    return data


def edition_from_json(data: Mapping[str, Any], origin: str = "") -> Edition:
    """Return the edition that a snapshot holds.

    Args:
        data: what :meth:`Edition.to_json` gave.
        origin: where it was read.

    Raises:
        ValueError: the data is no snapshot, is incomplete, or has a newer format.
    """
    number = data.get("format")
    if not isinstance(number, int):
        raise ValueError("it has no format number, so it is not a protocol snapshot")
    if number > FORMAT:
        raise ValueError(f"its format is {number}, and this release reads up to {FORMAT}")
    shape = from_json(data.get("shape"))
    if not isinstance(shape, Shape):
        raise ValueError("it holds no shape")
    definitions = [_definition_from(item) for item in data.get("definitions", ())]
    return Edition(
        shape,
        {d.name: d for d in definitions},
        frozenset(data.get("abstract", ())),
        dict(data.get("bodies", {})),
        dict(data.get("values", {})),
        data.get("runtime_checkable") is True,
        origin,
    )


def _definition_from(data: Mapping[str, Any]) -> Definition:
    try:
        return Definition(
            data["name"],
            data["kind"],
            from_json(data.get("fields", [])),
            data.get("text", ""),
            tuple(data.get("bases", ())),
            from_json(data.get("type_parameters", [])),
            tuple(data.get("read_only", ())),
            from_json(data["shape"]) if "shape" in data else None,
            tuple(data.get("also", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a definition in it is incomplete: {error}") from None
