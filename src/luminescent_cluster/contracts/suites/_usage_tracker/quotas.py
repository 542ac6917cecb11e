"""UT-QUO-01 and 02: what check_quota answers, and what asking must not do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Unverified, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from .accounts import NOON, TIMES, expect, one_period, set_quota, set_time
from .books import Books
from .crowd import each
from .figures import figures
from .instants import ANCHORS
from .interruptions import during
from .names import tricky
from .operations import OPERATIONS, operations
from .ways import ways_of

clauses = Catalogue()


def _judge_answer(answer: Any, call: str) -> None:
    said = f"{call} -> {show(answer)}"
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Violation(said, "which is no tuple of two")
    allowed, reason = answer
    if not isinstance(allowed, bool):
        raise Violation(said, f"whose first part is no bool but {type(allowed).__name__}")
    if allowed and reason is not None:
        raise Violation(said, "which allows, and gives a reason all the same")
    if not allowed and not (isinstance(reason, str) and reason.strip()):
        raise Violation(said, "which denies without a reason that says something")


@clauses.must(
    "UT-QUO-01",
    reason="core unpacks the answer, lets the request pass or shows the reason to the customer",
    fix="return (True, None) or (False, 'what is used up'), on every path",
)
def answer_is_a_decision(case: Case) -> None:
    """`check_quota` answers (bool, reason); the reason is None exactly when allowed, and says
    something when denied.
    """

    def check(steps: list[tuple[str, int]], operation: str, name: str, limit: int) -> None:
        books = Books(case, attributed=False)
        tenant = books.tenant(0)

        def ask(who: str, what: str, plain: bool) -> None:
            answer = (books.must if plain else case.attempt)("check_quota", who, what)
            if not isinstance(answer, Raised):
                _judge_answer(answer, show_call("check_quota", (who, what), {}))

        if books.subject.has("set_quota") and limit < 100:
            set_quota(books, tenant, limit, operation)
        for kind, tokens in steps:
            if kind == "track":
                case.attempt("track", operation, tokens, books.metadata(tenant))
                books.flush()
            elif kind == "outage" and books.subject.has("break_backend"):
                with during(case, books.subject, "break_backend"):
                    ask(tenant, operation, plain=False)
            else:
                ask(tenant, operation, plain=True)
        ask(tenant, operation, plain=True)
        ask(tenant, name, plain=False)
        ask(books.tenant(1), operation, plain=True)
        if not books.closed:
            ask(books.own(name), operation, plain=False)

    step = st.tuples(
        st.sampled_from(("track", "track", "ask", "outage")),
        st.one_of(st.integers(0, 60), st.sampled_from((10**6, 10**9, 2**31, 10**12))),
    )
    case.for_all(
        check,
        steps=st.lists(step, max_size=6),
        operation=operations,
        name=st.one_of(tricky(), st.sampled_from(("", " "))),
        limit=st.integers(0, 120),
    )
    if case.subject.has("clock"):
        days = [(when,) for when in (*TIMES, *ANCHORS) if when.year > 2000]
        each(case, lambda when: _answers_at(case, when), days)


def _answers_at(case: Case, when: datetime) -> None:
    """No day is without an answer, the 31st as little as the 29th of February."""
    books = Books(case, attributed=False)
    set_time(books, when)
    tenant = books.tenant(0)
    if books.subject.has("set_quota"):
        set_quota(books, tenant, 50, "query")
    for _ in range(2):
        answer = books.must("check_quota", tenant, "query")
        _judge_answer(answer, show_call("check_quota", (tenant, "query"), {}))
        case.must("track", "query", 1, books.metadata(tenant))


@clauses.must(
    "UT-QUO-02",
    reason="core asks before every request, and may ask twice; a question that costs something "
    "bills the customer for nothing",
    fix="let check_quota only read: no counting, no reserving, no creating of accounts",
)
def asking_changes_nothing(case: Case) -> None:
    """Asking for quota changes no answer and no usage figure, however often it is asked."""
    try:
        counts = not ways_of(case).lost
    except Unverified:
        counts = False

    def check(used: list[int], questions: list[tuple[int, str]], times: int, room: int) -> None:
        books = Books(case, attributed=counts)
        used = [max(tokens, books.least) for tokens in used]
        with one_period(books):
            names = books.tenants(3)
            limited = books.subject.has("set_quota") and counts and not books.closed
            if limited:
                set_quota(books, names[0], sum(used) + room, "query")
            for tokens in used if counts else ():
                books.track(names[0], "query", tokens)
            if counts:
                books.audit(names[0])
            before = _state(books, names)
            for who, operation in questions:
                for _ in range(times):
                    case.attempt("check_quota", names[who % len(names)], operation)
            after = _state(books, names)
            asked = sum(times for _ in questions)
            for what, value in before.items():
                if after[what] != value:
                    raise Violation(
                        f"before check_quota was asked {asked} times: {what} -> {show(value)}",
                        f"afterwards: {what} -> {show(after[what])}",
                    )
            if limited and books.subject.quota_counts == "tokens" and room > 1:
                books.track(names[0], "query", room - 1)
                expect(
                    books, names[0], "query", True,
                    f"{sum(used) + room - 1} of {sum(used) + room} tokens are used, and quota "
                    f"was asked for {asked} times",
                )  # fmt: skip

    case.for_all(
        check,
        used=st.lists(st.integers(0, 50), max_size=4),
        questions=st.lists(st.tuples(st.integers(0, 2), operations), min_size=1, max_size=5),
        times=st.sampled_from((1, 2, 3, 20)),
        room=st.sampled_from((0, 1, 2, 5, 200)),
    )
    if counts and case.subject.has("clock"):
        each(case, lambda age: _keeps_what_is_old(case, age), [(age,) for age in _AGES])


_AGES = (timedelta(hours=2), timedelta(days=2), timedelta(days=40))


def _keeps_what_is_old(case: Case, age: timedelta) -> None:
    """What no quota counts any more is still in the books after somebody asked."""
    books = Books(case)
    tenant = books.tenant(0)
    set_time(books, NOON)
    books.track(tenant, "query", 7)
    books.audit(tenant)
    set_time(books, NOON + age)
    before = books.total(tenant)
    case.attempt("check_quota", tenant, "query")
    after = books.total(tenant)
    if after != before:
        raise Violation(
            f"before check_quota was asked, the total of {show(tenant)} was {before}, used {age} "
            "earlier",
            f"afterwards it is {after}",
        )


def _state(books: Books, names: list[str]) -> dict[str, Any]:
    """Give every figure and answer there is, each by its call."""
    state: dict[str, Any] = {}
    for tenant in names:
        answer = books.case.attempt("get_usage_summary", tenant)
        if isinstance(answer, dict):
            for name, figure in figures(answer, books.subject.varying_keys).items():
                state[f"get_usage_summary({show(tenant)})[{name!r}]"] = figure
        for operation in OPERATIONS[:2]:
            answer = books.case.attempt("check_quota", tenant, operation)
            # A reason may quote a figure or a time; what was decided counts.
            decided = answer[0] if isinstance(answer, tuple) and answer else None
            state[show_call("check_quota", (tenant, operation), {})] = decided
    return state
