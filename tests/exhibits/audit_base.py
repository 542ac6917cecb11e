"""A small audit logger that is right, for exhibits to break in one place each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any, NamedTuple

from luminescent_cluster.contracts import AuditSubject


class Down(ConnectionError):
    """The store, or the pager, cannot be reached."""


def rendered(value: Any, outside: tuple[int, ...] = ()) -> Any:
    """Copy details into what JSON can carry; what it cannot becomes its repr."""
    if id(value) in outside:
        return "<cycle>"
    if isinstance(value, dict):
        inside = (*outside, id(value))
        return {
            key if isinstance(key, str) else repr(key): rendered(part, inside)
            for key, part in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [rendered(part, (*outside, id(value))) for part in value]
    if value is None or isinstance(value, (str, bool, float)):
        return value
    if isinstance(value, int):
        return value if value.bit_length() < 10_000 else hex(value)
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


class Logger:
    """Right: each call appends one line of JSON; critical events page somebody."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.paged: list[dict] = []
        self.down = False
        self.pager_down = False

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        self.write(
            {
                "event_type": event_type,
                "actor": actor,
                "resource": resource,
                "action": action,
                "outcome": outcome,
                "details": self.render(details or {}),
            }
        )

    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        record = {
            "event_type": event_type,
            "severity": severity,
            "message": message,
            "details": self.render(details or {}),
        }
        self.write(record)
        if severity == "critical":
            self.page(record)

    def render(self, details: dict) -> Any:
        return rendered(details)

    def now(self) -> str:
        return datetime.now(timezone.utc).isoformat()

    def write(self, record: dict) -> None:
        self.store({"timestamp": self.now(), **record})

    def store(self, record: dict) -> None:
        if self.down:
            raise Down("store")
        self.lines.append(json.dumps(record))

    def page(self, record: dict) -> None:
        if not self.pager_down:
            self.paged.append(record)

    def recorded(self) -> list[Any]:
        return [json.loads(line) for line in self.lines]

    def alerts(self) -> list[dict]:
        return self.paged

    def flush(self) -> None:
        """Nothing waits."""

    @contextmanager
    def outage(self) -> Iterator[None]:
        self.down = True
        try:
            yield
        finally:
            self.down = False

    @contextmanager
    def silence(self) -> Iterator[None]:
        self.pager_down = True
        try:
            yield
        finally:
            self.pager_down = False


def probed(logger: Any, **more: Any) -> AuditSubject:
    """Give a subject with every probe that a :class:`Logger` has."""
    probes: dict[str, Any] = {
        "recorded": logger.recorded,
        "alerts": logger.alerts,
        "flush": logger.flush,
        "break_backend": logger.outage,
        "break_alerts": logger.silence,
    }
    probes.update(more)
    return AuditSubject(logger, **{name: hook for name, hook in probes.items() if hook is not None})


class Exhibit(NamedTuple):
    """A broken logger, the clause that must reject it, and words its message must hold."""

    clause: str
    factory: Callable[[], Any]
    words: tuple[str, ...]


EXHIBITS: list[Exhibit] = []


def breaks(clause: str, *words: str, bare: bool = False, **probes: Any) -> Callable[[type], type]:
    """Put a class on show.

    Args:
        clause: must reject it.
        words: its message must hold.
        bare: hand it over without any probe.
        probes: hand it over with these instead of the usual ones.
    """

    def add(kind: type) -> type:
        def make() -> Any:
            return kind() if bare else probed(kind(), **probes)

        make.__name__ = make.__qualname__ = kind.__name__
        EXHIBITS.append(Exhibit(clause, make, words))
        return kind

    return add
