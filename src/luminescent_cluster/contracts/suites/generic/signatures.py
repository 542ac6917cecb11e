"""SIG: the extension takes every call that the protocol permits, and each argument arrives."""

from __future__ import annotations

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case
from ...shapes import accepts

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
    """Sync methods stay sync and async ones stay async, also behind decorators."""
    judge(case)


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
    clause_id = case.clause.id
    subject = case.subject
    found = case.perform(
        "signatures",
        lambda: accepts(subject.extension, case.protocol, defaults=True),
        30.0,
        counts=False,
    )
    case.looked()
    # Missing annotations are remarks: no call is rejected for them, but SIG-05 asks for them.
    mine = [r for r in (*found.rejections, *found.remarks) if r.clause_id == clause_id]
    if mine:
        raise Violation(*(f"{r.witness or r.member}: {r.reason}" for r in mine))
    open_points = [i for i in found.inconclusive if i.clause_id == clause_id]
    if open_points:
        raise Inconclusive("\n".join(f"{i.witness or i.member}: {i.reason}" for i in open_points))
