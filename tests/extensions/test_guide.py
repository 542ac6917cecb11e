"""Each thing that the extension guide shows, done through its in-repository import path."""

import threading
from datetime import datetime, timedelta, timezone
from unittest.mock import MagicMock

import pytest
from src.extensions import (
    AUDIT_LOGGER_VERSION,
    TENANT_PROVIDER_VERSION,
    USAGE_TRACKER_VERSION,
    ExtensionRegistry,
    verify_extensions,
)

from luminescent_cluster.extensions import ExtensionRegistry as Installed


@pytest.fixture(autouse=True)
def reset_registry():
    """Every test starts and ends in OSS mode."""
    ExtensionRegistry.reset()
    yield
    ExtensionRegistry.reset()


class HeaderTenants:
    """A tenant provider after the guide's sketch."""

    def __init__(self, grants):
        self.grants = grants

    def get_tenant_id(self, request_context):
        return request_context.get("x-tenant-id")

    def get_tenant_filter(self, tenant_id):
        return {"tenant_id": {"$eq": tenant_id}}

    def validate_tenant_access(self, tenant_id, user_id, resource):
        return (tenant_id, user_id, resource) in self.grants


class Meter:
    """A usage tracker after the guide's sketch, without the payment service."""

    def __init__(self, limit):
        self.limit = limit
        self.events = []

    def track(self, operation, tokens, metadata):
        self.events.append((metadata.get("tenant_id"), tokens, datetime.now(timezone.utc)))

    def check_quota(self, tenant_id, operation):
        usage = self.get_usage_summary(tenant_id)["total_tokens"]
        if usage >= self.limit:
            return (False, f"Monthly {operation} quota exceeded ({usage}/{self.limit})")
        return (True, None)

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        inside = [
            tokens
            for tenant, tokens, at in self.events
            if tenant == tenant_id
            and (start_date is None or start_date <= at)
            and (end_date is None or at < end_date)
        ]
        return {
            "total_tokens": sum(inside),
            "total_queries": len(inside),
            "quota_remaining": self.limit - sum(inside),
        }


class Trail:
    """An audit logger after the guide's sketch, with a list for the central system."""

    def __init__(self):
        self.events, self.alerts = [], []

    def log_event(self, event_type, actor, resource, action, outcome, details=None):
        self.events.append((event_type, actor, resource, action, outcome, dict(details or {})))

    def log_security_event(self, event_type, severity, message, details=None):
        self.events.append((event_type, severity, message, dict(details or {})))
        if severity == "critical":
            self.alerts.append(message)


def register_all():
    """What a cloud repository does at start-up."""
    registry = ExtensionRegistry.get()
    registry.tenant_provider = HeaderTenants({("acme", "ada", "kb")})
    registry.usage_tracker = Meter(limit=10)
    registry.audit_logger = Trail()
    return registry


def handle_query(query, context):
    """Core's handler: each extension is used where it is registered."""
    registry = ExtensionRegistry.get()
    tenant_filter = {}
    if registry.tenant_provider:
        tenant_id = registry.tenant_provider.get_tenant_id(context)
        tenant_filter = registry.tenant_provider.get_tenant_filter(tenant_id)
    if registry.usage_tracker:
        registry.usage_tracker.track("query", len(query), context)
    if registry.audit_logger:
        registry.audit_logger.log_event(
            event_type="data_access",
            actor=context.get("user_id", "unknown"),
            resource="knowledge_base",
            action="search",
            outcome="success",
            details={"query": query},
        )
    return tenant_filter


def test_status_in_oss_mode():
    """Nothing registered: all slots False, mode oss."""
    registry = ExtensionRegistry.get()
    assert registry.get_status() == {
        "tenant_provider": False,
        "usage_tracker": False,
        "audit_logger": False,
        "mode": "oss",
    }
    assert not (registry.is_multi_tenant() or registry.is_metered() or registry.is_audited())


def test_status_in_cloud_mode():
    """All three registered at start-up: all slots True, mode cloud, and they fit."""
    registry = register_all()
    assert registry.get_status() == {
        "tenant_provider": True,
        "usage_tracker": True,
        "audit_logger": True,
        "mode": "cloud",
    }
    assert registry.is_multi_tenant() and registry.is_metered() and registry.is_audited()
    verify_extensions()


def test_handler_works_without_extensions():
    """In OSS mode a query is not narrowed."""
    assert handle_query("why?", {"user_id": "ada"}) == {}


def test_handler_uses_every_extension():
    """With all three, the query is narrowed, metered and audited."""
    registry = register_all()
    context = {"x-tenant-id": "acme", "tenant_id": "acme", "user_id": "ada"}
    assert handle_query("why?", context) == {"tenant_id": {"$eq": "acme"}}
    assert registry.usage_tracker.get_usage_summary("acme")["total_tokens"] == 4
    assert registry.audit_logger.events == [
        ("data_access", "ada", "knowledge_base", "search", "success", {"query": "why?"})
    ]


def test_access_and_quota_after_the_sketches():
    """Known access is allowed, unknown denied; the quota ends at its limit."""
    registry = register_all()
    assert registry.tenant_provider.validate_tenant_access("acme", "ada", "kb")
    assert not registry.tenant_provider.validate_tenant_access("acme", "eve", "kb")
    registry.usage_tracker.track("query", 10, {"tenant_id": "acme"})
    allowed, reason = registry.usage_tracker.check_quota("acme", "query")
    assert (allowed, reason) == (False, "Monthly query quota exceeded (10/10)")
    tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
    assert registry.usage_tracker.get_usage_summary("acme", tomorrow)["total_tokens"] == 0


def test_critical_events_alert():
    """A critical security event reaches the alert channel."""
    trail = register_all().audit_logger
    trail.log_security_event("intrusion", "critical", "door open")
    trail.log_security_event("login", "info", "hello")
    assert trail.alerts == ["door open"]


def test_query_without_tenant_filter():
    """The guide's first test: an empty slot leaves the filter empty."""
    registry = ExtensionRegistry.get()
    assert registry.is_multi_tenant() is False
    filters = {}
    if registry.tenant_provider:
        filters = registry.tenant_provider.get_tenant_filter("tenant-123")
    assert filters == {}


def test_query_with_a_mock_provider():
    """The guide's second test: a mock is an extension."""
    registry = ExtensionRegistry.get()
    provider = MagicMock()
    provider.get_tenant_id.return_value = "tenant-123"
    provider.get_tenant_filter.return_value = {"tenant_id": {"$eq": "tenant-123"}}
    registry.tenant_provider = provider
    assert registry.is_multi_tenant() is True
    tenant_id = registry.tenant_provider.get_tenant_id({"x-tenant-id": "tenant-123"})
    found = registry.tenant_provider.get_tenant_filter(tenant_id)
    assert found == {"tenant_id": {"$eq": "tenant-123"}}
    verify_extensions()


def test_quota_exceeded_blocks_the_request():
    """The guide's third test: a denied quota becomes a PermissionError with the reason."""
    registry = ExtensionRegistry.get()
    tracker = MagicMock()
    tracker.check_quota.return_value = (False, "Token limit exceeded")
    registry.usage_tracker = tracker

    def handle(context):
        if registry.usage_tracker:
            allowed, reason = registry.usage_tracker.check_quota(context.get("tenant_id"), "query")
            if not allowed:
                raise PermissionError(reason)

    with pytest.raises(PermissionError, match="Token limit exceeded"):
        handle({"tenant_id": "acme-corp"})


def test_threads_find_one_registry():
    """The guide's fourth test: ten threads, one registry."""
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(id(ExtensionRegistry.get())))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 1
    assert ExtensionRegistry.get() is Installed.get()


def test_versions():
    """The versions that the guide names."""
    versions = {TENANT_PROVIDER_VERSION, USAGE_TRACKER_VERSION, AUDIT_LOGGER_VERSION}
    assert versions == {"1.0.0"}
