"""The generic families on protocols with tokens, records, streams, callbacks and typed dicts."""

import pytest

from exhibits.services import EXHIBITS, LEGITIMATE
from luminescent_cluster.contracts import Level, Status, run
from luminescent_cluster.contracts.suites import suite_for


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda e: f"{e.clause}-{e.factory.__name__}")
def test_exhibit_is_rejected_by_its_clause(exhibit):
    """The clause fails on the exhibit, and its message names the cause."""
    report = run(
        exhibit.protocol, exhibit.factory, profile="smoke", clauses=[exhibit.clause], seed=1
    )
    result = report[exhibit.clause]
    assert result.status is Status.FAILED, result
    for word in exhibit.words:
        assert word in result.message


@pytest.mark.parametrize("name", LEGITIMATE)
def test_legitimate_extension_is_judged_and_not_accused(name):
    """No MUST fails on a correct extension, and none is left open for want of arguments."""
    protocol, factory = LEGITIMATE[name]
    kinds = ("SIG", "DEF", "TYP-01", "PUR", "TRU", "ERR")  # what generated calls decide
    alone = [c.id for c in suite_for(protocol).clauses.values() if c.id.startswith(kinds)]
    report = run(protocol, factory, profile="smoke", clauses=alone)
    musts = [r for r in report.results if r.level is Level.MUST and r.clause_id in alone]
    unsettled = [r for r in musts if r.status not in (Status.PASSED, Status.EXCUSED)]
    assert not unsettled, "\n".join(f"{r.clause_id} {r.status}: {r.message}" for r in unsettled)
