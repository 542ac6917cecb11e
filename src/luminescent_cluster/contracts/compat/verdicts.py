"""What a comparison says: changes, who breaks by them, and the uses that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .bumps import at_least, next_version
from .edition import Edition
from .rejections import Level
from .rules import RULES, Bump, Rule

__all__ = ["Change", "Comparison", "Witness"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A use that works on one version and fails on the other; it was really performed.

    Attributes:
        direction: who breaks.
        level: whether it fails when it runs, or only for a type checker.
        call: the use, as source.
        reason: what happens instead.
        outcome: what performing it on a stand-in gave.
    """

    direction: Literal["implementers", "callers"]
    level: Level
    call: str
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two versions.

    Attributes:
        rule_id: the rule that names it; see :attr:`rule`.
        member: the protocol's member, ``""`` for the protocol as a whole.
        text: what changed, in words.
        bump: what this change alone needs.
        witnesses: one for each way in which it breaks somebody; empty when nobody breaks.
    """

    rule_id: str
    member: str
    text: str
    bump: Bump
    witnesses: tuple[Witness, ...] = ()

    @property
    def rule(self) -> Rule:
        """The rule, with its text and an example."""
        return RULES[self.rule_id]

    @property
    def breaks_implementers(self) -> bool:
        """True when existing implementations fail under the new version."""
        return any(w.direction == "implementers" for w in self.witnesses)

    @property
    def breaks_callers(self) -> bool:
        """True when existing callers fail on implementations of the new version."""
        return any(w.direction == "callers" for w in self.witnesses)

    @property
    def level(self) -> Level | None:
        """When it shows: ``run time``, ``type checker``, or None when nobody breaks."""
        if not self.witnesses:
            return None
        found = {w.level for w in self.witnesses}
        return "run time" if "run time" in found else "type checker"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two versions of a protocol.

    Attributes:
        old: the older version.
        new: the newer version.
        changes: every change, those that break somebody first.
        bump: ``"MAJOR"``, ``"MINOR"``, ``"PATCH"``, or None when nothing changed.
        strict_hints: whether what only a type checker rejects counts as a break.
        notes: what else a reader should know.
    """

    old: Edition
    new: Edition
    changes: tuple[Change, ...] = ()
    bump: Bump | None = None
    strict_hints: bool = True
    notes: tuple[str, ...] = field(default=())

    def _counts(self, witness: Witness) -> bool:
        return self.strict_hints or witness.level == "run time"

    @property
    def breaks_implementers(self) -> bool:
        """True when an implementation that is right for the old version fails under the new."""
        return self._breaks("implementers")

    @property
    def breaks_callers(self) -> bool:
        """True when a caller that is right for the old version fails on a new implementation."""
        return self._breaks("callers")

    def _breaks(self, direction: str) -> bool:
        witnesses = (w for c in self.changes for w in c.witnesses)
        return any(w.direction == direction and self._counts(w) for w in witnesses)

    @property
    def declared(self) -> str | None:
        """The version that the new side declares, or None."""
        return self.new.version

    @property
    def required(self) -> str | None:
        """The least version that the new side must declare; None where the old one is unknown."""
        return next_version(self.old.version, self.bump) if self.old.version else None

    @property
    def version_ok(self) -> bool | None:
        """Whether the declared version is at least the required one; None where one is unknown."""
        if self.declared is None or self.required is None:
            return None
        return at_least(self.declared, self.required)
