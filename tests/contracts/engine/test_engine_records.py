"""Records: what is nothing but its fields is compared, copied and spoiled by them."""

import threading
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from luminescent_cluster.contracts.engine.compare import holds_poison, is_mutable, poison, same
from luminescent_cluster.contracts.engine.records import field_types, is_record


@dataclass
class Open:
    name: str
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Frozen:
    name: str


class Plain:
    def __init__(self, name: str) -> None:
        self.name = name
        self._secret = name


class Slotted:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Handle:
    """Something to work with, and not a value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> "Handle":
        return self

    def __exit__(self, *exc: object) -> None: ...


@pytest.mark.parametrize("make", [Open, Plain, Slotted, lambda name: SimpleNamespace(name=name)])
def test_a_record_is_its_fields(make: Any) -> None:
    """It is the same as another with equal fields, whatever its class says of equality."""
    value = make("a")
    assert same(value, make("a"))
    assert not same(value, make("b"))
    assert is_mutable(value)
    poison(value)
    assert holds_poison(value)


@pytest.mark.parametrize(
    "value",
    [Handle("a"), threading.Lock(), object(), "text", Handle],
    ids=lambda v: type(v).__name__,
)
def test_what_does_something_is_no_record(value: Any) -> None:
    """A handle, a lock, a class: nothing of these is spoiled."""
    assert not is_record(value)
    assert not is_mutable(value)


def test_what_cannot_be_changed_is_left() -> None:
    """A frozen record stays as it is."""
    value = Frozen("a")
    poison(value)
    assert value == Frozen("a")
    assert not is_mutable(value)


def test_what_is_spared_is_left() -> None:
    """An extension that answers itself is not spoiled with its answer."""
    value = Open("a")
    poison([value], spare=value)
    assert value == Open("a")


def test_a_record_tells_what_its_constructor_takes() -> None:
    """So that one can be made; nothing where one of its parameters is untold."""

    class Untold:
        def __init__(self, name) -> None:  # type: ignore[no-untyped-def]
            self.name = name

    assert field_types(Plain) == {"name": str}
    assert field_types(Untold) == {}
