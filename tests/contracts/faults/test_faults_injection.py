"""The wrapper around a working extension is the extension, but for the fault."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import contextmanager
from typing import Any, Protocol

import pytest

from luminescent_cluster.contracts import Subject, UsageSubject
from luminescent_cluster.contracts.faults import Injection, NotApplicable
from luminescent_cluster.contracts.faults.generic import faults
from luminescent_cluster.contracts.shapes import accepts
from luminescent_cluster.extensions import UsageTracker


class Odd(Protocol):
    """Every kind of parameter."""

    def mixed(self, a: int, /, b: int, c: int = 3, *rest: int, d: int, e: int = 5, **more: int):
        """Take all kinds."""

    def plain(self, a: int, b: dict | None = None) -> list:
        """Take two."""

    async def later(self, a: int) -> int:
        """Answer later."""


class OddOne:
    """Says what it was called with."""

    size = 7

    def __len__(self) -> int:
        return self.size

    def mixed(self, a: int, /, b: int, c: int = 3, *rest: int, d: int, e: int = 5, **more: int):
        """Its own words."""
        return a, b, c, rest, d, e, more

    def plain(self, a: int, b: dict | None = None) -> list:
        return [a, b]

    async def later(self, a: int) -> int:
        await asyncio.sleep(0)
        return a + 1


def wrapped(put=lambda into: None, subject: Any = None, protocol: type = Odd) -> Subject:
    """Put a fault into a subject."""
    into = Injection(subject or Subject(OddOne()), protocol)
    put(into)
    return into.build()


@pytest.mark.parametrize("name", ["mixed", "plain", "later"])
def test_signature_and_words_are_kept(name):
    """What inspects the wrapper sees the method."""
    inner, outer = getattr(OddOne(), name), getattr(wrapped().extension, name)
    assert str(inspect.signature(outer)) == str(inspect.signature(inner))
    assert outer.__name__ == inner.__name__
    assert outer.__doc__ == inner.__doc__
    assert inspect.iscoroutinefunction(outer) == inspect.iscoroutinefunction(inner)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((1, 2), {"d": 4}),
        ((1,), {"b": 2, "d": 4, "e": 0}),
        ((1, 2, 9, 8, 7), {"d": 4, "z": 6}),
    ],
)
def test_every_argument_arrives(args, kwargs):
    """By position, by keyword, starred or left out."""
    assert wrapped().extension.mixed(*args, **kwargs) == OddOne().mixed(*args, **kwargs)


def test_a_coroutine_function_still_awaits():
    """And an after-change sees its result."""
    subject = wrapped(lambda into: into.after("later", lambda result, values: result * 10))
    assert asyncio.run(subject.extension.later(1)) == 20


def test_the_rest_is_the_extension():
    """Attributes are read and written through, and truth is the extension's."""
    extension = wrapped().extension
    assert extension.size == 7
    extension.size = 0
    assert not extension
    assert type(extension).__name__ == "OddOne"


def test_a_wrapper_without_a_fault_is_accepted():
    """No call that the protocol permits is rejected because of the wrapper."""
    assert accepts(wrapped().extension, Odd).ok


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("renames-a-parameter", "SIG-02"),
        ("swaps-parameters", "SIG-03"),
        ("asks-for-more", "DEF-03"),
        ("insists-on-the-optional", "DEF-01"),
        ("shifts-a-default", "DEF-02"),
        ("returns-a-coroutine", "SIG-04"),
        ("lacks-a-method", "SIG-01"),
    ],
)
def test_a_fault_of_the_signature_shows(name, clause):
    """The shapes see exactly what the fault says."""

    class Two(Protocol):
        def plain(self, a: int, b: dict | None = None) -> list: ...

        def pair(self, a: int, b: int) -> int: ...

    class Right:
        def plain(self, a: int, b: dict | None = None) -> list:
            return [a, b]

        def pair(self, a: int, b: int) -> int:
            return a + b

    subject = wrapped(faults[name].put, Subject(Right()), Two)
    assert clause in {r.clause_id for r in accepts(subject.extension, Two).rejections}


def test_an_interruption_is_noticed_while_it_lasts():
    """Whatever form the author's probe has, the fault knows when the backend is down."""
    ran = []

    def as_generator():
        ran.append("down")
        yield
        ran.append("up")

    for probe in (as_generator, contextmanager(as_generator), contextmanager(as_generator)()):
        ran.clear()
        into = Injection(UsageSubject(OddOne(), break_backend=probe), UsageTracker)
        down = into.interrupted("break_backend")
        assert not down()
        with into.build().probe("break_backend")():
            assert down()
            assert ran == ["down"]
        assert not down()
        assert ran == ["down", "up"]


def test_the_working_subject_stays_as_it_was():
    """Probes are replaced in the faulty subject only."""
    subject = Subject(OddOne(), recorded=lambda: [1])
    faulty = wrapped(lambda into: into.probe("recorded", lambda hook: list), subject)
    assert faulty.probe("recorded")() == []
    assert subject.probe("recorded")() == [1]
    assert isinstance(subject.extension, OddOne)


def test_a_fault_without_anything_to_bite_on_says_so():
    """Instead of surviving in silence."""

    class Bare(Protocol):
        def ping(self) -> None: ...

    class Ping:
        def ping(self) -> None: ...

    with pytest.raises(NotApplicable):
        wrapped(faults["renames-a-parameter"].put, Subject(Ping()), Bare)
