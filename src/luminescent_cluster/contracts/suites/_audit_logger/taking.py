"""AL-EVT-01: what the logger takes, and gives back."""

from __future__ import annotations

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.show import show, show_error
from .._sweep import sweep
from .events import EVENT, OMITTED, SECURITY, USUAL, Event, events, restricted
from .trail import describe

clauses = Catalogue()

_TAKEN = (
    "self", "cls", "name", "msg", "message", "args", "level", "module", "process", "thread",
    "filename", "exc_info", "event", "key", "value", "id", "type", "data", "time", "timestamp",
    "event_type", "actor", "outcome", "severity", "details", "class", "from", "items", "keys",
)  # fmt: skip
"""Keys of details that parameters, log records, columns and attributes are called too."""


@clauses.must(
    "AL-EVT-01",
    reason="core logs in the middle of a request and uses nothing of the answer",
    fix="return nothing, and take details=None, {} and nested dicts with any keys: pass them on as "
    "one value, not as keyword arguments or as `extra` of a log record",
)
def returns_none(case: Case) -> None:
    """It returns None, with details omitted, None, empty or nested, whatever their keys are.

    A key may be refused with ValueError or PermissionError; anything else is no refusal but a
    collision with a name of the logger's own.
    """

    def take(event: Event, required: bool) -> None:
        try:
            event.call(case)
        except Refused as refusal:
            if not required:
                raise
            raise Violation(
                f"{refusal.call} raised {show_error(refusal.error)}", "core makes this very call"
            ) from refusal
        if event.result is not None:
            raise Violation(f"{describe(event)} -> {show(event.result)}", "expected None")

    variants = st.sampled_from(
        (OMITTED, None, {}, {"query": "revenue"}, {"changes": {"from": [1, 2], "to": {"a": None}}})
    )
    free = [
        method
        for method, values in USUAL.items()
        if not any(restricted(case, method, name) for name in values)
    ]

    def check(details: object, keywords: bool, generated: Event, security: Event) -> None:
        if EVENT in free:
            take(Event(EVENT, dict(USUAL[EVENT]), details, keywords), True)
        if SECURITY in free:
            take(Event(SECURITY, dict(USUAL[SECURITY]), details, keywords), False)
        take(generated, False)
        take(security, False)

    case.for_all(
        check,
        details=variants,
        keywords=st.booleans(),
        generated=events(case, EVENT),
        security=events(case, SECURITY),
    )

    def taken(method: str, name: str) -> None:
        event = Event(method, dict(USUAL[method]), {name: "x"})
        try:
            take(event, False)
        except Refused as refusal:
            if isinstance(refusal.error, ValueError | PermissionError):
                raise
            raise Violation(
                f"{refusal.call} raised {show_error(refusal.error)}",
                f"the key {name!r} of details is taken for something else",
            ) from refusal

    open_ = [method for method in free if not restricted(case, method, "details")]
    sweep(case, taken, [{"method": method, "name": name} for name in _TAKEN for method in open_])
