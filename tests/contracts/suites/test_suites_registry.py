"""The registry's clauses: ours keeps them, and broken ones are rejected."""

import sys

import pytest

from exhibits.registry import EXHIBITS, LEGITIMATE
from luminescent_cluster.contracts import Level, Status, Verdict, run
from luminescent_cluster.contracts.suites import suite_for
from luminescent_cluster.extensions import ExtensionRegistry


@pytest.fixture(autouse=True)
def _no_second_registry():
    yield
    sys.modules.pop("luminescent_cluster.extensions.second_name_of_registry", None)


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda e: f"{e.clause}-{e.words[0]}")
def test_exhibit_is_rejected_by_its_clause(exhibit):
    """The clause fails on the exhibit, and its message names cause and remedy."""
    report = run(ExtensionRegistry, exhibit.factory, clauses=[exhibit.clause], profile="smoke")
    result = report[exhibit.clause]
    assert result.status is Status.FAILED, result
    for word in (*exhibit.words, "fix: "):
        assert word in result.message


@pytest.mark.parametrize("name", LEGITIMATE)
def test_a_right_registry_is_conformant(name):
    """Ours, its instance, and another with the same interface."""
    report = run(ExtensionRegistry, LEGITIMATE[name], profile="smoke")
    assert report.verdict is Verdict.CONFORMANT, [r.message for r in report.results]


def test_every_clause_has_an_exhibit():
    """A clause without a broken registry that it rejects is not finished."""
    proven = {exhibit.clause for exhibit in EXHIBITS}
    musts = {c.id for c in suite_for(ExtensionRegistry).clauses.values() if c.level is Level.MUST}
    assert musts - proven == set()


def test_what_was_registered_is_put_back():
    """Checking the process-wide registry leaves it as it was."""
    extension = object()
    with ExtensionRegistry.override(audit_logger=extension):
        run(ExtensionRegistry, lambda: ExtensionRegistry, profile="smoke")
        assert ExtensionRegistry.get().audit_logger is extension
    ExtensionRegistry.reset()
