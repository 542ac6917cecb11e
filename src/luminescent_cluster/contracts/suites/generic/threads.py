"""THR: concurrent calls, without a model of what they do."""

from __future__ import annotations

from ...clauses import Catalogue, Excused
from ...engine.case import Case
from ...engine.freely import run_freely
from ...engine.meeting import meeting_calls
from .._schedules import FAULTS, OUTCOMES, explore, in_any_order, meeting, observers_of

clauses = Catalogue()

_LOCK = "guard what belongs together with one lock, from the first read to the last write"


@clauses.must(
    "THR-01",
    reason="core serves requests from several threads; what only fails when two of them meet "
    "fails in production first",
    fix=_LOCK + "; take several locks in one order",
    explores=True,
)
def raises_and_blocks_nowhere(case: Case) -> None:
    """Concurrent calls that succeed one after another raise nothing and deadlock nowhere.

    Under explored schedules: every pair of methods, all schedules with few preemptions first.
    """
    calls = meeting(case)
    if not calls:
        raise Excused("no call can be generated")
    # Without observers no outcome is judged, so that none ends the exploration before a deadlock.
    explore(case, calls, observers=[], promise="settled", kinds=FAULTS)


@clauses.must(
    "THR-02",
    reason="a lost update is a lost bill, a swapped tenant is a leak, and neither raises anything",
    fix=_LOCK,
    explores=True,
)
def some_order_explains_it(case: Case) -> None:
    """Every concurrent outcome equals that of some sequential order of the same calls.

    The extension itself, run in all sequential orders, is the oracle. A read that overlaps several
    writes need not be a snapshot of them; where the extension settles in the background, what is
    read after the flush counts.
    """
    calls = meeting(case)
    if not calls:
        raise Excused("no call can be generated")
    promise = "settled" if case.subject.has("flush") else "regular"
    explore(
        case,
        calls,
        observers=observers_of(case, calls),
        promise=promise,
        kinds=OUTCOMES,
        normalise=in_any_order(case),
    )


@clauses.must(
    "THR-03",
    reason="schedules are explored one thread at a time; real threads, and on a free-threaded "
    "interpreter truly parallel ones, are what production has",
    fix=_LOCK,
)
def holds_running_freely(case: Case) -> None:
    """Free-running threads raise nothing that one thread does not, and lose nothing.

    Threads start together at a barrier and switch as often as the interpreter allows. What is
    read afterwards must be what one thread leaves behind, where the order makes no difference.
    """
    calls = meeting_calls(case)
    if not calls:
        raise Excused("no call can be generated")
    run_freely(case, calls)
