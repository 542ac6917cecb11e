"""What became of one call on its way through the layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .binding import Bound, Layer
from .calls import Argument


@dataclass(frozen=True, slots=True)
class Given:
    """An argument that the caller did not write: ``self``, a preset, what a decorator adds."""

    what: str


SELF = Given("self")
ADDED = Given("added")
Token = Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one layer refuses a call."""

    bound: Bound
    layer: Layer
    depth: int
    text: str = ""

    @property
    def reason(self) -> str:
        """The reason in words."""
        where = " (behind a decorator)" if self.depth else ""
        return (self.text or self.bound.reason()) + where


@dataclass(slots=True)
class Trace:
    """What became of one call.

    ``landed`` says for each argument in which named parameter of which layer it ended; what only
    met ``*args`` or ``**kwargs`` is in ``collected``.  ``crossed`` holds those that a decorator
    gives to another parameter of the function behind, although that has one of their name.
    ``doubts`` are refusals by a layer which may get other arguments than the caller gave.
    """

    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    landed: dict[Argument, tuple[Layer, str, Any]] = field(default_factory=dict)
    collected: dict[Argument, tuple[Layer, ...]] = field(default_factory=dict)
    crossed: dict[Argument, str] = field(default_factory=dict)
    presets: dict[str, Any] = field(default_factory=dict)
    unseen: bool = False

    def include(self, inner: Trace, *, certain: bool) -> None:
        """Take over what happened behind; its problems are doubts unless they are ``certain``."""
        self.doubts += inner.doubts
        (self.problems if certain else self.doubts).extend(inner.problems)
        for argument, place in inner.landed.items():
            self.landed.setdefault(argument, place)
        for argument, layers in inner.collected.items():
            self.collected[argument] = (*self.collected.get(argument, ()), *layers)
        self.crossed.update(inner.crossed)
        self.presets.update(inner.presets)
        self.unseen = self.unseen or inner.unseen
