"""SIG: the extension takes every call that the protocol permits, and each argument arrives."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case, Refused
from ...engine.meeting import meeting_calls
from ...engine.show import show_call
from ...shapes import Acceptance, Rejection, accepts

clauses = Catalogue()


@clauses.must(
    "SIG-01",
    reason="core calls the protocol's methods by name; a missing one fails in the middle of a "
    "request",
    fix="add the member that the protocol asks for",
)
def has_every_member(case: Case) -> None:
    """Every member of the protocol exists on the instance, and methods are callable."""
    judge(case)


@clauses.must(
    "SIG-02",
    reason="core may pass each argument by position or by keyword, and give or omit what is "
    "optional, in any way the protocol allows",
    fix="give the method the protocol's signature, or one that takes more",
)
def takes_every_call(case: Case) -> None:
    """Every call that the protocol permits is accepted."""
    judge(case)


@clauses.must(
    "SIG-03",
    reason="swapped or renamed parameters are accepted in silence, and the tenant's id ends up "
    "where the user's should be",
    fix="name the parameters as the protocol does, in its order",
)
def arguments_arrive(case: Case) -> None:
    """Each argument lands in the parameter of the same name."""
    judge(case)


@clauses.must(
    "SIG-04",
    reason="a coroutine in place of a result is always true, so an access check that became "
    "async allows everybody",
    fix="write `def` where the protocol has `def`, and `async def` where it has `async def`; look "
    "at the decorators too",
)
def keeps_async_ness(case: Case) -> None:
    """Sync methods stay sync and async ones stay async, also behind decorators.

    Where the layers of a decorated method say both, calling it tells.
    """
    try:
        judge(case)
    except Inconclusive as unsure:
        unseen = {open_point.member for open_point in _open_points(case)}
        if _unanswered(case, unseen):
            raise unsure from None


def _unanswered(case: Case, members: set[str]) -> set[str]:
    """Call methods, and see whether they answer something to await as the protocol says.

    Returns:
        The methods that gave no answer.

    Raises:
        Violation: one answers otherwise.
    """
    extension = case.subject.extension
    for name, args, kwargs in meeting_calls(case):
        if name not in members:
            continue
        with suppress(Refused):
            call = partial(getattr(extension, name), *args, **kwargs)
            text = show_call(name, args, kwargs)
            later = case.perform(text, partial(_is_later, call), case.subject.deadline)
            if later is not case.is_async(name):
                raise Violation(f"{text} answers {'something to await' if later else 'at once'}")
            members = members - {name}
    return members


def _is_later(call: Callable[[], Any]) -> bool:
    """Tell whether a call answers something to await."""
    answer = call()
    if inspect.iscoroutine(answer):
        answer.close()  # nobody will await it, and Python would say so
    return inspect.isawaitable(answer)


@clauses.should(
    "SIG-05",
    reason="a type checker can only protect the caller where annotations are present and agree",
    fix="annotate as the protocol does; parameters may be wider, results narrower",
)
def annotations_agree(case: Case) -> None:
    """Annotations are present and compatible with the protocol's."""
    judge(case)


def judge(case: Case) -> None:
    """Hold the extension's signatures to the case's clause.

    Raises:
        Violation: a call that the clause is about is rejected.
        Inconclusive: the signatures show nothing that the clause could judge.
    """
    found = _accepted(case)
    case.looked()
    # Missing annotations are remarks: no call is rejected for them, but SIG-05 asks for them.
    mine = [r for r in (*found.rejections, *found.remarks) if r.clause_id == case.clause.id]
    if mine:
        raise Violation(*(f"{r.witness or r.member}: {r.reason}" for r in mine))
    open_points = _open_points(case)
    if open_points:
        raise Inconclusive("\n".join(f"{i.witness or i.member}: {i.reason}" for i in open_points))


def _open_points(case: Case) -> list[Rejection]:
    return [i for i in _accepted(case).inconclusive if i.clause_id == case.clause.id]


def _accepted(case: Case) -> Acceptance:
    extension = case.subject.extension
    found: Acceptance = case.perform(
        "signatures",
        lambda: accepts(extension, case.protocol, defaults=True),
        30.0,
        counts=False,
    )
    return found
