"""AL-FLT-01, the other side: what an outage left to be sent again is sent once."""

from __future__ import annotations

from ...clauses import Violation
from ...engine.case import Case, Refused
from ...engine.originals import sleep
from .attempts import send_in_vain
from .events import Event, usual_events
from .index import Index
from .trail import Trail, describe

__all__ = ["no_echo"]

_TRIES = 3
_DURING = "during an outage"
_PAUSE = 0.1  # seconds in which a sender in the background makes its attempts


def no_echo(case: Case, trail: Trail) -> None:
    """Check that an outage doubles no event that the extension took.

    A store that keeps an event and loses the answer makes a repetition legitimate, and shows the
    event while the outage lasts. Where it never does, every time, a copy is the extension's doing.

    Args:
        case: the clause under way.
        trail: its trail.

    Raises:
        Violation: the same event is stored too often, in each of several outages.
    """
    for event in usual_events(case):
        found: Violation | None = None
        for number in range(_TRIES):
            with case.example():
                case.tally.examples += 1
                again = _echo(trail, event, _PAUSE if number else 0.0)
                history = tuple(case.history)
            if again is None:
                break
            found = again
            found.history = history
        else:
            if found is not None:
                raise found


def _echo(trail: Trail, event: Event, pause: float) -> Violation | None:
    """Let an outage pass; give what is stored too often afterwards, and cannot be excused."""
    trail.begin()
    taken: list[tuple[Event, str]] = []

    def send(when: str) -> None:
        try:
            taken.append((trail.send(trail.marked(event)), when))
        except Refused:
            trail.case.looked()

    send("before an outage")
    trail.require_recorded(most=False)
    with trail.outage("break_backend"):
        for _ in range(3):
            send(_DURING)
        send_in_vain(trail)
        sleep(pause)
        seen = _stored(trail)
        inside = [one for one, when in taken if when == _DURING]
        kept = seen is not None and any(trail.copies(one, seen) for one in inside)
    send("after an outage")
    send("after an outage")  # what the first brought along must not come along again
    if len(taken) < 2:
        return None  # it takes nothing, or nothing that could be told apart from what it refused
    trail.require_recorded([one for one, _ in taken], most=False)
    sleep(pause)
    index = Index(trail.new())
    for one, when in taken:
        if kept and when == _DURING:
            continue
        copies, expected = len(trail.copies(one, index)), trail.expected(one)
        if one.shows_mark() and copies > expected:
            return Violation(
                f"{describe(one)} returned {when}",
                f"afterwards it is stored {copies} times, sent {expected}",
                fix="take an event out of the buffer as soon as the store has it, and give it an "
                "id that the store takes once",
            )
    return None


def _stored(trail: Trail) -> Index | None:
    """Give what the store shows; None where it is so far away that it cannot even be read."""
    try:
        return Index(trail.new())
    except Exception:
        return None
