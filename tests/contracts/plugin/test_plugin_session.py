"""From plan and results to verdict and exit status, without pytest."""

from __future__ import annotations

import datetime
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luminescent_cluster.contracts.clauses import Level, Result, Status, Verdict, Waiver
from luminescent_cluster.contracts.config import Settings
from luminescent_cluster.contracts.session import Ledger, Plan, Planned
from luminescent_cluster.contracts.session.effort import choose_effort
from luminescent_cluster.contracts.session.reporting import plain
from luminescent_cluster.contracts.session.static import bindings_in
from luminescent_cluster.contracts.session.wording import tell

TODAY = datetime.date(2027, 1, 1)


def ledger_for(*statuses: Status, level: Level = Level.MUST) -> Ledger:
    """A ledger over one binding with a clause for each status; NOT_RUN has no result."""
    ledger = Ledger()
    ids = [f"AA-{number:02}" for number in range(1, len(statuses) + 1)]
    pairs = tuple((clause, level.value) for clause in ids)
    ledger.plan.add(Planned("t.py::it", "it", "P", "t.py:1", pairs))
    for clause, status in zip(ids, statuses, strict=True):
        if status is not Status.NOT_RUN:
            ledger.take_result("t.py::it", Result(clause, level, status, "why"))
    return ledger


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("strict", [False, True])
def test_only_passed_waived_and_excused_clauses_make_a_success(status, strict: bool) -> None:
    """Beside a clause that passed, for every status there is."""
    report = ledger_for(Status.PASSED, status).conclude(today=TODAY, strict=strict).report
    good = status in (Status.PASSED, Status.WAIVED, Status.EXCUSED)
    assert report.ok is good


@pytest.mark.parametrize("status", list(Status))
def test_plain_runs_pass_over_missing_probes_and_nothing_else(status: Status) -> None:
    """What makes the exit status a failure."""
    failing = ledger_for(Status.PASSED, status).conclude(today=TODAY).failing
    tolerated = (Status.PASSED, Status.WAIVED, Status.EXCUSED, Status.UNVERIFIED)
    assert failing is (status not in tolerated)


@pytest.mark.parametrize("status", list(Status))
def test_a_should_decides_only_where_strict(status: Status) -> None:
    """A MUST that passed stands beside it."""
    for strict in (False, True):
        ledger = ledger_for(Status.PASSED)
        ledger.plan.add(Planned("t.py::b", "b", "P", "t.py:2", (("BB-01", "SHOULD"),)))
        if status is not Status.NOT_RUN:
            ledger.take_result("t.py::b", Result("BB-01", Level.SHOULD, status))
        conclusion = ledger.conclude(today=TODAY, strict=strict)
        good = status in (Status.PASSED, Status.WAIVED, Status.EXCUSED)
        assert conclusion.failing is (strict and not good)


@pytest.mark.parametrize("chosen", [False, True])
def test_what_was_left_out_fails_unless_the_user_chose_it(chosen: bool) -> None:
    """INCOMPLETE either way."""
    ledger = ledger_for(Status.PASSED, Status.NOT_RUN)
    ledger.plan.leave("t.py::it", ["AA-02"], "deselected", chosen=chosen)
    conclusion = ledger.conclude(today=TODAY)
    assert conclusion.report.verdict is Verdict.INCOMPLETE
    assert conclusion.failing is not chosen
    assert conclusion.report["AA-02"].message == "deselected"


def test_a_binding_of_which_no_clause_is_known_is_never_a_success() -> None:
    """It is a problem, and INCOMPLETE."""
    ledger = ledger_for(Status.PASSED)
    ledger.plan.add(Planned("t.py::lost", "lost", "", "t.py:9"))
    conclusion = ledger.conclude(today=TODAY)
    assert conclusion.report.verdict is Verdict.INCOMPLETE
    assert conclusion.failing


def test_trouble_takes_the_success_word_away() -> None:
    """A lost worker, a failing teardown."""
    ledger = ledger_for(Status.PASSED)
    ledger.take_trouble("worker gw0 was lost")
    conclusion = ledger.conclude(today=TODAY)
    assert conclusion.report.verdict is Verdict.INCOMPLETE
    assert conclusion.failing
    assert conclusion.report.problems == ("worker gw0 was lost",)


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_of_two_results_the_graver_stands_in_any_order(order) -> None:
    """A clause that failed once is not met because it passed another time."""
    results = [Result("AA-01", Level.MUST, s) for s in (Status.PASSED, Status.FAILED)]
    ledger = ledger_for(Status.NOT_RUN)
    for index in order:
        ledger.take_result("t.py::it", results[index])
    report = ledger.conclude(today=TODAY).report
    assert report.verdict is Verdict.NON_CONFORMANT
    assert report["AA-01"].notes == ("it also came out as passed in this run",)


def test_a_plan_survives_its_way_to_another_process() -> None:
    """Through JSON and back, and merging it changes nothing."""
    plan = Plan(cuts={"--lf left out 1 file(s)": None}, problems={"p": None}, narrowed=True)
    plan.add(Planned("k[x]", "n", "P", "f:1", (("AA-01", "MUST"), ("AA-02", "SHOULD"))))
    plan.leave("k[x]", ["AA-02"], "deselected", chosen=True)
    plan.items["k::AA-01[x]"] = ("k[x]", "AA-01")
    read = Plan.from_json(json.loads(json.dumps(plan.to_json())))
    assert read == plan
    read.merge(plan)
    assert read == plan


@given(st.recursive(st.text() | st.integers() | st.floats() | st.binary(), st.lists))
def test_what_is_carried_is_json_in_utf8(value: object) -> None:
    """Whatever a clause put into its notes and extras."""
    json.dumps(plain({"\ud800": value, 3: {4}}), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("", []),
        ("import luminescent_cluster\n@contract(P)\ndef a(): ...", ["a"]),
        ("import luminescent_cluster.contracts as c\n@c.contract(P)\nasync def a(): ...", ["a"]),
        ("import luminescent_cluster\nclass T:\n @mark\n @contract(P)\n def a(s): ...", ["a"]),
        ("import luminescent_cluster\n@contract\ndef a(): ...", []),
        ("from other import contract\n@contract(P)\ndef a(): ...", []),
    ],
)
def test_bindings_are_found_by_reading(source: str, names: list[str]) -> None:
    """In modules that use this kit."""
    assert [name for name, _ in bindings_in(source) or []] == names


def test_what_is_no_python_cannot_be_read() -> None:
    """None, which is not the same as none."""
    assert bindings_in("luminescent_cluster contract(") is None


@pytest.mark.parametrize(
    ("settings", "asked", "environ", "expected"),
    [
        (Settings(), {}, {}, ("ci", 0, False)),
        (Settings(profile="smoke"), {}, {}, ("smoke", 42, True)),
        (Settings(profile="smoke"), {}, {"CI": "true"}, ("smoke", 0, False)),
        (Settings(profile="smoke"), {}, {"CI": "false"}, ("smoke", 42, True)),
        (Settings(profile="smoke", seed=3), {}, {}, ("smoke", 3, True)),
        (Settings(profile="smoke", seed=3), {"seed": 4}, {}, ("smoke", 4, True)),
        (Settings(profile="smoke"), {"profile": "thorough"}, {}, ("thorough", 42, True)),
        (Settings(), {"seed": 9}, {}, ("ci", 9, False)),
    ],
)
def test_what_is_asked_now_goes_before_the_table_and_that_before_defaults(
    tmp_path, settings, asked, environ, expected
) -> None:
    """Profile, seed, and whether failing examples are kept."""
    effort = choose_effort(settings, folder=tmp_path, shared_seed=42, environ=environ, **asked)
    assert (effort.profile.name, effort.seed, effort.folder is not None) == expected


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("level", list(Level))
def test_only_a_passed_clause_is_told_as_passed(status: Status, level: Level) -> None:
    """And a MUST that failed is told as failed."""
    result = Result("AA-01", level, status, "line one\nline two")
    outcome = tell(result, "text", None, strict=False).outcome
    assert (outcome == "passed") is (status is Status.PASSED)
    if status is Status.FAILED and level is Level.MUST:
        assert outcome == "failed"


def test_a_waiver_of_one_subject_leaves_the_same_clause_of_another_failing() -> None:
    """Named in full, with the file."""
    ledger = Ledger()
    for file in ("a.py", "b.py"):
        ledger.plan.add(Planned(f"{file}::it", "it", "P", f"{file}:1", (("AA-01", "MUST"),)))
        ledger.take_result(f"{file}::it", Result("AA-01", Level.MUST, Status.FAILED))
    waiver = Waiver("AA-01", "known", "me", TODAY, extension="a.py::it")
    report = ledger.conclude(waivers=[waiver], known={"AA-01"}, today=TODAY).report
    assert [r.status for r in report.results] == [Status.WAIVED, Status.FAILED]
    assert report.problems == ()
