"""AL-EVT-06: details that the caller changes later."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.show import show
from .._sweep import sweep
from .events import Event, events, usual_events
from .index import Index
from .oddities import NO_KEYS, ODD
from .records import ABSENT, Record, says
from .trail import Trail, describe
from .waiting import in_outages, wait_out

clauses = Catalogue()

_LATER = "written-after-the-call"


def _nested(mark: str) -> dict[str, Any]:
    shared = {"who": f"{mark} shared"}
    return {
        "mark": mark,
        "query": f"{mark} top",
        "changes": {"from": f"{mark} one", "deep": {"list": [f"{mark} two", {"to": "three"}]}},
        "rows": [[f"{mark} four"], {"id": f"{mark} five"}],
        "first": shared,
        "second": shared,
        "gone": f"{mark} six",
    }


def _shallow(mark: str) -> dict[str, Any]:
    """Give details no deeper than core's; a logger may limit the depth."""
    return {
        "mark": mark,
        "query": f"{mark} top",
        "changes": {"from": f"{mark} one", "to": ["any"]},
        "gone": f"{mark} six",
    }


_PARTS = {
    "top": ("query",),
    "one": ("changes", "from"),
    "two": ("changes", "deep", "list"),
    "four": ("rows",),
    "five": ("rows", "id"),
    "six": ("gone",),
}
"""The texts in those details, and the keys above each."""

_BESIDE = ("a datetime", "a generator", "a tuple as key")
"""What may stand in them, too: not every copy, and no JSON, has it."""


def _with_odd(details: dict[Any, Any], kind: str | None, mark: str) -> dict[Any, Any]:
    if kind is None:
        return details
    key, value = ("odd", ODD[kind](mark)) if kind in ODD else (NO_KEYS[kind](mark), "odd")
    return {**details, key: value}


def _change(details: dict[str, Any], how: int) -> None:
    """Change details as a caller does that reuses its dict."""
    if how == 0:
        details["query"] = _LATER
    elif how == 1:
        details[_LATER] = True
    elif how == 2:
        del details["gone"]
    elif how == 3:
        details["changes"]["from"] = _LATER
    elif how == 4:
        details["changes"]["deep"]["list"].append(_LATER)
    elif how == 5:
        details["changes"]["deep"]["list"][1]["to"] = _LATER
    elif how == 6:
        details["rows"][0][0] = _LATER
    elif how == 7:
        details["first"]["who"] = _LATER
    elif how == 8:
        details["rows"][1].clear()
    else:
        details.clear()


@clauses.must(
    "AL-EVT-06",
    reason="core reuses and extends its dicts; a record that changes afterwards is not evidence",
    fix="copy.deepcopy the details, or serialise them, before log_event returns; dict(details) "
    "copies one level only",
    probes=("recorded",),
)
def later_changes_do_not_show(case: Case) -> None:
    """Details changed after the call, at any depth, do not change the record.

    Nor do they where the event waits out an outage.
    """
    trail = Trail(case)

    def check(
        base: Event,
        changes: list[int],
        again: bool,
        settle_first: bool,
        kind: str | None = None,
    ) -> None:
        trail.begin()
        event = trail.marked(base)
        try:
            event.details = _with_odd(_nested(event.mark), kind, event.mark)
            trail.send(event)
        except Refused:  # or a logger of few levels would depend on what is drawn
            event.details = _with_odd(_shallow(event.mark), kind, event.mark)
            trail.send(event)
        if settle_first:
            trail.settled(lambda found: bool(Index(found).about(event)))
        for how in dict.fromkeys(changes):
            try:
                _change(event.details, how)
            except (LookupError, TypeError):
                continue  # an earlier change took that place away
            trail.case.history.append(f"…  # details changed: now {show(event.details, 120)}")
        if again:  # the same dict once more, for another event
            later = trail.marked(base)
            later.details = event.details
            trail.send(later)
        unchanged(event)

    def waited(event: Event, how: int) -> None:
        event.details = _nested("mark-0001")
        for taken, _, _ in wait_out(trail, [event], lambda taken: _change(taken.details, how)):
            unchanged(taken)

    def unchanged(event: Event) -> None:
        found = trail.settled(lambda records: bool(_mentioning(trail, event, records)))
        own = [r for r in _mentioning(trail, event, found) if event.mark in r.text()]
        if not own:
            details_lost = [r for r in found if _LATER in r.text()]
            if not details_lost:
                raise Violation(f"{describe(event)} is not stored")
            own = details_lost
        texts = [record.text() for record in own]
        subject = trail.subject
        wanted = [
            f"{event.mark} {part}"
            for part, keys in _PARTS.items()
            if f"{event.mark} {part}" in str(event.sent)
            and not any(key in subject.masks for key in keys)
        ]
        if any(_LATER not in t and all(says(t, part, subject) for part in wanted) for t in texts):
            return
        raise Violation(
            describe(event),
            f"then the caller changed its dict to {show(event.details)}",
            f"and the record reads {own[0].brief()}",
        )

    jobs: list[dict[str, Any]] = [
        {"base": base, "changes": [how], "again": again, "settle_first": first}
        for how in range(10)
        for again in (False, True)
        for first in (False, True)
        for base in usual_events(case)
    ]
    jobs += [
        {"base": base, "changes": [how], "again": False, "settle_first": first, "kind": kind}
        for kind in _BESIDE
        for how in (0, 3, 5)
        for first in (False, True)
        for base in usual_events(case)
    ]
    sweep(case, check, jobs)
    sweep(case, waited, [{**job, "how": how} for how in (0, 3, 5) for job in in_outages(case)])
    case.for_all(
        check,
        base=events(case, details=st.just(None)),
        changes=st.lists(st.integers(0, 9), min_size=1, max_size=3),
        again=st.booleans(),
        settle_first=st.booleans(),
    )


def _mentioning(trail: Trail, event: Event, records: list[Record]) -> list[Record]:
    """Give the records with the event's own values, or with its mark."""
    return [
        record
        for record in records
        if event.mark in record.text() and all(record.field(n) is not ABSENT for n in event.values)
    ] or Index(records).about(event)
