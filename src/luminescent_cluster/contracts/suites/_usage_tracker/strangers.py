"""UT-SUM-02: who used nothing, and names that code takes for everybody's."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from .books import Books
from .bounds import bounds, forward
from .crowd import each
from .figures import totals
from .names import tricky
from .reading import read_total

clauses = Catalogue()

# Ids that code takes for no condition at all.
_EVERYBODY = (
    "", " ", "*", "%", "_", ".*", "all", "any", "admin", "root", "system", "internal", "total",
    "global", "default", "unknown", "None", "null", "everyone", "support", "-", "0",
)  # fmt: skip


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
        if used:  # an answer may be kept, but for whom it was given
            case.attempt("get_usage_summary", books.tenant(0))
        varying = books.subject.varying_keys
        start, end = forward(*bounds)
        nobody = _unlisted(books, number) if books.closed else books.own(f"nobody-{number:x}")
        calls: list[tuple[Any, ...]] = [(nobody,), (nobody, start, end)]
        for _ in range(again):
            asked = []
            for args in calls:
                answer = case.attempt("get_usage_summary", *args)
                call = show_call("get_usage_summary", args, {})
                if isinstance(answer, Raised) and not (
                    # Where ids have a form, this one may not have it.
                    (books.closed or not books.sure)
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
                read_total(answer)
                for figure, value in totals(answer, varying).items():
                    if value != 0:
                        raise Violation(f"{call} -> {show(answer)}", f"whose {figure} is not 0")

    case.for_all(
        check,
        used=st.lists(st.integers(1, 1000), max_size=3),
        bounds=bounds(case),
        number=st.integers(0x1000, 0xFFFF),
        name=tricky().filter(lambda name: name != "acme"),
        again=st.integers(1, 2),
    )
    each(case, lambda name: _not_everybody(case, name), [(name,) for name in _EVERYBODY])


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


def _not_everybody(case: Case, name: str) -> None:
    """Check that what others use shows under no name that might stand for all of them.

    Raises:
        Violation: it does.
    """
    books = Books(case, attributed=False)
    used = [books.tenant(number) for number in range(2)]
    if name in used:
        return
    call = show_call("get_usage_summary", (name,), {})
    before = case.attempt("get_usage_summary", name)
    for tenant in used:
        case.must("track", "query", 5, books.metadata(tenant))
    books.flush()
    after = case.attempt("get_usage_summary", name)
    if isinstance(before, Raised) or isinstance(after, Raised):
        return
    varying = books.subject.varying_keys
    seen = totals(after, varying)
    for figure, value in totals(before, varying).items():
        if seen.get(figure, value) != value:
            raise Violation(
                f"{show(used[0])} and {show(used[1])} used something",
                f"{call} had {value} {figure}, and now has {seen[figure]}",
            )
