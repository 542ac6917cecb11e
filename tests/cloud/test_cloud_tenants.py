"""The header-based tenant provider with role-based access."""

import os
from pathlib import Path
from typing import Any

import pytest
from contract_tests.cloud.example_policy import ALLOWED, DENIED, TENANTS, example_policy
from contract_tests.cloud.policy import PolicyFile, PolicyUnavailable
from contract_tests.cloud.tenants import HeaderTenantProvider

from luminescent_cluster.contracts.filters import matches


@pytest.fixture
def policy(tmp_path: Path) -> PolicyFile:
    return example_policy(tmp_path)


@pytest.fixture
def provider(policy: PolicyFile) -> HeaderTenantProvider:
    return HeaderTenantProvider(policy)


@pytest.mark.parametrize(
    "context",
    [
        {"x-tenant-id": "acme"},
        {"X-Tenant-ID": "acme", "user_id": "ann"},
        {"headers": {"X-Tenant-Id": "acme"}},
        {"headers": [(b"host", b"x"), (b"X-TENANT-ID", b"acme")]},
        {"headers": [["x-tenant-id", "acme"], ["x-tenant-id", "acme"]]},
    ],
)
def test_every_shape_of_context_is_read(
    provider: HeaderTenantProvider, context: dict[str, Any]
) -> None:
    """Flat, with a dict of headers, as an ASGI scope; header names in any case."""
    assert provider.get_tenant_id(context) == "acme"


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"headers": None},
        {"headers": "x-tenant-id: acme"},
        {"headers": [(b"x-tenant-id",), 5]},
        {"headers": [(b"x-tenant-id", b"acme"), (b"x-tenant-id", b"globex")]},
        {"x-tenant-id": "acme", "headers": {"x-tenant-id": "globex"}},
        {"x-tenant-id": ""},
        {"x-tenant-id": "acme\n"},
        {"x-tenant-id": " acme"},
        {"x-tenant-id": "ACME"},
        {"x-tenant-id": "\u0430cme"},
        {"x-tenant-id": "-"},
        {"x-tenant-id": "a" * 64},
        {"x-tenant-id": ["acme"]},
        {"headers": [(b"x-tenant-id", b"\xff")]},
    ],
    ids=ascii,
)
def test_anything_else_is_nobody(provider: HeaderTenantProvider, context: dict[str, Any]) -> None:
    """Missing, malformed or contradictory headers give None."""
    assert provider.get_tenant_id(context) is None


def test_context_for_is_read_back(provider: HeaderTenantProvider) -> None:
    """The probe builds contexts that the provider reads."""
    assert [provider.get_tenant_id(provider.context_for(tenant)) for tenant in TENANTS] == TENANTS


@pytest.mark.parametrize("nobody", [None, "", " ", "ACME", {"$ne": None}, "acme\n", 5], ids=repr)
def test_no_filter_for_nobody(provider: HeaderTenantProvider, nobody: Any) -> None:
    """A request without a tenant is stopped before it reads."""
    with pytest.raises(PermissionError):
        provider.get_tenant_filter(nobody)


def test_filter_matches_own_rows_only(provider: HeaderTenantProvider) -> None:
    """Only the tenant's rows, and none without an owner."""
    rows: list[dict[str, Any]] = [{"tenant_id": owner} for owner in ("acme", "globex", None)]
    assert [matches(provider.get_tenant_filter("acme"), row) for row in [*rows, {}]] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("triple", ALLOWED, ids="/".join)
def test_roles_allow(provider: HeaderTenantProvider, triple: tuple[str, str, str]) -> None:
    """What a role of the user covers is allowed."""
    assert provider.validate_tenant_access(*triple) is True


@pytest.mark.parametrize("triple", [*DENIED, ("", "", ""), ("acme", " ", "audit")], ids="/".join)
def test_all_else_is_denied(provider: HeaderTenantProvider, triple: tuple[str, str, str]) -> None:
    """Other roles, tenants, spellings, and ways out of a folder."""
    assert provider.validate_tenant_access(*triple) is False


def test_outage_of_the_policy_denies(provider: HeaderTenantProvider, policy: PolicyFile) -> None:
    """Fails closed while the file is away, and allows again when it is back."""
    assert provider.validate_tenant_access(*ALLOWED[0]) is True
    with policy.outage():
        assert provider.validate_tenant_access(*ALLOWED[0]) is False
    assert provider.validate_tenant_access(*ALLOWED[0]) is True


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"members": [], "roles": {}}', "\xff"])
def test_damaged_policy_denies(provider: HeaderTenantProvider, tmp_path: Path, text: str) -> None:
    """A file that is no policy allows nothing."""
    (tmp_path / "policy.json").write_text(text, "latin-1")
    assert provider.validate_tenant_access(*ALLOWED[0]) is False
    with pytest.raises(PolicyUnavailable):
        PolicyFile(tmp_path / "policy.json").allows(*ALLOWED[0])


def test_changed_policy_counts_at_once(provider: HeaderTenantProvider, tmp_path: Path) -> None:
    """Whoever loses a role loses the access with the next request."""
    assert provider.validate_tenant_access(*ALLOWED[0]) is True
    changed = tmp_path / "changed.json"
    changed.write_text('{"roles": {}, "members": {}}')
    os.replace(changed, tmp_path / "policy.json")
    assert provider.validate_tenant_access(*ALLOWED[0]) is False
