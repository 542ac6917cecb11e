"""UT-SUM but the ranges: what a summary is, and that reading it changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Unverified, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from .accounts import set_quota
from .books import OPERATIONS, Books
from .crowd import crowd, each
from .everybody import EVERYBODY, not_everybody
from .figures import figures
from .names import tricky
from .present import tell_near, today
from .ways import read_total, ways_of

clauses = Catalogue()

_operations = st.sampled_from(OPERATIONS)
_DAY = timedelta(days=1)
_FAR = (
    datetime(1970, 1, 1, tzinfo=timezone.utc),
    datetime(2000, 2, 29, tzinfo=timezone.utc),
    datetime(2038, 1, 19, 3, 14, 8, tzinfo=timezone.utc),
    datetime(2100, 1, 1, tzinfo=timezone.utc),
)


def _bounds(case: Case) -> Any:
    """Pairs of bounds around the present, far away, or missing."""
    midnight = today()
    near = [midnight + _DAY * days for days in (-400, -31, -1, 1, 31)]
    for when in (*near, *(when + _DAY for when in near)):  # as _forward may move them
        tell_near(case, when, midnight, "TODAY")
    return st.tuples(*[st.one_of(st.none(), st.sampled_from([*near, *_FAR]))] * 2)


def _forward(
    start: datetime | None, end: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Give bounds in order; an empty range may be refused, so it is made a longer one."""
    if start is None or end is None:
        return start, end
    return min(start, end), max(start, end) + (_DAY if start == end else timedelta(0))


def _judge_shape(summary: Any, call: str) -> None:
    said = f"{call} -> {show(summary)}"
    if not isinstance(summary, dict):
        raise Violation(said, f"which is no dict but {type(summary).__name__}")
    if "total_tokens" not in summary:
        raise Violation(said, "which has no total_tokens")
    total = summary["total_tokens"]
    if not isinstance(total, int) or isinstance(total, bool):
        raise Violation(said, f"whose total_tokens is no int but {type(total).__name__}")
    if total < 0:
        raise Violation(said, "whose total_tokens is negative")


@clauses.must(
    "UT-SUM-01",
    reason="billing multiplies total_tokens by a price",
    fix="return a dict with total_tokens as an int, 0 where there is no usage",
)
def summary_has_a_total(case: Case) -> None:
    """A summary is a dict with an integer `total_tokens` that is not negative.

    For tenants with and without usage, and any range.
    """

    def check(
        tokens: list[int], operation: str, bounds: tuple[Any, Any], way: int, name: str
    ) -> None:
        books = Books(case, attributed=False)
        tenant = books.tenant(0)
        for number in tokens:
            plain = 0 <= number < 2**31
            call = case.must if plain else case.attempt
            call("track", operation, number, books.metadata(tenant))
        books.flush()
        big = any(not 0 <= number < 2**31 for number in tokens)
        start, end = bounds
        given: tuple[tuple[Any, ...], dict[str, Any]] = (
            ((tenant,), {}),
            ((tenant, start, end), {}),
            ((tenant,), {"start_date": start, "end_date": end}),
            ((), {"tenant_id": tenant, "end_date": end}),
        )[way]
        plain = not big and (start, end) == _forward(start, end)
        for args, kwargs in (given, ((books.tenant(1),), {})):
            call = case.must if plain else case.attempt
            answer = call("get_usage_summary", *args, **kwargs)
            if not isinstance(answer, Raised):
                _judge_shape(answer, show_call("get_usage_summary", args, kwargs))
        odd = case.attempt("get_usage_summary", name)
        if not isinstance(odd, Raised):
            _judge_shape(odd, show_call("get_usage_summary", (name,), {}))

    case.for_all(
        check,
        tokens=st.lists(
            st.one_of(st.integers(0, 1000), st.sampled_from((2**31, 2**53 + 1, -1, -1000))),
            max_size=4,
        ),
        operation=_operations,
        bounds=_bounds(case),
        way=st.integers(0, 3),
        name=st.one_of(tricky(), st.sampled_from(("", " ", "\0"))),
    )


@clauses.must(
    "UT-SUM-02",
    reason="a tenant's first page view asks for its usage before there is any",
    fix="answer zeros for a tenant that is not in the books, and do not enter it",
)
def unknown_tenant_has_no_usage(case: Case) -> None:
    """A tenant without any usage has a total of zero, and asking for it is no error.

    Whatever others have used, and with any range. An odd id may be refused.
    """

    def check(used: list[int], bounds: tuple[Any, Any], number: int, name: str, again: int) -> None:
        books = Books(case, attributed=False)
        for tokens in used:
            case.must("track", "query", tokens, books.metadata(books.tenant(0)))
        books.flush()
        start, end = bounds
        start, end = _forward(start, end)
        nobody = _unlisted(books, number) if books.closed else books.own(f"nobody-{number:x}")
        calls: list[tuple[Any, ...]] = [(nobody,), (nobody, start, end)]
        for _ in range(again):
            asked = []
            for args in calls:
                answer = case.attempt("get_usage_summary", *args)
                call = show_call("get_usage_summary", args, {})
                if isinstance(answer, Raised) and not (
                    # Where ids have a form, this one may not have it.
                    books.closed
                    and isinstance(answer.error, (ValueError, TypeError, PermissionError))
                ):
                    raise Violation(f"{call} {answer}") from answer.error
                asked.append((call, answer))
            if not books.closed:
                odd = books.own(name)
                call = show_call("get_usage_summary", (odd,), {})
                asked.append((call, case.attempt("get_usage_summary", odd)))
            for call, answer in asked:
                if isinstance(answer, Raised):
                    continue
                for figure, value in _usage(books, answer).items():
                    if value != 0:
                        raise Violation(f"{call} -> {show(answer)}", f"whose {figure} is not 0")

    case.for_all(
        check,
        used=st.lists(st.integers(1, 1000), max_size=3),
        bounds=_bounds(case),
        number=st.integers(0x1000, 0xFFFF),
        name=tricky().filter(lambda name: name != "acme"),
        again=st.integers(1, 2),
    )
    each(case, lambda name: not_everybody(case, name), [(name,) for name in EVERYBODY])


def _usage(books: Books, summary: Any) -> dict[str, Any]:
    read_total(summary)
    found = figures(summary, books.subject.varying_keys)
    return {
        name: value for name, value in found.items() if name in ("total_tokens", "total_queries")
    }


def _unlisted(books: Books, number: int) -> str:
    """Give an id of the form of the declared ones that is none of them."""
    known = books.tenants(1000)
    model = known[number % len(known)]
    for index in range(len(model) - 1, -1, -1):
        for other in "0123456789" if model[index].isdigit() else "abcdefghijklmnopqrstuvwxyz":
            changed = model[:index] + other + model[index + 1 :]
            if changed not in known and model[index].isalnum():
                return changed
    return model + "0"


@clauses.must(
    "UT-SUM-06",
    reason="a bill that changes with every look at it cannot be checked",
    fix="let get_usage_summary only read, and build its result anew each time",
)
def reading_changes_nothing(case: Case) -> None:
    """Reading twice without tracking in between gives the same figures.

    Also when the caller changes what it was given, and when others are asked about in between. A
    time of generation or an id may differ; only usage figures are compared.
    """
    try:
        counts = not ways_of(case).lost
    except Unverified:
        counts = False

    def check(
        events: list[tuple[int, str, int]], bounds: tuple[Any, Any], times: int, spoil: bool
    ) -> None:
        books = Books(case, attributed=counts)
        names = books.tenants(3)
        for who, operation, tokens in events if counts else ():
            # Where events settle later, only one that counts tells when it has.
            least = 0 if books.subject.has("flush") else 1
            books.track(books.tenant(who), operation, max(tokens, least))
        for tenant in names if counts else ():
            books.audit(tenant)
        start, end = bounds
        start, end = _forward(start, end)
        calls = [(name,) for name in names] + [(names[0], start, end)]
        former: dict[str, Any] = {}
        if counts:  # what the audit has just read is the first reading
            for name in names:
                text = show_call("get_usage_summary", (name,), {})
                total = read_total(case.must("get_usage_summary", name))
                if total != books.due(name):
                    raise Violation(
                        f"{text} gave total_tokens = {books.due(name)}",
                        f"read again with nothing tracked, it is {total}",
                    )
        for _ in range(times + 1):
            for call in calls:
                text = show_call("get_usage_summary", call, {})
                answer = case.must("get_usage_summary", *call)
                if not isinstance(answer, dict):
                    raise Inconclusive(f"{text} -> {show(answer)}; see UT-SUM-01")
                now = figures(answer, books.subject.varying_keys)
                before = former.setdefault(text, now)
                if now != before:
                    changed = [key for key in {**before, **now} if before.get(key) != now.get(key)]
                    raise Violation(
                        f"{text} gave {changed[0]} = {show(before.get(changed[0]))}",
                        f"read again with nothing tracked, it is {show(now.get(changed[0]))}"
                        + (", after the caller changed the first result" if spoil else ""),
                    )
                if spoil:
                    _spoil(answer)

    case.for_all(
        check,
        events=st.lists(
            st.tuples(st.integers(0, 2), _operations, st.integers(0, 1000)), max_size=6
        ),
        bounds=_bounds(case),
        times=st.sampled_from((1, 2, 12)),
        spoil=st.booleans(),
    )


def _spoil(summary: dict[Any, Any]) -> None:
    """Change a result as a careless caller does, at every depth."""
    for key, value in list(summary.items()):
        if isinstance(value, dict):
            _spoil(value)
        elif isinstance(value, list):
            value.clear()
        else:
            try:
                summary[key] = 10**9
            except TypeError:  # a result that cannot be changed
                return


@clauses.should(
    "UT-SUM-07",
    reason="the billing page shows the number of queries and what is left of the quota",
    fix="add total_queries, which counts events of the operation query at least, and "
    "quota_remaining, None where there is no quota",
)
def summary_counts_queries(case: Case) -> None:
    """A summary also has `total_queries`, which counts queries, and `quota_remaining`."""

    def check(queries: list[int], others: list[int], limit: int) -> None:
        books = Books(case)
        tenant = books.tenant(0)
        before = case.must("get_usage_summary", tenant)
        _judge_extras(before, tenant)
        if books.subject.has("set_quota"):
            set_quota(books, tenant, books.base(tenant) + limit, "query")
        for tokens in queries:
            books.track(tenant, "query", tokens)
        for tokens in others:
            books.track(tenant, "store", tokens)
        books.audit(tenant)
        wanted = {len(queries), len(queries) + len(others)}
        summary = books.wait(
            lambda: books.summary(tenant),
            lambda now: now.get("total_queries", 0) - before["total_queries"] in wanted,
        )
        _judge_extras(summary, tenant)
        gained = summary["total_queries"] - before["total_queries"]
        if gained not in wanted:
            raise Violation(
                f"{len(queries)} queries were tracked, and {len(others)} other operations",
                f"total_queries of {show(tenant)} grew by {gained}",
            )

    case.for_all(
        check,
        queries=st.lists(st.integers(0, 10), max_size=5),
        others=st.lists(st.integers(0, 10), max_size=3),
        limit=st.integers(0, 60),
    )
    crowd(case, _many_queries, sizes=(3, 300))


def _many_queries(case: Case, count: int) -> None:
    books = Books(case)
    tenant = books.tenant(0)
    before = books.summary(tenant)
    _judge_extras(before, tenant)
    for number in range(count):
        books.track(tenant, "query", 1)
        if number % 25 == 24:
            books.audit(tenant)
    books.audit(tenant)
    after = books.summary(tenant)
    _judge_extras(after, tenant)
    gained = after["total_queries"] - before["total_queries"]
    if gained != count:
        raise Violation(
            f"{count} queries were tracked", f"total_queries of {show(tenant)} grew by {gained}"
        )


def _judge_extras(summary: Any, tenant: str) -> None:
    read_total(summary)
    said = f"get_usage_summary({show(tenant)}) -> {show(summary)}"
    queries = summary.get("total_queries")
    if not isinstance(queries, int) or isinstance(queries, bool) or queries < 0:
        raise Violation(said, "which has no number of total_queries")
    if "quota_remaining" not in summary:
        raise Violation(said, "which has no quota_remaining")
    left = summary["quota_remaining"]
    if left is not None and (isinstance(left, bool) or not isinstance(left, (int, float))):
        raise Violation(said, f"whose quota_remaining is {type(left).__name__}")
