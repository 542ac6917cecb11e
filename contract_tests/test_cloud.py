"""The cloud repository's extensions, held to their contracts with every probe they can give.

A cloud repository copies this file and puts its own classes in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract_tests.cloud.audit import HttpAuditLogger
from contract_tests.cloud.example_policy import ALLOWED, DENIED, TENANTS, example_policy
from contract_tests.cloud.servers.audit_sink import AuditSink
from contract_tests.cloud.servers.stripe_api import StripeServer
from contract_tests.cloud.tenants import HeaderTenantProvider
from contract_tests.cloud.usage import StripeUsageTracker
from luminescent_cluster.contracts import AuditSubject, TenantSubject, UsageSubject, contract
from luminescent_cluster.contracts.fakes import Clock
from luminescent_cluster.extensions import AuditLogger, TenantProvider, UsageTracker

_PATIENCE = 4.0
"""Seconds for an answer of a loopback server: milliseconds usually, but a CI machine is busy."""


def _customer_of(tenant: str) -> str:
    return f"cus_{tenant.encode('utf-8', 'surrogatepass').hex()}"


def _billed(server: StripeServer) -> list[dict[str, Any]]:
    """Give the single events that Stripe has of the tokens."""
    return [
        {
            "tenant_id": bytes.fromhex(event.customer[4:]).decode("utf-8", "surrogatepass"),
            "operation": event.operation,
            "tokens": event.value,
        }
        for event in server.events()
        if event.event_name == "luminescent_tokens"
    ]


@contract(TenantProvider)
def cloud_tenant_provider(tmp_path: Path) -> TenantSubject:
    policy = example_policy(tmp_path)
    provider = HeaderTenantProvider(policy)
    return TenantSubject(
        provider,
        tenants=TENANTS,
        context_for=provider.context_for,
        allowed=ALLOWED,
        denied=DENIED,
        break_backend=policy.outage,
    )


@contract(UsageTracker)
def cloud_usage_tracker(stripe_server: StripeServer) -> Iterator[UsageSubject]:
    clock = Clock()
    tracker = StripeUsageTracker(
        "sk_test_contracts",
        customer_of=_customer_of,
        base_url=stripe_server.url,
        timeout=_PATIENCE,
        clock=clock,
    )
    yield UsageSubject(
        tracker,
        fresh="clause",  # each request to the service takes milliseconds
        deadline=5 * _PATIENCE,
        flush=lambda: tracker.flush(5 * _PATIENCE),
        recorded=lambda: _billed(stripe_server),
        set_quota=tracker.set_quota,
        clock=clock,
        dropped=tracker.dropped,
        break_backend=stripe_server.outage,
        stall_backend=stripe_server.stall,
        policy="closed",
        resolution=60.0,
    )
    tracker.close()


@contract(AuditLogger)
def cloud_audit_logger(audit_sink: AuditSink) -> AuditSubject:
    logger = HttpAuditLogger(audit_sink.url, timeout=_PATIENCE)
    return AuditSubject(
        logger,
        deadline=5 * _PATIENCE,
        recorded=audit_sink.events,
        alerts=audit_sink.alerts,
        flush=logger.flush,
        break_backend=audit_sink.outage,
        break_alerts=audit_sink.alert_outage,
    )
