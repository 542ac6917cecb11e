"""What all fakes have in common: signatures, truth, refusal of nonsense, the guide's handler."""

import inspect
import typing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import luminescent_cluster.contracts.fakes as fakes
from luminescent_cluster.contracts.fakes import Clock
from luminescent_cluster.contracts.fakes.clock import from_micros, to_micros
from luminescent_cluster.contracts.fakes.names import is_blank
from luminescent_cluster.extensions import (
    AuditLogger,
    ExtensionRegistry,
    TenantProvider,
    UsageTracker,
    verify_extensions,
)

PAIRS = [
    (TenantProvider, fakes.InMemoryTenantProvider),
    (TenantProvider, fakes.SqliteTenantProvider),
    (UsageTracker, fakes.InMemoryUsageTracker),
    (UsageTracker, fakes.SqliteUsageTracker),
    (AuditLogger, fakes.InMemoryAuditLogger),
    (AuditLogger, fakes.SqliteAuditLogger),
]


def make(implementation: type, folder: Path) -> Any:
    return (
        implementation(folder / "store.db")
        if "Sqlite" in implementation.__name__
        else (implementation())
    )


@pytest.mark.parametrize(("protocol", "implementation"), PAIRS)
def test_signatures_are_the_protocols(protocol: Any, implementation: Any) -> None:
    """Names, kinds and defaults agree exactly, and results are annotated alike."""
    methods = [name for name in vars(protocol) if not name.startswith("_")]
    assert methods
    for name in methods:
        theirs, ours = (
            inspect.signature(getattr(owner, name)) for owner in (protocol, implementation)
        )
        assert [(p.name, p.kind, p.default) for p in ours.parameters.values()] == [
            (p.name, p.kind, p.default) for p in theirs.parameters.values()
        ]
        assert "return" in typing.get_type_hints(getattr(implementation, name))


@pytest.mark.parametrize(("protocol", "implementation"), PAIRS)
def test_fakes_are_true_for_life(protocol: Any, implementation: Any, tmp_path: Path) -> None:
    """Core skips a falsy extension: these are true when empty, used and closed."""
    fake = make(implementation, tmp_path)
    with fake as entered:
        assert entered is fake
        assert bool(fake) is True
    assert bool(fake) is True


@pytest.mark.parametrize("kind", ["InMemory", "Sqlite"])
def test_guides_handler_works_with_all_three(kind: str, tmp_path: Path) -> None:
    """The request handler of the guide, registered with fakes, isolates, meters and audits."""
    provider, tracker, logger = (
        make(getattr(fakes, f"{kind}{role}"), tmp_path)
        for role in ("TenantProvider", "UsageTracker", "AuditLogger")
    )

    def handle_query(query: str, context: dict[str, Any]) -> Any:
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

    with (
        provider,
        tracker,
        logger,
        ExtensionRegistry.override(
            tenant_provider=provider, usage_tracker=tracker, audit_logger=logger
        ),
    ):
        verify_extensions()
        assert handle_query("four", {"x-tenant-id": "acme"}) == {"tenant_id": {"$eq": "acme"}}
        assert handle_query("four", {}) == {"tenant_id": {"$in": []}}
        assert tracker.get_usage_summary("acme")["total_tokens"] == 4
        assert tracker.unattributed()["total_tokens"] == 4
        assert [record["actor"] for record in logger.recorded()] == ["unknown"] * 2


def test_all_exports_exist() -> None:
    """Every name of __all__ is there, sorted into no order but its own."""
    assert all(hasattr(fakes, name) for name in fakes.__all__)
    assert len(set(fakes.__all__)) == len(fakes.__all__)


@pytest.mark.parametrize(
    ("name", "blank"),
    [
        ("", True), (" \t\r\n", True), ("\x00\x1f\x7f", True), ("\u200b\u2060\ufeff", True),
        ("\u3000\u00a0", True), ("a", False), (" a ", False), ("\x00a", False), (".", False),
        ("\ud800", False), ("\u0301", False), ("0", False),
    ],
    ids=ascii,
)  # fmt: skip
def test_blank_means_that_nothing_shows(name: str, blank: bool) -> None:
    """White space, controls and invisible characters name nobody."""
    assert is_blank(name) is blank


@pytest.mark.parametrize("when", [datetime.min, datetime.max, datetime(1970, 1, 1)])
def test_microseconds_are_exact(when: datetime) -> None:
    """There and back without loss, naive as UTC."""
    assert from_micros(to_micros(when)) == when.replace(tzinfo=timezone.utc)


def test_clock_runs_stands_and_runs_again() -> None:
    """Real time until set, then exactly what was set, in UTC."""
    clock = Clock()
    assert clock() <= datetime.now(timezone.utc)
    clock.set(datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))))
    assert clock() == clock() == datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert clock().utcoffset() == timedelta(0)
    clock.advance(timedelta(days=-1))
    assert clock() == datetime(2025, 12, 31, tzinfo=timezone.utc)
    clock.release()
    assert clock() > datetime(2026, 1, 2, tzinfo=timezone.utc)
