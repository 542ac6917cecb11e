"""A hostile reviewer's: broken extensions that once passed, legitimate ones once accused."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

from luminescent_cluster.contracts import AuditSubject, TenantSubject, UsageSubject
from luminescent_cluster.extensions import AuditLogger, TenantProvider, UsageTracker

Case = tuple[type, str, Callable[[], Any]]
"""A protocol, the clause that must judge, and the factory."""

GRANTS = [("acme", "alice", "kb"), ("globex", "bob", "kb")]
DENIED = [("acme", "bob", "kb"), ("globex", "alice", "kb")]


# -- tenant providers ---------------------------------------------------------------------------


class _Provider:
    """Correct; its directory of grants can be made to fail."""

    def __init__(self) -> None:
        self.down = False

    def get_tenant_id(self, request_context: dict) -> str | None:
        value = request_context.get("x-tenant-id")
        if value is not None and not isinstance(value, str):
            raise TypeError("a tenant id is a string")
        return value if value and value.strip() else None

    def get_tenant_filter(self, tenant_id: str) -> dict:
        if not isinstance(tenant_id, str) or not tenant_id.strip():
            raise ValueError("no tenant")
        return {"tenant_id": {"$eq": tenant_id}}

    def look_up(self, access: tuple[str, str, str]) -> bool:
        if self.down:
            raise ConnectionError("the directory is down")
        return access in GRANTS

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return self.look_up((tenant_id, user_id, resource))


class OpenToWhoWasSeen(_Provider):
    """In an outage, a user who was granted something is granted everything."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, str]] = set()

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        try:
            answer = super().validate_tenant_access(tenant_id, user_id, resource)
        except ConnectionError:
            return (tenant_id, user_id) in self.seen
        if answer:
            self.seen.add((tenant_id, user_id))
        return answer


class OpenAfterwards(_Provider):
    """An outage leaves a switch behind that nobody turns back."""

    failed = False

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        try:
            return super().validate_tenant_access(tenant_id, user_id, resource) or self.failed
        except ConnectionError:
            self.failed = True
            return False


class FalsyInAnOutage(_Provider):
    """Counts as true only while its directory can be reached."""

    def __bool__(self) -> bool:
        return not self.down


class RemembersTheLastQuestion(_Provider):
    """Caches one decision in two attributes, written one after the other."""

    key: object = None
    answer = False

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        key = (tenant_id, user_id, resource)
        if self.key != key:
            self.key = key
            self.answer = super().validate_tenant_access(*key)
        return self.answer


class SupportSeesAll(_Provider):
    """One name stands for everybody."""

    def get_tenant_filter(self, tenant_id: str) -> dict:
        if tenant_id == "support":
            return {"tenant_id": {"$exists": True}}
        return super().get_tenant_filter(tenant_id)


class DecodesPercent(_Provider):
    """Takes an id for a part of a URL."""

    def get_tenant_filter(self, tenant_id: str) -> dict:
        from urllib.parse import unquote

        return super().get_tenant_filter(unquote(tenant_id))


class DeadAfterABadId(_Provider):
    """One id of the wrong type leaves an aborted transaction behind."""

    aborted = False

    def get_tenant_id(self, request_context: dict) -> str | None:
        if self.aborted:
            raise RuntimeError("current transaction is aborted")
        try:
            return super().get_tenant_id(request_context)
        except TypeError:
            self.aborted = True
            raise


def _provider(make: Callable[[], _Provider]) -> Callable[[], TenantSubject]:
    def factory() -> TenantSubject:
        provider = make()
        return TenantSubject(
            provider,
            tenants=["acme", "globex"],
            allowed=GRANTS,
            denied=DENIED,
            break_backend=lambda: _set(provider, "down"),
        )

    return factory


def _open_world(make: Callable[[], _Provider]) -> Callable[[], TenantSubject]:
    return lambda: TenantSubject(make(), allowed=GRANTS, denied=DENIED)


@contextmanager
def _set(target: Any, name: str) -> Iterator[None]:
    setattr(target, name, True)
    try:
        yield
    finally:
        setattr(target, name, False)


# -- usage trackers -----------------------------------------------------------------------------


class _Tracker:
    """Correct; counts in days where it is told so."""

    def __init__(self, daily: bool = False) -> None:
        self.events: list[tuple[str, int, datetime]] = []
        self.time: datetime | None = None
        self.daily = daily
        self.lock = threading.Lock()

    def set(self, when: datetime) -> None:
        self.time = when.astimezone(timezone.utc)

    def now(self) -> datetime:
        now = self.time or datetime.now(timezone.utc)
        return now.replace(hour=0, minute=0, second=0, microsecond=0) if self.daily else now

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        tenant = metadata.get("tenant_id")
        if isinstance(tenant, str) and tokens >= 0:
            with self.lock:
                self.events.append((tenant, tokens, self.now()))

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        return True, None

    def select(self, tenant_id: str, start: datetime | None, end: datetime | None) -> list[int]:
        for bound in (start, end):
            if bound is not None and bound.tzinfo is None:
                raise ValueError("give an aware datetime")
        with self.lock:
            return [
                tokens
                for tenant, tokens, at in self.events
                if tenant == tenant_id
                and (start is None or start <= at)
                and (end is None or at < end)
            ]

    def get_usage_summary(
        self, tenant_id: str, start_date: datetime | None = None, end_date: datetime | None = None
    ) -> dict:
        found = self.select(tenant_id, start_date, end_date)
        return {"total_tokens": sum(found), "total_queries": len(found), "quota_remaining": None}


class SpendsWhatItShows(_Tracker):
    """Hands the events out with the first summary, and has none left."""

    def get_usage_summary(
        self, tenant_id: str, start_date: datetime | None = None, end_date: datetime | None = None
    ) -> dict:
        answer = super().get_usage_summary(tenant_id, start_date, end_date)
        self.events = [event for event in self.events if event[0] != tenant_id]
        return answer


class CountsAllQueries(_Tracker):
    """Tokens keep to the range, queries do not."""

    def get_usage_summary(
        self, tenant_id: str, start_date: datetime | None = None, end_date: datetime | None = None
    ) -> dict:
        answer = super().get_usage_summary(tenant_id, start_date, end_date)
        return {**answer, "total_queries": Counter(e[0] for e in self.events)[tenant_id]}


class TakesKeywordsAsTheyCome(_Tracker):
    """Relies on the order in which keywords are written."""

    def track(self, *args: Any, **kwargs: Any) -> None:
        super().track(*args, *kwargs.values())


def _tracker(make: Callable[[], _Tracker], **options: Any) -> Callable[[], UsageSubject]:
    def factory() -> UsageSubject:
        tracker = make()
        return UsageSubject(tracker, clock=tracker, **options)

    return factory


# -- audit loggers ------------------------------------------------------------------------------


class _Trail:
    """Correct."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    def put(self, fields: dict[str, Any], details: Any) -> None:
        record = {
            "timestamp": datetime.now(timezone.utc).isoformat(),
            **fields,
            "details": json.loads(json.dumps(details or {}, default=repr)),
        }
        with self.lock:
            self.records.append(record)

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        fields = {"event_type": event_type, "actor": actor, "resource": resource}
        self.put({**fields, "action": action, "outcome": outcome}, details)

    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        self.put({"event_type": event_type, "severity": severity, "message": message}, details)


class SpreadsDetails(_Trail):
    """Puts the details beside the fields, where they overwrite them."""

    def put(self, fields: dict[str, Any], details: Any) -> None:
        super().put(fields, details)
        record = self.records[-1]
        record.update(record["details"])


class TakesTheTimeFromDetails(_Trail):
    """Believes a caller who says when it was."""

    def put(self, fields: dict[str, Any], details: Any) -> None:
        super().put(fields, details)
        record = self.records[-1]
        record["timestamp"] = record["details"].get("timestamp", record["timestamp"])


class SignedTrail(_Trail):
    """Correct: each record is signed with the one before, and the head is kept elsewhere."""

    def put(self, fields: dict[str, Any], details: Any) -> None:
        super().put(fields, details)
        with self.lock:
            self.head = self.seal(len(self.records))

    def seal(self, count: int) -> str:
        text = json.dumps([count, self.records[:count]], sort_keys=True)
        return hmac.new(b"key", text.encode(), hashlib.sha256).hexdigest()

    def verify(self) -> bool:
        return not self.records or self.seal(len(self.records)) == self.head

    def tamper(self, kind: str) -> None:
        if kind == "change":
            self.records[0]["outcome"] = self.records[0]["actor"] = "somebody else"
        else:
            self.records.pop()


def _trail(make: Callable[[], _Trail]) -> Callable[[], AuditSubject]:
    def factory() -> AuditSubject:
        trail = make()
        return AuditSubject(trail, recorded=lambda: list(trail.records))

    return factory


def _signed_once_per_clause() -> AuditSubject:
    trail = SignedTrail()
    return AuditSubject(
        trail,
        recorded=lambda: list(trail.records),
        tamper_evident=("change", "truncate"),
        tamper=trail.tamper,
        verify=trail.verify,
        fresh="clause",
    )


BROKEN: dict[str, Case] = {
    "open_to_who_was_seen": (TenantProvider, "TP-ACC-06", _provider(OpenToWhoWasSeen)),
    "open_afterwards": (TenantProvider, "TP-ACC-06", _provider(OpenAfterwards)),
    "falsy_in_an_outage": (TenantProvider, "TRU-01", _provider(FalsyInAnOutage)),
    "last_question": (TenantProvider, "TP-THR-01", _provider(RemembersTheLastQuestion)),
    "support_sees_all": (TenantProvider, "TP-FLT-04", _open_world(SupportSeesAll)),
    "decodes_percent": (TenantProvider, "TP-FLT-04", _open_world(DecodesPercent)),
    "dead_after_a_bad_id": (TenantProvider, "ERR-01", _provider(DeadAfterABadId)),
    "spends_what_it_shows": (UsageTracker, "UT-SUM-06", _tracker(SpendsWhatItShows)),
    "counts_all_queries": (UsageTracker, "UT-SUM-03", _tracker(CountsAllQueries)),
    "keywords_as_they_come": (UsageTracker, "UT-TRK-02", _tracker(TakesKeywordsAsTheyCome)),
    "spreads_details": (AuditLogger, "AL-EVT-05", _trail(SpreadsDetails)),
    "time_from_details": (AuditLogger, "AL-EVT-05", _trail(TakesTheTimeFromDetails)),
}

_DAY = 86_400.0

LEGITIMATE: dict[str, Case] = {
    "provider_outage": (TenantProvider, "TP-ACC-06", _provider(_Provider)),
    "provider_true": (TenantProvider, "TRU-01", _provider(_Provider)),
    "provider_hostile": (TenantProvider, "ERR-01", _provider(_Provider)),
    "daily_ranges": (UsageTracker, "UT-SUM-03", _tracker(lambda: _Tracker(True), resolution=_DAY)),
    "daily_zones": (UsageTracker, "UT-SUM-04", _tracker(lambda: _Tracker(True), resolution=_DAY)),
    "daily_reversed": (
        UsageTracker,
        "UT-SUM-05",
        _tracker(lambda: _Tracker(True), resolution=_DAY),
    ),
    "tracker_reading": (UsageTracker, "UT-SUM-06", _tracker(_Tracker)),
    "trail_forging": (AuditLogger, "AL-EVT-05", _trail(_Trail)),
    "signed_once_per_clause": (AuditLogger, "AL-TAM-01", _signed_once_per_clause),
}
