"""UT-TRK-02 and 08: events add up, once each, and nothing is taken back."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from .books import Books
from .burdens import under_burden
from .crowd import crowd, each
from .drops import Drops
from .names import tricky
from .operations import (
    ODD,
    ODDITIES,
    OPERATIONS,
    PLAIN_TOKENS,
    few_tokens,
    odd_operations,
    operations,
)
from .ways import ways_of

clauses = Catalogue()

_many_tokens = st.sampled_from((2**31, 2**32 - 1, 2**32 + 1, 2**53 - 1, 2**53, 2**53 + 1))

_MARKS: tuple[dict[str, Any], ...] = (
    {"user_id": "admin"}, {"user_id": "system"}, {"role": "admin"}, {"is_admin": True},
    {"admin": True}, {"internal": True}, {"test": True}, {"debug": True}, {"dry_run": True},
    {"cached": True}, {"cache_hit": True}, {"retry": 1}, {"attempt": 2}, {"free": True},
    {"trial": True}, {"billable": "yes"}, {"plan": "free"}, {"environment": "staging"},
    {"source": "healthcheck"}, {"user_agent": "kube-probe/1.29"}, {"request_id": "r-1"},
    {"trace_id": "5f1c"}, {"status": 500}, {"error": "timeout"},
    {"tenant_name": "Globex"}, {"former_tenant": "globex"}, {"tokens": 9},
)  # fmt: skip

_ODD_TOKENS = 3  # of an event whose metadata cannot be written

_ORDERS = tuple(permutations(("operation", "tokens", "metadata")))


@clauses.must(
    "UT-TRK-02",
    reason="the total is what a customer is billed for",
    fix="add up every event exactly once, whatever its operation, size, order and likeness to the "
    "one before; drop what you cached when a new event comes in",
)
def events_add_up(case: Case) -> None:
    """After any sequence of events, the total of each tenant has grown by their sum.

    Events of several tenants in any order, alike or not, with summaries and quota questions in
    between; one tenant with many events, in one burst too. What overflows a queue then has to be
    reported as dropped; what cannot be written has to be told of, by an exception or in the log.
    """
    ways = ways_of(case)
    if ways.lost:
        raise Violation(*ways.lost)

    def check(steps: list[tuple[str, int, str, int]], looked: bool, name: str) -> None:
        books = Books(case)
        names, odd = books.tenants(3), ""
        if not books.closed:
            names[-1] = odd = books.own(name)
        for tenant in names:
            books.open(tenant, look=looked)
        reused: dict[str, dict[Any, Any]] = {}
        for kind, who, operation, tokens in steps:
            tenant = names[who % len(names)]
            plain = tenant != odd
            if kind == "look":
                books.audit(tenant, plain=plain)
                case.attempt("check_quota", tenant, "query")
                continue
            metadata = None
            if kind == "same metadata":
                metadata = reused.setdefault(tenant, books.metadata(tenant))
            for _ in range(2 if kind == "twice" else 1):
                books.track(
                    tenant,
                    operation,
                    tokens,
                    plain=plain and tokens <= PLAIN_TOKENS and operation in OPERATIONS,
                    metadata=metadata,
                )
        for tenant in names:
            big = books.gained(tenant) >= 2**31
            books.audit(tenant, plain=tenant != odd and not big)

    steps = st.tuples(
        st.sampled_from(("once", "twice", "same metadata", "look")),
        st.integers(0, 2),
        st.one_of(operations, operations, odd_operations),
        st.one_of(few_tokens, few_tokens, _many_tokens),
    )
    case.for_all(
        check,
        steps=st.lists(steps, min_size=1, max_size=case.profile.steps),
        looked=st.booleans(),
        name=st.one_of(st.just("soylent"), tricky()),
    )
    each(case, lambda operation: _odd_operation(case, operation), [(name,) for name in ODD])
    each(case, lambda mark: _marked(case, mark), [(mark,) for mark in _MARKS])
    each(case, lambda value: _after_an_oddity(case, value), [(value,) for value in ODDITIES])
    each(case, lambda *names: _by_keyword(case, names), _ORDERS)
    crowd(case, _many_events, sizes=(3, 40, 1200))
    under_burden(case)


def _by_keyword(case: Case, names: tuple[str, ...]) -> None:
    """Keywords may come in any order; what is made for them by hand may rely on one."""
    books = Books(case)
    tenant = books.tenant(0)
    books.open(tenant)
    given: dict[str, Any] = {"operation": "query", "tokens": 7, "metadata": books.metadata(tenant)}
    case.must("track", **{name: given[name] for name in names})
    books.enter(tenant, 7)
    books.audit(tenant)


def _odd_operation(case: Case, operation: str) -> None:
    books = Books(case)
    tenant = books.tenant(0)
    for name in ("query", operation, "store", operation):
        books.track(tenant, name, 5, plain=name != operation)
        books.audit(tenant)


def _marked(case: Case, mark: dict[str, Any]) -> None:
    """What else a request says of itself makes its tokens no cheaper; twice, the same request."""
    books = Books(case)
    tenant, other = books.tenant(0), books.tenant(1)
    for _ in range(2):
        metadata = {**mark, **books.metadata(tenant)}  # what names the tenant stands
        books.track(tenant, "query", 5, metadata=metadata)
        for either in (tenant, other):
            books.audit(either, f"the metadata also said {mark}")


def _after_an_oddity(case: Case, value: Any) -> None:
    """An event that cannot be written counts, or somebody is told; and it takes no later one along.

    Told by an exception, by the probe `dropped` or in the log.
    """
    books = Books(case)
    tenant = books.tenant(0)
    books.open(tenant)
    with Drops(books, tenant) as drops:
        metadata = {**books.metadata(tenant), "x-context": value}
        refused = isinstance(case.attempt("track", "query", _ODD_TOKENS, metadata), Raised)

        def told() -> bool:
            return refused or bool(drops.said) or drops.report(_ODD_TOKENS, _ODD_TOKENS)

        def accounted(seen: int) -> bool:
            return seen == due + _ODD_TOKENS or (seen == due and told())

        for _ in range(2):
            books.track(tenant, "query", 5)
            due = books.due(tenant)
            seen = books.wait(lambda: books.total(tenant), accounted)
            if accounted(seen):
                continue
            story = (
                f"{show(tenant)} used {books.gained(tenant)} tokens, after an event of "
                f"{_ODD_TOKENS} whose metadata held {show(value)}"
            )
            total = f"get_usage_summary({show(tenant)})['total_tokens'] is {seen}"
            if seen == due:
                raise Violation(
                    story,
                    f"{total}: track did not raise, nothing was logged, and that event is gone",
                    fix="write what JSON cannot carry in some rendering (`default=repr`), or raise "
                    "ValueError; where an event has to be dropped, log a warning, or count it and "
                    "give the count as the probe dropped",
                )
            raise Violation(story, f"{total}, not {due + (0 if refused else _ODD_TOKENS)}")


def _many_events(case: Case, count: int) -> None:
    books = Books(case)
    tenant = books.tenant(0)
    for number in range(count):
        books.track(tenant, OPERATIONS[number % 4], number % 7)
        if number % 25 == 24:
            books.audit(tenant)
    books.audit(tenant)


@clauses.should(
    "UT-TRK-08",
    reason="a negative number is a bug or an attack on the bill; usage is never given back here",
    fix="raise ValueError for negative tokens, or count them as 0",
)
def negative_tokens_lower_nothing(case: Case) -> None:
    """Negative tokens never lower a total: they are refused, or count for nothing."""

    def check(used: int, negative: int, later: int) -> None:
        books = Books(case)
        tenant = books.tenant(0)
        books.track(tenant, "query", used)
        books.audit(tenant)
        answer = case.attempt("track", "query", -negative, books.metadata(tenant))
        # What follows must show, so that the wait for late events ends with it.
        books.track(tenant, "query", later)
        due = books.due(tenant)
        total = books.wait(lambda: books.total(tenant), lambda seen: seen >= due)
        if total < due:
            raise Violation(
                f"{used} and {later} tokens were used, and {-negative} tracked in between "
                + (f"(it {answer})" if isinstance(answer, Raised) else ""),
                f"get_usage_summary({show(tenant)})['total_tokens'] is {total}, less than {due}",
            )

    case.for_all(
        check,
        used=st.integers(0, 1000),
        negative=st.sampled_from((1, 2, 10, 1000, 2**31, 2**63)),
        later=st.integers(1, 5),
    )
