"""TP-FLT-05: which rows may be seen by a request of nobody?"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from .._sweep import sweep
from .ids import BLANK
from .judging import Judge
from .selection import rows
from .world import World

clauses = Catalogue()


@clauses.must(
    "TP-FLT-05",
    reason="a request without a tenant must not see what belongs to one, least of all everything",
    fix='raise ValueError, or return {"tenant_id": {"$in": []}}, which matches nothing; '
    '{"$eq": None} matches rows without an owner',
)
def nobody_sees_nothing(case: Case) -> None:
    """For None or a blank id it raises or matches nothing.

    Equality with the blank id itself is taken as matching nothing.
    """
    world = World(case)
    judge = Judge(case, world)

    def check(before: list[int | str], blank: str | None) -> None:
        names = [world.name(pick) for pick in before]
        for name in names:
            world.come_by(name)
            judge.ask(name)
        for _ in range(2):
            answer = judge.ask(blank)
            if isinstance(answer, Raised):
                case.looked()
                continue
            _matches_nothing(case, world, judge, blank, answer, names)

    first = 0 if world.tenants else "acme"
    jobs = [{"before": b, "blank": blank} for blank in (None, *BLANK) for b in ([], [first])]
    sweep(case, check, jobs)
    case.for_all(
        check,
        before=st.lists(world.picks(), max_size=2),
        blank=st.sampled_from((None, *BLANK)),
        examples=max(5, case.profile.examples // 3),
    )
    judge.conclude()


def _matches_nothing(
    case: Case, world: World, judge: Judge, blank: str | None, answer: Any, names: list[str]
) -> None:
    selection = judge.selection(answer)
    if selection is None:
        return
    subject = world.subject
    column = subject.owner_field
    if column not in selection.values and not subject.has("owner_field"):
        column = next((name for name in selection.values if selection.values[name]), column)
    for owner in judge.owners("", None, selection.values.get(column, []), names, False):
        row = next((r for r in rows(selection, column, owner) if selection.selects(r)), None)
        if row is None or (blank is not None and owner == blank):
            continue
        if isinstance(owner, str) and (not owner.strip() or not _may_exist(world, judge, owner)):
            continue  # equality with something that is nobody
        whose = f"tenant {show(owner)}" if isinstance(owner, str) else "nobody"
        raise Violation(
            f"get_tenant_filter({show(blank)}) -> {show(answer)}",
            f"row {show(row)} of {whose} matches",
        )


def _may_exist(world: World, judge: Judge, name: str) -> bool:
    """Tell whether a text that a filter mentions can be a tenant's id.

    An impossible id, compared with on purpose so that nothing matches, is a fair way to say so.
    """
    if name in world.tenants:
        return True
    if not name.replace("-", "").isalnum():
        return False
    answer = judge.ask(name)
    if isinstance(answer, Raised):
        return False
    selection = judge.selection(answer)
    if selection is None:
        return True
    column = judge.column(name, selection)
    return any(selection.selects(row) for row in rows(selection, column, name))
