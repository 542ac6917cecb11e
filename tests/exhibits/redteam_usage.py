"""The hostile reviewer's second visit: narrower defects, and more ways to be right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from exhibits.redteam import (
    Case,
    _set,
    _Tracker,
    _tracker,
)
from luminescent_cluster.contracts import UsageSubject
from luminescent_cluster.extensions import UsageTracker


def _counts(name: str, skips: Callable[[Any, str, dict[Any, Any]], bool]) -> type[_Tracker]:
    def track(self: _Tracker, operation: str, tokens: int, metadata: dict) -> None:
        if not skips(self, operation, metadata):
            _Tracker.track(self, operation, tokens, metadata)

    return type(name, (_Tracker,), {"track": track})


class GivesItToTheLast(_Tracker):
    """An event without a tenant is taken for the last one's."""

    last = ""

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        self.last = metadata.get("tenant_id") or self.last
        super().track(operation, tokens, {"tenant_id": self.last})


class ShowsAllQueries(_Tracker):
    """Tokens are the tenant's own, queries are everybody's."""

    def get_usage_summary(
        self, tenant_id: str, start_date: datetime | None = None, end_date: datetime | None = None
    ) -> dict:
        answer = super().get_usage_summary(tenant_id, start_date, end_date)
        return {**answer, "total_queries": len(self.events)}


class BlankIsEverybody(_Tracker):
    """No tenant, no condition."""

    def select(self, tenant_id: str, start: datetime | None, end: datetime | None) -> list[int]:
        if not tenant_id.strip():
            return [tokens for _, tokens, _ in self.events]
        return super().select(tenant_id, start, end)


class ForgetsAfterAYear(_Tracker):
    """A start that lies long ago is moved."""

    def select(self, tenant_id: str, start: datetime | None, end: datetime | None) -> list[int]:
        oldest = self.now() - timedelta(days=365)
        return super().select(tenant_id, start and max(start, oldest), end)


class LosesWhileItMoves(_Tracker):
    """The summary takes over what is buffered, and drops what comes in meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.buffer: list[Any] = []

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        if isinstance(metadata.get("tenant_id"), str) and tokens >= 0:
            self.buffer.append((metadata["tenant_id"], tokens, self.now()))

    def select(self, tenant_id: str, start: datetime | None, end: datetime | None) -> list[int]:
        self.events += list(self.buffer)
        self.buffer = []
        return super().select(tenant_id, start, end)


class SpoolsTheRequest(_Tracker):
    """In an outage it keeps the caller's own dict until later."""

    down = False

    def __init__(self) -> None:
        super().__init__()
        self.spool: list[tuple[str, int, dict]] = []

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        self.spool.append((operation, tokens, metadata))
        self.drain()

    def drain(self) -> None:
        while self.spool and not self.down:
            super().track(*self.spool.pop(0))

    def select(self, tenant_id: str, start: datetime | None, end: datetime | None) -> list[int]:
        self.drain()
        return super().select(tenant_id, start, end)


def _spooling() -> UsageSubject:
    tracker = SpoolsTheRequest()
    return UsageSubject(tracker, break_backend=lambda: _set(tracker, "down"))


class Directory(_Tracker):
    """Legitimate: two tenants are known, others are passed over and told so by the quota."""

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        if metadata.get("tenant_id") in ("acme", "globex"):
            super().track(operation, tokens, metadata)

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        known = tenant_id in ("acme", "globex")
        return known, None if known else f"no tenant {tenant_id!r}"


BROKEN: dict[str, Case] = {
    "health_is_free": (
        UsageTracker,
        "UT-TRK-02",
        _tracker(_counts("Health", lambda self, operation, metadata: operation == "health")),
    ),
    "dry_runs_are_free": (
        UsageTracker,
        "UT-TRK-02",
        _tracker(_counts("DryRun", lambda self, operation, metadata: "dry_run" in metadata)),
    ),
    "nobody_is_the_last": (UsageTracker, "UT-TRK-03", _tracker(GivesItToTheLast)),
    "queries_of_all": (UsageTracker, "UT-TRK-03", _tracker(ShowsAllQueries)),
    "blank_is_everybody": (UsageTracker, "UT-SUM-02", _tracker(BlankIsEverybody)),
    "forgets_after_a_year": (UsageTracker, "UT-SUM-03", _tracker(ForgetsAfterAYear)),
    "loses_while_it_moves": (UsageTracker, "UT-THR-01", _tracker(LosesWhileItMoves)),
    "spools_the_request": (UsageTracker, "UT-TRK-06", _spooling),
}

LEGITIMATE: dict[str, Case] = {
    "tracker_apart": (UsageTracker, "UT-TRK-03", _tracker(_Tracker)),
}

OPEN: dict[str, Case] = {
    # Which tenants it knows, nobody says: that is no defect, and no pass.
    "undeclared_directory": (UsageTracker, "UT-TRK-02", Directory),
}
