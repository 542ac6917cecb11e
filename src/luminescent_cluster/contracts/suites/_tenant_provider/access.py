"""TP-ACC-01 to 03: what the author declares about access."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from .._sweep import sweep
from .history import strangers_ask
from .ids import plain_ids
from .outages import outage
from .world import World

__all__ = ["METHOD", "Access", "ask_access", "clauses", "never", "opens", "told"]

clauses = Catalogue()

METHOD = "validate_tenant_access"
Access = tuple[Any, Any, Any]


def ask_access(case: Case, access: Access) -> Any:
    """Ask for one access, as core does; gives the answer or Raised."""
    return case.attempt(METHOD, *access)


def told(access: Access, answer: Any) -> str:
    """Say what was asked and answered, as one line."""
    shown = str(answer) if isinstance(answer, Raised) else f"-> {show(answer)}"
    return f"{show_call(METHOD, access, {})} {shown}"


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


def accesses(world: World) -> Any:
    """Give a strategy of accesses: of declared ones by number, or of names as they come."""
    users = st.sampled_from(("alice", "bob", "admin", "user-1", "root", "unknown"))
    resources = st.sampled_from(("knowledge_base", "kb/report", "doc-1", "query", "*"))
    free = st.tuples(world.picks(), users, resources)
    declared = len(world.listed("allowed")) + len(world.listed("denied"))
    return st.one_of(st.integers(0, declared - 1), free) if declared else free


def resolve(world: World, picked: Any) -> tuple[str, str, str]:
    """Give the access that was picked by :func:`accesses`."""
    if isinstance(picked, int):
        declared = [*world.listed("allowed"), *world.listed("denied")]
        access: tuple[str, str, str] = declared[picked % len(declared)]
        return access
    tenant, user, resource = picked
    return world.name(tenant), user, resource


@clauses.must(
    "TP-ACC-01",
    reason="core branches on the answer; a truthy object, a coroutine or None in its place opens "
    "or closes everything",
    fix="return True or False: wrap what the permission library gives in bool(…)",
)
def answers_bool(case: Case) -> None:
    """The answer is a bool, also where the backend is down and something is answered."""
    world = World(case)

    def check(picked: list[Any], unknown: str) -> None:
        asked = [resolve(world, pick) for pick in picked]
        tenant, user, resource = asked[0]
        asked += [(unknown, user, resource), (tenant, unknown, resource), (tenant, user, unknown)]
        asked += [("", user, resource), (tenant, "", resource), (tenant, user, "")]
        answered = [_gives_bool(case, access) for access in (*asked, asked[0])]
        if not any(answered):
            case.call(METHOD, *asked[0])

    case.for_all(
        check,
        picked=st.lists(accesses(world), min_size=1, max_size=4),
        unknown=plain_ids(),
    )
    if world.subject.has("break_backend"):
        first = (*world.listed("allowed"), ("acme", "alice", "knowledge_base"))[0]
        sweep(case, lambda access: _down(case, world, access), [{"access": first}])


def _gives_bool(case: Case, access: Access) -> bool:
    """Ask for an access; tell whether it was answered rather than refused.

    Raises:
        Violation: the answer is no bool.
    """
    answer = ask_access(case, access)
    if isinstance(answer, Raised):
        return False
    if answer is not True and answer is not False:
        kind = type(answer).__name__
        raise Violation(told(access, answer), f"of type {kind}, where a bool is expected")
    return True


def _down(case: Case, world: World, access: Access) -> None:
    """Ask while the backend is down, and again after it."""
    with outage(case, world):
        _gives_bool(case, access)
    _gives_bool(case, access)


@clauses.must(
    "TP-ACC-02",
    reason="a user locked out of what was granted cannot work",
    fix="look the grant up by tenant, user and resource together, and do not let an earlier denial "
    "or another's answer decide",
    probes=("allowed",),
)
def allowed_is_allowed(case: Case) -> None:
    """Declared allowed accesses are allowed, first and again, whatever was asked before."""
    _declared(case, "allowed", True)


@clauses.must(
    "TP-ACC-03",
    reason="an access that was not granted is a breach",
    fix="look the grant up by tenant, user and resource together, and do not let an earlier grant "
    "or another's answer decide",
    probes=("denied",),
)
def denied_is_denied(case: Case) -> None:
    """Declared denied accesses are denied, first and again, whatever was asked before."""
    _declared(case, "denied", False)


def _declared(case: Case, probe: str, expected: bool) -> None:
    world = World(case)
    count = len(world.listed(probe))
    other = "denied" if expected else "allowed"
    others = len(world.listed(other))
    if not count:
        raise Inconclusive(
            f"the probe {probe} lists nothing; give it like this:\n"
            + world.subject.probe_help[probe]
        )

    def judge(access: tuple[str, str, str]) -> None:
        answer = ask_access(case, access)
        if isinstance(answer, Raised) and not expected:
            return  # closed
        if answer is not expected:
            raise Violation(told(access, answer), f"the subject declares it as {probe}")

    def check(first: int, steps: list[tuple[bool, int]]) -> None:
        wanted, unwanted = world.listed(probe), world.listed(other)
        for judged, number in (*steps, (True, first)):
            if judged:
                judge(wanted[number % len(wanted)])
            elif unwanted:
                ask_access(case, unwanted[number % len(unwanted)])

    most = max(count, others) - 1
    case.for_all(
        check,
        first=st.integers(0, count - 1),
        steps=st.lists(st.tuples(st.booleans(), st.integers(0, most)), max_size=8),
    )
    with case.example():  # every one of them, and again after all the others and many strangers
        case.tally.examples += 1
        everything = world.listed(probe)[:2_000]
        for access in everything:
            judge(access)
        tenant, _, resource = everything[0]
        strangers_ask(case, tenant, resource, lambda stranger: _just_ask(case, stranger))
        for access in everything[:500]:
            judge(access)


def _just_ask(case: Case, access: Access) -> None:
    ask_access(case, access)
