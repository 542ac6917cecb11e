"""AL-EVT-06 and 07: details that change later, and details that nothing can serialise."""

from __future__ import annotations

import datetime
import decimal
import pathlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.show import show, show_call, show_error
from .._sweep import sweep
from .events import Event, events, usual_events
from .records import ABSENT, Record, unmasked
from .trail import Index, Trail, describe

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


_PARTS = {
    "top": ("query",),
    "one": ("changes", "from"),
    "two": ("changes", "deep", "list"),
    "four": ("rows",),
    "five": ("rows", "id"),
    "six": ("gone",),
}
"""The texts in those details, and the keys above each."""


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
    """Details changed after the call, at any depth, do not change the record."""
    trail = Trail(case)

    def check(base: Event, changes: list[int], again: bool, settle_first: bool) -> None:
        trail.begin()
        event = trail.marked(base)
        event.details = _nested(event.mark)
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
        found = trail.settled(lambda records: bool(_mentioning(trail, event, records)))
        own = [r for r in _mentioning(trail, event, found) if event.mark in r.text()]
        if not own:
            details_lost = [r for r in found if _LATER in r.text()]
            if not details_lost:
                raise Violation(f"{describe(event)} is not stored")
            own = details_lost
        texts = [record.text() for record in own]
        wanted = [
            f"{event.mark} {part}"
            for part, keys in _PARTS.items()
            if not any(key in trail.subject.masks for key in keys)
        ]
        if any(_LATER not in text and all(part in text for part in wanted) for text in texts):
            return
        raise Violation(
            describe(event),
            f"then the caller changed its dict to {show(event.details)}",
            f"and the record reads {own[0].brief()}",
        )

    jobs = [
        {"base": base, "changes": [how], "again": again, "settle_first": first}
        for how in range(10)
        for again in (False, True)
        for first in (False, True)
        for base in usual_events(case)
    ]
    sweep(case, check, jobs)
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


class _Unhelpful:
    """Cannot be serialised, copied, compared or shown."""

    __slots__ = ("mark",)

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("no pickle, no copy")


class _Shown:
    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __repr__(self) -> str:
        return f"<shown {self.mark}>"


def _cycle(mark: str) -> dict[str, Any]:
    cycle: dict[str, Any] = {"name": mark}
    cycle["self"] = cycle
    return cycle


def _deep(levels: int) -> Any:
    inner: Any = []
    for _ in range(levels):
        inner = [inner]
    return inner


_ODD: Mapping[str, Callable[[str], Any]] = {
    "a set": lambda mark: {mark},
    "bytes": lambda mark: b"\xff\x00" + mark.encode(),
    "a datetime": lambda mark: datetime.datetime(2026, 3, 29, 2, 30),
    "a date": lambda mark: datetime.date(2026, 2, 28),
    "a Decimal": lambda mark: decimal.Decimal("19.99"),
    "a UUID": lambda mark: uuid.UUID(int=7),
    "a path": lambda mark: pathlib.PurePosixPath("/srv") / mark,
    "an object": lambda mark: _Shown(mark),
    "an object without repr": _Unhelpful,
    "an exception": lambda mark: ValueError(mark),
    "a class": lambda mark: _Shown,
    "a function": lambda mark: len,
    "NaN": lambda mark: float("nan"),
    "infinity": lambda mark: float("inf"),
    "a complex number": lambda mark: 1j,
    "a cycle": _cycle,
    "deep nesting": lambda mark: _deep(400),
    "a lone surrogate": lambda mark: f"{mark}\ud800",
    "a huge number": lambda mark: 10**5_000,
    "a generator": lambda mark: (n for n in (1, 2)),
    "a text of 100 kB": lambda mark: f"{mark} " + "long " * 20_000,
    "a text of 2 MB": lambda mark: f"{mark} " + "longer " * 300_000,
    "a list of 20,000": lambda mark: [mark, *range(20_000)],
    "a memoryview": lambda mark: memoryview(mark.encode()),
}
_NO_KEYS: Mapping[str, Callable[[str], Any]] = {
    "a tuple as key": lambda mark: ("a", 1),
    "None as key": lambda mark: None,
    "a number as key": lambda mark: 17,
    "bytes as key": lambda mark: b"key",
    "an object as key": lambda mark: _Shown(mark),
}


@clauses.must(
    "AL-EVT-07",
    reason="what an attacker makes unserialisable must not be what goes unrecorded",
    fix="render what JSON cannot carry (json.dumps(…, default=repr) and keys as text), or raise; "
    "never skip keys, replace the details, or swallow the error in a writer thread",
    probes=("recorded",),
)
def no_silent_loss(case: Case) -> None:
    """Details that cannot be serialised are recorded in some rendering, or the call raises.

    What stands beside them is recorded too, and so are the events that follow.
    """
    trail = Trail(case)

    def check(base: Event, kind: str, nested: bool) -> None:
        trail.begin()
        event = trail.marked(base)
        names = [unmasked(name, trail.subject) for name in ("plain", "inner", "odd")]
        event.details = _odd_details(kind, event.mark, nested, names)
        refused = False
        try:
            trail.send(event)
        except Refused:
            refused = True
            case.looked()
        following = trail.send(trail.marked(Event(base.method, base.values, {"after": "it"})))
        trail.require_recorded([following])
        if not refused:
            _rendered(trail, event, kind, names)

    kinds = (*_ODD, *_NO_KEYS)
    jobs = [
        {"base": base, "kind": kind, "nested": nested}
        for nested in (False, True)
        for kind in kinds
        for base in usual_events(case)
    ]
    sweep(case, check, jobs)
    case.for_all(
        check,
        base=events(case, details=st.just(None)),
        kind=st.sampled_from(kinds),
        nested=st.booleans(),
        examples=max(5, case.profile.examples // 4),
    )


def _odd_details(kind: str, mark: str, nested: bool, names: list[str]) -> dict[Any, Any]:
    plain, inner, name = names
    if kind in _ODD:
        odd: dict[Any, Any] = {name: _ODD[kind](mark)}
    else:
        odd = {_NO_KEYS[kind](mark): f"{mark} odd"}
    return {plain: f"{mark} beside", **({inner: odd} if nested else odd)}


def _rendered(trail: Trail, event: Event, kind: str, names: list[str]) -> None:
    _, inner, name = names

    def there(records: list[Record]) -> bool:
        return bool(_of(event, records))

    found = _of(event, trail.settled(there))
    told = f"{_call(event)} with {kind} in details"
    if not found:
        raise Violation(told, "returned, and is not stored")
    if len(found) > 1:
        raise Violation(told, f"is stored {len(found)} times")
    record = found[0]
    details = record.field("details")
    if details is ABSENT or details is None or details in ({}, "", [], "{}", "null"):
        raise Violation(told, f"is stored without its details: {record.brief()}")
    text = record.text()
    if f"{event.mark} beside" not in text:
        raise Violation(
            told, f"lost what stands beside it, {event.mark!r} + ' beside': {show(details)}"
        )
    if kind in _NO_KEYS:
        if f"{event.mark} odd" not in text:
            raise Violation(told, f"lost the value under that key: {show(details)}")
        return
    holder = details.get(inner, details) if isinstance(details, Mapping) else details
    if isinstance(holder, Mapping):
        if name not in holder and name not in text:
            raise Violation(told, f"lost the key {name!r}: {show(details)}")
        if holder.get(name, "") is None:
            raise Violation(told, f"turned it into None: {show(details)}")


def _of(event: Event, records: list[Record]) -> list[Record]:
    """Give the records of an event by its other values; its details may look like anything."""
    named = [n for n, value in event.values.items() if event.mark in value]
    if named:
        return [r for r in records if any(event.mark in str(r.field(n)) for n in named)]
    return Index(records).about(event)


def _call(event: Event) -> str:
    try:
        return show_call(event.method, (), {**event.values, "details": event.details})
    except Exception as error:
        return f"{event.method}(…): {show_error(error)}"
