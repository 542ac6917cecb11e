"""Defects that once slipped through, and legitimate extensions that were once accused."""

from __future__ import annotations

import pytest

from exhibits import redteam, redteam_audit, redteam_tenant, redteam_usage
from luminescent_cluster.contracts import Status, run

_HOMES = (redteam, redteam_tenant, redteam_usage, redteam_audit)
BROKEN = {name: case for home in _HOMES for name, case in home.BROKEN.items()}
LEGITIMATE = {name: case for home in _HOMES for name, case in home.LEGITIMATE.items()}


def _status(protocol: type, clause: str, factory: object) -> tuple[Status, str]:
    report = run(protocol, factory, profile="smoke", seed=0, clauses=[clause])  # type: ignore[arg-type]
    result = next(r for r in report.results if r.clause_id == clause)
    return result.status, result.message


@pytest.mark.parametrize("name", BROKEN)
def test_a_devious_defect_is_rejected_by_its_clause(name: str) -> None:
    """The named clause fails, and not another for another reason."""
    protocol, clause, factory = BROKEN[name]
    status, message = _status(protocol, clause, factory)
    assert status is Status.FAILED, message


@pytest.mark.parametrize("name", LEGITIMATE)
def test_a_legitimate_extension_is_not_accused(name: str) -> None:
    """The named clause passes: no failure, no error of the kit, nothing left open."""
    protocol, clause, factory = LEGITIMATE[name]
    status, message = _status(protocol, clause, factory)
    assert status is Status.PASSED, message


@pytest.mark.parametrize("name", redteam_usage.OPEN)
def test_what_only_the_author_knows_is_asked_for(name: str) -> None:
    """The named clause asks for a probe rather than accuse."""
    protocol, clause, factory = redteam_usage.OPEN[name]
    status, message = _status(protocol, clause, factory)
    assert status is Status.UNVERIFIED, message
