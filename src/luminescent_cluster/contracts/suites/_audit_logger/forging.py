"""AL-EVT-05: what a field holds stays in that field."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.show import show
from .events import Event, events, free_fields
from .records import ABSENT, Record, rendering
from .trail import Index, Trail, describe

clauses = Catalogue()

_FORGED = "forged-by-payload"
_FAKE = {
    "timestamp": "2026-01-01T00:00:00+00:00",
    "event_type": "login",
    "actor": _FORGED,
    "resource": _FORGED,
    "action": "delete",
    "outcome": "success",
    "severity": "info",
    "message": _FORGED,
    "details": {},
}
_LINE = json.dumps(_FAKE)
_DELIMITED = f"login{{0}}{_FORGED}{{0}}{_FORGED}{{0}}delete{{0}}success"

_PAYLOADS = (
    *(f"x{end}{_LINE}" for end in ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028",
                                   "\u2029", "\0", "\n\n", "\n\t")),
    *(f"x\n{_DELIMITED.format(mark)}" for mark in ("|", ",", ";", "\t", " ", "=", ":", "\x1f")),
    *(f"x{mark}{_FORGED}{mark}y" for mark in ("|", ",", ";", "\t", "=", " ", ":", "&", "\x1e")),
    f'x","actor":"{_FORGED}","outcome":"success',
    f'x"}}\n{_LINE}',
    f'"}},{_LINE},{{"x":"',
    f"x\n2026-01-01 00:00:00 INFO audit actor={_FORGED} outcome=success",
    f"x\x1b[2K\x1b[1A{_FORGED}",
    f"x\x08\x08\x08{_FORGED}",
    f"x', '{_FORGED}'); DELETE FROM audit; --",
    f"x</event><event><actor>{_FORGED}</actor></event><event>",
    f"x actor={_FORGED} outcome=success",
    "%s %d %n {} {0} {actor} $actor ${jndi:x}",
    "\ud800 lone",
    "\u202egnp.exe",
    "\ufeffx",
    "x" * 5_000,
)  # fmt: skip

_LONG = "x" * 300
_PAIRS = (
    ("x\ny", "x\\ny"), ("x\ny", "x y"), ("x\ny", "xy"), ("x\r\ny", "x\ny"), ("x\ry", "x\ny"),
    ("x\\ny", "x\\\\ny"), ("x\0y", "xy"), ("x\0y", "x"), ("x\0y", "x\\0y"), ("x\0y", "x\\x00y"),
    ("x\0y", "x\\u0000y"), ("\x1b[31mx", "x"), ("\x1b[31mx", "\\x1b[31mx"), ("x\ty", "x y"),
    ("caf\u00e9", "cafe\u0301"), ("caf\u00e9", "cafe"), ("caf\u00e9", "caf?"), ("x ", "x"),
    (" x", "x"), (_LONG + "a", _LONG + "b"), (_LONG * 10 + "a", _LONG * 10 + "b"),
    ("\ud800", "?"), ("\ud800", "\ufffd"), ("\ud800", "\\ud800"), ("x|y", "x y"), ("x|y", "x\\|y"),
    ('x"y', "x'y"), ('x"y', 'x\\"y'), ("x,y", "x;y"), ("Admin", "admin"), ("%41", "A"),
    ("&lt;", "<"), ("а", "a"), ("Ａ", "A"), ("x\u200by", "xy"), ("x\u202ey", "xy"),  # noqa: RUF001
    ("x\u2028y", "x y"), ("x\x85y", "x y"),
)  # fmt: skip


@clauses.must(
    "AL-EVT-05",
    reason="actors choose their names and query texts; one that can write a second record, or "
    "look like another, can frame somebody",
    fix="store each field as data: JSON with its escapes, bound SQL parameters, no joining with "
    "delimiters; escape control characters injectively, the escape character too; or refuse them "
    "with ValueError",
    probes=("recorded",),
)
def no_forging(case: Case) -> None:
    """No field (new lines, control or ANSI characters, JSON, delimiters) can forge, split or alter
    another record.

    Whatever the rendering, two different texts stay different in the records. An extension may
    refuse a text with an ordinary exception.
    """
    trail = Trail(case)
    case.for_all(
        lambda kind, **drawn: _CHECKS[kind](trail, **drawn),
        kind=st.sampled_from(tuple(_CHECKS)),
        base=events(case, details=st.sampled_from(({}, {"query": "q"}))),
        place=st.integers(0, 6),
        payload=st.sampled_from(_PAYLOADS),
        pair=st.sampled_from(_PAIRS),
        swap=st.booleans(),
    )


def _places(trail: Trail, event: Event) -> list[str]:
    free = free_fields(trail.case, event.method)
    names = [name for name in event.values if name in free]
    return [*names, *(("details value", "details key") if "details" in free else ())]


def _with(event: Event, place: str, text: str) -> Event:
    values, details = dict(event.values), event.details
    if place == "details value":
        details = {**details, "note": text}
    elif place == "details key":
        details = {**details, text: "note"}
    else:
        values[place] = text
    return Event(event.method, values, details, event.keywords, event.mark)


def _forge(
    trail: Trail, base: Event, place: int, payload: str, pair: tuple[str, str], swap: bool
) -> None:
    """A hostile text in one field, between two innocent events."""
    places = _places(trail, base)
    if not places:
        trail.case.looked()
        return
    trail.begin()
    where = places[place % len(places)]
    before = trail.send(trail.marked(_with(base, "details value", "before")))
    marked = trail.marked(base)
    hostile = _with(marked, where, payload)
    taken = True
    try:
        trail.send(hostile)
    except Refused:
        taken = False
    after = trail.send(trail.marked(_with(base, "details value", "after")))
    trail.require_recorded([before, after])
    told = f"{describe(hostile)}" if taken else f"{describe(hostile)}, which was refused,"
    shows_it = hostile.shows_mark()
    records = trail.settled(
        lambda found: not taken or not shows_it or bool(Index(found).about(hostile))
    )
    forged = [r for r in records if _claims(r)]
    if forged:
        raise Violation(told, f"the payload stands as a record of its own: {show(forged[0])}")
    if not shows_it:
        return
    own = Index(records).about(hostile)
    if len(own) != 1 and (taken or own):
        raise Violation(told, f"left {len(own)} records with its mark {hostile.mark}, not 1")
    strays = [r for r in records if _FORGED in payload and _FORGED in r.text() and r not in own]
    if strays:
        raise Violation(told, f"part of the payload stands in another record: {show(strays[0])}")
    if own:
        _others_unchanged(trail, hostile, own[0], where, told)


def _claims(record: Record) -> bool:
    """Tell whether a record says of itself what only the payload says."""
    if record.field("actor") == _FORGED:
        return True
    return bool(record.field("message") == _FORGED and record.field("event_type") == "login")


def _others_unchanged(trail: Trail, event: Event, record: Record, where: str, told: str) -> None:
    for name, value in event.values.items():
        if name != where and not _same(trail, record.field(name), value):
            raise Violation(told, f"changed the field {name}: {show(record.field(name))}")


def _same(trail: Trail, stored: object, value: str) -> bool:
    rendered: str = rendering(value, trail.subject)
    return stored == value or bool(stored == rendered)


def _conflate(
    trail: Trail, base: Event, place: int, payload: str, pair: tuple[str, str], swap: bool
) -> None:
    """Two different texts in the same field must leave two different records."""
    places = _places(trail, base)
    if not places:
        trail.case.looked()
        return
    where = places[place % len(places)]
    if pair == ("Admin", "admin") and where not in ("actor", "resource", "message"):
        where = "actor" if "actor" in places else places[0]
        if where not in ("actor", "resource", "message"):
            return
    trail.begin()
    stored = []
    for text in reversed(pair) if swap else pair:
        marked = trail.marked(base)
        event = _with(marked, where, text)
        try:
            trail.send(event)
        except Refused:
            trail.case.looked()
            return
        if not event.shows_mark():
            return

        def there(found: list[Record], event: Event = event) -> bool:
            return bool(Index(found).about(event))

        own = Index(trail.settled(there)).about(event)
        if not own:
            raise Violation(f"{describe(event)} is not stored")
        stored.append((event, _shown(own[0], where, event.mark)))
    (one, first), (two, second) = stored
    if first == second:
        raise Violation(
            describe(one),
            describe(two),
            f"both are stored with {where} {show(first)}: nobody can tell which it was",
        )


def _shown(record: Record, where: str, mark: str) -> Any:
    if not where.startswith("details"):
        value = record.field(where)
        return value if value is not ABSENT else record.text().replace(mark, "")
    details = record.field("details")
    return repr(details).replace(mark, "")


_CHECKS = {"forge": _forge, "conflate": _conflate}
