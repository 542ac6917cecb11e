"""TP-ACC-06: access fails closed while its backend is down."""

from __future__ import annotations

from hypothesis import strategies as st

from ...clauses import Catalogue
from ...engine.case import Case
from .access import METHOD, Access, ask_access, never
from .ids import unknown_name
from .outages import outage
from .world import World

clauses = Catalogue()


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
        nobody: list[Access] = [(unknown, "alice", "knowledge_base"), ("acme", unknown, "doc-1")]
        new: list[Access] = []  # grants first: nobody after them may be taken for their owner
        for number in asked:
            new += [known[number % len(known)]] if known else [("acme", "alice", f"doc-{number}")]
            new += [denied[number % len(denied)]] if denied else []
        new += [*nobody, *_refused(case, known, f"{unknown}-resource")]
        with outage(case, world):
            for access in (*new, *new):
                if access not in before:
                    never(
                        case,
                        access,
                        "the backend is down (break_backend), and this was not confirmed before",
                    )
        for access in (*nobody, *denied):
            if access not in known:
                never(case, access, "nobody was granted this; the backend was down and is back")

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
    answers = [case.attempt(METHOD, *access, _on=other) for access in asked]
    return [access for access, answer in zip(asked, answers, strict=True) if answer is False]
