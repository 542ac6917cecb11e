"""Shapes: read from classes, kept as JSON, equal to what the source text says."""

# ruff: noqa: UP006, UP007, UP035, UP045 - the spellings are what is tested
from __future__ import annotations

import ast
import json
import typing
from typing import Any, ClassVar, Dict, Generic, List, Optional, Protocol, TypeVar, Union, overload

import pytest

from luminescent_cluster.contracts.shapes import (
    Default,
    Parameter,
    Signature,
    canonical,
    default_from_source,
    flow_from_node,
    from_json,
    is_stub,
    shape_of,
    signature_from_node,
    signature_text,
    to_json,
)
from luminescent_cluster.extensions import AuditLogger, TenantProvider, UsageTracker, optional

T = TypeVar("T")
SENTINEL = object()


class Base(Protocol[T]):
    """Generic base."""

    name: str
    KIND: ClassVar[int]

    def get(self, key: str) -> T: ...


class Everything(Base[int], Protocol):
    """All kinds of members."""

    def plain(self, a: int, /, b: str = "x", *rest: int, c: Any = SENTINEL, **options: str) -> None:
        """Document it."""

    async def awaited(self) -> int: ...
    @staticmethod
    def static(a: int) -> int: ...
    @classmethod
    def by_class(cls, a: int) -> int: ...
    @property
    def size(self) -> int: ...
    @optional(since="1.2.0")
    def late(self) -> None:
        return None

    @overload
    def over(self, x: int) -> int: ...
    @overload
    def over(self, x: str, y: bool = True) -> str: ...
    @overload
    async def later(self, x: int) -> int: ...
    @overload
    async def later(self, x: str) -> str: ...
    def __call__(self, x: int) -> None: ...
    def _hidden(self) -> None:
        raise NotImplementedError("later")


SHAPE = shape_of(Everything)


def signature_of(name: str) -> str:
    """Return a method's signature as text."""
    return str(SHAPE.member(name).signature)


@pytest.mark.parametrize("protocol", [Everything, TenantProvider, UsageTracker, AuditLogger])
def test_json_round_trip_gives_an_equal_shape(protocol):
    """Nothing that counts is lost."""
    shape = shape_of(protocol, "1.0.0")
    assert from_json(json.loads(json.dumps(to_json(shape)))) == shape


def test_json_of_another_format_is_refused_with_the_part_named():
    """A snapshot of a newer format is no silent loss."""
    with pytest.raises(ValueError, match="'colour'"):
        from_json({"is": "Shape", "name": "P", "colour": "red"})
    with pytest.raises(ValueError, match="not a part of a shape"):
        from_json({"is": "Cube"})
    with pytest.raises(ValueError, match="incomplete Shape"):
        from_json({"is": "Shape"})


def test_shape_is_hashable_and_equal_to_itself_read_again():
    """Shapes are dictionary keys."""
    assert len({SHAPE, shape_of(Everything)}) == 1


def test_inherited_members_are_merged_with_type_arguments_filled_in():
    """``Base[int]`` makes ``T`` an int."""
    assert signature_of("get") == "(key: str) -> int"
    assert [a.name for a in SHAPE.attributes] == ["KIND", "name", "size"]


def test_members_are_sorted_and_dunder_methods_count_only_when_written():
    """``__init__`` and what object has do not."""
    names = [m.name for m in SHAPE.members]
    assert names == sorted(names)
    assert [n for n in names if n.startswith("__")] == ["__call__"]
    assert SHAPE.member("_hidden").private


def test_parameters_keep_kind_default_and_hint():
    """As source."""
    text = "(a: int, /, b: str = 'x', *rest: int, c: typing.Any = SENTINEL, **options: str) -> None"
    assert signature_of("plain") == text
    assert signature_text(SHAPE.member("plain").signature, annotations=False).startswith("(a, /")


def test_flow_binding_and_optionality_are_read():
    """Each from where it is written."""
    assert SHAPE.member("awaited").flow == "coroutine"
    assert SHAPE.member("static").binding == "static"
    assert SHAPE.member("by_class").binding == "class"
    assert SHAPE.member("late").optional_since == "1.2.0"
    assert [str(s) for s in SHAPE.member("over").overloads] == [
        "(x: int) -> int",
        "(x: str, y: bool = True) -> str",
    ]
    assert SHAPE.member("later").flow == "coroutine"


def test_overloads_are_read_from_source_when_typing_has_forgotten_them(monkeypatch):
    """Before Python 3.11, and after ``typing.clear_overloads()``."""
    monkeypatch.setattr(typing, "get_overloads", lambda function: [], raising=False)
    again = shape_of(Everything)
    for name in ("over", "later"):
        assert again.member(name) == SHAPE.member(name)


def test_bodies_that_do_something_are_told_from_stubs():
    """``return None`` does something, a docstring and ``raise NotImplementedError`` do not."""
    assert SHAPE.member("late").has_body
    assert not SHAPE.member("plain").has_body
    assert not SHAPE.member("_hidden").has_body


@pytest.mark.parametrize(
    ("spelling", "text"),
    [
        ("Optional[Dict[str, 'int']]", "dict[str, int] | None"),
        ("None | dict[str, int]", "dict[str, int] | None"),
        ("Union[str, int, None]", "int | str | None"),
        ("List", "list"),
        ("typing.Sequence[int]", "collections.abc.Sequence[int]"),
        ("Literal['b', 'a']", "typing.Literal['a', 'b']"),
        ("Annotated[int, 'meta']", "int"),
        ("Callable[[int], 'str']", "collections.abc.Callable[[int], str]"),
        ("Unknown[int]", "Unknown[int]"),
        ("not an ( expression", "not an ( expression"),
    ],
)
def test_spellings_of_one_hint_have_one_text(spelling, text):
    """Aliases, order and quotes are no difference."""
    names = {"typing": "typing"}
    names.update({n: f"typing.{n}" for n in typing.__all__})

    def resolve(dotted):
        first, _, rest = dotted.partition(".")
        return ".".join(filter(None, [names.get(first, first), rest]))

    assert canonical(spelling, resolve) == text


HINTS = [
    (Optional[Dict[str, int]], "Dict[str, int] | None"),
    (Union[None, int, str], "str | int | None"),
    (List[int], "list[int]"),
    (int, "int"),
    (None, "None"),
]


@pytest.mark.parametrize(("hint", "written"), HINTS)
def test_live_and_written_hints_agree(hint, written):
    """A live hint and the same hint in quotes have one text."""

    class Live(Protocol):
        def f(self, x): ...

    class Written(Protocol):
        def f(self, x): ...

    Live.f.__annotations__["x"] = hint
    Written.f.__annotations__["x"] = written
    one, other = (shape_of(p).methods[0].signature.parameters[0] for p in (Live, Written))
    assert one.annotation == other.annotation


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1", ("1", True)),
        ("-1.5", ("-1.5", True)),
        ("{'b': [1, (2,)]}", ("{'b': [1, (2,)]}", True)),
        ("{3, 1, 2}", ("{1, 2, 3}", True)),
        ("None", ("None", True)),
        ("Color.RED", ("colors.Color.RED", False)),
        ("timedelta(days=1)", ("datetime.timedelta(days=1)", False)),
    ],
)
def test_default_text_from_source(source, expected):
    """Literals are normalised, names are resolved."""
    names = {"Color.RED": "colors.Color.RED", "timedelta": "datetime.timedelta"}
    assert default_from_source(source, names.get) == expected


def test_signature_from_text_equals_the_live_one():
    """Static readers build on this."""
    node = ast.parse("def f(self, a, /, b: 'int' = 1, *r, c: str, **k) -> None: ...").body[0]
    space: dict[str, Any] = {}
    exec("class P:\n    def f(self, a, /, b: 'int' = 1, *r, c: str, **k) -> None: ...", space)
    static = signature_from_node(node, lambda name: None, drop_first=True)
    assert static == shape_of(space["P"]).methods[0].signature


@pytest.mark.parametrize(
    ("source", "flow", "stub"),
    [
        ("def f(): ...", "sync", True),
        ("def f(): return None", "sync", False),
        ("async def f(): pass", "coroutine", True),
        ("async def f():\n    raise NotImplementedError\n    yield", "async-generator", True),
        ("def f():\n    def g(): yield\n    return g", "sync", False),
    ],
)
def test_flow_and_stub_from_text(source, flow, stub):
    """Nested functions do not count."""
    node = ast.parse(source).body[0]
    assert flow_from_node(node) == flow
    assert is_stub(node.body) is stub


def test_defaults_compare_by_text_and_not_by_live_value():
    """A shape from a snapshot equals the live one."""
    assert Default("None", True, None) == Default("None")
    assert Parameter("a").required
    assert Signature() == Signature((), None)


def test_shape_is_read_from_classes_only():
    """An instance is a mistake that is said at once."""
    with pytest.raises(TypeError, match="read from a class"):
        shape_of(5)


class Plain(Generic[T]):
    """Not a protocol."""

    def __init__(self) -> None: ...
    def do(self, x: T) -> None: ...


def test_ordinary_class_is_read_in_the_same_way():
    """Implementations have shapes too."""
    assert [m.name for m in shape_of(Plain).members] == ["do"]
