"""The plugin's fixtures: a clean registry, and fakes that keep the contracts they stand in for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from luminescent_cluster.extensions import ExtensionRegistry

    from .fakes import (
        InMemoryAuditLogger,
        InMemoryTenantProvider,
        InMemoryUsageTracker,
        SqliteAuditLogger,
        SqliteTenantProvider,
        SqliteUsageTracker,
    )

__all__ = [
    "extension_registry",
    "fake_audit_logger",
    "fake_tenant_provider",
    "fake_usage_tracker",
    "sqlite_audit_logger",
    "sqlite_tenant_provider",
    "sqlite_usage_tracker",
]


@pytest.fixture
def extension_registry() -> Iterator[ExtensionRegistry]:
    """The registry of extensions: fresh before the test, and reset after it."""
    from luminescent_cluster.extensions import ExtensionRegistry

    ExtensionRegistry.reset()
    yield ExtensionRegistry.get()
    ExtensionRegistry.reset()


@pytest.fixture
def fake_tenant_provider() -> Iterator[InMemoryTenantProvider]:
    """A tenant provider in memory, without grants: ``grant(tenant, user, resource)`` gives some."""
    from .fakes import InMemoryTenantProvider

    with InMemoryTenantProvider() as provider:
        yield provider


@pytest.fixture
def fake_usage_tracker() -> Iterator[InMemoryUsageTracker]:
    """A usage tracker in memory, without limits: ``set_quota(tenant, limit)`` sets one."""
    from .fakes import InMemoryUsageTracker

    with InMemoryUsageTracker() as tracker:
        yield tracker


@pytest.fixture
def fake_audit_logger() -> Iterator[InMemoryAuditLogger]:
    """An audit logger in memory: ``recorded()`` and ``alerts()`` show what it got."""
    from .fakes import InMemoryAuditLogger

    with InMemoryAuditLogger() as logger:
        yield logger


@pytest.fixture
def sqlite_tenant_provider(tmp_path: Path) -> Iterator[SqliteTenantProvider]:
    """A tenant provider in an SQLite file of the test's own."""
    from .fakes import SqliteTenantProvider

    with SqliteTenantProvider(tmp_path / "tenants.db") as provider:
        yield provider


@pytest.fixture
def sqlite_usage_tracker(tmp_path: Path) -> Iterator[SqliteUsageTracker]:
    """A usage tracker in an SQLite file of the test's own."""
    from .fakes import SqliteUsageTracker

    with SqliteUsageTracker(tmp_path / "usage.db") as tracker:
        yield tracker


@pytest.fixture
def sqlite_audit_logger(tmp_path: Path) -> Iterator[SqliteAuditLogger]:
    """An audit logger in an SQLite file of the test's own, with a chain of hashes."""
    from .fakes import SqliteAuditLogger

    with SqliteAuditLogger(tmp_path / "audit.db") as logger:
        yield logger
