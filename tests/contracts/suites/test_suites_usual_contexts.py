"""Providers whose author does not say how a request context looks."""

import pytest

from luminescent_cluster.contracts import Status, run
from luminescent_cluster.contracts.subjects.requests import USUAL_CONTEXTS
from luminescent_cluster.extensions import TenantProvider

CLAUSES = ["TP-IDN-01", "TP-IDN-02", "TP-IDN-03", "TP-IDN-04", "TP-IDN-05"]


def found(context, usual):
    """Give what stands at the tenant's place of a usual context; None where nothing does."""
    pattern = usual("?")
    key, inner = next((k, v) for k, v in pattern.items() if k != "type")
    value = context.get(key) if isinstance(context, dict) else None
    if isinstance(inner, dict):
        value = value.get(next(iter(inner))) if isinstance(value, dict) else None
    elif isinstance(inner, list):
        pairs = value if isinstance(value, list) else []
        value = next(
            (p[1] for p in pairs if isinstance(p, tuple) and len(p) == 2 and p[0] == inner[0][0]),
            None,
        )
        try:
            value = value.decode() if isinstance(value, bytes) else None
        except UnicodeDecodeError:
            value = None
    return value


def provider(usual, *, blank):
    """Give a provider that reads one shape, and lets a blank id pass where asked."""

    class Provider:
        def get_tenant_id(self, request_context):
            value = found(request_context, usual)
            return value if isinstance(value, str) and (blank or value.strip()) else None

        def get_tenant_filter(self, tenant_id):
            return {"tenant_id": {"$eq": tenant_id}}

        def validate_tenant_access(self, tenant_id, user_id, resource):
            return False

    return Provider


def statuses(kind):
    report = run(TenantProvider, kind, profile="smoke", clauses=CLAUSES)
    return {clause: report[clause].status for clause in CLAUSES}


@pytest.mark.parametrize("usual", USUAL_CONTEXTS, ids=lambda usual: str(usual("?")))
def test_bare_provider_is_judged_by_the_usual_shape_it_reads(usual):
    """No probe is needed, and a correct one passes."""
    assert statuses(provider(usual, blank=False)) == dict.fromkeys(CLAUSES, Status.PASSED)


@pytest.mark.parametrize("usual", USUAL_CONTEXTS, ids=lambda usual: str(usual("?")))
def test_bare_provider_with_a_blank_tenant_is_rejected(usual):
    """What is found without a probe is judged like anything else."""
    assert statuses(provider(usual, blank=True))["TP-IDN-03"] is Status.FAILED


def test_bare_provider_of_an_unusual_shape_is_unverified():
    """Nothing is claimed about contexts that nobody could build."""
    kind = provider(lambda tenant: {"x-unusual": tenant}, blank=False)
    assert statuses(kind) == dict.fromkeys(CLAUSES, Status.UNVERIFIED)
