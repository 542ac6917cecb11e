"""From a shrunk candidate to a finding with message, timeline and token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .choosing import Planned
from .describe import describe, finding_kind
from .model import Finding
from .recorder import Recorder
from .shrink import Candidate
from .tokens import Token, digest

if TYPE_CHECKING:
    from .explorer import Explorer

__all__ = ["build_finding"]


def build_finding(explorer: Explorer, candidate: Candidate) -> Finding:
    """Run the schedule once more with a recorder and describe what it shows."""
    session, state = explorer.session, candidate.state
    recorder = Recorder(session.points)
    run, verdict = explorer.run(state, Planned(candidate.plan), recorder)
    verdict = verdict or candidate.verdict
    program = state.program
    token = Token(program, candidate.plan, digest(program, recorder.codes.values()))
    titles = {chr(97 + index): f"thread {chr(97 + index)}" for index in range(len(program.threads))}
    titles |= {
        name: f"the extension's thread {name}" for name in recorder.threads if name[0] == "w"
    }
    message = describe(
        verdict, run, program, state.sequential, session.scope, session.observers, recorder.taken
    )
    return Finding(
        kind=finding_kind(verdict),
        message=message,
        program=program,
        token=token.encode(explorer.calls),
        timeline=recorder.timeline(titles),
        switches=len(candidate.plan),
        schedules=explorer.result.schedules,
    )
