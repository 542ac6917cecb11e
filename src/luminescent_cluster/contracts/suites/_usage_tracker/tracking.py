"""UT-TRK-01 and 07: what track takes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from ...engine.values import json_values, text
from .books import Books
from .crowd import crowd, each
from .operations import ODDITIES, PLAIN_TOKENS, few_tokens, odd_operations, operations

clauses = Catalogue()


# Names that parameters, records of a log, templates, queries and columns have too.
_TAKEN = (
    "self", "cls", "operation", "tokens", "name", "msg", "message", "args", "level", "module",
    "process", "thread", "exc_info", "class", "from", "", " ", "a.b", "$set", "%s", "{",
    "__class__", "select",
)  # fmt: skip


@clauses.must(
    "UT-TRK-01",
    reason="core calls track in the middle of a request and passes the request context on; an "
    "exception there fails the request, and any other result is a promise that nobody keeps",
    fix="take any metadata, look up what you need with .get(), and return None",
)
def track_takes_every_call(case: Case) -> None:
    """`track` takes every call that core makes, and returns None.

    Arguments by position and by keyword, in any mix; metadata with any keys, of no tenant, or
    empty. A value that JSON cannot carry, and a number of tokens beyond any request's, may be
    refused with an ordinary exception.
    """

    def check(
        operation: str, tokens: int, more: dict[str, Any], named: bool, way: int, again: int
    ) -> None:
        books = Books(case, attributed=False)
        metadata = {**(books.metadata(books.tenant(0)) if named else {}), **more}
        given: dict[str, Any] = {"operation": operation, "tokens": tokens, "metadata": metadata}
        args = tuple(given.values())[:way]
        kwargs = dict(list(given.items())[way:])
        call = case.must if tokens <= PLAIN_TOKENS else case.call
        for _ in range(again):
            _none(call("track", *args, **kwargs), show_call("track", args, kwargs))

    noise = st.dictionaries(text().map("x-{}".format), json_values(), max_size=4)
    case.for_all(
        check,
        operation=operations,
        tokens=few_tokens,
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

    def taken(name: str) -> None:
        books = Books(case, attributed=False)
        metadata = {name: "x", **books.metadata(books.tenant(0))}
        call = ("query", 1, metadata)
        _none(case.must("track", *call), show_call("track", call, {}))

    each(case, taken, [(name,) for name in _TAKEN])
    case.for_all(odd, value=ODDITIES, operation=odd_operations)
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
        operation=operations,
        look=st.booleans(),
    )
