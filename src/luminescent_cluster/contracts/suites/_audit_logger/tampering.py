"""AL-TAM-01: somebody edits the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from itertools import product
from typing import Any

from ...clauses import Catalogue, Excused, Inconclusive, Unverified, Violation
from ...engine.case import Case, Refused
from ...engine.show import show, show_error
from ...subjects.audit import AuditSubject
from .._sweep import sweep
from .events import EVENT, LARGE, SECURITY, USUAL, Event, usual_events
from .oddities import ODD
from .restarted import Store, reopened
from .trail import Trail, describe
from .waiting import in_outages, wait_out

clauses = Catalogue()

_SIZES = (2, 3, 7)
_CRIES_WOLF = "a verification that cries wolf"
_ODD_ONES = ("a set", "bytes", "a datetime", "a Decimal", "an object", "NaN", "infinity")


@clauses.must(
    "AL-TAM-01",
    reason="a log that can be edited without a trace proves nothing in court",
    fix="chain each record's hash to the one before; sign with a key, or keep the head elsewhere, "
    "against rewriting and truncation; in verify, compare contents, numbers and the head",
)
def tampering_is_detected(case: Case) -> None:
    """Changing, removing, reordering and truncating stored records is detected, as far as
    `tamper_evident` declares, and untouched records verify.
    """
    trail = _AnyTrail(case)
    subject = trail.subject
    kinds = subject.tamper_evident
    if not kinds:
        raise Excused("the subject declares no kind of tampering as detected (tamper_evident)")
    for probe in ("tamper", "verify"):
        subject.probe(probe)
    with case.example():
        case.tally.examples += 1
        _intact_whatever_was_logged(trail)
    if subject.has("reopen") and subject.fresh == "example":
        with case.example():
            case.tally.examples += 1
            _intact_after_a_restart(trail)
    sweep(case, lambda event: _intact_after_an_outage(trail, event), in_outages(case))
    damaged = False
    for kind, size, together in product(kinds, _SIZES, _batches(subject)):
        with case.example():
            case.tally.examples += 1
            if damaged and not _intact(trail)[0]:
                raise Inconclusive(
                    "one store serves the whole clause and stays damaged; give a fresh one per "
                    "example, or let tamper give a context manager that undoes the damage"
                )
            damaged = not _one(trail, kind, size, together=together)
        if damaged:
            case.renew()


def _batches(subject: AuditSubject) -> tuple[bool, ...]:
    """Tell whether events are flushed together: where they are sealed then, both ways matter."""
    return (False, True) if subject.has("flush") else (False,)


def _intact_whatever_was_logged(trail: Trail) -> None:
    """Untouched records verify, also those that cannot be written down as they came."""
    case = trail.case
    odd = [{"odd": ODD[kind]("odd")} for kind in _ODD_ONES]
    texts: list[dict[Any, Any]] = [
        {"text": "Zo\u00eb \ud800 \n \0"},
        {("a", 1): "pair", 17: "number"},
    ]
    for details in (None, {}, *LARGE, *odd, *texts):
        for event in usual_events(case, details):
            sent = trail.marked(event)
            try:
                sent.call(case)
            except Refused:
                continue
            trail.flush()
            intact, told = _intact(trail)
            if not intact:
                raise Violation(f"verify() {told}", f"after {describe(sent)}", _CRIES_WOLF)


def _intact_after_a_restart(trail: Trail) -> None:
    """Untouched records verify after a restart, also those that are added then."""
    for event in usual_events(trail.case):
        with suppress(Refused):
            trail.marked(event).call(trail.case)
    trail.flush()
    with suppress(Refused, Unverified), reopened(trail) as store:
        _require_intact(store, "after a restart")
        for event in usual_events(trail.case):
            store.log(event)
        store.flush()
        _require_intact(store, "after a restart and further events")


def _intact_after_an_outage(trail: Trail, event: Event) -> None:
    """Untouched records verify, also those beside events that an outage kept out or held up."""
    trail.took(trail.marked(event))
    wait_out(trail, [event] * 2)
    trail.took(trail.marked(event))
    trail.flush()
    intact, told = _intact(trail)
    if not intact:
        raise Violation(f"verify() {told}", "after an outage", _CRIES_WOLF)


def _require_intact(store: Store, when: str) -> None:
    intact, told = _answer(lambda: store.ask("verify"))
    if not intact:
        raise Violation(f"verify() {told}", when, _CRIES_WOLF)


def _one(trail: Trail, kind: str, size: int, *, together: bool) -> bool:
    """Judge one kind of damage; tell whether a further one finds an intact store."""
    case = trail.case
    for number in range(size):
        event = trail.marked(_event(number))
        try:
            event.call(case)
        except Refused as refusal:
            raise Inconclusive(f"plain events are refused: {refusal}") from refusal
        if not together:
            trail.flush()
    trail.flush()
    intact, told = _intact(trail)
    if not intact:
        raise Violation(f"verify() {told}", f"on {size} untouched events", _CRIES_WOLF)
    damage = trail.subject.probe("tamper")
    try:
        undo: Any = case.perform(
            f"tamper({kind!r})", lambda: damage(kind), 10 * trail.subject.deadline, counts=False
        )
        if hasattr(undo, "__enter__"):
            undo.__enter__()
    except Refused as refusal:
        raise Inconclusive(f"the probe tamper({kind!r}) raised {show_error(refusal.error)}") from (
            refusal
        )
    case.history.append(f"…  # tamper({kind!r})")
    try:
        intact, told = _intact(trail)
    finally:
        if hasattr(undo, "__exit__"):
            undo.__exit__(None, None, None)
    if intact:
        raise Violation(
            f"{size} events were logged, then the store was damaged with tamper({kind!r})",
            f"verify() {told}",
            f"the subject declares {kind!r} in tamper_evident",
        )
    return trail.subject.fresh == "example" or hasattr(undo, "__exit__")


def _event(number: int) -> Event:
    if number % 3 == 2:
        return Event(SECURITY, dict(USUAL[SECURITY]))
    return Event(EVENT, dict(USUAL[EVENT]), {"query": f"number {number}"})


def _intact(trail: Trail) -> tuple[bool, str]:
    """Ask whether the records are intact; also gives how that was said."""
    verify = trail.subject.probe("verify")
    limit = 10 * trail.subject.deadline
    answer = _answer(lambda: trail.case.perform("verify()", verify, limit, counts=False))
    trail.case.looked()
    return answer


def _answer(verify: Callable[[], Any]) -> tuple[bool, str]:
    try:
        said = verify()
    except Refused as refusal:
        return False, f"raised {show_error(refusal.error)}"
    return says_intact(said), f"-> {show(said)}"


def says_intact(said: Any) -> bool:
    """Tell whether an answer of ``verify`` means that nothing was damaged."""
    if said is None:
        return True
    if isinstance(said, (str, bytes)):
        return not said
    if isinstance(said, (Sequence, Set)) and not hasattr(said, "ok"):
        return not list(said)
    return bool(getattr(said, "ok", said))


class _AnyTrail(Trail):
    """A trail that needs no `recorded`."""

    def begin(self) -> None:
        self.sent = []
