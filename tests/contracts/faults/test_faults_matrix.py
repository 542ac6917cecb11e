"""Every standard fault is noticed where the author gives every probe, and only there."""

from __future__ import annotations

import json
import os

import pytest

from exhibits.usage_base import Tracker, probed
from luminescent_cluster.contracts.cli import main
from luminescent_cluster.contracts.engine.execute import execute
from luminescent_cluster.contracts.engine.profile import profile_named
from luminescent_cluster.contracts.faults import faults_for, faulty, kill_matrix
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


@pytest.fixture(scope="module")
def matrix():
    """The faults of usage trackers in a tracker with every probe."""
    names = [name for name, f in faults_for(UsageTracker).items() if f.protocol]
    return kill_matrix(UsageTracker, probed(Tracker), faults=names, name="tracker")


@pytest.mark.parametrize("name", [n for n, f in faults_for(UsageTracker).items() if f.protocol])
def test_fault_of_a_usage_tracker_is_noticed(matrix, name):
    """By a clause that has to."""
    fate = next(fate for fate in matrix.fates if fate.fault.name == name)
    assert fate.applies
    assert fate.killed, (fate.verdicts, fate.open)


def test_a_matrix_goes_to_json_and_text(matrix):
    """With every fault in it."""
    data = json.loads(json.dumps(matrix.to_json()))
    assert {row["fault"] for row in data["faults"]} == {fate.fault.name for fate in matrix.fates}
    assert data["survivors"] == []
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


@pytest.fixture
def target(tmp_path, monkeypatch):
    """A module with a tracker, as the command line finds it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "shop_tracker.py").write_text("from exhibits.usage_base import Tracker\n")
    return "usage_tracker=shop_tracker:Tracker"


def test_the_command_ends_with_1_where_faults_survive(target, capsys):
    """And prints the survivors last."""
    code = main(["faults", target, "--profile", "smoke", "--fault", "allow-at-the-limit"])
    assert code == 1
    assert "SURVIVORS: 1 of 1" in capsys.readouterr().out


def test_the_command_ends_with_0_where_all_are_noticed(target, capsys):
    """JSON says which clause noticed."""
    code = main(["faults", target, "--profile", "smoke", "--fault", "is-falsy", "--format", "json"])
    assert code == 0
    assert json.loads(capsys.readouterr().out)[0]["faults"][0]["killed_by"] == ["TRU-01"]


@pytest.mark.parametrize(
    "arguments", [["faults", "usage_tracker=nowhere:X"], ["faults", "TARGET", "--fault", "x"]]
)
def test_the_command_ends_with_2_on_wrong_usage(target, arguments, capsys):
    """With the cause on standard error."""
    assert main([target if part == "TARGET" else part for part in arguments]) == 2
    assert "luminescent-contracts faults: " in capsys.readouterr().err


def test_the_command_lists_every_fault(capsys):
    """With its killers and a sentence."""
    assert main(["faults", "--list"]) == 0
    text = capsys.readouterr().out
    for protocol in PROTOCOLS:
        assert all(name in text for name in faults_for(protocol))


@pytest.mark.thorough
@pytest.mark.skipif(not THOROUGH, reason="minutes; set LUMINESCENT_THOROUGH=1")
@pytest.mark.parametrize(
    ("protocol", "binding"),
    [
        (TenantProvider, "memory_tenant_provider"),
        (UsageTracker, "memory_usage_tracker"),
        (AuditLogger, "memory_audit_logger"),
    ],
)
def test_no_fault_survives_in_the_fakes(protocol, binding):
    """The fakes give every probe, so every defect is noticed."""
    from contract_tests import test_fakes  # here: importing it binds

    matrix = kill_matrix(protocol, getattr(test_fakes, binding))
    assert not matrix.survivors, render(matrix)
