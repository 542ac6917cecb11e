"""How one result is told as the outcome of a test."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..clauses import Level, Result, Status, Waiver

__all__ = ["Telling", "tell", "waiver_for"]


class Telling(NamedTuple):
    """What a test runner should say about a result.

    Attributes:
        outcome: ``"passed"``, ``"failed"``, ``"skipped"`` or ``"tolerated"`` (a known failure).
        text: the whole message.
        brief: one line of it.
    """

    outcome: Literal["passed", "failed", "skipped", "tolerated"]
    text: str
    brief: str


def waiver_for(result: Result, waivers: Sequence[Waiver], today: datetime.date) -> Waiver | None:
    """Give the waiver that tolerates a failure, or None."""
    if result.status is not Status.FAILED:
        return None
    for waiver in waivers:
        if waiver.covers(result) and waiver.expires >= today:
            return waiver
    return None


def tell(result: Result, text: str, waiver: Waiver | None, *, strict: bool) -> Telling:
    """Decide how a result is told.

    Only a clause that passed is ever told as passed. A failed SHOULD is tolerated, unless strict.

    Args:
        result: the clause's.
        text: the clause's sentence.
        waiver: what tolerates it, or None.
        strict: whether a SHOULD weighs as a MUST.
    """
    weighs = strict or result.level is Level.MUST
    notes = "".join(f"\n  note: {note}" for note in result.notes)
    head = f"{result.clause_id} {result.level.value}  {text}"
    first = (result.evidence or (result.message,))[0].partition("\n")[0]
    if result.status is Status.PASSED:
        return Telling("passed", "", "")
    if result.status is Status.FAILED:
        if waiver is not None:
            brief = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason}"
            return Telling("tolerated", result.message + notes, brief)
        if not weighs:
            return Telling("tolerated", result.message + notes, f"SHOULD not met: {first}")
        return Telling("failed", result.message + notes, first)
    if result.status in (Status.UNVERIFIED, Status.EXCUSED):
        return Telling("skipped", result.message, f"{result.status.value}: {first}")
    body = "\n".join(f"  {line}" for line in result.message.splitlines())
    whole = f"{head}\n  {result.status.value}:\n{body}{notes}"
    brief = f"{result.status.value}: {first}"
    if result.status is Status.INCONCLUSIVE and not weighs:
        return Telling("skipped", result.message, brief)
    return Telling("failed", whole, "kit " + brief if result.status is Status.ERROR else brief)
