"""The loopback services that the cloud extensions talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_tests.cloud.servers.audit_sink import AuditSink
from contract_tests.cloud.servers.stripe_api import StripeServer


@pytest.fixture
def stripe_server() -> Iterator[StripeServer]:
    """The payment service's metering endpoints, on 127.0.0.1."""
    with StripeServer() as server:
        yield server


@pytest.fixture
def audit_sink() -> Iterator[AuditSink]:
    """The central audit system, on 127.0.0.1."""
    with AuditSink() as sink:
        yield sink
