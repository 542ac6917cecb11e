"""The report as text."""

from __future__ import annotations

import pytest

from luminescent_cluster.contracts.clauses import Level, Report, Result, Status, Verdict
from luminescent_cluster.contracts.reports.terminal import clean, render, slowest, verdict_line

PASSED = Result("AA-01", Level.MUST, Status.PASSED, subject="it", examples=7, duration=2)
FAILED = Result("AA-02", Level.MUST, Status.FAILED, "AA-02 MUST  text\n  evidence", subject="it")


def report(*results: Result, problems: tuple[str, ...] = ()) -> Report:
    """A report over these results."""
    return Report(results, Verdict.NON_CONFORMANT, problems)


def test_the_verdict_is_the_last_line() -> None:
    """After everything else."""
    lines = render(report(FAILED, PASSED, problems=("stale",)), {})
    assert lines[-1].startswith("contracts: NON-CONFORMANT (1 passed, 1 failed, 1 problem")


@pytest.mark.parametrize("verdict", [Verdict.CONFORMANT, Verdict.CONFORMANT_WITH_WAIVERS])
def test_a_success_with_problems_does_not_read_as_one(verdict: Verdict) -> None:
    """The word is followed by what is wrong."""
    line = verdict_line(Report((PASSED,), verdict, ("a stale waiver",)))
    assert f"{verdict.value}, but the run has problems" in line


@pytest.mark.parametrize("field", ["message", "subject", "notes"])
def test_what_comes_from_the_extension_cannot_paint(field: str) -> None:
    """Escape sequences and control characters are shown."""
    evil = "\x1b[2J\r\x07\u202e"
    value: object = (evil,) if field == "notes" else evil
    result = Result("AA-02", Level.MUST, Status.FAILED, **{"message": "m", field: value})
    text = "\n".join(render(report(result), {}))
    assert not set(evil) & set(text) - set("[2J")
    assert "\\x1b[2J\\r\\x07\\u202e" in text


def test_new_lines_stay() -> None:
    """Messages have several."""
    assert clean("a\nb\x00") == "a\nb\\x00"


def test_colours_are_used_only_where_asked_for() -> None:
    """Plain by default."""
    assert "\x1b[" not in "\n".join(render(report(PASSED, FAILED), {}))
    assert "\x1b[31;1m" in "\n".join(render(report(PASSED, FAILED), {}, colour=True))


def test_what_is_said_of_many_clauses_is_said_once() -> None:
    """A factory that fails does so for each."""
    same = [
        Result(f"AA-{n:02}", Level.MUST, Status.NOT_RUN, "the factory failed", subject="it")
        for n in range(1, 10)
    ]
    text = "\n".join(render(report(*same), {}))
    assert text.count("the factory failed") == 1
    assert "AA-01 to AA-09 (9 clauses) not run: the factory failed" in text


def test_the_slowest_clauses_come_first() -> None:
    """As many as asked for."""
    lines = slowest(report(FAILED, PASSED), 1)
    assert lines[1].split() == ["2.00", "s", "AA-01", "it", "(7", "examples)"]
    assert slowest(report(PASSED), 0) == []


def test_clauses_that_were_left_out_are_one_line() -> None:
    """One for each reason; what was to run and did not has a line of its own."""
    left = [
        Result(f"AA-{n:02}", Level.MUST, Status.NOT_RUN, "deselected", subject="it")
        for n in range(10, 60)
    ]
    lost = Result("AA-60", Level.MUST, Status.NOT_RUN, "worker gw0 crashed", subject="it")
    lines = render(report(PASSED, *left, lost), {}, tell=lambda result: False)
    rows = [line.split() for line in lines if line.startswith("  ")]
    assert ["50", "clauses", "not", "run", "deselected"] in rows
    assert [row[0] for row in rows] == ["50", "AA-01", "AA-60"]


def test_what_needs_attention_stands_last() -> None:
    """Among the clauses of an extension, and among the extensions."""
    other = Result("AA-01", Level.MUST, Status.PASSED, subject="well")
    shy = Result("AA-03", Level.SHOULD, Status.FAILED, "m", subject="it")
    unsure = Result("AA-04", Level.MUST, Status.UNVERIFIED, "m", subject="it")
    lines = render(report(FAILED, PASSED, shy, unsure, other), {}, tell=lambda result: False)
    names = [line.split()[0] for line in lines if line and not line.startswith("contracts")]
    assert names == ["well:", "AA-01", "it:", "AA-01", "AA-03", "AA-04", "AA-02"]
