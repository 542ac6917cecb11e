"""The generic families: each broken exhibit is rejected by its clause, each odd one accepted."""

import os

import pytest

from exhibits.generic import EXHIBITS, LEGITIMATE, Notebook, Right
from luminescent_cluster.contracts import Level, Status, Verdict, run
from luminescent_cluster.contracts.suites import suite_for

SEEDS = range(int(os.environ.get("LUMINESCENT_SEEDS", "2")))


@pytest.mark.parametrize(
    "exhibit", EXHIBITS, ids=lambda e: f"{e.clause}-{getattr(e.factory, '__name__', '')}"
)
def test_exhibit_is_rejected_by_its_clause(exhibit):
    """The clause fails on the exhibit, and its message names cause and remedy."""
    report = run(exhibit.protocol, exhibit.factory, clauses=[exhibit.clause], seed=1)
    result = report[exhibit.clause]
    assert result.status is Status.FAILED, result
    for word in (exhibit.clause, *exhibit.words, "fix: ", "luminescent-contracts explain"):
        assert word in result.message
    if result.level is Level.MUST:
        assert report.verdict is Verdict.NON_CONFORMANT


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", LEGITIMATE)
def test_legitimate_extension_is_not_accused(name, seed):
    """No MUST fails on a correct extension, and everything is judged."""
    protocol, factory = LEGITIMATE[name]
    report = run(protocol, factory, profile="smoke", seed=seed)
    accused = [r.message for r in report.failed() if r.level is Level.MUST]
    assert not accused, "\n".join(accused)
    decided = (Status.PASSED, Status.EXCUSED)
    musts = [r for r in report.results if r.level is Level.MUST]
    open_points = [(r.clause_id, r.status, r.message) for r in musts if r.status not in decided]
    assert not open_points


def test_every_generic_clause_has_an_exhibit():
    """A clause without a broken extension that it rejects is not finished."""
    proven = {exhibit.clause for exhibit in EXHIBITS}
    assert set(suite_for(Notebook).clauses) - proven == set()


def test_the_same_seed_gives_the_same_report():
    """Verdict, counter-examples and counts repeat."""
    broken = next(e for e in EXHIBITS if e.clause == "PUR-02")
    first, second = (run(Notebook, broken.factory, profile="smoke", seed=7) for _ in range(2))

    def plain(report):
        return [(r.clause_id, r.status, r.message, r.examples, r.calls) for r in report.results]

    assert plain(first) == plain(second)


@pytest.mark.parametrize("missing", [None, 3, lambda: None, lambda: 1 / 0])
def test_a_factory_that_gives_nothing_is_incomplete(missing):
    """Nothing was judged, so nothing is reported as success."""
    report = run(Notebook, missing, clauses=["TRU-01"])
    assert report.verdict is Verdict.INCOMPLETE
    assert report["TRU-01"].status is Status.NOT_RUN
    assert "factory" in report["TRU-01"].message


def test_a_class_that_is_no_protocol_is_refused():
    """run() asks for a protocol and says so."""
    with pytest.raises(TypeError, match="not a protocol"):
        run(Right, Right)
