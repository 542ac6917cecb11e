"""What the engine finds, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .binding import Layer
from .lookup import Found
from .nodes import Node


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an implementation does not satisfy a protocol.

    Attributes:
        clause_id: the clause that is violated, for instance ``SIG-02``.
        member: the protocol's member.
        witness: the shortest call that shows it, as source; ``""`` where no call is needed.
        reason: what happens instead, in words.
        parameter: the parameter that is to blame, ``""`` where none is.
    """

    clause_id: str
    member: str
    witness: str
    reason: str
    parameter: str = ""

    @property
    def level(self) -> str:
        """``MUST``, or ``SHOULD`` for annotations."""
        return "SHOULD" if self.clause_id == "SIG-05" else "MUST"

    def __str__(self) -> str:
        return f"{self.clause_id} {self.witness or self.member}: {self.reason}"


@dataclass(slots=True)
class Judgement:
    """All that was found about one implementation.

    ``inconclusive`` names what could not be decided, with the clause concerned.  ``places`` says
    for each method where the protocol's parameters landed, and ``attributes`` what was found under
    the name of each data member, for the comparison of annotations.
    """

    rejections: list[Rejection] = field(default_factory=list)
    inconclusive: list[Rejection] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    attributes: dict[str, Found] = field(default_factory=dict)
    places: dict[str, dict[str, tuple[Layer, str, Any]]] = field(default_factory=dict)
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def first(self, clause: str, member: str, culprit: str) -> bool:
        """Return True the first time this is asked: one finding, one rejection."""
        known = len(self.seen)
        self.seen.add((clause, member, culprit))
        return len(self.seen) > known
