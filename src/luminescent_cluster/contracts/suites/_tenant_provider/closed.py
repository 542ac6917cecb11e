"""TP-ACC-04 and 05: access fails closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Excused, Violation
from ...engine.case import Case, Raised
from ...engine.meter import Meter
from ...engine.show import show
from .._sweep import shortened, sweep
from .access import ask_access, told
from .ids import BLANK, fold, near_ids, plain_ids, unknown_name
from .strangers import POPULAR, PRIVILEGED, SHARED, moved
from .world import World

clauses = Catalogue()

__all__ = ["Access", "clauses", "never", "opens"]

Access = tuple[Any, Any, Any]

_MANY = 330  # more than the caches people write hold
_SHARE = 0.2  # of a property's time budget
_USER_VARIANTS = (
    "{}2", "x{}", "*", "%", "{}*", "{}%", ".*", "?", "_", "{}|x", "{}' OR '1'='1", '{}" or ""="',
    "{}\0", "{}\0x", '{{"$ne": null}}', "{},x", "no-such-user,{}",
)  # fmt: skip


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
    _excuse(world)

    def check(
        number: int, which: str, unknown: str, near: int, blank: str | None, first: bool
    ) -> None:
        known = world.listed("allowed")
        base: Access = known[number % len(known)] if known else ("acme", "alice", "knowledge_base")
        access = _unknown(world, base, which, unknown, near, blank)
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

    granted = len(world.listed("allowed"))
    plain = {"unknown": "no-such-one-5f1c", "near": 0, "blank": "", "first": True}
    variants = [("near tenant", 60), ("near user", len(_USER_VARIANTS)), ("near resource", 11)]
    jobs: list[dict[str, Any]] = [{**plain, "which": which} for which in _PARTS]
    jobs += [
        {**plain, "which": f"blank {part}", "blank": blank}
        for part in ("tenant", "user", "resource")
        for blank in (*BLANK, None)
    ]
    jobs += [
        {**plain, "which": which, "near": near}
        for which, count in variants
        for near in range(count if granted else 0)
    ]
    sweep(case, check, [{**job, "number": n} for n in range(min(3, granted or 1)) for job in jobs])
    sweep(case, lambda access: never(case, access, _NOBODY), _shortcuts(case, world))
    _many_strangers(case, world)
    if granted:
        sweep(case, lambda user: _nowhere_at_home(case, world, user), _names("user", PRIVILEGED))
    case.for_all(
        check,
        number=st.integers(0, max(0, granted - 1)),
        which=_PARTS,
        unknown=unknown_name("one"),
        near=st.integers(0, 60),
        blank=st.sampled_from((*BLANK, None)),
        first=st.booleans(),
    )


_PARTS = (
    "tenant", "user", "near tenant", "near user", "blank tenant", "blank user", "blank resource",
    "resource", "near resource", "all",
)  # fmt: skip


def _unknown(
    world: World, base: Access, which: str, unknown: str, near: int, blank: str | None
) -> Access | None:
    """Give an access with one part that nobody bears, or None where it would not be unknown."""
    tenant, user, resource = base
    known = [*world.listed("allowed"), *world.listed("denied")]
    users = {name for _, name, _ in known}
    if which == "all":
        return unknown, f"{unknown}-user", f"{unknown}-resource"
    if which == "tenant":
        return unknown, user, resource
    if which == "user":
        return tenant, unknown, resource
    if which == "blank tenant":
        return blank, user, resource
    if which == "blank user":
        return tenant, blank, resource
    if not known:
        return None  # nothing is known that could be near
    if which == "near tenant":
        variants = near_ids(tenant)
        variant = variants[near % len(variants)]
        return None if variant in _tenants(world) else (variant, user, resource)
    if which == "near user":
        variant = _USER_VARIANTS[near % len(_USER_VARIANTS)].format(user)
        return (
            None if fold(variant) in {fold(name) for name in users} else (tenant, variant, resource)
        )
    closed = world.subject.resources_closed
    resources = {name for _, _, name in known}
    if which == "blank resource":
        if blank is None or (not closed and _covers_anything(world, base)):
            return None
        return tenant, user, blank
    if not closed:
        return None
    if which == "resource":
        return tenant, user, unknown
    variants = (f"{resource}2", f"{resource}/x", f"{resource}/../x", f"{resource}\0", resource[:-1],
                f"x{resource}", f"{resource}*", "*", "%", ".*", resource.swapcase())  # fmt: skip
    variant = variants[near % len(variants)]
    return None if variant in resources or not variant else (tenant, user, variant)


_NOBODY = "nobody knows this tenant, user or resource"


def _names(part: str, names: Iterable[Any]) -> list[dict[str, Any]]:
    return [{part: name} for name in names]


def _shortcuts(case: Case, world: World) -> list[dict[str, Any]]:
    """List accesses with an unknown part that an exception in the code may let in."""
    with case.example():
        known = [*world.listed("allowed"), *world.listed("denied")]
        granted = world.listed("allowed")[:3]
        tenants, declared = _tenants(world), bool(world.tenants or known)
    users, resources = {user for _, user, _ in known}, {resource for _, _, resource in known}
    tenant, user, resource = (*granted, ("acme", "alice", "knowledge_base"))[0]
    found: list[Access] = [("no-such-tenant-5f1c", name, resource) for name in PRIVILEGED]
    found += [(tenant, name, resource) for name in POPULAR if name not in users]
    found += [(tenant, "no-such-user-5f1c", name) for name in SHARED if name not in resources]
    found += [("no-such-tenant-5f1c", "no-such-user-5f1c", name) for name in SHARED]
    if declared:
        found += [(name, user, resource) for name in (*PRIVILEGED, *SHARED) if name not in tenants]
    for access in granted:
        found += [(t, u, r) for t, u, r in moved(access) if t not in tenants or u not in users]
    return _names("access", dict.fromkeys(found))


def _many_strangers(case: Case, world: World) -> None:
    """Whatever fills up with names, the last stranger is denied as the first one was."""
    with case.example():
        case.tally.examples += 1
        meter = Meter()
        known = world.listed("allowed")
        tenant, _, resource = (*known, ("acme", "alice", "knowledge_base"))[0]
        for number in range(_MANY):
            access = (tenant, f"no-such-user-{number}", resource)
            try:
                never(case, access, _why("user", access))
            except Violation as violation:
                violation.history = shortened(case.history)
                raise
            if meter.spent() > case.profile.budget * _SHARE:
                case.note(f"slow calls: only {number + 1} strangers came by in one history")
                return


def _nowhere_at_home(case: Case, world: World, user: str) -> None:
    """A name that no probe mentions may be one tenant's user, but not everybody's master."""
    if any(user == name for _, name, _ in (*world.listed("allowed"), *world.listed("denied"))):
        return
    tenants = sorted(_tenants(world))[:3]
    asked = [(tenant, user, "no-such-resource-5f1c") for tenant in tenants]
    answers = [ask_access(case, access) for access in asked]
    if len(asked) > 1 and all(not isinstance(a, Raised) and opens(a) for a in answers):
        raise Violation(
            *(told(access, answer) for access, answer in zip(asked, answers, strict=True)),
            f"{user!r} may do anything anywhere; where that is meant, list it in `allowed`",
        )


def _covers_anything(world: World, base: Access) -> bool:
    """Tell whether the user's grant covers any resource, so that a blank one falls under it too."""
    return ask_access(world.case, (base[0], base[1], "no-such-resource-5f1c")) is True


def _tenants(world: World) -> set[str]:
    accesses = [*world.listed("allowed"), *world.listed("denied")]
    return {*world.tenants, *(tenant for tenant, _, _ in accesses)}


def _why(which: str, access: Access) -> str:
    part = {"tenant": 0, "user": 1, "resource": 2}.get(which.split()[-1])
    if part is None:
        return "nobody knows this tenant, user or resource"
    name = which.split()[-1]
    if which.startswith("blank"):
        return f"the {name} is blank"
    return f"nobody knows the {name} {show(access[part])}"


def never(case: Case, access: Access, why: str) -> None:
    """Ask for an access that must not be allowed; raising is closed.

    Raises:
        Violation: it is allowed.
    """
    answer = ask_access(case, access)
    if isinstance(answer, Raised) or not opens(answer):
        return
    raise Violation(told(access, answer), why)


def opens(answer: Any) -> bool:
    """Tell whether core, which branches on the answer, would let the request in."""
    try:
        return bool(answer)
    except Exception:
        return False


def _excuse(world: World) -> None:
    if not world.subject.rbac:
        raise Excused("the subject declares rbac=False: access is checked elsewhere")


@clauses.must(
    "TP-ACC-05",
    reason="the same user name in two tenants may be two people",
    fix="make the tenant part of every grant, role and cache key",
)
def one_tenant_only(case: Case) -> None:
    """Access in one tenant is no access in another.

    A user who works for several tenants is declared so: `allowed` lists the user with each.
    """
    world = World(case)
    _excuse(world)
    granted = 0

    def check(number: int, other: str, near: int, user: str, before: bool) -> None:
        nonlocal granted
        known = world.listed("allowed")
        if known:
            base: Access = known[number % len(known)]
            tenants = sorted(_tenants(world))
        else:
            tenant = (*world.tenants, other)[number % (len(world.tenants) + 1)]
            base = (tenant, user.format(tenant), "knowledge_base")
            tenants = [*world.tenants, "globex"]
        tenant, name, resource = base
        if (before or not known) and not opens(ask_access(case, base)):
            return
        granted += 1
        elsewhere = [*tenants, other, *near_ids(tenant)]
        for step in range(3):
            stranger = elsewhere[(near + step * len(tenants)) % len(elsewhere)]
            if stranger == tenant or any(t == stranger and u == name for t, u, _ in known):
                continue
            never(
                case,
                (stranger, name, resource),
                f"{show(name)} is granted this in {show(tenant)}, and nothing in {show(stranger)}",
            )

    case.for_all(
        check,
        number=st.integers(0, max(5, len(world.listed("allowed")) - 1)),
        other=plain_ids(),
        near=st.integers(0, 80),
        user=("alice", "admin", "alice@{}", "{}-alice", "{}/alice", "root"),
        before=st.booleans(),
    )
    if world.listed("allowed"):
        plain = {"other": "umbrella", "user": "alice", "before": True}
        sweep(
            case,
            check,
            [
                {**plain, "number": number, "near": near}
                for number in range(min(3, len(world.listed("allowed"))))
                for near in range(60)
            ],
        )
    if not granted:
        raise world.probe_missing("allowed")
