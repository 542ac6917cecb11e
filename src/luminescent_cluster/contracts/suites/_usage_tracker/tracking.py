"""UT-TRK: what is tracked is counted, once, and for the one who used it."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call, show_error
from ...engine.values import json_values, text
from .books import OPERATIONS, Books
from .crowd import crowd, each
from .losses import survive
from .names import tricky
from .ways import ways_of

clauses = Catalogue()

_operations = st.sampled_from(OPERATIONS)
_tokens = st.one_of(st.integers(0, 1000), st.sampled_from((0, 1, 100_000, 2**31 - 1)))
_many_tokens = st.sampled_from((2**31, 2**32 - 1, 2**32 + 1, 2**53 - 1, 2**53, 2**53 + 1))
_ODD = (
    "", " ", "Query", "query ", "QUERY", "total", "total_tokens", "total_queries", "tokens",
    "tenant_id", "quota_remaining", "*", "%", "None", "null", "acme", "__class__",
    "küche", "x" * 80, "health", "ping", "warmup", "test", "debug", "internal", "_internal",
    "admin", "system", "free", "cached", "trial", "retry", "noop", "query:cached", "internal.sync",
)  # fmt: skip
_MARKS: tuple[dict[str, Any], ...] = (
    {"user_id": "admin"}, {"user_id": "system"}, {"role": "admin"}, {"is_admin": True},
    {"admin": True}, {"internal": True}, {"test": True}, {"debug": True}, {"dry_run": True},
    {"cached": True}, {"cache_hit": True}, {"retry": 1}, {"attempt": 2}, {"free": True},
    {"trial": True}, {"billable": "yes"}, {"plan": "free"}, {"environment": "staging"},
    {"source": "healthcheck"}, {"user_agent": "kube-probe/1.29"}, {"request_id": "r-1"},
    {"trace_id": "5f1c"}, {"status": 500}, {"error": "timeout"},
)  # fmt: skip
_odd_operations = st.one_of(text(), st.sampled_from(_ODD))


class _Oddity:
    """Something that a request context may hold and JSON cannot."""


@clauses.must(
    "UT-TRK-01",
    reason="core calls track in the middle of a request and passes the request context on; an "
    "exception there fails the request, and any other result is a promise that nobody keeps",
    fix="take any metadata, look up what you need with .get(), and return None",
)
def track_takes_every_call(case: Case) -> None:
    """`track` takes every call that core makes, and returns None.

    Arguments by position and by keyword, in any mix; metadata with any keys, of no tenant, or
    empty. A value that JSON cannot carry may be refused with an ordinary exception.
    """

    def check(
        operation: str, tokens: int, more: dict[str, Any], named: bool, way: int, again: int
    ) -> None:
        books = Books(case, attributed=False)
        metadata = {**(books.metadata(books.tenant(0)) if named else {}), **more}
        given: dict[str, Any] = {"operation": operation, "tokens": tokens, "metadata": metadata}
        args = tuple(given.values())[:way]
        kwargs = dict(list(given.items())[way:])
        for _ in range(again):
            _none(case.must("track", *args, **kwargs), show_call("track", args, kwargs))

    noise = st.dictionaries(text().map("x-{}".format), json_values(), max_size=4)
    case.for_all(
        check,
        operation=_operations,
        tokens=_tokens,
        more=noise,
        named=st.booleans(),
        way=st.integers(0, 3),
        again=st.integers(1, 3),
    )

    def odd(value: Any, operation: str) -> None:
        books = Books(case, attributed=False)
        metadata = {**books.metadata(books.tenant(0)), "x-context": value}
        for call in ((operation, 3, metadata), ("query", 2**70, metadata), ("query", 1, {})):
            answer = case.attempt("track", *call)
            if not isinstance(answer, Raised):
                _none(answer, show_call("track", call, {}))

    case.for_all(odd, value=(b"\xff", {1, 2}, _Oddity(), 1j, print), operation=_odd_operations)
    crowd(case, _none_for_long)


def _none_for_long(case: Case, count: int) -> None:
    books = Books(case, attributed=False)
    for number in range(count):
        metadata = books.metadata(books.tenant(number))
        call = ("query", 1, metadata if number % 3 else {"x-request": number})
        _none(case.must("track", *call), show_call("track", call, {}))
        books.settle()


def _none(answer: Any, call: str) -> None:
    if answer is not None:
        raise Violation(f"{call} -> {show(answer)}, not None")


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
    reported as dropped.
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
                    plain=plain and tokens < 2**31 and operation in OPERATIONS,
                    metadata=metadata,
                )
        for tenant in names:
            big = books.gained(tenant) >= 2**31
            books.audit(tenant, plain=tenant != odd and not big)

    steps = st.tuples(
        st.sampled_from(("once", "twice", "same metadata", "look")),
        st.integers(0, 2),
        st.one_of(_operations, _operations, _odd_operations),
        st.one_of(_tokens, _tokens, _many_tokens),
    )
    case.for_all(
        check,
        steps=st.lists(steps, min_size=1, max_size=case.profile.steps),
        looked=st.booleans(),
        name=st.one_of(st.just("soylent"), tricky()),
    )
    each(case, lambda operation: _odd_operation(case, operation), [(name,) for name in _ODD])
    each(case, lambda mark: _marked(case, mark), [(mark,) for mark in _MARKS])
    each(case, lambda *names: _by_keyword(case, names), _ORDERS)
    crowd(case, _many_events, sizes=(3, 40, 1200))
    crowd(case, lambda case, count: survive(case, [], count, "query"), sizes=(12, 400))


def _by_keyword(case: Case, names: tuple[str, ...]) -> None:
    """Keywords may come in any order; what is made for them by hand may rely on one."""
    books = Books(case)
    tenant = books.tenant(0)
    books.open(tenant)
    given: dict[str, Any] = {"operation": "query", "tokens": 7, "metadata": books.metadata(tenant)}
    case.must("track", **{name: given[name] for name in names})
    books.enter(tenant, 7)
    books.audit(tenant)


_ORDERS = tuple(permutations(("operation", "tokens", "metadata")))


def _odd_operation(case: Case, operation: str) -> None:
    books = Books(case)
    tenant = books.tenant(0)
    for name in ("query", operation, "store", operation):
        books.track(tenant, name, 5, plain=name != operation)
        books.audit(tenant)


def _marked(case: Case, mark: dict[str, Any]) -> None:
    """What else a request says of itself makes its tokens no cheaper; twice, the same request."""
    books = Books(case)
    tenant = books.tenant(0)
    for _ in range(2):
        books.track(tenant, "query", 5, metadata=books.metadata(tenant, **mark))
        books.audit(tenant, f"the metadata also said {mark}")


def _many_events(case: Case, count: int) -> None:
    books = Books(case)
    tenant = books.tenant(0)
    for number in range(count):
        books.track(tenant, OPERATIONS[number % 4], number % 7)
        if number % 25 == 24:
            books.audit(tenant)
    books.audit(tenant)


@clauses.must(
    "UT-TRK-07",
    reason="a request that was answered from a cache costs no tokens, and is still a request",
    fix="take 0 tokens as any other number",
)
def zero_tokens_are_taken(case: Case) -> None:
    """An event of zero tokens is accepted, and changes no total."""

    def check(numbers: list[int], operation: str, look: bool) -> None:
        books = Books(case)
        tenant = books.tenant(0)
        for tokens in (0, *numbers, 0):
            books.track(tenant, operation, tokens)
            if look:
                books.audit(tenant)
        books.audit(tenant)

    case.for_all(
        check,
        numbers=st.lists(st.sampled_from((0, 0, 1, 10)), max_size=5),
        operation=_operations,
        look=st.booleans(),
    )


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


@clauses.should(
    "UT-TRK-09",
    reason="a bill that is disputed is settled by the single events",
    fix="write every event down once, with its tenant, operation and tokens",
    probes=("recorded",),
)
def events_are_on_record(case: Case) -> None:
    """Every event is on record exactly once, with its tenant, operation and tokens."""

    def check(events: list[tuple[int, str, int]]) -> None:
        books = Books(case)
        wanted: list[tuple[str, str, int]] = []
        before = _on_record(books)
        for who, operation, tokens in events:
            tenant = books.tenant(who)
            books.track(tenant, operation, tokens)
            wanted.append((tenant, operation, tokens))
        want = sorted(wanted)

        def gained() -> list[tuple[str, str, int]]:
            now = _on_record(books)
            for event in before:
                if event in now:
                    now.remove(event)
            return sorted(now)

        seen = books.wait(gained, lambda found: found == want)
        if seen != want:
            raise Violation(f"tracked:  {show(want)}", f"recorded: {show(seen)}")

    event = st.tuples(st.integers(0, 2), _operations, st.integers(0, 1000))
    case.for_all(check, events=st.lists(event, min_size=1, max_size=8))


def _on_record(books: Books) -> list[tuple[str, str, int]]:
    books.settle()
    names = ("tenant_id", "operation", "tokens")
    records = books.case.perform("recorded()", books.subject.probe("recorded"), 30.0, counts=False)
    try:
        rows = [tuple(record[name] for name in names) for record in records]
    except (KeyError, TypeError) as error:
        raise Violation(
            f"recorded() gave a record without {', '.join(names)}: {show_error(error)}",
            fix="let the probe give mappings with tenant_id, operation and tokens",
        ) from error
    return [row for row in rows if row[0] is not None]
