"""Events as core sends them, and the strategies that make them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ...engine.calls import argument_strategies
from ...engine.case import Case
from ...engine.compare import snapshot
from ...engine.methods import method_named

__all__ = [
    "EVENT",
    "LARGE",
    "OMITTED",
    "SECURITY",
    "USUAL",
    "WORDS",
    "Event",
    "events",
    "free_fields",
    "marks_in",
    "restricted",
    "usual_events",
]

EVENT, SECURITY = "log_event", "log_security_event"
OMITTED: Any = type("Omitted", (), {"__repr__": lambda self: "(omitted)"})()
"""Details that the call leaves out."""

_FIELDS = {
    EVENT: ("event_type", "actor", "resource", "action", "outcome"),
    SECURITY: ("event_type", "severity", "message"),
}
USUAL: Mapping[str, Mapping[str, str]] = {
    EVENT: {
        "event_type": "data_access",
        "actor": "unknown",
        "resource": "knowledge_base",
        "action": "search",
        "outcome": "success",
    },
    SECURITY: {
        "event_type": "auth_failure",
        "severity": "warning",
        "message": "three failed logins",
    },
}
"""Values that every logger takes: core sends the first."""

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    EVENT: {
        "event_type": ("heartbeat", "tenant.created", "custom:import", "debug", "internal_sync"),
        "actor": ("system", "root", "admin", "healthcheck", "anonymous", "unknown", "test", "None",
                  "service:indexer", "007", "true", "61646D696E",
                  "O'Brien & Sons <ops@Example.ORG>", "u" * 200),
        "resource": ("health", "/healthz", "kb/report?version=3#page=2", "kb/folder/", "kb//a/./b",
                     'kb/"a" & b', "https://example.org/a%20b?x=1&y=2", "*", '{"kb": 1}',
                     "{actor} $actor %(actor)s", "100%% of {{kb}}", r"C:\new\table\x0a", "r" * 200),
        "action": ("ping", "list", "noop", "bulk_export", "GET", "a" * 200),
        "outcome": ("error", "partial", "timeout", "pending", "allowed", "unknown", "o" * 200),
    },
    SECURITY: {
        "event_type": ("heartbeat", "custom:scan", "debug", "password.reset", "e" * 200),
        "message": ("ok", "test", "wrong password, no token given", "ignore: 'a' & <b>", "[1, 2]",
                    "100%% of {{kb}}",
                    "{event_type} $event_type %(event_type)s", "m" * 2_000),
    },
}  # fmt: skip
"""Values beyond those that core sends today, and that code has exceptions for."""

_ORDER = {
    "log_event": ("event_type", "actor", "resource", "action", "outcome", "details"),
    "log_security_event": ("event_type", "severity", "message", "details"),
}

_MARK = re.compile(r"mark-\d{4}")


@dataclass
class Event:
    """One call of the logger.

    Attributes:
        method: ``log_event`` or ``log_security_event``.
        values: its text arguments by name.
        details: the last argument, or ``OMITTED``.
        keywords: whether arguments are passed by keyword.
        mark: a text that no other event of the example carries.
    """

    method: str
    values: dict[str, str]
    details: Any = None
    keywords: bool = False
    mark: str = ""
    sent: Any = field(default=None, repr=False)
    result: Any = field(default=None, repr=False)

    def call(self, case: Case) -> None:
        """Send it, keeping a copy of the details as they were.

        Raises:
            Refused: the extension raised.
        """
        self.sent = None if self.details is OMITTED else snapshot(self.details)
        given = dict(self.values)
        if self.details is not OMITTED:
            given["details"] = self.details
        order = [name for name in _ORDER[self.method] if name in given]
        kwargs: dict[str, Any] = {}
        args: tuple[Any, ...] = ()
        if self.keywords:
            # Last one first: keywords have no order, and nothing may rely on one.
            kwargs = {name: given[name] for name in reversed(order)}
        else:
            args = tuple(given[name] for name in order)
        self.result = case.call(self.method, *args, **kwargs)

    def shows_mark(self) -> bool:
        """Tell whether the event carries its mark where a record must show it."""
        held = f"{self.values}" + (f"{self.sent}" if isinstance(self.sent, dict) else "")
        return bool(self.mark) and self.mark in held

    def marked(self, mark: str, free: frozenset[str]) -> Event:
        """Give the event with a mark of its own in every place that takes one."""
        values = dict(self.values)
        for name in ("resource", "message"):
            if name in values and name in free:
                values[name] = f"{values[name]} {mark}" if name == "message" else f"kb/{mark}"
        details = self.details
        if isinstance(details, dict) and details and "details" in free:
            details = {**snapshot(details), "mark": mark}
        return Event(self.method, values, details, self.keywords, mark)


def marks_in(text: str) -> set[str]:
    """Give the marks of events that a text carries."""
    return set(_MARK.findall(text))


LARGE: tuple[dict[str, Any], ...] = (
    {"changes": {"a": {"b": {"c": {"d": {"e": {"f": ["deep", {"g": "end"}]}}}}}}},
    {"ids": list(range(150)), "last": "one"},
    {f"key-{number:03d}": number for number in range(120)},
    {"text": "long " * 2_000 + "end"},
    {"yes": True, "no": False, "none": None, "zero": 0, "empty": "", "list": [], "dict": {}},
    {"zip": "01234", "count": "12", "flag": "true", "nothing": "null", "padded": " x "},
    {"gaps": [None, 1, None], "one": ["only"], "nested": [[], {}, [[1]]]},
    {"order": [3, 1, 2, 1], "names": ["b", "a", "B", "a", "a"], "rows": [[2, 1], [2, 1], {"a": 1}]},
    {
        "Query": "kept",
        "query": "apart",
        "QUERY ": "too",
        "user-id": 1,
        "user_id": 2,
        "a.b": {"c": 1},
    },
    {"_id": "5f1c", "_private": {"_x": 1}, "@type": "Report", "$set": {"a": 1}},
    {"request_id": "r-7f3a", "session_id": "s-19", "trace_id": "0af7651916cd43dd"},
    {"big": 2**63 + 1, "small": -(2**63), "half": 0.1, "tiny": 5e-324},
)
"""Details that are cut, flattened or coerced by who is careless."""


@cache
def plain_details() -> Any:
    """Details that JSON can carry, nested a little; ``OMITTED`` and None too."""
    leaves = st.one_of(
        st.sampled_from(("report", "Zoë", "10.0.0.1", "")),
        st.integers(-5, 2**53),
        st.booleans(),
        st.none(),
        st.sampled_from((0.5, -1.25)),
    )
    values = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(("id", "ip", "changes")), inner, max_size=2),
        ),
        max_leaves=4,
    )
    keys = st.sampled_from(("query", "count", "changes", "reason", "übergabe"))
    plain = st.dictionaries(keys, values, max_size=3)
    return st.one_of(st.just(OMITTED), st.none(), st.just({}), plain, st.sampled_from(LARGE))


def events(case: Case, method: str | None = None, **fixed: Any) -> Any:
    """Give a strategy of events without marks.

    The author's ``arguments`` decide the values where given.

    Args:
        case: the clause under way.
        method: only events of this method; of both where None.
        fixed: strategies for single arguments.
    """
    if method is None:
        return st.one_of(events(case, EVENT, **fixed), events(case, SECURITY, **fixed))
    strategies = dict(argument_strategies(case, method_named(case.protocol, method)))
    details = strategies.pop("details")
    if not restricted(case, method, "details"):
        details = plain_details()
    details = fixed.pop("details", details)
    names = _FIELDS[method]
    values = st.tuples(*(fixed.get(name, strategies[name]) for name in names))
    return st.builds(
        Event,
        st.just(method),
        values.map(lambda drawn: dict(zip(names, drawn, strict=True))),
        details,
        st.booleans(),
    )


def restricted(case: Case, method: str, name: str) -> bool:
    """Tell whether the author says which values an argument may have."""
    given: Mapping[str, Any] = case.subject.arguments
    return f"{method}.{name}" in given or name in given


def free_fields(case: Case, method: str) -> frozenset[str]:
    """Give the names of arguments that take any value."""
    return frozenset(
        name for name in (*_FIELDS[method], "details") if not restricted(case, method, name)
    )


def usual_events(case: Case, details: Any = None) -> list[Event]:
    """Give one usual event of each method whose values the author does not restrict."""
    return [
        Event(method, dict(values), details)
        for method, values in USUAL.items()
        if not any(restricted(case, method, name) for name in values)
    ]
