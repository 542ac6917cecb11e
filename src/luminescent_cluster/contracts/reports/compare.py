"""What changed between two documents, clause by clause."""

from __future__ import annotations

import dataclasses

from ..clauses import Status
from .document import Change, Document

__all__ = ["compare"]

_RANK = {
    Status.PASSED: 0,
    Status.EXCUSED: 1,
    Status.WAIVED: 2,
    Status.UNVERIFIED: 3,
    Status.INCONCLUSIVE: 4,
    Status.NOT_RUN: 5,
    Status.ERROR: 6,
    Status.FAILED: 7,
}
_ORDER = ("worse", "gone", "new", "changed", "better")
_Key = tuple[str, str, str]


def compare(old: Document, new: Document) -> Document:
    """Give the new document with its changes against the old one, the worst first.

    Runs are matched by their labels; where each document has one run, those two.
    """
    alone = len(old.runs) == 1 and len(new.runs) == 1
    before, after = _statuses(old, alone), _statuses(new, alone)
    changes = []
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        if was is now:
            continue
        run, subject, clause_id = key
        changes.append(
            Change(
                _kind(was, now),
                subject,
                clause_id,
                was.value if was else "",
                now.value if now else "",
                run,
            )
        )
    changes.sort(key=lambda change: _ORDER.index(change.kind))
    return dataclasses.replace(new, changes=tuple(changes), compared=old.verdict)


def _statuses(document: Document, alone: bool) -> dict[_Key, Status]:
    return {
        ("" if alone else run.label, result.subject, result.clause_id): result.status
        for run in document.runs
        for result in run.report.results
    }


def _kind(was: Status | None, now: Status | None) -> str:
    if was is None:
        return "new"
    if now is None:
        return "gone"
    # From one undecided status to another is news, and neither good nor bad.
    decided = (Status.PASSED, Status.EXCUSED, Status.WAIVED, Status.FAILED)
    if was not in decided and now not in decided:
        return "changed"
    return "worse" if _RANK[now] > _RANK[was] else "better"
