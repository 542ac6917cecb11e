"""One run over several interpreters: a verdict for each, and none for an average of them."""

from __future__ import annotations

import datetime
import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import pytest

from contracts.plugin.plugin_interpreters import other_interpreters
from luminescent_cluster.contracts.clauses import Level, Result, Status, Waiver
from luminescent_cluster.contracts.config import Settings
from luminescent_cluster.contracts.reports.document import Environment
from luminescent_cluster.contracts.reports.formats import FORMATS
from luminescent_cluster.contracts.session.desk import Desk
from luminescent_cluster.contracts.session.plan import Plan, Planned
from luminescent_cluster.contracts.session.spread import Spread

pytest_plugins = ["pytester"]
pytest.importorskip("xdist")

KEY = "test_it.py::good"
CLAUSES = (("SIG-01", "MUST"), ("SIG-02", "MUST"))
OLD, NEW = "popen//python=python3.10", "popen//python=python3.12"


def told(version: str) -> dict[str, object]:
    """What a worker of that Python tells of its plan."""
    plan = Plan()
    plan.add(Planned(KEY, "good", "Greeter", "test_it.py:17", CLAUSES))
    plan.items = {f"{KEY}::{clause}": (KEY, clause) for clause, _ in CLAUSES}
    return {**plan.to_json(), "environment": vars(Environment(python=version))}


def came(clause: str, status: Status = Status.PASSED) -> dict[str, object]:
    """What a worker's report carries."""
    message = "" if status is Status.PASSED else f"{clause} did not hold"
    result = Result(clause, Level.MUST, status, message)
    return {"key": KEY, "clause": clause, "result": result.to_json()}


def desk_of(tmp_path: Path, *waivers: Waiver) -> Desk:
    """A desk of a project with these waivers."""
    desk = Desk(tmp_path)
    desk.settings = Settings(waivers=waivers)
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A run in which everything passed on the old Python, and SIG-02 failed on the new one."""
    desk = desk_of(tmp_path)
    for key, version in ((OLD, "3.10.13"), (NEW, "3.12.1")):
        desk.site(key).take_plan(told(version))
        desk.site(key).take(came("SIG-01"))
    desk.site(OLD).take(came("SIG-02"))
    desk.site(NEW).take(came("SIG-02", Status.FAILED))
    return desk


def statuses(desk: Desk) -> dict[str, dict[str, str]]:
    """Statuses by run and clause."""
    document = desk.conclude().document({})
    return {
        run.label: {r.clause_id: r.status.value for r in run.report.results}
        for run in document.runs
    }


def test_each_interpreter_has_a_verdict_of_its_own(desk: Desk) -> None:
    """The graver result of one does not stand for the other."""
    assert statuses(desk) == {
        "Python 3.10": {"SIG-01": "passed", "SIG-02": "passed"},
        "Python 3.12": {"SIG-01": "passed", "SIG-02": "failed"},
    }
    verdicts = [c.report.verdict.value for _, c in desk.conclude().parts]
    assert verdicts == ["CONFORMANT", "NON-CONFORMANT"]
    assert desk.conclude().failing


def test_the_terminal_shows_the_matrix_and_the_gravest_verdict_last(desk: Desk) -> None:
    """With the verdict of every interpreter in the same line."""
    desk.conclude()
    lines = desk.summary(colour=False, quiet=False)
    assert lines[-1] == (
        "contracts: NON-CONFORMANT (2 runs: Python 3.10 CONFORMANT, Python 3.12 NON-CONFORMANT)"
    )
    table = lines.index("verdicts  Python 3.10  Python 3.12")
    assert lines[table + 1].split() == ["good", "CONFORMANT", "NON-CONFORMANT"]
    assert "  SIG-02      ✓  ✗" in lines


@pytest.mark.parametrize("name", ["json", "html", "md", "junit", "text"])
def test_every_report_names_both_interpreters(desk: Desk, name: str) -> None:
    """One document, a run for each."""
    shown = FORMATS[name](desk.conclude().document({}))
    assert "Python 3.10" in shown
    assert "Python 3.12" in shown


def test_a_lost_interpreter_is_named_with_what_is_missing(tmp_path: Path) -> None:
    """Its verdict is INCOMPLETE; the other one's is not."""
    desk = desk_of(tmp_path)
    for key, version in ((OLD, "3.10.13"), (NEW, "3.12.1")):
        desk.site(key).take_plan(told(version))
        desk.site(key).take(came("SIG-01"))
    desk.site(OLD).take(came("SIG-02"))
    desk.site(NEW).take_loss("worker gw1 was lost: Not properly terminated")
    verdicts = {s.label: c.report.verdict.value for s, c in desk.conclude().parts}
    assert verdicts == {"Python 3.10": "CONFORMANT", "Python 3.12": "INCOMPLETE"}
    text = "\n".join(desk.summary(colour=False, quiet=True))
    assert "SIG-02 not run: the run stopped before it: worker gw1 was lost" in text


def test_an_interpreter_that_said_nothing_lacks_all_that_the_others_ran(tmp_path: Path) -> None:
    """It is known from the command line only."""
    desk = desk_of(tmp_path)
    desk.site(OLD).take_plan(told("3.10.13"))
    desk.site(OLD).take(came("SIG-01"))
    desk.site(OLD).take(came("SIG-02"))
    desk.site(NEW).take_python("3.12.1")
    assert statuses(desk)["Python 3.12"] == {"SIG-01": "not run", "SIG-02": "not run"}
    assert desk.conclude().failing


def test_one_interpreter_twice_has_two_names(tmp_path: Path) -> None:
    """Two environments of one Python may hold different packages."""
    desk = desk_of(tmp_path)
    for key in ("popen", NEW):
        desk.site(key).take_plan(told("3.12.1"))
        desk.site(key).take(came("SIG-01"))
        desk.site(key).take(came("SIG-02"))
    assert list(statuses(desk)) == ["Python 3.12, popen", f"Python 3.12, {NEW}"]


def test_a_waiver_that_one_interpreter_needs_is_not_stale_on_another(tmp_path: Path) -> None:
    """It would be in a run of its own, where nothing fails."""
    today = datetime.date.today()
    waiver = Waiver("SIG-02", "known", "us", today + datetime.timedelta(days=9), "good")
    desk = desk_of(tmp_path, waiver)
    for key, version in ((OLD, "3.10.13"), (NEW, "3.12.1")):
        desk.site(key).take_plan(told(version))
        desk.site(key).take(came("SIG-01"))
    desk.site(OLD).take(came("SIG-02"))
    desk.site(NEW).take(came("SIG-02", Status.FAILED))
    found = {s.label: c.report for s, c in desk.conclude().parts}
    assert found["Python 3.12"]["SIG-02"].status is Status.WAIVED
    assert found["Python 3.10"].problems == ()
    assert any("needed on another interpreter" in n for n in found["Python 3.10"].notes)
    assert not desk.conclude().failing


def test_clauses_spread_over_interpreters_check_none_of_them(tmp_path: Path) -> None:
    """Without `--dist each`, every clause ran on one of them only."""
    desk = desk_of(tmp_path)
    for version in ("3.10.13", "3.12.1"):
        desk.site().take_plan(told(version))
    desk.site().take(came("SIG-01"))
    desk.site().take(came("SIG-02"))
    ((_, conclusion),) = desk.conclude().parts
    assert conclusion.report.verdict.value == "INCOMPLETE"
    (problem,) = conclusion.report.problems
    assert "spread over Python 3.10 and Python 3.12" in problem
    assert "--dist each" in problem


def test_the_report_says_on_which_interpreter_the_only_worker_ran(tmp_path: Path) -> None:
    """Not the one that started it."""
    desk = desk_of(tmp_path)
    desk.site().take_plan(told("3.98.1"))
    desk.site().take(came("SIG-01"))
    desk.site().take(came("SIG-02"))
    assert list(statuses(desk)) == ["Python 3.98"]


def spread_over(*specs: str) -> tuple[Spread, list[SimpleNamespace], dict[str, object]]:
    """Hooks of a distributed run, and its nodes."""
    session = SimpleNamespace(_max_worker_restart=None)
    manager = SimpleNamespace(getplugin=lambda name: session)
    config = SimpleNamespace(getoption=lambda *a: "each", pluginmanager=manager)
    nodes = []
    for number, spec in enumerate(specs):
        gateway = SimpleNamespace(id=f"gw{number}", spec=spec)
        nodes.append(SimpleNamespace(gateway=gateway, workeroutput={}))
    desk = Desk(Path())
    return Spread(config, 1, lambda: desk), nodes, {"session": session, "desk": desk}


def test_processes_of_one_kind_share_a_site() -> None:
    """A replaced worker too: its number, and how execnet runs it, say nothing."""
    spread, nodes, _ = spread_over(NEW, f"execmodel=main_thread_only//{NEW}//id=gw7", OLD)
    keys = [spread.site_of(node).key for node in nodes]
    assert keys == [NEW, NEW, OLD]


def test_workers_that_never_collect_anything_are_not_replaced_for_ever() -> None:
    """xdist would go on: without `-n` it knows no limit."""
    spread, (node,), seen = spread_over(NEW)
    for _ in range(3):
        spread.pytest_testnodedown(node, "Not properly terminated")
    assert seen["session"]._max_worker_restart == 0
    assert NEW in spread.stopped


@pytest.mark.thorough
def test_two_gateways_give_two_verdicts(project) -> None:
    """A whole run, with its reports; a page of the documentation shows another."""
    project.module("@contract(Greeter)\ndef good(): return Good()\n")
    outcome = project.spawn(
        *("--dist", "each", "--tx", "popen", "--tx", f"popen//python={sys.executable}"),
        "--contracts-report=json=r.json,junit=r.xml",
    )
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome
    runs = json.loads((project.path / "r.json").read_text("utf-8"))["runs"]
    assert [len(run["results"]) for run in runs] == [6, 6]
    assert len({run["label"] for run in runs}) == 2
    assert all(run["environment"]["catalogue"] for run in runs)
    suites = ElementTree.parse(project.path / "r.xml").getroot().iter("testsuite")
    assert len([s for s in suites if s.get("name", "").startswith("good (")]) == 2


@pytest.mark.thorough
@pytest.mark.parametrize("lost", [False, True], ids=["all there", "one lost"])
def test_other_interpreters_run_the_same_contracts(project, lost: bool) -> None:
    """Each imports what is installed for it, and the others' verdicts stand when one is lost."""
    others = other_interpreters()
    if not others:
        pytest.skip("needs another Python with this kit and xdist: LUMINESCENT_INTERPRETERS=…")
    version, executable = next(iter(others.items()))
    evil = "os.abort()" if lost else "return 1"
    project.module(f"""
        import os, sys, wsgiref.util, uuid

        class Evil:
            def greet(self, name: str) -> str:
                if "%d.%d" % sys.version_info[:2] == {version!r}:
                    {evil}
                return "hello"

            def __bool__(self):
                return "%d.%d" % sys.version_info[:2] != {version!r} or {lost}

        @contract(Greeter)
        def evil(): return Evil()

        @contract(Greeter)
        def good(): return Good()
    """)
    project.path.joinpath("few_clauses.py").write_text(
        "from luminescent_cluster.contracts.suites import generic\n"
        "generic.FAMILIES = ('signatures', 'truth')\n"
    )
    outcome = project.spawn(
        *("--dist", "each", "--tx", "popen", "--tx", f"popen//python={executable}"),
        "--contracts-report=json=r.json",
    )
    assert outcome.code == 1, outcome
    runs = json.loads((project.path / "r.json").read_text("utf-8"))["runs"]
    found = {
        run["label"]: {name: facts["verdict"] for name, facts in run["subjects"].items()}
        for run in runs
    }
    here = "Python {}.{}".format(*sys.version_info)
    assert found[here] == {"evil": "CONFORMANT", "good": "CONFORMANT"}, outcome
    word = "INCOMPLETE" if lost else "NON-CONFORMANT"
    assert found[f"Python {version}"] == {"evil": word, "good": "CONFORMANT"}, outcome
    assert outcome.verdict == word
