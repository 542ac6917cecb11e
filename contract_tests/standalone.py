"""The same subjects without pytest, for the command line.

`luminescent-contracts check` and `faults` call a factory without arguments, so each of these makes
what the contract run gets from fixtures:

    luminescent-contracts faults usage_tracker=contract_tests.standalone:cloud_usage_tracker
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from contract_tests import test_cloud, test_fakes
from contract_tests.cloud.servers.audit_sink import AuditSink
from contract_tests.cloud.servers.stripe_api import StripeServer
from luminescent_cluster.contracts import AuditSubject, TenantSubject, UsageSubject


def cloud_tenant_provider() -> Iterator[TenantSubject]:
    with tempfile.TemporaryDirectory() as folder:
        yield test_cloud.cloud_tenant_provider(Path(folder))


def cloud_usage_tracker() -> Iterator[UsageSubject]:
    with StripeServer() as server:
        yield from test_cloud.cloud_usage_tracker(server)


def cloud_audit_logger() -> Iterator[AuditSubject]:
    with AuditSink() as sink:
        yield test_cloud.cloud_audit_logger(sink)


def sqlite_tenant_provider() -> Iterator[TenantSubject]:
    with tempfile.TemporaryDirectory() as folder:
        yield from test_fakes.sqlite_tenant_provider(Path(folder))


def sqlite_usage_tracker() -> Iterator[UsageSubject]:
    with tempfile.TemporaryDirectory() as folder:
        yield from test_fakes.sqlite_usage_tracker(Path(folder))


def sqlite_audit_logger() -> Iterator[AuditSubject]:
    with tempfile.TemporaryDirectory() as folder:
        yield from test_fakes.sqlite_audit_logger(Path(folder))
