"""UT-THR: events and summaries at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from inspect import iscoroutine
from typing import Any

from ...clauses import Catalogue, Excused, Violation
from ...engine.case import Case
from ...engine.compare import same
from ...engine.originals import sleep
from ...engine.show import show
from ...schedules import Call, Program
from ...subjects import Subject
from .._crew import at_once
from .._schedules import explore
from .accounts import quota_arguments
from .books import Books
from .turning import turning_points

__all__ = ["clauses"]

clauses = Catalogue()

_TOKENS = 7
_FEW = 3  # events that small programs reach from the beginning
_TURNS = 2
_READS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("get_usage_summary", ()),
    ("check_quota", ("query",)),
)


def _events(case: Case) -> tuple[list[str], list[Call]]:
    """Give two tenants and an event of each.

    Raises:
        Excused: no event changes its tenant's summary here, so that nothing could be seen.
    """
    books = Books(case)
    tenants = books.tenants(2)
    metadata = [books.metadata(tenant) for tenant in tenants]
    events = [
        Call("track", ("query", tokens, of))
        for of, tokens in zip(metadata, (_TOKENS, 1000), strict=False)
    ]
    before = case.call("get_usage_summary", tenants[0])
    case.call("track", "query", _TOKENS, metadata[0])
    if not _shows(case, tenants[0], before):
        raise Excused(
            "an event with the metadata that the kit knows shows in no summary; give metadata_for, "
            "so that concurrent events can be counted"
        )
    return tenants, events


def _shows(case: Case, tenant: str, before: Any) -> bool:
    """Tell whether an event changes its tenant's summary, at once or in time."""
    subject = case.subject
    patience = float(getattr(subject, "settles_within", 1.0))
    while True:
        case.settle(subject)
        now = case.call("get_usage_summary", tenant)
        if not same(_figures(subject, before), _figures(subject, now)):
            return True
        if patience <= 0 or subject.has("flush"):
            return False
        pause = min(0.05, patience)
        sleep(pause)
        patience -= pause


def _figures(subject: Subject, summary: Any) -> Any:
    """Give the part of a summary that is usage, not the time at which it was made."""
    varying: frozenset[str] = getattr(subject, "varying_keys", frozenset())
    if not isinstance(summary, dict):
        return summary
    return {key: value for key, value in summary.items() if key not in varying}


def _summaries(tenants: list[str]) -> list[Any]:
    def ask(tenant: str) -> Any:
        def summary(subject: Subject) -> Any:
            if subject.has("flush"):
                subject.probe("flush")()
            return _figures(subject, subject.extension.get_usage_summary(tenant))

        return summary

    return [ask(tenant) for tenant in tenants]


@clauses.must(
    "UT-THR-01",
    reason="two requests of one tenant finish at the same moment every second; what is lost is not "
    "billed, and what is counted twice is billed wrongly",
    fix="add under a lock, or let the database add (`total = total + ?`)",
    explores=True,
)
def no_event_is_lost_or_doubled(case: Case) -> None:
    """No concurrent event is lost or counted twice, of one tenant or of several.

    Explored schedules; what the summaries say once everything has settled is what counts. Where
    instances are shared, real threads.
    """
    if case.subject.fresh == "clause":
        _in_real_threads(case)
        return
    tenants, events = _events(case)
    one, other = events[0], events[-1]
    prepare = partial(_limit, tenants[0]) if case.subject.has("set_quota") else _leave
    programs: list[Any] = [[[one], [one]], [[one], [other]]]
    programs += _at_turning_points(case, tenants[0], one, events, prepare)
    programs += [[[one, one], [one]], [[one], [one], [other]]]
    # Who reads may move what is buffered, and lose what comes in meanwhile.
    reads = [Call(method, (tenants[0], *more)) for method, more in _READS]
    programs += [[[one, one], [read]] for read in reads]
    explore(
        case,
        programs=programs,
        observers=_summaries(tenants),
        promise="settled",
        prepare=prepare,
    )


def _at_turning_points(
    case: Case,
    tenant: str,
    event: Call,
    meanwhile: Iterable[Call],
    prepare: Callable[[Subject], object],
) -> list[Program]:
    """Give programs in which an event at which more happens than at others meets each call."""
    turns = turning_points(case, tenant, event, prepare, after=_FEW)[:_TURNS]
    earlier = [Call(_track_often, (number, *event.args)) for number in turns]
    return [Program(((event,), (call,)), (before,)) for before in earlier for call in meanwhile]


def _track_often(extension: Any, times: int, *event: Any) -> None:
    for _ in range(times):
        extension.track(*event)


def _leave(subject: Subject) -> None:
    """Prepare nothing."""


def _limit(tenant: str, subject: Subject) -> None:
    """Let a tenant have a limit, so that there is something to compare usage with."""
    hook = subject.probe("set_quota")
    with suppress(Exception):  # it knows other tenants, or lower limits; then there is none
        given = hook(*quota_arguments(hook, tenant, 10**6, "query"))
        if iscoroutine(given):
            given.close()


def _in_real_threads(case: Case) -> None:
    """Every schedule would need a fresh instance; threads with tenants of their own need none."""
    case.note("instances are shared: real threads, instead of explored schedules")
    rounds = min(20, case.profile.steps)
    for _ in range(min(4, case.profile.examples)):
        with case.example():
            case.tally.examples += 1
            books = Books(case)
            tenants = books.tenants(4)
            events = [(books.metadata(tenant), number + 1) for number, tenant in enumerate(tenants)]
            for tenant in tenants:
                books.open(tenant, look=True)
            track = books.subject.extension.track
            jobs = [partial(track, "query", tokens, metadata) for metadata, tokens in events] * 2
            at_once(case, f"track() for {len(tenants)} tenants", jobs, rounds)
            for tenant, (_, tokens) in zip(tenants, events, strict=True):
                for _ in range(2 * rounds):
                    books.enter(tenant, tokens)
                books.audit(tenant)


@clauses.must(
    "UT-THR-02",
    reason="an invoice made while an event is booked must not show its tokens without its query",
    fix="write the figures of an event, and read those of a summary, under one lock or in one "
    "transaction",
    explores=True,
)
def a_summary_is_one_moment(case: Case) -> None:
    """A summary read during an event shows all of the event or nothing of it."""
    tenants, events = _events(case)
    varying: frozenset[str] = getattr(case.subject, "varying_keys", frozenset())
    if varying:
        case.note(f"left out, because they vary: {', '.join(sorted(varying))}")

    def read_summary(extension: Any) -> Any:
        return _figures(case.subject, extension.get_usage_summary(tenants[0]))

    torn: list[Any] = []

    def is_whole(extension: Any) -> Any:
        summary = extension.get_usage_summary(tenants[0])
        tokens, queries = summary.get("total_tokens"), summary.get("total_queries")
        whole = queries is None or tokens == _TOKENS * queries
        if not whole:
            torn.append(_figures(case.subject, summary))
        return whole

    # With a queue in between an event may show at any later time: only its wholeness is asked.
    read = Call(is_whole if case.subject.has("flush") else read_summary)
    event = events[0]
    programs: list[Any] = [[[event], [read]]]
    # Of a batch under way some events may show, each of them whole.
    programs += _at_turning_points(case, tenants[0], event, [Call(is_whole)], _leave)
    programs += [[[event, event], [read]], [[event], [read, read]]]
    settles_whole = is_whole(case.subject.extension) and is_whole(case.another().extension)
    torn.clear()
    explore(case, programs=programs, observers=_summaries(tenants), promise="regular")
    # A queue tears summaries in sequential orders too, so that no order tells the difference.
    if torn and settles_whole:
        raise Violation(
            f"events of {_TOKENS} tokens, each one query, while get_usage_summary"
            f"({show(tenants[0])}) is called: {show(torn[0])}",
            "which is part of an event: tokens without their query, or the reverse",
        )
