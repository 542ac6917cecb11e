"""What changed between two documents, clause by clause."""

from __future__ import annotations

import dataclasses
from collections import Counter

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

    A subject's run is matched with the run of the same interpreter; where several have it, with
    the one of the same label. Where each document has one run, those two are matched.
    """
    before, after = _statuses(old), _statuses(new)
    if len(old.runs) == 1 and len(new.runs) == 1:
        before, after = _without_run(before), _without_run(after)
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


def _statuses(document: Document) -> dict[_Key, Status]:
    columns = document.columns()
    places = Counter((column.run.environment.label, column.subject) for column in columns)
    found: dict[_Key, Status] = {}
    for column in columns:
        place = (column.run.environment.label, column.subject)
        run = place[0] if place[0] and places[place] == 1 else column.run.label
        for clause_id, result in column.results.items():
            found[run, column.subject, clause_id] = result.status
    return found


def _without_run(statuses: dict[_Key, Status]) -> dict[_Key, Status]:
    return {("", subject, clause): status for (_, subject, clause), status in statuses.items()}


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
