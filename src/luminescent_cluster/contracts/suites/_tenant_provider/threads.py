"""TP-THR: requests of different tenants at the same time."""

from __future__ import annotations

from typing import Any

from ...clauses import Catalogue, Unverified
from ...engine.case import Case, Refused
from ...schedules import Call
from .._schedules import explore
from .world import World

__all__ = ["clauses"]

clauses = Catalogue()


@clauses.must(
    "TP-THR-01",
    reason="one provider serves all requests at once; a tenant kept on the instance for the length "
    "of a call is another request's tenant by the end of it",
    fix="keep nothing of a request on the instance: use local variables, or one lock around all",
    explores=True,
)
def tenants_do_not_mix(case: Case) -> None:
    """Concurrent requests of different tenants never see each other's id, filter or decision.

    Two tenants' requests run under explored schedules; each answer must be one that the same
    requests get one after another.
    """
    world = World(case)
    tenants = world.tenants
    if not tenants:  # anybody may be one; those who hold grants come first
        granted = [tenant for tenant, _, _ in world.listed("allowed")]
        tenants = list(dict.fromkeys([*granted, "acme", "globex"]))
    if len(tenants) < 2:
        raise Unverified(
            "tenants",
            "needs two tenants whose requests can meet; declare them like this:\n"
            + case.subject.probe_help.get("tenants", 'tenants=["acme", "globex"]'),
        )
    accesses = {}
    for probe in ("denied", "allowed"):
        for tenant, user, resource in world.listed(probe):
            accesses[tenant] = (user, resource)
    contexts = _contexts(case, world, tenants[:2])
    requests = []
    for index, tenant in enumerate(tenants[:2]):
        user, resource = accesses.get(tenant, ("ada", "knowledge_base"))
        calls = [
            Call("get_tenant_filter", (tenant,)),
            Call("validate_tenant_access", (tenant, user, resource)),
        ]
        if contexts:
            calls.insert(0, Call("get_tenant_id", (contexts[index],)))
        requests.append(calls)
    one, other = requests
    programs = [[[first], [second]] for first in one for second in other]
    # The second call of the first tenant may find a cache filled, and the other empty it.
    programs += [[[first, first], [second]] for first, second in zip(one, other, strict=True)]
    programs += [[one, other], [[*one, *one], [other[0]]]]
    third = [*tenants, "umbrella"][2]
    filters = [Call("get_tenant_filter", (tenant,)) for tenant in (*tenants[:2], third)]
    decisions = [one[-1], other[-1], Call("validate_tenant_access", (tenants[0], "zoe", "other"))]
    for first, *rest in (filters, decisions):
        programs.append([[first, first], rest])  # a small cache has to let one go
    # The same user and resource in the other tenant: a decision that leaks is seen.
    stranger = Call("validate_tenant_access", (tenants[1], *one[-1].args[1:]))
    programs.insert(0, [[one[-1]], [stranger]])
    explore(case, programs=programs, promise="regular")


def _contexts(case: Case, world: World, tenants: list[str]) -> list[Any]:
    """Give the contexts of these tenants' requests; none where nobody knows their shape."""
    try:
        world.require_contexts()
        return [world.context(tenant) for tenant in tenants]
    except (Unverified, Refused) as missing:
        case.note(f"get_tenant_id is left out: {str(missing).splitlines()[0]}")
        return []
