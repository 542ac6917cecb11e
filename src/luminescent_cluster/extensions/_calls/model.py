"""What a protocol (or a class) offers to its callers, as plain data.

A :class:`Shape` is what the acceptance engine decides on.  It can come from a live class
(:func:`~luminescent_cluster.extensions._calls.live.shape_of`) or be read from source text without
importing anything; both must give *equal* shapes for the same source.  Live values ride along in
fields that take no part in comparison, hashing, ``repr`` or JSON.

Rules for a reader of source text
---------------------------------

Members
    The protocol's own methods, properties and annotated or assigned attributes, merged with those
    of the protocols it inherits from (the nearest definition in the method resolution order wins),
    sorted by name.  ``object``, ``Generic`` and ``Protocol`` contribute nothing.  Dunder names
    count only when they are methods or properties which the class text itself defines
    (``__call__``, ``__enter__``, ``__len__`` ...); ``__init__``, ``__new__``,
    ``__init_subclass__``, ``__class_getitem__``, ``__subclasshook__`` and dunder *data* never do.
    Names with one leading underscore are members (a type checker demands them), flagged by
    ``private``.  Nested classes are not members.
Parameters
    ``self`` or ``cls`` is dropped (never for a ``staticmethod``).  A positional parameter written
    ``__x`` (no trailing underscores, not preceded by an ordinary positional parameter) is
    positional-only by the convention of PEP 484; its name is the one in the source, not the
    mangled one.
Defaults
    :class:`Default` is canonical text: ``repr`` for a literal (``literal=True``; use
    :func:`~luminescent_cluster.extensions._calls.hints.default_from_source`), otherwise a dotted
    name or expression with imported names resolved (``literal=False``).  A name assigned once at
    module level to a literal is that literal.  Two defaults are certainly equal when the text is
    equal, certainly different when both are literal and the text differs, otherwise unknown.
Annotations
    :class:`Annotation` is canonical text, see
    :func:`~luminescent_cluster.extensions._calls.hints.canonical`: fully qualified names except
    builtins (bare) and names of the protocol's own module (relative, so that ``old.py`` and
    ``new.py`` can be compared); ``typing_extensions`` counts as ``typing``; ``typing.Dict`` is
    ``dict``, ``typing.Sequence`` is ``collections.abc.Sequence``; unions are flat, without
    duplicates, sorted, ``None`` last, so ``Optional[X]`` and ``X | None`` agree;
    ``Annotated[X, m]`` is ``X``; quotes vanish; an alias assigned at module level is what it
    stands for.
Flow
    ``async def`` is ``coroutine``, with a ``yield`` in it ``async-generator``; ``def`` with a
    ``yield`` is ``generator``; everything else is ``sync``, whatever it is annotated to return.
Overloads
    ``overloads`` lists the ``@overload`` signatures in source order; ``signature`` is that of the
    implementation, or of the first overload where a protocol gives no implementation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, cast

POSITIONAL_ONLY: Final = "positional-only"
POSITIONAL_OR_KEYWORD: Final = "positional-or-keyword"
VAR_POSITIONAL: Final = "var-positional"
KEYWORD_ONLY: Final = "keyword-only"
VAR_KEYWORD: Final = "var-keyword"

Kind = Literal[
    "positional-only", "positional-or-keyword", "var-positional", "keyword-only", "var-keyword"
]
Flow = Literal["sync", "coroutine", "async-generator", "generator"]
Binding = Literal["instance", "class", "static"]
AttributeKind = Literal["variable", "classvar", "property"]


class _Unknown:
    """The type of :data:`UNKNOWN`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()
"""Stands for a live value that is not at hand (a shape read from text or from a snapshot)."""


@dataclass(frozen=True, slots=True)
class Default:
    """The default of an optional parameter: canonical text and, when live, the value."""

    text: str
    literal: bool = True
    value: object = field(default=UNKNOWN, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A type hint: canonical text and, when live and resolvable, the hint itself."""

    text: str
    hint: object = field(default=UNKNOWN, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the TypedDict in ``**kwargs: Unpack[Options]``."""

    name: str
    required: bool
    annotation: Annotation | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; ``default`` is None when an argument must be given.

    ``fields`` is None unless a ``var-keyword`` parameter is an ``Unpack[TypedDict]`` whose keys
    are known: then those keys, and no others, are what a call may pass.
    """

    name: str
    kind: Kind = POSITIONAL_OR_KEYWORD
    default: Default | None = None
    annotation: Annotation | None = None
    fields: tuple[Field, ...] | None = None

    @property
    def variadic(self) -> bool:
        """True for ``*args`` and ``**kwargs``."""
        return self.kind in (VAR_POSITIONAL, VAR_KEYWORD)

    @property
    def required(self) -> bool:
        """True when every call must give an argument for it."""
        return self.default is None and not self.variadic

    @property
    def positional(self) -> bool:
        """True when an argument can be given by position."""
        return self.kind in (POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD)

    @property
    def by_keyword(self) -> bool:
        """True when an argument can be given by this name."""
        return self.kind in (POSITIONAL_OR_KEYWORD, KEYWORD_ONLY)


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameters as a caller sees them (no ``self``), and the return annotation."""

    parameters: tuple[Parameter, ...] = ()
    returns: Annotation | None = None

    def __str__(self) -> str:
        return signature_text(self)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a protocol.

    ``optional_since`` is the version given to ``@optional`` (None: not marked).  ``has_body`` is
    True when the body does something; ``...``, a docstring, ``pass`` and ``raise
    NotImplementedError`` are stubs.  ``opaque`` is True when the calls it permits cannot be known
    (no signature); such a method must exist, nothing more is asked.  ``doc`` is the cleaned
    docstring, not compared.
    """

    name: str
    signature: Signature = Signature()
    flow: Flow = "sync"
    binding: Binding = "instance"
    overloads: tuple[Signature, ...] = ()
    optional_since: str | None = None
    has_body: bool = False
    opaque: bool = False
    doc: str = field(default="", compare=False, repr=False)

    @property
    def private(self) -> bool:
        """True for ``_name``; dunder methods are not private."""
        return is_private(self.name)

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """What callers may rely on: the overloads where there are any."""
        return self.overloads or (self.signature,)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A data member: an annotated variable, a class variable or a property.

    ``settable`` is False for a read-only property and for ``Final``.  ``has_value`` is True when
    the class gives it a value (or the property a body).
    """

    name: str
    kind: AttributeKind = "variable"
    annotation: Annotation | None = None
    settable: bool = True
    has_value: bool = False
    optional_since: str | None = None
    doc: str = field(default="", compare=False, repr=False)

    @property
    def private(self) -> bool:
        """True for ``_name``."""
        return is_private(self.name)


@dataclass(frozen=True, slots=True)
class TypeParameter:
    """A type variable of a generic protocol, in the order of the protocol's parameters."""

    name: str
    kind: Literal["TypeVar", "ParamSpec", "TypeVarTuple"] = "TypeVar"
    bound: str = ""
    constraints: tuple[str, ...] = ()
    variance: Literal["invariant", "covariant", "contravariant", "inferred"] = "invariant"
    default: str = ""


Member = Method | Attribute


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything a caller may do with an object of one protocol version.

    ``version`` is whatever the reader was told; ``module`` is not compared, so that the same text
    read from two places gives equal shapes.
    """

    name: str
    members: tuple[Member, ...] = ()
    version: str | None = None
    type_parameters: tuple[TypeParameter, ...] = ()
    module: str = field(default="", compare=False)
    doc: str = field(default="", compare=False, repr=False)

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods, sorted by name."""
        return tuple(m for m in self.members if isinstance(m, Method))

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The data members, sorted by name."""
        return tuple(m for m in self.members if isinstance(m, Attribute))

    def member(self, name: str) -> Member | None:
        """Return the member of that name, or None."""
        return next((m for m in self.members if m.name == name), None)


def is_private(name: str) -> bool:
    """Return True for ``_name`` and ``__name``, False for public and dunder names."""
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def signature_text(signature: Signature, *, annotations: bool = True) -> str:
    """Return the signature as source, ``(a, /, b: int = 1, *, c) -> str``."""

    def parts() -> Iterator[str]:
        previous: Kind | None = None
        starred = False
        for parameter in signature.parameters:
            if previous == POSITIONAL_ONLY and parameter.kind != POSITIONAL_ONLY:
                yield "/"
            if parameter.kind == KEYWORD_ONLY and not starred:
                yield "*"
                starred = True
            starred = starred or parameter.kind == VAR_POSITIONAL
            yield _parameter_text(parameter, annotations)
            previous = parameter.kind
        if previous == POSITIONAL_ONLY:
            yield "/"

    arrow = f" -> {signature.returns.text}" if annotations and signature.returns else ""
    return f"({', '.join(parts())}){arrow}"


def _parameter_text(parameter: Parameter, annotations: bool) -> str:
    stars = {VAR_POSITIONAL: "*", VAR_KEYWORD: "**"}.get(parameter.kind, "")
    text = stars + parameter.name
    hint = parameter.annotation if annotations else None
    if hint is not None:
        text += f": {hint.text}"
    if parameter.default is not None:
        text += f" = {parameter.default.text}" if hint is not None else f"={parameter.default.text}"
    return text


_TYPES: Final = {
    cls.__name__: cls
    for cls in (
        Default,
        Annotation,
        Field,
        Parameter,
        Signature,
        Method,
        Attribute,
        TypeParameter,
        Shape,
    )
}


def to_json(value: object) -> Any:
    """Return ``value`` (a Shape or any part of one) as JSON-able data; live values are left out.

    Fields that hold their default are left out too, so that a snapshot stays small and a later
    field does not change the snapshots of protocols that do not use it.
    """
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if type(value).__name__ in _TYPES and hasattr(value, "__dataclass_fields__"):
        result: dict[str, Any] = {"is": type(value).__name__}
        for item in fields(value):  # type: ignore[arg-type]
            if item.name in ("value", "hint"):
                continue
            part = getattr(value, item.name)
            if part != item.default:
                result[item.name] = to_json(part)
        return result
    return value


def from_json(data: object) -> Any:
    """Return what :func:`to_json` was given, without its live values.

    Raises ValueError for data of another format, naming the part that is not understood.
    """
    if isinstance(data, list):
        return tuple(from_json(item) for item in data)
    if not isinstance(data, Mapping):
        return data
    mapping = cast("Mapping[str, object]", data)
    cls = _TYPES.get(str(mapping.get("is")))
    if cls is None:
        raise ValueError(f"not a part of a shape: {dict(mapping)!r}")
    known = {item.name for item in fields(cls)} - {"value", "hint"}
    given = {key: from_json(part) for key, part in mapping.items() if key != "is"}
    if unknown := sorted(set(given) - known):
        raise ValueError(
            f"{cls.__name__} has no field {unknown[0]!r} (written by a newer version?)"
        )
    try:
        return cls(**given)
    except TypeError as error:
        raise ValueError(f"incomplete {cls.__name__}: {error}") from None
