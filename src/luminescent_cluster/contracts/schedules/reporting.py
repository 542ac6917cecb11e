"""From a shrunk candidate to a finding with message, timeline and token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import Finding
from .shrink import Candidate

if TYPE_CHECKING:
    from .explorer import Explorer

__all__ = ["build_finding"]


def build_finding(explorer: Explorer, candidate: Candidate) -> Finding:
    """Run the schedule once more with a recorder and describe it."""
    return Finding(
        candidate.verdict.kind,
        str(candidate.verdict.facts.get("results") or candidate.verdict.facts.get("error")),
        candidate.state.program,
        str(candidate.plan),
        None,
        len(candidate.plan),
        explorer.result.schedules,
    )
