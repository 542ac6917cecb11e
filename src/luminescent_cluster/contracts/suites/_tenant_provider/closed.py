"""TP-ACC-04 to 06: access fails closed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Excused, Inconclusive, Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from .._sweep import sweep
from .access import METHOD, ask_access, told
from .ids import BLANK, fold, near_ids, plain_ids, unknown_name
from .world import World

clauses = Catalogue()

Access = tuple[Any, Any, Any]

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
            _never(case, asked, _why(which, access))
        if known:
            ask_access(case, base)
            _never(case, access, _why(which, access))

    granted = len(world.listed("allowed"))
    plain = {"unknown": "no-such-one-5f1c", "near": 0, "blank": "", "first": True}
    variants = [("near tenant", 60), ("near user", len(_USER_VARIANTS)), ("near resource", 10)]
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
                f"x{resource}", f"{resource}*", "*", "%", ".*")  # fmt: skip
    variant = variants[near % len(variants)]
    return None if variant in resources or not variant else (tenant, user, variant)


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


def _never(case: Case, access: Access, why: str) -> None:
    answer = ask_access(case, access)
    if isinstance(answer, Raised) or not _opens(answer):
        return
    raise Violation(told(access, answer), why)


def _opens(answer: Any) -> bool:
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
        if (before or not known) and not _opens(ask_access(case, base)):
            return
        granted += 1
        elsewhere = [*tenants, other, *near_ids(tenant)]
        for step in range(3):
            stranger = elsewhere[(near + step * len(tenants)) % len(elsewhere)]
            if stranger == tenant or any(t == stranger and u == name for t, u, _ in known):
                continue
            _never(
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


@clauses.must(
    "TP-ACC-06",
    reason="an outage of the permission store must not become a pass for everybody",
    fix="let the exception out, or return False in the except branch; a cached decision may only "
    "answer the very access that was confirmed",
    probes=("break_backend",),
)
def closed_in_an_outage(case: Case) -> None:
    """While its backend is down, nothing is allowed that was not confirmed before; raising is
    closed.

    Nor does an outage leave anything open: what nobody was granted stays denied after recovery.
    """
    world = World(case)
    shared: set[Access] = set()  # confirmed earlier, where one extension serves the whole clause

    def check(confirmed: list[int], asked: list[int], unknown: str) -> None:
        known, denied = world.listed("allowed"), world.listed("denied")
        before = {known[n % len(known)] for n in confirmed} if known else set()
        if world.subject.fresh == "clause":
            shared.update(before)
            before = shared
        for access in sorted(before):
            ask_access(case, access)
        new: list[Access] = [(unknown, "alice", "knowledge_base"), ("acme", unknown, "doc-1")]
        new += _refused(case, known, f"{unknown}-resource")
        for number in asked:
            new += [known[number % len(known)]] if known else [("acme", "alice", f"doc-{number}")]
            new += [denied[number % len(denied)]] if denied else []
        with _outage(case, world):
            for access in (*new, *new):
                if access not in before:
                    _never(
                        case,
                        access,
                        "the backend is down (break_backend), and this was not confirmed before",
                    )
        for access in (*new[:2], *denied):
            if access not in known:
                _never(case, access, "nobody was granted this; the backend was down and is back")

    count = len(world.listed("allowed"))
    case.for_all(
        check,
        confirmed=st.lists(st.integers(0, max(0, count // 2)), max_size=2),
        asked=st.lists(st.integers(0, max(3, count - 1)), min_size=1, max_size=4),
        unknown=unknown_name("one"),
    )
    if not count:
        raise world.probe_missing("allowed")


def _refused(case: Case, known: list[Access], resource: str) -> list[Access]:
    """Give accesses of granted users to a resource that an extension with a backend denies them.

    Another instance is asked, so that the one under test has nothing of this in a cache.
    """
    asked: list[Access] = [(tenant, user, resource) for tenant, user, _ in known[:3]]
    other = case.another()
    answers = [case.attempt(METHOD, *access, on=other) for access in asked]
    return [access for access, answer in zip(asked, answers, strict=True) if answer is False]


def _outage(case: Case, world: World) -> AbstractContextManager[Any]:
    hook: Any = world.subject.probe("break_backend")
    if not hasattr(hook, "__enter__"):
        hook = case.perform("break_backend()", hook, world.subject.deadline, counts=False)
    if not hasattr(hook, "__enter__"):
        raise Inconclusive(
            f"break_backend gave a {type(hook).__name__}, not a context manager; give it like this:"
            f"\n{world.subject.probe_help['break_backend']}"
        )
    case.history.append("…  # from here on with break_backend():")
    manager: AbstractContextManager[Any] = hook
    return manager


__all__ = ["METHOD", "clauses"]
