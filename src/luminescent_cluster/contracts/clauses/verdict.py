"""From results to the one word."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Clause, Level, Status, Verdict
from .result import Result

__all__ = ["complete", "judge"]

_UNDECIDED = (Status.INCONCLUSIVE, Status.UNVERIFIED, Status.NOT_RUN, Status.ERROR)


def judge(results: Iterable[Result], *, strict: bool = False) -> Verdict:
    """Give the verdict over results that :func:`complete` has completed.

    Args:
        results: one for each clause of each subject.
        strict: let a SHOULD weigh as a MUST.

    Returns:
        NON-CONFORMANT where a MUST failed; else INCOMPLETE where one was not decided or there is
        nothing at all; else CONFORMANT, with or without waivers.
    """
    counted = [r for r in results if strict or r.level is Level.MUST]
    statuses = {result.status for result in counted}
    if Status.FAILED in statuses:
        return Verdict.NON_CONFORMANT
    if not statuses - {Status.EXCUSED} or not statuses.isdisjoint(_UNDECIDED):
        return Verdict.INCOMPLETE
    if Status.WAIVED in statuses:
        return Verdict.CONFORMANT_WITH_WAIVERS
    return Verdict.CONFORMANT


def complete(
    clauses: Iterable[Clause], results: Iterable[Result], subject: str, missing: str
) -> list[Result]:
    """Put the results of one subject into the catalogue's order, adding what never ran.

    Args:
        clauses: every clause that applies to the subject.
        results: what ran; results of other subjects are passed over.
        subject: the binding's name.
        missing: the message for a clause without a result.

    Returns:
        One result for each clause; a clause without one has status ``not run``.
    """
    ran = {result.clause_id: result for result in results if result.subject == subject}
    return [
        ran.get(clause.id)
        or Result(clause.id, clause.level, Status.NOT_RUN, missing, subject=subject)
        for clause in clauses
    ]
