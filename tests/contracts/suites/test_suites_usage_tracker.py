"""The usage suite: each broken tracker is rejected by its clause, each odd one accepted."""

import collections
import os

import pytest

from exhibits.usage_tracker import EXHIBITS
from luminescent_cluster.contracts import Level, Status, Verdict, run
from luminescent_cluster.contracts.suites.usage_tracker import clauses
from luminescent_cluster.extensions import UsageTracker

SEEDS = range(int(os.environ.get("LUMINESCENT_SEEDS", "2")))


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda e: f"{e.clause}-{e.factory.__name__}")
def test_exhibit_is_rejected_by_its_clause(exhibit):
    """The clause fails on the exhibit, and its message names cause and remedy."""
    report = run(UsageTracker, exhibit.factory, clauses=[exhibit.clause], seed=1)
    result = report[exhibit.clause]
    assert result.status is Status.FAILED, result
    for word in (exhibit.clause, *exhibit.words, "fix: ", "luminescent-contracts explain"):
        assert word in result.message, result.message
    if result.level is Level.MUST:
        assert report.verdict is Verdict.NON_CONFORMANT


def test_every_clause_has_three_exhibits():
    """A clause that rejects nothing is not finished."""
    shown = collections.Counter(exhibit.clause for exhibit in EXHIBITS)
    assert {clause: shown[clause] for clause in clauses if shown[clause] < 3} == {}
