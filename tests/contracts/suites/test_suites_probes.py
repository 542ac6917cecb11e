"""Probes that are wrong: nothing is said about the extension, and nothing passes on them."""

import pytest

from luminescent_cluster.contracts import AuditSubject, Status, Subject, run
from luminescent_cluster.contracts.fakes import InMemoryAuditLogger
from luminescent_cluster.extensions import AuditLogger

SEEN_BY_RECORDED = ["PUR-03", "THR-02", "THR-03", "AL-EVT-02", "AL-EVT-06", "AL-THR-01"]


def misspelt():
    """Give a subject whose probe raises."""
    logger = InMemoryAuditLogger()
    return AuditSubject(logger, recorded=lambda: logger.misspelt)


@pytest.mark.parametrize("clause", SEEN_BY_RECORDED)
def test_probe_that_raises_is_named_and_nothing_passes(clause):
    """The author reads which probe and why, instead of a verdict about the extension."""
    result = run(AuditLogger, misspelt, profile="smoke", clauses=[clause])[clause]
    assert result.status is Status.NOT_RUN
    assert "recorded" in result.message or __file__ in result.message
    assert "AttributeError" in result.message


def test_probes_of_a_plain_subject_count():
    """``Subject`` serves as well as the subject of the protocol."""

    def factory():
        logger = InMemoryAuditLogger()
        return Subject(logger, recorded=logger.recorded)

    result = run(AuditLogger, factory, profile="smoke", clauses=["AL-EVT-02"])["AL-EVT-02"]
    assert result.status is Status.PASSED


def test_probe_that_the_protocol_does_not_know_is_named():
    """A misspelt probe is no probe."""
    report = run(
        AuditLogger,
        lambda: Subject(InMemoryAuditLogger(), recordings=list),
        profile="smoke",
        clauses=["AL-EVT-02"],
    )
    assert report["AL-EVT-02"].status is Status.NOT_RUN
    assert "no probe recordings" in report["AL-EVT-02"].message
