"""TP-ACC-04: access fails closed."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Excused, Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from .._sweep import sweep
from .access import Access, ask_access, never, opens, told
from .history import strangers_ask
from .ids import BLANK, beside, unknown_name
from .renaming import NAMES, PARTS, known_tenants, renamed, unknown_access
from .strangers import MATCH_ALL, POPULAR, PRIVILEGED, SHARED, moved, owned, resembling
from .world import World

clauses = Catalogue()

__all__ = ["clauses", "excuse"]


@clauses.must(
    "TP-ACC-04",
    reason="who is not known has been granted nothing; a default of True opens every tenant",
    fix="end in `return False`: allow only what a stored grant of exactly this tenant and user "
    "says; where access is checked elsewhere, say so with TenantSubject(extension, rbac=False)",
)
def unknown_is_denied(case: Case) -> None:
    """An unknown tenant, user or resource, or a blank one, is never allowed.

    An unknown resource is judged where the subject declares its resources closed
    (`resources_closed=True`), because grants may cover whole folders. Raising is closed.
    """
    world = World(case)
    excuse(world)

    def check(
        number: int, which: str, unknown: str, near: int, blank: str | None, first: bool
    ) -> None:
        known = world.listed("allowed")
        base: Access = known[number % len(known)] if known else ("acme", "alice", "knowledge_base")
        access = unknown_access(world, base, which, unknown, near, blank)
        if access is None:
            case.looked()
            return
        if first and known:
            ask_access(case, base)
        # Twice, and around the granted one: a cache or a sign-up on first sight opens the second.
        for asked in (access, access):
            never(case, asked, _why(which, access))
        if known:
            ask_access(case, base)
            never(case, access, _why(which, access))

    granted = world.listed("allowed")
    plain = {"number": 0, "unknown": "no-such-one-5f1c", "near": 0, "blank": "", "first": True}
    jobs: list[dict[str, Any]] = [{**plain, "which": which} for which in PARTS]
    jobs += [
        {**plain, "which": f"blank {part}", "blank": blank}
        for part in NAMES
        for blank in (*BLANK, None)
    ]
    sweep(
        case,
        check,
        [{**job, "number": n} for n in range(min(3, len(granted)) or 1) for job in jobs],
    )
    near = zip(NAMES, granted[0], strict=True) if granted else ()
    sweep(
        case,
        check,
        [
            {**plain, "which": f"near {part}", "near": number}
            for part, name in near
            for number in range(len(resembling(part, name)))
        ],
    )
    sweep(case, lambda access, after: _after(case, access, after), _shortcuts(case, world))
    further = [{"number": number} for number in range(1, min(_GRANTS, len(granted)))]
    sweep(case, lambda number: _beside_a_grant(case, world, number), further)
    _many_strangers(case, world)
    if granted:
        masters = [{"user": name} for name in PRIVILEGED]
        sweep(case, lambda user: _nowhere_at_home(case, world, user), masters)
    case.for_all(
        check,
        number=st.integers(0, max(0, len(granted) - 1)),
        which=PARTS,
        unknown=unknown_name("one"),
        near=st.integers(0, 150),
        blank=st.sampled_from((*BLANK, None)),
        first=st.booleans(),
    )


_GRANTS = 24  # so many are tried with everybody else
_NOBODY = "nobody knows this tenant, user or resource"


def _shortcuts(case: Case, world: World) -> list[dict[str, Any]]:
    """List accesses with an unknown part that an exception in the code may let in."""
    with case.example():
        known = [*world.listed("allowed"), *world.listed("denied")]
        granted = world.listed("allowed")[:3]
        tenants, declared = known_tenants(world), bool(world.tenants or known)
    users, resources = {user for _, user, _ in known}, {resource for _, _, resource in known}
    tenant, user, resource = (*granted, ("acme", "alice", "knowledge_base"))[0]
    nobody: Access = ("no-such-tenant-5f1c", "no-such-user-5f1c", "no-such-resource-5f1c")
    found: list[Access] = [(nobody[0], name, resource) for name in PRIVILEGED]
    found += [(tenant, name, resource) for name in POPULAR if name not in users]
    found += [(tenant, nobody[1], name) for name in SHARED if name not in resources]
    found += [(nobody[0], nobody[1], name) for name in SHARED]
    found += [(tenant, nobody[1], name) for name in owned(tenant, nobody[1])]
    found += [(name, nobody[1], resource) for name in (*PRIVILEGED, *SHARED)]
    for tenant, user, resource in world.listed("allowed")[:_GRANTS]:
        found += [(tenant, nobody[1], resource), (nobody[0], user, resource)]
    for name in MATCH_ALL:
        found += [(name, name, name), (name, *nobody[1:]), (nobody[0], name, nobody[2])]
        found += [(*nobody[:2], name)]
    if declared:
        found += [(name, user, resource) for name in (*PRIVILEGED, *SHARED) if name not in tenants]
    pairs: list[tuple[Access, Access | None]] = [(access, None) for access in dict.fromkeys(found)]
    for access in granted:
        near = [(t, u, r) for t, u, r in moved(access) if t not in tenants or u not in users]
        pairs += [(other, access) for other in near]
    return [{"access": access, "after": after} for access, after in pairs]


def _after(case: Case, access: Access, after: Access | None) -> None:
    """Nobody gets in, nor after somebody whose access reads much the same."""
    if after is not None:
        ask_access(case, after)
    never(case, access, _NOBODY)


def _beside_a_grant(case: Case, world: World, number: int) -> None:
    """Each grant, of whatever kind, ends where its names end."""
    known = world.listed("allowed")
    base = known[number % len(known)]
    ask_access(case, base)
    for part, name in zip(NAMES, base, strict=True):
        for variant in filter(str.strip, beside(name)):
            access = renamed(world, base, part, variant)
            if access is not None:
                never(case, access, _why(part, access))


def _many_strangers(case: Case, world: World) -> None:
    """Whatever fills up with names, a stranger is denied first and last, and after the granted."""

    def step(access: Access) -> None:
        never(case, access, _why("user", access))

    with case.example():
        case.tally.examples += 1
        known = world.listed("allowed")
        tenant, _, resource = (*known, ("acme", "alice", "knowledge_base"))[0]
        strangers_ask(case, tenant, resource, step)
        for access in known[:50]:
            ask_access(case, access)
        strangers_ask(case, tenant, resource, step)


def _nowhere_at_home(case: Case, world: World, user: str) -> None:
    """A name that no probe mentions may be one tenant's user, but not everybody's master."""
    if any(user == name for _, name, _ in (*world.listed("allowed"), *world.listed("denied"))):
        return
    tenants = sorted(known_tenants(world))[:3]
    asked = [(tenant, user, "no-such-resource-5f1c") for tenant in tenants]
    answers = [ask_access(case, access) for access in asked]
    if len(asked) > 1 and all(not isinstance(a, Raised) and opens(a) for a in answers):
        raise Violation(
            *(told(access, answer) for access, answer in zip(asked, answers, strict=True)),
            f"{user!r} may do anything anywhere; where that is meant, list it in `allowed`",
        )


def _why(which: str, access: Access) -> str:
    part = {"tenant": 0, "user": 1, "resource": 2}.get(which.split()[-1])
    if part is None:
        return _NOBODY
    name = which.split()[-1]
    if which.startswith("blank"):
        return f"the {name} is blank"
    return f"nobody knows the {name} {show(access[part])}"


def excuse(world: World) -> None:
    """Leave the clause where access is checked elsewhere.

    Raises:
        Excused: the subject says so.
    """
    if not world.subject.rbac:
        raise Excused("the subject declares rbac=False: access is checked elsewhere")
