"""Levels, waivers and strictness: what is tolerated, and what is an error although it passes."""

from __future__ import annotations

import datetime

import pytest

pytest_plugins = ["pytester"]

BAD = "@contract(Greeter)\ndef bad(): return Bad()\n\n"
UNTYPED = """
class Untyped:
    def greet(self, name): return "hello"

@contract(Greeter)
def untyped(): return Untyped()
"""


def waiver(clause: str, extension: str = "bad", expires: str = "2999-12-31") -> str:
    """A waiver's table."""
    return (
        f'[[tool.luminescent.contracts.waivers]]\nclause = "{clause}"\nextension = "{extension}"\n'
        f'reason = "known"\nowner = "team greet"\nexpires = {expires}\n'
    )


def test_a_waived_failure_is_an_expected_failure(project) -> None:
    """With reason and owner; the verdict says so."""
    project.table(waiver("SIG-02") + waiver("SIG-03"))
    project.module(BAD)
    outcome = project.run("-ra")
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT WITH WAIVERS"), outcome
    assert outcome.counts["xfailed"] == 2
    assert "waived until 2999-12-31 by team greet: known" in outcome.text


def test_strict_xfail_settings_leave_waivers_alone(project) -> None:
    """`xfail_strict` is about marks."""
    project.write("pytest.ini", "[pytest]\nxfail_strict = true\n")
    project.table(waiver("SIG-02") + waiver("SIG-03"))
    project.module(BAD)
    assert project.run("--runxfail").code == 0


def test_a_waiver_of_a_clause_that_passes_is_an_error(project) -> None:
    """It could hide the next failure."""
    project.table(waiver("SIG-02") + waiver("SIG-03") + waiver("SIG-01"))
    project.module(BAD)
    outcome = project.run()
    assert outcome.code == 1
    assert "waiver for SIG-01 of bad: the clause passes now; delete the waiver" in outcome.text
    assert "but the run has problems" in outcome.text


def test_an_expired_waiver_waives_nothing(project) -> None:
    """And says who owned it."""
    yesterday = datetime.date.today() - datetime.timedelta(days=1)
    project.table(waiver("SIG-02", expires=str(yesterday)) + waiver("SIG-03"))
    project.module(BAD)
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT")
    assert "expired on" in outcome.text
    assert "owner: team greet" in outcome.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (waiver("SIG-99"), "waiver for SIG-99 of bad: there is no such clause"),
        (waiver("SIG-01", extension="bda"), "no such binding; there are bad"),
        (waiver("SIG-02", extension="") , "extension = '' must be a text"),
        (waiver("SIG-02").replace("owner", "woner"), "unknown key 'woner'"),
        (waiver("SIG-02").replace('reason = "known"\n', ""), "no 'reason'"),
        (waiver("SIG-02", expires='"soon"'), "is not a date"),
    ],
)  # fmt: skip
def test_a_waiver_that_cannot_stand_is_an_error(project, text: str, message: str) -> None:
    """Unknown clauses, bindings and keys, missing keys, dates that are none."""
    project.table(text)
    project.module(BAD)
    outcome = project.run()
    assert outcome.code not in (0, 5)
    assert message in outcome.text


def test_a_waiver_of_a_binding_that_was_not_asked_for_is_left_in_peace(project) -> None:
    """Running one file says nothing about the others."""
    project.table(waiver("SIG-02") + waiver("SIG-03"))
    project.module(BAD, "test_bad.py")
    project.module("@contract(Greeter)\ndef good(): return Good()\n", "test_good.py")
    outcome = project.run("test_good.py")
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_waiver_of_a_deselected_clause_is_left_in_peace(project) -> None:
    """It was not run, so it is not stale."""
    project.table(waiver("SIG-02") + waiver("SIG-03"))
    project.module(BAD)
    outcome = project.run("-k", "SIG-01")
    assert (outcome.code, outcome.verdict) == (0, "INCOMPLETE"), outcome


def test_a_waiver_of_a_table_binding_is_left_in_peace_where_the_table_is_not_run(project) -> None:
    """Plain pytest beside `pytest --contracts`."""
    project.table('tenant_provider = "cloud:Provider"\n' + waiver("TP-FLT-02", "tenant_provider"))
    project.module("@contract(Greeter)\ndef good(): return Good()\n")
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_waiver_covers_every_parameter_set_of_its_binding(project) -> None:
    """The binding is named without its parameters."""
    project.table(waiver("SIG-02") + waiver("SIG-03"))
    project.module("@pytest.mark.parametrize('n', [1, 2])\n" + BAD.replace("bad()", "bad(n)"))
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT WITH WAIVERS"), outcome


def test_a_should_that_is_not_met_is_told_and_decides_nothing(project) -> None:
    """It shows as an expected failure."""
    project.module(UNTYPED)
    outcome = project.run("-ra")
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome
    assert "XFAIL test_it.py::untyped::SIG-05 - SHOULD not met" in outcome.text


def test_a_should_that_is_not_met_fails_a_strict_run(project) -> None:
    """`--contracts-strict`."""
    project.module(UNTYPED)
    outcome = project.run("--contracts-strict")
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome


def test_the_table_can_ask_for_strictness(project) -> None:
    """`strict = true`."""
    project.table("strict = true\n")
    project.module(UNTYPED)
    assert project.run().code == 1


def test_a_missing_probe_warns_in_plain_runs_and_fails_strict_ones(project) -> None:
    """The remedy is told."""
    project.module("""
        from luminescent_cluster.contracts import suites
        from luminescent_cluster.contracts.clauses import Catalogue
        from luminescent_cluster.contracts.suites import generic

        @contract(Greeter)
        def good(): return Good()
    """)
    project.write(
        "conftest.py",
        """
        import pytest
        from luminescent_cluster.contracts.suites.generic import truth
        from luminescent_cluster.contracts import suites
        from luminescent_cluster.contracts.clauses import Catalogue

        clauses = Catalogue()

        @clauses.must("XX-01", reason="r", fix="f", probes=("recorded",))
        def needs_a_probe(case):
            '''A clause that needs a probe.'''
            case.looked()

        @pytest.fixture(scope="session", autouse=True)
        def more():
            yield

        def pytest_configure():
            suites._generic.cache_clear()
            known = suites._generic()
            known.add(clauses["XX-01"])

        def pytest_unconfigure():
            suites._generic.cache_clear()
        """,
    )
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "INCOMPLETE"), outcome
    assert "good: the probe recorded is missing, so 1 clause could not be verified" in outcome.text
    assert outcome.counts["skipped"] == 1
    assert project.run("--contracts-strict").code == 1
