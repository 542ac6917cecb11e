"""Questions about types that hold themselves: taken to be so until something objects.

Types may hold each other in more ways than can be walked, and deeper than Python can recurse. So
nothing is walked: a question that comes up while another one is decided is answered by yes, and
noted. Each is decided once; where one turns out as no, those that leaned on it are decided again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field

from .terms import Named, SelfTerm, Term, Variable, parts

__all__ = ["Assumptions", "by_name", "exactly"]


def by_name(term: Term) -> Hashable:
    """Return what a type has in common with itself for other arguments, which may grow for ever."""
    if isinstance(term, Named) and term.name:
        return term.name, term.scope.side if term.scope is not None else -1
    return str(term), -1


def exactly(term: Term) -> Hashable:
    """Return what is equal for two types only where one may stand for the other."""
    return str(term), tuple(_sides(term))


def _sides(term: Term) -> Iterator[Hashable]:
    """Yield the version that each name in a type is from; None for one that both know."""
    if isinstance(term, Variable):
        yield term.side
    elif isinstance(term, SelfTerm):
        yield term.of and term.of.name
    elif isinstance(term, Named):
        yield term.scope.side if term.scope and term.definition else None
    for part in parts(term):
        yield from _sides(part)


@dataclass(eq=False, slots=True)
class _Question:
    fact: Hashable
    decide: Callable[[], bool]
    path: frozenset[Hashable]


@dataclass(slots=True)
class Assumptions:
    """What holds, as far as is known, and what is still to be decided."""

    _holds: dict[Hashable, bool] = field(default_factory=dict)
    _waiting: deque[_Question] = field(default_factory=deque)
    _leaning: dict[Hashable, dict[_Question, None]] = field(default_factory=dict)
    _now: _Question | None = None

    def settle(self, kind: Hashable, fact: Hashable, decide: Callable[[], bool]) -> bool:
        """Return whether something holds; while another question is decided, whether it may hold.

        Args:
            kind: what one question has in common with those that it leads to for ever, as the
                arguments of a type may grow; of these only the first is decided.
            fact: all that the answer depends on.
            decide: finds the answer, and may ask on; may be called more than once.
        """
        asking = self._now
        path = asking.path if asking is not None else frozenset()
        if fact not in self._holds and kind not in path:
            self._holds[fact] = True
            self._waiting.append(_Question(fact, decide, path | {kind}))
        if asking is None:
            return self._decided(fact)
        if self._holds.get(fact, True):
            self._leaning.setdefault(fact, {})[asking] = None
        return self._holds.get(fact, True)

    def _decided(self, fact: Hashable) -> bool:
        while self._waiting and self._holds[fact]:
            question = self._now = self._waiting.popleft()
            try:
                holds = not self._holds[question.fact] or question.decide()
            finally:
                self._now = None
            if not holds:
                self._holds[question.fact] = False
                self._waiting.extend(self._leaning.pop(question.fact, ()))
        return self._holds[fact]
