"""The tenant suite: each broken provider is rejected by its clause, each odd one accepted."""

import collections
import importlib.util
import os

import pytest

from exhibits.tenant_legitimate import COMPLETE, LEGITIMATE
from exhibits.tenant_pixeltable import PIXELTABLE
from exhibits.tenant_provider import EXHIBITS
from luminescent_cluster.contracts import Level, Status, Verdict, run
from luminescent_cluster.contracts.suites.tenant_provider import clauses
from luminescent_cluster.extensions import TenantProvider

SEEDS = range(int(os.environ.get("LUMINESCENT_SEEDS", "1")))
OURS = [clause for clause in clauses if not clause.startswith("TP-THR") and clause != "TP-FLT-06"]

needs_pixeltable = pytest.mark.skipif(
    importlib.util.find_spec("pixeltable") is None, reason="the extra pixeltable is not installed"
)


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda e: f"{e.clause}-{e.factory.__name__}")
def test_exhibit_is_rejected_by_its_clause(exhibit):
    """The clause fails on the exhibit, and its message names cause and remedy."""
    report = run(TenantProvider, exhibit.factory, clauses=[exhibit.clause], seed=1)
    result = report[exhibit.clause]
    assert result.status is Status.FAILED, result
    for word in (exhibit.clause, *exhibit.words, "fix: ", "luminescent-contracts explain"):
        assert word in result.message, result.message
    if result.level is Level.MUST:
        assert report.verdict is Verdict.NON_CONFORMANT


def test_every_clause_has_three_exhibits():
    """A clause that rejects nothing is not finished."""
    shown = collections.Counter(exhibit.clause for exhibit in (*EXHIBITS, *PIXELTABLE))
    assert {clause: shown[clause] for clause in clauses if shown[clause] < 3} == {}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", LEGITIMATE)
def test_legitimate_provider_is_not_accused(name, seed):
    """No clause fails on a correct provider, and nothing is left open but for missing probes."""
    report = run(TenantProvider, LEGITIMATE[name], profile="smoke", seed=seed, clauses=OURS)
    mine = [result for result in report.results if result.clause_id in OURS]
    accused = [result.message for result in mine if result.status is Status.FAILED]
    assert not accused, "\n".join(accused)
    decided = (Status.PASSED, Status.EXCUSED)
    if name not in COMPLETE:
        decided = (*decided, Status.UNVERIFIED)
    assert not [(r.clause_id, r.status, r.message) for r in mine if r.status not in decided]


@pytest.mark.parametrize("exhibit", EXHIBITS[::9], ids=lambda e: f"{e.clause}-{e.factory.__name__}")
def test_same_seed_same_counter_example(exhibit):
    """Two runs with one seed show the same smallest case."""
    first, second = (
        run(TenantProvider, exhibit.factory, clauses=[exhibit.clause], seed=5)[exhibit.clause]
        for _ in range(2)
    )
    assert first.message == second.message


@needs_pixeltable
@pytest.mark.parametrize("exhibit", PIXELTABLE, ids=lambda e: e.factory.__name__)
def test_filter_that_means_something_else_in_pixeltable(exhibit):
    """A real Pixeltable selects other rows, or refuses the filter, and the clause says so."""
    result = run(TenantProvider, exhibit.factory, clauses=["TP-FLT-06"])["TP-FLT-06"]
    assert result.status is Status.FAILED, result
    assert all(word in result.message for word in exhibit.words), result.message


@needs_pixeltable
@pytest.mark.parametrize("name", ["with_every_probe", "another_column", "numbered_owners"])
def test_same_rows_in_a_real_pixeltable(name):
    """Filters that compare for equality select the same rows there."""
    result = run(TenantProvider, LEGITIMATE[name], clauses=["TP-FLT-06"])["TP-FLT-06"]
    assert result.status is Status.PASSED, result


@pytest.mark.skipif(
    importlib.util.find_spec("pixeltable") is not None, reason="the extra pixeltable is installed"
)
def test_without_the_extra_the_clause_is_excused():
    """Nobody needs Pixeltable for a verdict; the report says how to get it."""
    result = run(TenantProvider, LEGITIMATE["bare"], clauses=["TP-FLT-06"])["TP-FLT-06"]
    assert result.status is Status.EXCUSED
    assert "3.11" in result.message or "[pixeltable]" in result.message
