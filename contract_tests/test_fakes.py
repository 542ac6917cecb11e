"""The verified fakes, held to the contracts that they promise to keep, and our own registry."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from pathlib import Path

from luminescent_cluster.contracts import AuditSubject, TenantSubject, UsageSubject, contract
from luminescent_cluster.contracts.fakes import (
    InMemoryAuditLogger,
    InMemoryTenantProvider,
    InMemoryUsageTracker,
    SqliteAuditLogger,
    SqliteTenantProvider,
    SqliteUsageTracker,
)
from luminescent_cluster.extensions import (
    AuditLogger,
    ExtensionRegistry,
    TenantProvider,
    UsageTracker,
)

GRANTS = [("acme", "ada", "kb"), ("acme", "bob", "reports"), ("globex", "ada", "kb")]
DENIED = [("acme", "eve", "kb"), ("globex", "bob", "reports"), ("initech", "ada", "kb")]
_numbers = itertools.count()


def _tenants(provider: InMemoryTenantProvider | SqliteTenantProvider) -> TenantSubject:
    return TenantSubject(
        provider,
        tenants=["acme", "globex"],
        context_for=provider.context_for,
        allowed=GRANTS,
        denied=DENIED,
        resources_closed=True,
        break_backend=provider.break_backend,
    )


@contract(TenantProvider)
def memory_tenant_provider() -> TenantSubject:
    return _tenants(InMemoryTenantProvider(GRANTS))


@contract(TenantProvider)
def sqlite_tenant_provider(tmp_path: Path) -> Iterator[TenantSubject]:
    with SqliteTenantProvider(tmp_path / f"grants-{next(_numbers)}.db", GRANTS) as provider:
        yield _tenants(provider)


def _usage(tracker: InMemoryUsageTracker | SqliteUsageTracker) -> UsageSubject:
    return UsageSubject(
        tracker,
        flush=tracker.flush,
        recorded=tracker.recorded,
        set_quota=tracker.set_quota,
        clock=tracker.clock,
        break_backend=tracker.break_backend,
        stall_backend=tracker.stall_backend,
        dropped=tracker.dropped,
        policy=tracker.quota_policy,
    )


@contract(UsageTracker)
def memory_usage_tracker() -> Iterator[UsageSubject]:
    with InMemoryUsageTracker() as tracker:
        yield _usage(tracker)


@contract(UsageTracker)
def sqlite_usage_tracker(tmp_path: Path) -> Iterator[UsageSubject]:
    with SqliteUsageTracker(tmp_path / f"usage-{next(_numbers)}.db") as tracker:
        yield _usage(tracker)


@contract(AuditLogger)
def memory_audit_logger() -> Iterator[AuditSubject]:
    with InMemoryAuditLogger() as logger:
        yield AuditSubject(
            logger,
            recorded=logger.recorded,
            alerts=logger.alerts,
            break_backend=logger.break_backend,
            break_alerts=logger.break_alerts,
            tamper_evident=logger.tamper_evident,
            tamper=logger.tamper,
            verify=logger.verify,
        )


@contract(AuditLogger)
def sqlite_audit_logger(tmp_path: Path) -> Iterator[AuditSubject]:
    path = tmp_path / f"audit-{next(_numbers)}.db"
    with SqliteAuditLogger(path) as logger:
        yield AuditSubject(
            logger,
            recorded=logger.recorded,
            alerts=logger.alerts,
            break_backend=logger.break_backend,
            break_alerts=logger.break_alerts,
            durable=True,
            reopen=functools.partial(SqliteAuditLogger, path),
            tamper_evident=logger.tamper_evident,
            tamper=logger.tamper,
            verify=logger.verify,
        )


@contract(ExtensionRegistry)
def registry() -> type[ExtensionRegistry]:
    return ExtensionRegistry
