"""``luminescent-contracts faults``: what an author types, and what comes out."""

from __future__ import annotations

import json

import pytest

from exhibits.usage_base import Tracker
from luminescent_cluster.contracts import run
from luminescent_cluster.contracts.cli import main
from luminescent_cluster.contracts.faults import faults_for
from luminescent_cluster.contracts.reports.jsonfile import dumps
from luminescent_cluster.contracts.reports.making import document_of
from luminescent_cluster.contracts.reports.provenance import environment
from luminescent_cluster.contracts.suites import suite_for
from luminescent_cluster.extensions import AuditLogger, TenantProvider, UsageTracker

MODULE = """
import os
from exhibits.usage_base import Tracker

def from_a_fixture(server):
    return Tracker()

def ends_the_process():
    os._exit(0)

def fails():
    raise ConnectionError("no database")

class EndsLater(Tracker):
    def track(self, operation, tokens, metadata):
        os.kill(os.getpid(), 9)
"""
USAGE = "usage_tracker=shop_tracker:"


@pytest.fixture(autouse=True)
def shop(tmp_path, monkeypatch):
    """A project with a tracker, as the command line finds it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "shop_tracker.py").write_text(MODULE)
    return tmp_path


def command(*arguments):
    """Run it quickly."""
    return main(["faults", "--profile", "smoke", *arguments])


def test_survivors_end_it_with_1(capsys):
    """And are printed last, with the probe that would catch them."""
    assert command(USAGE + "Tracker", "--fault", "allow-at-the-limit") == 1
    text = capsys.readouterr().out
    assert "SURVIVORS: 1 of 1" in text
    assert "UT-QUO-03 would catch it, with the probe set_quota" in text


def test_json_is_what_a_report_page_shows(shop, capsys):
    """One row for each fault, and a report takes them in beside its runs."""
    faults = ("--fault", "is-falsy", "--fault", "allow-at-the-limit")
    assert command(USAGE + "Tracker", *faults, "--format", "json") == 1
    output = capsys.readouterr().out
    noticed, survived = json.loads(output)
    assert noticed["extension"] == survived["extension"] == "usage_tracker"
    assert (noticed["aim"], noticed["outcome"], noticed["killed_by"]) == (
        "TRU-01",
        "killed",
        ["TRU-01"],
    )
    assert survived["outcome"] == "survived"
    assert "probe set_quota" in survived["remedy"]
    (shop / "faults.json").write_text(output)
    report = run(UsageTracker, Tracker, clauses=["TRU-01"], profile="smoke")
    clauses = [suite_for(UsageTracker).clauses["TRU-01"]]
    (shop / "run.json").write_text(dumps(document_of(report, clauses, environment("x"))))
    main(["report", "run.json", "faults.json", "--output", "html=report.html,md=report.md"])
    page = (shop / "report.html").read_text("utf-8")
    assert "1 caught, 1 survived." in page
    assert "with the probe set_quota" in page
    assert "allow-at-the-limit" in (shop / "report.md").read_text("utf-8")


def test_several_targets_take_the_faults_that_they_can_have(capsys):
    """A fault of usage trackers is no mistake because an audit logger is checked too."""
    two = [USAGE + "Tracker", "audit_logger=exhibits.audit_base:Logger"]
    assert command(*two, "--fault", "refuse-zero-tokens", "--format", "json") == 0
    assert [row["extension"] for row in json.loads(capsys.readouterr().out)] == ["usage_tracker"]


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        ("Nothing", "has no Nothing"),
        ("from_a_fixture", "there are no pytest fixtures here"),
        ("fails", "no database"),
        ("EndsLater", "was ended by SIGKILL"),
    ],
)
def test_what_cannot_be_tried_ends_it_with_2(factory, said, capsys):
    """With the cause on standard error, and never as a success."""
    assert command(USAGE + factory, "--fault", "is-falsy") == 2
    error = capsys.readouterr().err
    assert error.startswith("luminescent-contracts faults: ")
    assert said in error


def test_a_factory_that_ends_the_process_is_no_success(capsys):
    """Whatever exit status it chose."""
    assert command(USAGE + "ends_the_process", "--fault", "is-falsy") == 1
    assert "os._exit(0)" in capsys.readouterr().out


def test_a_typing_mistake_costs_one_look(capsys):
    """Near names are offered."""
    assert command(USAGE + "Tracker", "--fault", "is-fasly") == 2
    assert "did you mean is-falsy" in capsys.readouterr().err


def test_every_fault_is_listed(capsys):
    """With its killers and a sentence."""
    assert main(["faults", "--list"]) == 0
    text = capsys.readouterr().out
    for protocol in (TenantProvider, UsageTracker, AuditLogger):
        assert all(name in text for name in faults_for(protocol))
