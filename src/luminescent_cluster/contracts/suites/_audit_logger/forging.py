"""AL-EVT-05: what a field holds stays in that field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.show import show
from .._sweep import sweep
from .comparison import says_it_was_cut
from .events import Event, events, free_fields, marks_in, usual_events
from .index import Index
from .payloads import FORGED, LINE, LONG_AGO, PAIRS, PAYLOADS, SYNONYMS
from .records import ABSENT, Record, rendering, unmasked
from .trail import Trail, describe

clauses = Catalogue()

_HUGE = 10_000  # characters from which on a text may be cut, where the record says so


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
    usual = usual_events(case, {"query": "q"})
    sweep(
        case,
        lambda base, payload: _everywhere(trail, _forge, base, payload),
        [{"base": base, "payload": payload} for payload in PAYLOADS for base in usual],
    )
    sweep(
        case,
        lambda base, pair: _everywhere(trail, _conflate, base, pair),
        [{"base": base, "pair": pair} for pair in PAIRS for base in usual],
    )
    sweep(
        case,
        lambda base, name: _named_as_a_field(trail, base, name),
        [
            {"base": base, "name": name}
            for base in usual
            for name in (*base.values, "timestamp", *SYNONYMS)
        ],
    )
    bases = events(case, details=st.sampled_from(({}, {"query": "q"})))
    places = st.lists(st.integers(0, 6), min_size=1, max_size=2)
    texts = st.text(st.characters(), max_size=12)
    case.for_all(
        lambda base, places, payload: _forge(trail, base, places, payload),
        base=bases,
        places=places,
        payload=st.one_of(texts, texts.map(lambda text: f"{text}{LINE}")),
    )
    case.for_all(
        lambda base, places, pair: _conflate(trail, base, places, pair),
        base=bases,
        places=places,
        pair=st.tuples(texts, texts).filter(lambda pair: pair[0] != pair[1]),
    )


def _named_as_a_field(trail: Trail, base: Event, name: str) -> None:
    """Details with a key named as one of the record's fields must not take that field's place."""
    if "details" not in free_fields(trail.case, base.method):
        trail.case.looked()
        return
    trail.begin()
    lie = LONG_AGO if name == "timestamp" else FORGED
    marked = trail.marked(base)
    event = Event(
        marked.method, marked.values, {**marked.details, name: lie}, marked.keywords, marked.mark
    )
    try:
        trail.send(event)
    except Refused:
        trail.case.looked()
        return
    records = trail.settled(lambda found: bool(Index(found).about(event)))
    own = Index(records).about(event)
    if len(own) != 1:
        raise Violation(describe(event), f"left {len(own)} records with its mark {event.mark}")
    _others_unchanged(trail, event, own[0], "details key", describe(event))
    if own[0].field("timestamp") == LONG_AGO:
        raise Violation(describe(event), f"changed the record's time: {LONG_AGO!r}")


def _everywhere(trail: Trail, check: Callable[..., None], base: Event, text: Any) -> None:
    """Try a text in every place at once; where that fails, find the one place."""
    try:
        check(trail, base, range(9), text)
    except Violation as violation:
        violation.history = violation.history or tuple(trail.case.history)
        for place in range(len(_places(trail, base))):
            with trail.case.example():
                check(trail, base, (place,), text)
        raise


def _places(trail: Trail, event: Event) -> list[str]:
    free = free_fields(trail.case, event.method)
    names = [name for name in event.values if name in free]
    return [*names, *(("details value", "details key") if "details" in free else ())]


def _with(trail: Trail, event: Event, place: str, text: str) -> Event:
    values, details = dict(event.values), event.details
    if place == "details value":
        details = {**details, unmasked("note", trail.subject): text}
    elif place == "details key":
        details = {**details, text: "note"}
    else:
        values[place] = text
    return Event(event.method, values, details, event.keywords, event.mark)


def _forge(trail: Trail, base: Event, places: Iterable[int], payload: str) -> None:
    """A hostile text in one field, between two innocent events."""
    available = _places(trail, base)
    trail.begin()
    before = trail.send(trail.marked(base))
    hostile: list[tuple[Event, str, bool]] = []
    for where in dict.fromkeys(available[n % len(available)] for n in places if available):
        event = _with(trail, trail.marked(base), where, payload)
        try:
            trail.send(event)
        except Refused:
            hostile.append((event, where, False))
        else:
            hostile.append((event, where, True))
    after = trail.send(trail.marked(base))
    trail.require_recorded([before, after])

    def there(found: list[Record]) -> bool:
        index = Index(found)
        return all(index.about(e) for e, _, taken in hostile if taken and e.shows_mark())

    records = trail.settled(there)
    marked = all(event.shows_mark() for event, _, _ in hostile)
    for event, where, taken in hostile:
        told = describe(event) if taken else f"{describe(event)}, which was refused,"
        if event.shows_mark():
            _left_one_record(trail, event, where, taken, told, records)
        # A record with the payload and no mark is a stray, unless an event could bear no mark.
        strays = [r for r in records if FORGED in r.text() and not marks_in(r.text())]
        if strays and marked:
            raise Violation(
                told, f"part of the payload stands in another record: {strays[0].brief()}"
            )
    forged = [record for record in records if _claims(record)]
    if forged and payload != FORGED:
        raise Violation(
            describe(hostile[0][0]),
            f"the payload stands as a record of its own: {forged[0].brief()}",
        )


def _left_one_record(
    trail: Trail, event: Event, where: str, taken: bool, told: str, records: list[Record]
) -> None:
    own = Index(records).about(event)
    if len(own) != 1 and (taken or own):
        raise Violation(told, f"left {len(own)} records with its mark {event.mark}, not 1")
    if own:
        _others_unchanged(trail, event, own[0], where, told)


def _claims(record: Record) -> bool:
    """Tell whether a record says of itself what only the payload says."""
    if record.field("actor") == FORGED:
        return True
    return bool(record.field("message") == FORGED and record.field("event_type") == "login")


def _others_unchanged(trail: Trail, event: Event, record: Record, where: str, told: str) -> None:
    for name, value in event.values.items():
        if name != where and not _same(trail, record.field(name), value):
            raise Violation(told, f"changed the field {name}: {show(record.field(name))}")


def _same(trail: Trail, stored: object, value: str) -> bool:
    rendered: str = rendering(value, trail.subject)
    return stored == value or bool(stored == rendered)


def _conflate(trail: Trail, base: Event, places: Iterable[int], pair: tuple[str, str]) -> None:
    """Two different texts in the same field must leave two different records."""
    available = _places(trail, base)
    trail.begin()
    sent = []
    for where in dict.fromkeys(available[n % len(available)] for n in places if available):
        if where == "severity" or (where not in _NAMES and _fold(pair[0]) == _fold(pair[1])):
            continue  # kinds of events may be written in one way
        events_of_pair = [_with(trail, trail.marked(base), where, text) for text in pair]
        try:
            for event in events_of_pair:
                trail.send(event)
        except Refused:
            trail.case.looked()
            continue
        if all(event.shows_mark() for event in events_of_pair):
            sent.append((where, events_of_pair))

    def there(found: list[Record]) -> bool:
        index = Index(found)
        return all(index.about(event) for _, pair in sent for event in pair)

    index = Index(trail.settled(there))
    for where, (one, two) in sent:
        records = [next(iter(index.about(event)), None) for event in (one, two)]
        for event, record in zip((one, two), records, strict=True):
            if record is None:
                raise Violation(f"{describe(event)} is not stored")
        shown = [
            _shown(record, where, event)
            for event, record in zip((one, two), records, strict=True)
            if record is not None
        ]
        huge = min(map(len, pair)) > _HUGE
        if shown[0] == shown[1] and not (huge and says_it_was_cut(shown[0])):
            raise Violation(
                describe(one),
                describe(two),
                f"both are stored with {where} {show(shown[0])}: nobody can tell which it was",
            )
    if not sent:
        trail.case.looked()


_NAMES = ("actor", "resource", "message", "details value", "details key")


def _fold(text: str) -> str:
    return text.casefold().strip()


def _shown(record: Record, where: str, event: Event) -> Any:
    if where.startswith("details"):
        return repr(record.field("details")).replace(event.mark, "")
    value = record.field(where)
    if value is ABSENT and all(record.field(name) is ABSENT for name in event.values):
        return record.text().replace(event.mark, "")  # a line that nobody takes apart
    return value
