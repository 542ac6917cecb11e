"""How a check says what it found. A check that returns has passed."""

from __future__ import annotations

from .model import Level

__all__ = ["Excused", "Inconclusive", "NoInstance", "Outcome", "Unverified", "Violation"]


class Outcome(Exception):
    """Base of what a check may raise besides a violation."""


class Violation(AssertionError):
    """The extension breaks the clause.

    Explicitly an exception rather than an ``assert``: ``python -O`` strips an assert, and foreign
    runners blank its text.

    Attributes:
        evidence: lines that show the smallest case: the call, what came back, what was expected.
        fix: what to do about it; the clause's own fix where None.
        level: replaces the clause's level where a lesser one is right (TYP-02 for an untyped
            implementation).
        history: the calls of the failing example, as lines of code.
        final: whether looking for a smaller example is not worth it (each try hangs again).
    """

    def __init__(
        self,
        *evidence: str,
        fix: str | None = None,
        level: Level | None = None,
        history: tuple[str, ...] = (),
    ) -> None:
        super().__init__("\n".join(evidence))
        self.evidence = evidence
        self.fix = fix
        self.level = level
        self.history = history
        self.final = False


class Inconclusive(Outcome):
    """The check ran and saw nothing that it could judge; the message says what to give it."""


class Unverified(Outcome):
    """A probe is missing; the message names it and says how to give it.

    Attributes:
        probe: name of the missing hook.
    """

    def __init__(self, probe: str, message: str = "") -> None:
        super().__init__(message or f"needs the probe {probe}")
        self.probe = probe


class Excused(Outcome):
    """The subject declares that the clause does not concern it; the message repeats why."""


class NoInstance(Outcome):
    """No extension could be made: the factory raised, hung or gave nothing usable."""
