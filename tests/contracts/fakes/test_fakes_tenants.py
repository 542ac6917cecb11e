"""The tenant providers, in memory and in SQLite."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luminescent_cluster.contracts.fakes import SqliteTenantProvider
from luminescent_cluster.contracts.filters import matches

GRANTS = [("acme", "ann", "kb"), ("acme", "bob", "docs"), ("globex", "ann", "docs")]
BITING = [
    "acme", "Acme", "acme ", " acme", "acme2", "acm", ".*", "%", "_", "$ne", "{}", "'; --", "*",
    "e\u0301", "\u00e9", "a\x00b", "\ud800", "\ud83d\ude00", "\U0001f600", "\u202eacme", "\uff41",
    "a" * 10_000,
]  # fmt: skip
BLANK = ["", " ", "\t\n", "\x00", "\u200b", "\ufeff\u00a0", "\u202e"]
REUSED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.mark.parametrize("tenant", BITING, ids=ascii)
def test_id_comes_back_exactly_as_sent(make_provider: Any, tenant: str) -> None:
    """Whatever the id holds, the context of a tenant resolves to exactly that id."""
    provider = make_provider()
    assert provider.get_tenant_id(provider.context_for(tenant)) == tenant


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"tenant": "acme"},
        {"x-tenant-id": None},
        {"x-tenant-id": 5},
        {"x-tenant-id": b"acme"},
        {"x-tenant-id": ["acme"]},
        {"x-tenant-id": {"$ne": ""}},
        {"x-tenant-id": "acme", "X-Tenant-Id": "globex"},
        {"X-Tenant-Id": "globex", "x-tenant-id": "acme"},
        {"x-tenant-id": "acme", "X-Tenant-Id": None},
        {"x-tenant-\u0131d": "acme"},
        {5: "acme", None: "acme"},
        *({"x-tenant-id": blank} for blank in BLANK),
    ],
    ids=ascii,
)
def test_no_single_tenant_is_none(make_provider: Any, context: dict[Any, Any]) -> None:
    """Missing, blank, malformed or contradictory: nobody, never an exception or another's id."""
    assert make_provider().get_tenant_id(context) is None


def test_header_is_found_in_any_case(make_provider: Any) -> None:
    """HTTP header names have no case; the guide's sketch looks for one spelling only."""
    assert make_provider().get_tenant_id({"X-Tenant-ID": "acme", "path": "/"}) == "acme"


@pytest.mark.parametrize("tenant", BITING, ids=ascii)
def test_filter_selects_exactly_the_tenant(make_provider: Any, tenant: str) -> None:
    """The filter is JSON, and of rows of every biting owner it matches those of the tenant."""
    tenant_filter = make_provider().get_tenant_filter(tenant)
    json.dumps(tenant_filter, allow_nan=False)
    rows: list[dict[str, Any]] = [{"tenant_id": owner} for owner in [*BITING, *BLANK, None]]
    selected = [row["tenant_id"] for row in [*rows, {}] if matches(tenant_filter, row)]
    assert selected == [tenant]


@pytest.mark.parametrize("nobody", [None, *BLANK], ids=ascii)
def test_filter_of_nobody_selects_nothing(make_provider: Any, nobody: Any) -> None:
    """Core passes on None where the context has no tenant: no row matches, not all of them."""
    tenant_filter = make_provider(owner_field="owner").get_tenant_filter(nobody)
    rows: list[dict[str, Any]] = [{}, {"owner": None}, {"owner": nobody}, {"owner": "acme"}]
    assert not any(matches(tenant_filter, row) for row in rows)


def test_filters_are_fresh(make_provider: Any) -> None:
    """Changing a filter changes no later one."""
    provider = make_provider()
    provider.get_tenant_filter("acme")["tenant_id"]["$eq"] = "globex"
    assert provider.get_tenant_filter("acme") == {"tenant_id": {"$eq": "acme"}}


def test_access_is_exactly_what_was_granted(make_provider: Any) -> None:
    """Of all combinations of known names only the granted triples are allowed, as real bools."""
    provider = make_provider(GRANTS)
    names = [sorted({grant[n] for grant in GRANTS}) for n in range(3)]
    allowed = [
        (tenant, user, resource)
        for tenant in names[0]
        for user in names[1]
        for resource in names[2]
        if provider.validate_tenant_access(tenant, user, resource) is True
    ]
    assert sorted(allowed) == sorted(GRANTS) == sorted(provider.allowed())


def test_denied_probe_is_denied(make_provider: Any) -> None:
    """The triples offered as denied are near the allowed ones, and denied."""
    provider = make_provider(GRANTS)
    denied = provider.denied()
    assert ("globex", "ann", "kb") in denied
    assert all(provider.validate_tenant_access(*triple) is False for triple in denied)


@REUSED
@given(st.tuples(*[st.sampled_from([*BITING, *BLANK, "ann", "kb"])] * 3))
def test_unknown_and_blank_names_are_denied(make_provider: Any, triple: Any) -> None:
    """Nothing but what was granted is ever allowed."""
    provider = make_provider([("acme", "ann", "kb")])
    expected = triple == ("acme", "ann", "kb")
    assert provider.validate_tenant_access(*triple) is expected


def test_fails_closed_while_the_store_is_down(make_provider: Any) -> None:
    """An outage denies, and afterwards the grants are back."""
    provider = make_provider(GRANTS)
    with provider.break_backend():
        assert provider.validate_tenant_access(*GRANTS[0]) is False
    assert provider.validate_tenant_access(*GRANTS[0]) is True


def test_revoked_is_denied(make_provider: Any) -> None:
    """A grant can be taken back, and taking it back twice is no error."""
    provider = make_provider(GRANTS)
    provider.revoke(*GRANTS[0])
    provider.revoke(*GRANTS[0])
    assert provider.validate_tenant_access(*GRANTS[0]) is False


def test_directory_closes_the_world(make_provider: Any) -> None:
    """With a directory of tenants an unlisted id is nobody, everywhere."""
    provider = make_provider(tenants=["acme"])
    assert provider.get_tenant_id({"x-tenant-id": "globex"}) is None
    assert not matches(provider.get_tenant_filter("globex"), {"tenant_id": "globex"})
    with pytest.raises(ValueError, match="not in the directory"):
        provider.grant("globex", "ann", "kb")


@pytest.mark.parametrize(
    "call",
    [
        lambda provider: provider.get_tenant_id(None),
        lambda provider: provider.get_tenant_filter(5),
        lambda provider: provider.validate_tenant_access("acme", None, "kb"),
        lambda provider: provider.grant("acme", "ann", 5),
    ],
)
def test_wrong_types_are_refused(make_provider: Any, call: Any) -> None:
    """Arguments of another type raise TypeError."""
    with pytest.raises(TypeError):
        call(make_provider())


def test_grants_survive_a_restart(tmp_path: Any) -> None:
    """The provider on a file keeps its grants and its settings."""
    with SqliteTenantProvider(tmp_path / "grants.db", GRANTS, owner_field="owner") as provider:
        again = provider.reopen()
    with again:
        assert again.allowed() == GRANTS
        assert again.get_tenant_filter("acme") == {"owner": {"$eq": "acme"}}


def test_closed_provider_denies(tmp_path: Any) -> None:
    """After close the file is out of reach: denied, not crashed."""
    provider = SqliteTenantProvider(tmp_path / "grants.db", GRANTS)
    provider.close()
    assert provider.validate_tenant_access(*GRANTS[0]) is False
