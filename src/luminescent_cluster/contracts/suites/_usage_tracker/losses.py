"""Accounting for every event: counted once, or reported as dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ...clauses import Unverified, Violation
from ...engine.case import Case, Raised
from ...engine.meter import Meter
from ...engine.originals import sleep
from ...engine.show import show
from ...subjects.usage import UsageSubject
from .._meanwhile import started
from .books import Books
from .drops import Drops
from .interruptions import during

__all__ = ["survive"]

_TOKENS = 7  # of every event, so that events and tokens are told apart
_MEANWHILE = {"break_backend": "during an outage", "stall_backend": "while the backend stalled"}
_SHARE = 2.0  # seconds of work spent in one outage while every call is slow


def survive(
    case: Case,
    cycles: list[tuple[int, int]],
    after: int,
    operation: str,
    lasts: float = 0.0,
    *,
    probe: str = "break_backend",
    busy: bool = False,
    context: Mapping[str, Any] | None = None,
) -> None:
    """Track through outages, or in one burst, and account for every event.

    Args:
        case: the clause under way.
        cycles: for each outage, how many events come before it and how many in it.
        after: how many come after the last one, without waiting in between.
        operation: of all of them.
        lasts: seconds for which each outage goes on after its last event.
        probe: takes the backend away, or lets it stall.
        busy: read and flush while the backend is away, as pages and timers do.
        context: what else the metadata of the events after the last outage hold; an event may be
            refused for it.

    Raises:
        Violation: events are missing and not reported as dropped, or count more than once.
        Unverified: events are missing, and the log speaks of drops that the author gives no
            probe for.
    """
    books = Books(case)
    tenant = books.tenant(0)
    books.open(tenant)
    refused = 0
    with Drops(books, tenant) as drops:
        for before, inside in cycles:
            for _ in range(before):
                books.track(tenant, operation, _TOKENS)
            books.settle()
            meter = Meter()
            with during(case, books.subject, probe):
                for _ in range(inside):
                    metadata = dict(books.metadata(tenant))
                    given = (operation, _TOKENS, metadata)
                    if isinstance(case.attempt("track", *given), Raised):
                        refused += 1  # UT-TRK-05's to tell; it may count or not
                    else:
                        books.enter(tenant, _TOKENS)
                    metadata.clear()  # the request is over, and its context is used again
                    if meter.over(_SHARE):
                        break
                sleep(lasts)
                ended = _work_goes_on(books, tenant) if busy else None
            if ended is not None and not ended():
                return  # one never came back, and what it still does is anybody's guess
        for _ in range(after):
            more = {**books.metadata(tenant), **context} if context else None
            books.track(tenant, operation, _TOKENS, plain=not context, metadata=more, burst=True)
        due = books.due(tenant)

        def total() -> tuple[int, int]:
            seen = books.total(tenant, plain=False)
            missing = max(due - seen, 0)
            return seen, 0 if drops.report(missing, _TOKENS) else missing

        def accounted(seen: tuple[int, int]) -> bool:
            return seen[1] == 0 and seen[0] <= due + refused * _TOKENS

        seen, missing = books.wait(total, accounted, patience=3.0)
        if accounted((seen, missing)):  # it stays so when it is flushed once more
            books.flush()
            seen, missing = total()
    if accounted((seen, missing)):
        return
    story = f"{books.events(tenant)} events of {_TOKENS} tokens" + (
        f", some of them {_MEANWHILE[probe]}" if cycles else ", in one burst"
    )
    after_what = "after recovery" if cycles else "afterwards"
    if seen > due:
        raise Violation(
            story,
            f"{after_what} the total of {show(tenant)} is {seen}, not {due}",
            "an event counts more than once",
            fix="give each event an id, and let the backend take an id once",
        )
    if not books.subject.has("dropped") and drops.named:
        raise Unverified(
            "dropped",
            f"{missing // _TOKENS} events are missing, and the tracker logged "
            f"{drops.named!r}; if it counts what it drops, give that count:\n"
            + UsageSubject.probe_help["dropped"],
        )
    reported = ", and dropped() reports nothing of it" if books.subject.has("dropped") else ""
    raise Violation(
        story,
        f"{after_what} the total of {show(tenant)} is {seen}, not {due}{reported}",
    )


def _work_goes_on(books: Books, tenant: str) -> Callable[[], bool]:
    """Read and flush, as others do meanwhile; give what waits for them to come back."""
    extension = books.subject.extension
    work: list[Callable[[], Any]] = [
        partial(extension.get_usage_summary, tenant),
        partial(extension.check_quota, tenant, "query"),
    ]
    if books.subject.has("flush"):
        work.append(books.subject.probe("flush"))
    ends = [started(each) for each in work]
    return lambda: all(ended() for ended in ends)
