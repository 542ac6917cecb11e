"""Reports of whole pytest runs, alone and distributed, and of runs that could not write one."""

import json

import pytest

from luminescent_cluster.contracts.clauses import Status
from luminescent_cluster.contracts.reports.jsonfile import loads

pytest_plugins = ("pytester",)

HEAD = """
import os
from typing import Protocol
from luminescent_cluster.contracts import Subject, contract

class Greeter(Protocol):
    def greet(self, name: str) -> str: ...

class Good:
    def greet(self, name: str) -> str:
        return "hello " + name

class Bad:
    def greet(self, who: str) -> str:
        return "hello " + who

"""
FEW = """
from luminescent_cluster.contracts.suites import generic
generic.FAMILIES = ("signatures", "truth")
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Give a function that runs pytest on a module, in a process of its own."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(few_clauses=FEW)
    pytester.makefile(".ini", pytest="[pytest]\n")

    def start(module, *options):
        (pytester.path / "test_it.py").write_text(HEAD + module, "utf-8")
        # Not smoke: its budget of seconds could cut a clause short on a busy machine.
        fixed = ("--contracts-profile=ci", "-p", "no:randomly")
        return pytester.runpytest_subprocess("-p", "few_clauses", *fixed, *options)

    return start


BOTH = """
@contract(Greeter)
def good():
    return Subject(Good(), varies=["nothing"])

@contract(Greeter)
def bad():
    yield Bad()
"""


def read(pytester, name="report.json"):
    return loads((pytester.path / name).read_text("utf-8"), name)


def test_a_run_writes_every_report_it_was_asked_for(run, pytester):
    """Several in one option, several options, folders that do not exist yet."""
    result = run(
        BOTH,
        "--contracts-report=html=out/r.html,json=report.json",
        "--contracts-report=junit=out/j.xml,md=out/r.md,badge=out/b.svg,text=out/r.txt",
    )
    assert result.ret == 1
    made = sorted(path.name for path in (pytester.path / "out").iterdir())
    assert made == ["b.svg", "j.xml", "r.html", "r.md", "r.txt"]
    result.stdout.fnmatch_lines(["html report: *out/r.html"])
    document = read(pytester)
    (one,) = document.runs
    assert [column.verdict.value for column in document.columns()] == [
        "NON-CONFORMANT",
        "CONFORMANT",
    ]
    assert one.report.subjects["bad"]["implementation"] == "test_it:Bad"
    assert one.report.subjects["good"]["declares"] == {"probes": [], "varies": ["nothing"]}
    assert one.place_of("good")[0] == "test_it.py"
    assert one.environment.kit
    assert len(one.environment.catalogue) == 64


def test_a_distributed_run_gives_the_same_report_as_a_run_alone(run, pytester):
    """Workers, their order and their number leave no trace."""
    run(BOTH, "--contracts-report=json=a.json", "-p", "no:xdist")
    run(BOTH, "--contracts-report=json=b.json", "-n", "2")
    first, second = ((pytester.path / name).read_text("utf-8") for name in ("a.json", "b.json"))
    assert first == second


def test_a_lost_worker_leaves_a_report_that_says_so(run, pytester):
    """INCOMPLETE, with the clauses that are missing and why."""
    lost = """
@contract(Greeter)
def good():
    os.kill(os.getpid(), 9)
"""
    result = run(
        lost, "--contracts-report=json=report.json,html=r.html", "-n", "1", "--max-worker-restart=0"
    )
    assert result.ret != 0
    document = read(pytester)
    assert document.verdict.value == "INCOMPLETE"
    assert not document.ok
    (one,) = document.runs
    missing = [r for r in one.report.results if r.status is Status.NOT_RUN]
    assert missing
    assert all(r.message for r in missing)
    assert "INCOMPLETE" in (pytester.path / "r.html").read_text("utf-8")


def test_a_report_that_cannot_be_written_fails_the_run(run, pytester):
    """A folder in the file's place; nobody must take the old report for the new one."""
    (pytester.path / "report.json").mkdir()
    good = "\n@contract(Greeter)\ndef good():\n    return Good()\n"
    result = run(good, "--contracts-report=json=report.json")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["problem: the json report *report.json was not written*"])


@pytest.mark.parametrize("value", ["nonsense=x", "json", "json=-", "json=a,json=a"])
def test_a_report_that_cannot_be_is_refused_before_anything_runs(run, value):
    """Wrong usage, told with the remedy."""
    result = run(BOTH, f"--contracts-report={value}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*ERROR*--contracts-report*"])


def test_a_report_of_nothing_is_no_success(run, pytester):
    """Somebody asked for a report and named the wrong folder."""
    result = run("\ndef test_other():\n    pass\n", "--contracts-report=json=report.json")
    assert result.ret == 1
    document = read(pytester)
    assert document.verdict.value == "INCOMPLETE"
    assert "no contract was collected" in str(document.runs[0].report.problems)


def test_looking_at_what_would_run_writes_nothing(run, pytester):
    """``--collect-only`` is no run."""
    run(BOTH, "--contracts-report=json=report.json", "--collect-only")
    assert not (pytester.path / "report.json").exists()


def test_times_are_in_the_report_when_asked_for(run, pytester):
    """Then two runs never give the same text."""
    run(BOTH, "--contracts-report=json=report.json", "--contracts-report-times")
    (data,) = json.loads((pytester.path / "report.json").read_text("utf-8"))["runs"]
    assert data["recorded"].startswith("20")
    assert all("duration" in result for result in data["results"])
