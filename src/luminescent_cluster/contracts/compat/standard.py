"""Protocols of the standard library, which have no source that a type checker would read."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from luminescent_cluster.contracts.shapes import Method, Shape, shape_of
from luminescent_cluster.extensions._calls.model import Member

__all__ = ["MODULES", "standard_member", "standard_shape"]

MODULES: Final = frozenset({"typing", "collections.abc", "contextlib", "typing_extensions", "abc"})
"""Where the protocols of the standard library stand."""


def standard_shape(cls: type) -> Shape:
    """Return the shape of a class of the standard library."""
    shape = shape_of(cls)
    return replace(shape, members=tuple(map(standard_member, shape.members)))


def standard_member(member: Member) -> Member:
    """Return a member of the standard library as it is meant.

    ``Iterable.__iter__`` is a generator only in its stub of a body: what it promises is an
    iterator of any kind.
    """
    stub = isinstance(member, Method) and member.flow in ("generator", "async-generator")
    return replace(member, flow="sync") if stub and isinstance(member, Method) else member
