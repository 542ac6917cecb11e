"""The audit suite: each broken logger is rejected by its clause, each odd one accepted."""

import collections
import os
from contextlib import ExitStack

import pytest

from exhibits.audit_base import Logger, probed
from exhibits.audit_legitimate import COMPLETE, LEGITIMATE
from exhibits.audit_logger import EXHIBITS
from luminescent_cluster.contracts import Level, Status, Verdict, run
from luminescent_cluster.contracts.suites._audit_logger.records import flat
from luminescent_cluster.contracts.suites.audit_logger import clauses
from luminescent_cluster.extensions import AuditLogger

SEEDS = range(int(os.environ.get("LUMINESCENT_SEEDS", "1")))
OURS = [clause for clause in clauses if not clause.startswith("AL-THR")]


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda e: f"{e.clause}-{e.factory.__name__}")
def test_exhibit_is_rejected_by_its_clause(exhibit):
    """The clause fails on the exhibit, and its message names cause and remedy."""
    report = run(AuditLogger, exhibit.factory, clauses=[exhibit.clause], seed=1)
    result = report[exhibit.clause]
    assert result.status is Status.FAILED, result
    for word in (exhibit.clause, *exhibit.words, "fix: ", "luminescent-contracts explain"):
        assert word in result.message, result.message
    if result.level is Level.MUST:
        assert report.verdict is Verdict.NON_CONFORMANT


def test_every_clause_has_three_exhibits():
    """A clause that rejects nothing is not finished."""
    shown = collections.Counter(exhibit.clause for exhibit in EXHIBITS)
    assert {clause: shown[clause] for clause in OURS if shown[clause] < 3} == {}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", LEGITIMATE)
def test_legitimate_logger_is_not_accused(name, seed):
    """No clause fails on a correct logger, and nothing is left open but for missing probes."""
    report = run(AuditLogger, LEGITIMATE[name], profile="smoke", seed=seed, clauses=OURS)
    mine = [result for result in report.results if result.clause_id in OURS]
    accused = [result.message for result in mine if result.status is Status.FAILED]
    assert not accused, "\n".join(accused)
    decided = (Status.PASSED, Status.EXCUSED)
    if name not in COMPLETE:
        decided = (*decided, Status.UNVERIFIED)
    assert not [(r.clause_id, r.status, r.message) for r in mine if r.status not in decided]


TIMELESS = [e for e in EXHIBITS if e.clause not in ("AL-EVT-04", "AL-EVT-08")]


@pytest.mark.parametrize("exhibit", TIMELESS[::9], ids=lambda e: f"{e.clause}-{e.factory.__name__}")
def test_same_seed_same_counter_example(exhibit):
    """Two runs with one seed show the same smallest case."""
    first, second = (
        run(AuditLogger, exhibit.factory, clauses=[exhibit.clause], seed=5)[exhibit.clause]
        for _ in range(2)
    )
    assert first.message == second.message


def test_texts_that_nobody_can_find_again_are_not_judged():
    """An author whose records hide every text is asked to show them, not accused."""

    def factory():
        return probed(Logger(), renders=lambda text: text.encode().hex())

    result = run(AuditLogger, factory, profile="smoke", clauses=["AL-EVT-02"])["AL-EVT-02"]
    assert result.status is Status.INCONCLUSIVE
    assert "let recorded show them" in result.message


def test_a_number_that_python_does_not_write_out_is_no_fault_of_the_kit():
    """A store that keeps Python's numbers shows one of 5,000 digits; its marks are found."""
    assert "mark-0001" in flat({"details": {"odd": 10**5_000, "plain": "mark-0001 beside"}})


def test_a_process_is_killed_where_a_thousand_files_are_open():
    """AL-DUR-01 reads what the process acknowledges from a descriptor with a number above 1,023."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2_048:
        pytest.skip("no more than a thousand files can be open")
    with ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2_048), hard))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(1_024):
            stack.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        make, clauses = LEGITIMATE["in_a_file"], ["AL-DUR-01"]
        result = run(AuditLogger, make, profile="smoke", clauses=clauses)["AL-DUR-01"]
    assert result.status is Status.PASSED, result.message
