"""The usage suite: each broken tracker is rejected by its clause, each odd one accepted."""

import collections
import os

import pytest

from exhibits.usage_base import Tracker
from exhibits.usage_legitimate import LEGITIMATE
from exhibits.usage_tracker import EXHIBITS
from luminescent_cluster.contracts import Level, Status, Verdict, run
from luminescent_cluster.contracts.suites.usage_tracker import clauses
from luminescent_cluster.extensions import UsageTracker

CLAUSES = [clause for clause in clauses if not clause.startswith("UT-THR")]  # dear
SEEDS = range(int(os.environ.get("LUMINESCENT_SEEDS", "1")))


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


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", LEGITIMATE)
def test_legitimate_tracker_is_not_accused(name, seed):
    """No clause fails on a correct tracker, and nothing is left open but for missing probes."""
    report = run(UsageTracker, LEGITIMATE[name], profile="smoke", seed=seed, clauses=CLAUSES)
    mine = [result for result in report.results if result.clause_id in CLAUSES]
    accused = [result.message for result in mine if result.status is Status.FAILED]
    assert not accused, "\n".join(accused)
    decided = {Status.PASSED, Status.UNVERIFIED, Status.EXCUSED}
    if name in ("directory_bare", "uuids_bare"):  # nobody said which tenants there are
        decided.add(Status.INCONCLUSIVE)
    assert not [(r.clause_id, r.status, r.message) for r in mine if r.status not in decided]


class BooksLate(Tracker):
    """Another thread books what costs nothing, and by chance it does while quota is asked for."""

    def send(self):
        self.events += [event for event in self.waiting if event.tokens]
        self.waiting = [event for event in self.waiting if not event.tokens]

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        self.events += self.waiting
        self.waiting = []
        return super().check_quota(tenant_id, operation)


def test_what_settles_later_is_not_taken_for_a_change():
    """The total does not tell that an event of no tokens is still to come."""
    report = run(UsageTracker, BooksLate, clauses=["UT-QUO-02"], seed=1)
    assert report["UT-QUO-02"].status is Status.PASSED, report["UT-QUO-02"].message


@pytest.mark.parametrize("name", ["bare", "priced"])
def test_plain_lists_and_floats_survive_what_is_hostile(name):
    """No value raises when it is compared, and none is too large to be multiplied by a price."""
    report = run(UsageTracker, LEGITIMATE[name], clauses=["ERR-01"])
    assert report["ERR-01"].status is Status.PASSED, report["ERR-01"].message


def test_the_fakes_leave_nothing_open():
    """With every probe, every clause is judged."""
    report = run(UsageTracker, LEGITIMATE["in_memory"], clauses=CLAUSES)
    results = {clause: report[clause].status for clause in CLAUSES}
    assert results == dict.fromkeys(CLAUSES, Status.PASSED)


@pytest.mark.parametrize(
    "clause", ["UT-TRK-02", "UT-TRK-03", "UT-QUO-03", "UT-SUM-03", "UT-SUM-05"]
)
def test_the_same_seed_gives_the_same_counter_example(clause):
    """Twice, to the letter."""
    exhibit = [exhibit for exhibit in EXHIBITS if exhibit.clause == clause][-1]
    first, second = (
        run(UsageTracker, exhibit.factory, clauses=[clause], seed=11)[clause] for _ in range(2)
    )
    assert (first.message, first.history) == (second.message, second.history)
