"""What a clause is, and the words for how one came out."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Clause", "Level", "Status", "Verdict"]


class Level(str, enum.Enum):
    """How much a clause weighs: only a MUST decides the verdict, unless the run is strict."""

    MUST = "MUST"
    SHOULD = "SHOULD"

    __str__ = str.__str__


class Status(str, enum.Enum):
    """How a clause came out for one subject."""

    PASSED = "passed"
    FAILED = "failed"
    WAIVED = "waived"
    """A known failure, with a reason, an owner and an expiry date."""
    INCONCLUSIVE = "inconclusive"
    """It ran and saw nothing: no call reached the method, or every example was rejected."""
    UNVERIFIED = "unverified"
    """A probe is missing."""
    NOT_RUN = "not run"
    """Deselected, skipped, its worker lost, or no instance could be made."""
    ERROR = "error"
    """The kit itself failed; never blamed on the author."""
    EXCUSED = "excused"
    """The subject declares that the clause does not concern it (``rbac=False``); always shown."""

    __str__ = str.__str__


class Verdict(str, enum.Enum):
    """The one word over all clauses of a subject, or of a run."""

    CONFORMANT = "CONFORMANT"
    CONFORMANT_WITH_WAIVERS = "CONFORMANT WITH WAIVERS"
    NON_CONFORMANT = "NON-CONFORMANT"
    INCOMPLETE = "INCOMPLETE"

    __str__ = str.__str__

    @property
    def ok(self) -> bool:
        """Whether this may be shown as success."""
        return self in (Verdict.CONFORMANT, Verdict.CONFORMANT_WITH_WAIVERS)


def _always(protocol: type) -> bool:
    return True


_ID = re.compile(r"[A-Z]{2,3}(-[A-Z]{3})?-[0-9]{2}\Z")


@dataclass(frozen=True)
class Clause:
    """One testable sentence about extensions.

    Attributes:
        id: stable, of fixed width, never reused; ``-k`` selects it exactly.
        level: MUST or SHOULD.
        text: the sentence; the docstring's first paragraph of its check.
        reason: why it matters, in one or two sentences.
        fix: what an author usually does about a failure.
        since: kit version that introduced it, so that an upgrade surprises nobody.
        probes: names of the subject's hooks without which it cannot be judged.
        check: called with the case; returns quietly, or raises one of the outcomes in
            :mod:`~luminescent_cluster.contracts.clauses.outcomes`.
        details: the rest of the docstring.
        applies: tells of a protocol class whether the clause can say anything about it; where it
            cannot (no optional method, nothing mutable), the clause is left out.
        explores: whether it explores thread schedules, so that it can replay one.
    """

    id: str
    level: Level
    text: str
    reason: str
    fix: str
    since: str
    probes: tuple[str, ...]
    check: Callable[[Any], None] = field(repr=False, compare=False)
    details: str = ""
    applies: Callable[[type], bool] = field(default=_always, repr=False, compare=False)
    explores: bool = field(default=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _ID.match(self.id):
            raise ValueError(
                f"clause id {self.id!r} is not of the form FAM-01 or FA-TOP-01 (fixed width, so "
                "that selecting one never selects another)"
            )
        for name in ("text", "reason", "fix", "since"):
            if not getattr(self, name).strip():
                raise ValueError(f"clause {self.id} has no {name}; every clause states one")

    @property
    def family(self) -> str:
        """The id without its number, for instance ``"TP-FLT"``."""
        return self.id.rpartition("-")[0]
