"""UT-TRK-10: an outage moves no usage into another period."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from .accounts import set_time
from .books import Books
from .instants import grid
from .interruptions import during
from .operations import operations
from .reading import read_total

clauses = Catalogue()

_TOKENS = 7
_MONTHS_END = datetime(2026, 4, 30, 23, 0, tzinfo=timezone.utc)
_GAPS = (timedelta(hours=2), timedelta(days=2), timedelta(days=40))


@clauses.should(
    "UT-TRK-10",
    reason="an outage over midnight of the last day would move the usage of one month into the "
    "bill, and the quota, of the next",
    fix="take the time in track, and send it along with the event; do not let the backend, or the "
    "thread that sends, stamp what waited",
    probes=("break_backend", "clock"),
)
def outage_keeps_the_time(case: Case) -> None:
    """What was tracked during an outage counts at the time it was tracked, not of the recovery."""
    counted = 0

    def check(before: int, inside: int, operation: str, gap: timedelta) -> None:
        nonlocal counted
        books = Books(case)
        tenant = books.tenant(0)
        step = books.subject.resolution
        then = grid(_MONTHS_END, 0, step)
        later = grid(then + max(gap, 4 * timedelta(seconds=step)), 0, step)
        middle = grid(then + (later - then) / 2, 0, step)
        set_time(books, then)
        for _ in range(before):
            books.track(tenant, operation, _TOKENS)
        books.audit(tenant)
        earlier, at_recovery = _halves(books, tenant, then, middle)
        with during(case, books.subject, "break_backend"):
            for _ in range(inside):
                answer = case.attempt("track", operation, _TOKENS, books.metadata(tenant))
                if isinstance(answer, Raised):
                    return  # UT-TRK-05's to tell
                books.enter(tenant, _TOKENS)
            _wind(books, later)
        due = books.due(tenant)
        if books.wait(lambda: books.total(tenant), lambda seen: seen == due, patience=3.0) != due:
            return  # lost, or dropped: UT-TRK-06's to tell
        counted += 1
        gained = inside * _TOKENS

        def moved() -> tuple[int, int]:
            now = _halves(books, tenant, then, middle)
            return now[0] - earlier, now[1] - at_recovery

        seen = books.wait(moved, lambda halves: halves == (gained, 0))
        if seen != (gained, 0):
            raise Violation(
                f"{show(tenant)} used {gained} tokens at {then.isoformat()}, during an outage that "
                f"ended at {later.isoformat()}",
                f"before {middle.isoformat()} count {seen[0]} of them, and from then on {seen[1]}",
            )

    case.for_all(
        check,
        before=st.integers(0, 2),
        inside=st.integers(1, 3),
        operation=operations,
        gap=st.sampled_from(_GAPS),
    )
    if not counted:
        raise Inconclusive("nothing that was tracked in an outage was counted; see UT-TRK-06")


def _halves(books: Books, tenant: str, then: datetime, middle: datetime) -> tuple[int, int]:
    """Give what counts about the time of the outage, and from later on."""
    return (
        read_total(books.summary(tenant, then, middle)),
        read_total(books.summary(tenant, middle, middle + timedelta(days=400))),
    )


def _wind(books: Books, when: datetime) -> None:
    """Make it another time while the backend is away, when nothing can be flushed."""
    setter = books.subject.probe("clock")
    books.case.perform(f"clock: {when}", lambda: setter(when), 30.0, counts=False)
    books.case.history.append(f"subject.clock({when!r})")
