"""Every standard fault is noticed where the author gives every probe, and only there."""

from __future__ import annotations

import json
import os
import sys
import time
import types

import pytest

from exhibits.audit_base import Logger
from exhibits.usage_base import Tracker, probed
from luminescent_cluster.contracts import AuditSubject, UsageSubject
from luminescent_cluster.contracts.engine.execute import execute
from luminescent_cluster.contracts.engine.profile import profile_named
from luminescent_cluster.contracts.faults import Matrix, Unusable, faults_for, faulty, kill_matrix
from luminescent_cluster.contracts.faults.text import render
from luminescent_cluster.contracts.suites import catalogue, suite_for
from luminescent_cluster.extensions import AuditLogger, TenantProvider, UsageTracker

PROTOCOLS = (TenantProvider, UsageTracker, AuditLogger)
THOROUGH = bool(os.environ.get("LUMINESCENT_THOROUGH"))
QUICK = profile_named("smoke")


def test_there_are_forty_faults_for_each_protocol():
    """Named, described, and tied to clauses that exist."""
    known = catalogue()
    for protocol in PROTOCOLS:
        faults = faults_for(protocol)
        assert len(faults) >= 40
        for fault in faults.values():
            assert fault.text
            assert set(fault.killers) <= set(known), fault
            assert set(fault.killers) & set(suite_for(protocol).clauses) or not fault.protocol


LONG = ("fills-up", "have-room-for-300-tenants")
"""What a quick look does not find."""


@pytest.fixture(scope="module")
def matrix():
    """The faults of usage trackers in a tracker with every probe."""
    names = [name for name, f in faults_for(UsageTracker).items() if f.protocol]
    quick = [name for name in names if name not in LONG]
    first, second = (
        kill_matrix(UsageTracker, probed(Tracker), faults=some, profile=profile, name="tracker")
        for some, profile in ((quick, "smoke"), (LONG, "ci"))
    )
    return Matrix("tracker", first.fates + second.fates, first.baseline)


@pytest.mark.parametrize("name", [n for n, f in faults_for(UsageTracker).items() if f.protocol])
def test_fault_of_a_usage_tracker_is_noticed(matrix, name):
    """By a clause that has to."""
    fate = next(fate for fate in matrix.fates if fate.fault.name == name)
    assert fate.applies
    assert fate.killed, (fate.verdicts, fate.open)


def test_a_matrix_goes_to_json_and_text(matrix):
    """With every fault in it."""
    data = json.loads(json.dumps(matrix.to_json()))
    assert {row["fault"] for row in data} == {fate.fault.name for fate in matrix.fates}
    assert {row["outcome"] for row in data} == {"killed"}
    assert "faults were noticed" in render(matrix)


@pytest.mark.parametrize("clause", ["SIG-02", "SIG-03", "SIG-05", "DEF-02", "TYP-01", "TRU-01"])
def test_the_wrapper_alone_changes_no_verdict(clause):
    """What a fault is blamed for is the fault's doing."""
    suite = suite_for(UsageTracker)
    results = [
        execute(
            suite.clauses[clause], UsageTracker, factory, profile=QUICK, subject_class=suite.subject
        )
        for factory in (Tracker, faulty(UsageTracker, Tracker, None))
    ]
    assert results[0].status == results[1].status, results


def test_a_survivor_names_the_probe_that_would_catch_it():
    """A bare extension lets through what only a probe shows."""
    names = ["allow-at-the-limit", "lose-what-comes-in-an-outage", "drop-every-event"]
    matrix = kill_matrix(UsageTracker, Tracker, faults=names, profile="smoke", name="bare")
    assert [fate.fault.name for fate in matrix.survivors] == names[:2]
    text = render(matrix)
    assert "UT-QUO-03 would catch it, with the probe set_quota" in text
    assert "UsageSubject(extension, break_backend=server.outage)" in text


def test_a_fault_that_a_clause_overlooks_is_shown_as_such():
    """A probe that hides the fault is found out: the author's own quota is never set."""
    deaf = probed(Tracker, set_quota=lambda tenant, limit, operation: None)
    matrix = kill_matrix(UsageTracker, deaf, faults=["allow-at-the-limit"], profile="smoke")
    assert matrix.survivors
    assert "UT-QUO-03 would catch it, but is failed" in render(matrix)


def test_an_unknown_fault_is_refused_with_near_names():
    """A typing mistake costs one look."""
    with pytest.raises(KeyError, match="did you mean drop-every-event"):
        kill_matrix(UsageTracker, Tracker, faults=["drop-every-evnt"])


def test_any_protocol_has_faults():
    """Also one that core does not know."""
    from exhibits.generic import Notebook, Right

    names = ["is-falsy", "renames-a-parameter", "changes-its-argument", "shares-its-result"]
    matrix = kill_matrix(Notebook, Right, faults=names, profile="smoke")
    assert not matrix.survivors


def _as_objects(logger):
    return [types.SimpleNamespace(**record) for record in logger.recorded()]


@pytest.mark.parametrize("shape", [_as_objects, lambda logger: list(logger.lines)])
def test_audit_faults_bite_on_records_of_any_shape(shape):
    """Objects and lines of JSON show them as dicts do."""

    def factory():
        logger = Logger()
        return AuditSubject(logger, recorded=lambda: shape(logger), flush=logger.flush)

    names = ["alias-the-details", "shift-the-time", "reorder-pairs"]
    matrix = kill_matrix(AuditLogger, factory, faults=names, profile="smoke")
    assert not matrix.survivors


def test_what_is_excused_is_not_called_a_survivor():
    """Nobody promised what the fault takes away, and the row says so."""
    matrix = kill_matrix(AuditLogger, Logger, faults=["verify-nothing"], profile="smoke")
    assert not matrix.survivors
    assert "AL-TAM-01 is excused" in matrix.to_json()[0]["outcome"]


def test_a_working_extension_that_does_not_work_is_told_first():
    """Its own failure is named as such, not as a missing probe."""
    matrix = kill_matrix(
        UsageTracker, type("Falsy", (Tracker,), {"__bool__": lambda self: False}),
        faults=["is-falsy"], profile="smoke",
    )  # fmt: skip
    assert "FAILS WITHOUT ANY FAULT" in render(matrix)
    assert "without any fault" in matrix.to_json()[0]["remedy"]


@pytest.mark.parametrize("factory", [lambda: 1 / 0, lambda: None, lambda: sys.exit(3)])
def test_without_an_extension_there_is_no_matrix(factory):
    """What the factory did is told once, not with every fault."""
    with pytest.raises(Unusable, match="the factory"):
        kill_matrix(UsageTracker, factory, profile="smoke")


def test_an_extension_whose_calls_hang_is_given_up():
    """After two clauses, because a matrix has dozens."""
    hanging = type("Hanging", (Tracker,), dict.fromkeys(METHODS, _hang))
    with pytest.raises(Unusable, match="hang before any fault"):
        kill_matrix(UsageTracker, lambda: UsageSubject(hanging(), deadline=0.2), profile="smoke")


METHODS = ("track", "check_quota", "get_usage_summary")


def _hang(self, *args, **kwargs):
    time.sleep(100)


SAMPLE = (
    "bill-an-outage-when-it-is-over", "repeat-what-came-in-an-outage", "verify-nothing",
    "leak-every-row", "lose-what-comes-in-an-outage", "allow-in-an-outage",
)  # fmt: skip
BINDINGS = {
    "tenant_provider": TenantProvider,
    "usage_tracker": UsageTracker,
    "audit_logger": AuditLogger,
}


EXTENSIONS = [
    pytest.param(protocol, f"{kind}_{slot}", id=f"{kind}_{slot}")
    for slot, protocol in BINDINGS.items()
    for kind in ("memory", "sqlite", "cloud")
]


def _factory(name):
    from contract_tests import standalone, test_fakes  # here: importing them binds

    return getattr(standalone, name, None) or getattr(test_fakes, name)


@pytest.mark.parametrize(("protocol", "name"), EXTENSIONS)
def test_faults_show_in_our_own_extensions(protocol, name):
    """A sample, in the fakes and in the extensions that a cloud repository would have."""
    sample = [fault for fault in SAMPLE if fault in faults_for(protocol)]
    matrix = kill_matrix(protocol, _factory(name), faults=sample, profile="smoke")
    assert not matrix.survivors, render(matrix)
    assert any(fate.killed for fate in matrix.fates)


def test_what_tires_over_many_examples_is_noticed():
    """The examples share one instance, and none of them alone asks as often as it takes."""
    matrix = kill_matrix(UsageTracker, _factory("cloud_usage_tracker"), faults=["tire-of-denying"])
    assert not matrix.survivors, render(matrix)


@pytest.mark.thorough
@pytest.mark.skipif(not THOROUGH, reason="half an hour; set LUMINESCENT_THOROUGH=1")
@pytest.mark.parametrize(("protocol", "name"), EXTENSIONS)
def test_no_fault_survives_in_our_own_extensions(protocol, name):
    """They give every probe, so every defect is noticed."""
    matrix = kill_matrix(protocol, _factory(name))
    assert not matrix.survivors, render(matrix)
    assert not matrix.broken, render(matrix)
    assert sum(fate.killed for fate in matrix.fates) >= 40
