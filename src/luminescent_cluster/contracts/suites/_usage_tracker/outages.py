"""UT-TRK-04 to 06, UT-QUO-06: what a tracker owes the request while its backend is away."""

from __future__ import annotations

from functools import partial

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.meter import Meter
from ...engine.originals import monotonic, sleep
from ...engine.show import show, show_call
from .accounts import one_period, set_quota
from .books import Books
from .crowd import crowd, each
from .interruptions import during
from .losses import survive
from .metronome import Metronome, ticking
from .operations import OPERATIONS, operations
from .several import several_survive

clauses = Catalogue()

_TRIES = 3  # a slow call counts when it is slow every time: machines pause
_LASTS = 0.4  # seconds of an outage that outlives a few quick retries
_SHARE = 2.0  # seconds of work spent on one history while every call is slow


@clauses.must(
    "UT-TRK-04",
    reason="core tracks in the middle of a request; a metering backend that hangs must not make "
    "every request hang",
    fix="put the event into a bounded queue (put_nowait) and let a thread send it",
    probes=("stall_backend",),
)
def track_does_not_wait(case: Case) -> None:
    """`track` returns within the latency budget while its backend stalls.

    The first event and the several hundredth, when a queue may be full. A call counts as slow when
    it is slow in three attempts, and slower than the machine's own pauses explain.
    """
    for count in (1, 12, 330):
        for left in reversed(range(_TRIES)):
            with case.example(), ticking() as metronome:
                case.tally.examples += 1
                try:
                    found = _slow_call(case, count, metronome)
                except Violation as hung:
                    if not left or not hung.final:
                        raise
                    continue
                if found is None:
                    break
                if not left:
                    budget = case.subject.latency  # type: ignore[attr-defined]
                    raise Violation(
                        f"{found} took longer than the latency budget of {budget:g} s while the "
                        f"backend stalled ({_TRIES} attempts alike)",
                        history=tuple(case.history[-3:]),
                    )


def _slow_call(case: Case, count: int, metronome: Metronome) -> str | None:
    """Track events during a stall; give the first call that took too long, and its number."""
    books = Books(case, attributed=False)
    subject = books.subject
    limit = max(4 * subject.latency, 1.0)
    with during(case, subject, "stall_backend"):
        for number in range(count):
            given = (OPERATIONS[number % 4], 1, books.metadata(books.tenant(number % 3)))
            text = show_call("track", given, {})
            metronome.start()
            started = monotonic()
            case.perform(text, partial(subject.extension.track, *given), limit, awaits=False)
            taken = monotonic() - started
            if taken > subject.latency and taken - metronome.latest() > subject.latency:
                return f"{text}, event {number + 1},"
            if number in (0, 5):
                sleep(0.01)  # so that a thread that sends has something to get stuck with
    return None


@clauses.must(
    "UT-TRK-05",
    reason="metering is not worth a failed request",
    fix="catch what the backend raises where the event is sent, and keep the event for later",
    probes=("break_backend",),
)
def track_never_raises(case: Case) -> None:
    """`track` never raises into the request when its backend fails.

    Nor later, when a queue has filled up, or after the backend is back.
    """

    def check(cycles: list[tuple[int, int]], operation: str, tokens: int) -> None:
        books = Books(case, attributed=False)
        for before, inside in cycles:
            for _ in range(before):
                case.must("track", operation, tokens, books.metadata(books.tenant(0)))
            with during(case, books.subject, "break_backend"):
                for number in range(inside):
                    case.must("track", operation, tokens, books.metadata(books.tenant(number)))
        case.must("track", operation, tokens, books.metadata(books.tenant(0)))

    case.for_all(
        check,
        cycles=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=3),
        operation=operations,
        tokens=st.integers(0, 1000),
    )
    crowd(case, _many_in_an_outage)


def _many_in_an_outage(case: Case, count: int) -> None:
    books = Books(case, attributed=False)
    meter = Meter()
    with during(case, books.subject, "break_backend"):
        for number in range(count):
            case.must("track", "query", 1, books.metadata(books.tenant(number % 5)))
            if meter.over(_SHARE):
                return
    case.must("track", "query", 1, books.metadata(books.tenant(0)))


@clauses.must(
    "UT-TRK-06",
    reason="usage during an outage is usage; what is not billed has to be known at least",
    fix="keep what could not be sent and send it again; where it has to be dropped, count it and "
    "give the count as the probe dropped",
    probes=("break_backend",),
)
def outage_loses_nothing(case: Case) -> None:
    """What was tracked during an outage is counted after recovery, once, or reported as dropped."""

    def check(cycles: list[tuple[int, int]], after: int, operation: str) -> None:
        survive(case, cycles, after, operation)

    case.for_all(
        check,
        cycles=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5)), min_size=1, max_size=3),
        after=st.integers(0, 2),
        operation=operations,
    )
    crowd(case, lambda case, count: survive(case, [(1, count)], 1, "query"), (3, 40, 330, 1200))
    each(case, lambda lasts: survive(case, [(1, 3)], 1, "query", lasts), [(_LASTS,)])
    each(case, lambda after: survive(case, [(1, 3)], after, "query", busy=True), [(0,), (1,)])
    each(case, lambda after: several_survive(case, after), [(0,), (1,)])


@clauses.should(
    "UT-QUO-06",
    reason="while nobody can look the quota up, core has to know whether it lets customers through",
    fix="catch the backend's failure in check_quota and answer by the policy: (True, None) where "
    "it is open, (False, a reason) or an exception where it is closed",
    probes=("break_backend",),
)
def outage_policy_holds(case: Case) -> None:
    """While the backend is down, `check_quota` answers as the declared policy says.

    Open: a tenant who was not denied before is allowed. Closed: one who was never asked for is not.
    """
    case.subject.probe("policy")
    asked: set[str] = set()

    def check(used: int, operation: str, number: int, times: int) -> None:
        books = Books(case, attributed=False)
        open_ = books.subject.policy == "open"
        with one_period(books):
            tenant = books.tenant(number)
            if books.subject.fresh == "clause" and tenant in asked and not open_:
                return  # an answer from before may be remembered
            asked.add(tenant)
            if books.subject.has("set_quota") and not books.closed:
                set_quota(books, tenant, 10**6, operation)
            if used:
                case.must("track", operation, used, books.metadata(tenant))
                books.flush()
            if open_ and case.must("check_quota", tenant, operation)[0] is not True:
                return  # denied already
            with during(case, books.subject, "break_backend"):
                for _ in range(times):
                    answer = case.attempt("check_quota", tenant, operation)
                    call = show_call("check_quota", (tenant, operation), {})
                    if open_ and (isinstance(answer, Raised) or answer[0] is not True):
                        said = str(answer) if isinstance(answer, Raised) else f"-> {show(answer)}"
                        raise Violation(
                            f"the declared policy is open, and {show(tenant)} is below its limit",
                            f"while the backend is down: {call} {said}",
                        )
                    if not open_ and not isinstance(answer, Raised) and answer[0] is not False:
                        raise Violation(
                            f"the declared policy is closed, and nobody asked for {show(tenant)} "
                            "before",
                            f"while the backend is down: {call} -> {show(answer)}",
                        )

    case.for_all(
        check,
        used=st.integers(0, 50),
        operation=operations,
        number=st.integers(0, 3),
        times=st.integers(1, 3),
    )
