"""Distributed runs: the verdict is the controller's, over what every worker did."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]
pytest.importorskip("xdist")

GOOD = "@contract(Greeter)\ndef good(): return Good()\n\n"
BAD = "@contract(Greeter)\ndef bad(): return Bad()\n\n"
DISTS = [
    pytest.param([], id="default"),
    *(
        pytest.param(["--dist", name], id=name, marks=pytest.mark.thorough)
        for name in ("load", "loadscope", "loadfile", "loadgroup", "worksteal")
    ),
]


@pytest.mark.parametrize("dist", DISTS)
def test_every_way_of_distributing_gives_the_same_verdict(project, dist: list[str]) -> None:
    """With groups, whose node ids are changed by xdist."""
    project.write("pytest.ini", "[pytest]\naddopts = --strict-markers\n")
    project.module("@pytest.mark.xdist_group('one')\n" + GOOD + BAD)
    outcome = project.spawn("-n", "2", *dist)
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
    assert "10 passed, 2 failed, profile smoke, seed 1" in outcome.text
    assert "not run" not in outcome.text


@pytest.mark.thorough
def test_each_worker_running_everything_counts_a_clause_once(project) -> None:
    """`--dist each`."""
    project.module(GOOD)
    outcome = project.spawn("--dist", "each", "--tx", "2*popen")
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome
    assert "contracts: CONFORMANT (6 passed" in outcome.text


@pytest.mark.thorough
def test_all_workers_share_one_seed_which_the_verdict_names(project) -> None:
    """Under a profile that draws a new seed for every run."""
    project.module("""
        @contract(Greeter)
        def good(request):
            hooks = request.config.pluginmanager.getplugin("luminescent_contracts_hooks")
            with open("seeds", "a") as file:
                file.write(f"{hooks.desk.effort.seed}\\n")
            return Good()
    """)
    project.pytester.runpytest_subprocess("-n2", "-p", "few_clauses", "--contracts-profile=smoke")
    outcome = project.pytester.runpytest_subprocess(
        "-n2", "-p", "few_clauses", "--contracts-profile=smoke", "-q"
    )
    seeds = set((project.path / "seeds").read_text().split())
    assert len(seeds) == 2
    assert any(f"seed {seed}" in str(outcome.outlines) for seed in seeds)


def test_a_crashed_worker_leaves_its_clause_unrun(project) -> None:
    """The others go on; the run is red."""
    project.module(
        GOOD
        + "import os\nclass Evil:\n    def greet(self, name: str) -> str: os.abort()\n\n"
        + "@contract(Greeter)\ndef evil(): return Evil()\n"
    )
    outcome = project.spawn("-n", "2")
    assert (outcome.code, outcome.verdict) == (1, "INCOMPLETE"), outcome
    assert "crashed while running" in outcome.text
    assert "good (Greeter, test_it.py:17): CONFORMANT" in outcome.text


def test_the_only_worker_crashing_leaves_everything_unrun(project) -> None:
    """Nothing comes back from it, and yet the bindings are missed."""
    project.module("import os\n@contract(Greeter)\ndef evil(): os.abort()\n")
    outcome = project.spawn("-n", "1", "--max-worker-restart", "0")
    assert outcome.code != 0, outcome
    assert outcome.verdict == "INCOMPLETE", outcome


@pytest.mark.thorough
def test_a_worker_that_dies_while_setting_up_the_first_clause_is_missed(project) -> None:
    """Before its first report."""
    project.module(
        "import os\n@pytest.fixture(scope='session')\ndef server(): os.abort()\n\n"
        "@contract(Greeter)\ndef evil(server): return Good()\n"
    )
    outcome = project.spawn("-n", "1", "--max-worker-restart", "0")
    assert outcome.code != 0, outcome
    assert outcome.verdict == "INCOMPLETE", outcome


@pytest.mark.thorough
def test_a_binding_that_no_worker_collects_is_missed(project) -> None:
    """What the workers found out about bindings travels, too."""
    project.module(BAD.replace("bad", "good") + GOOD)
    outcome = project.spawn("-n", "2")
    assert (outcome.code, outcome.verdict) == (1, "INCOMPLETE"), outcome
    assert "it was shadowed" in outcome.text


@pytest.mark.thorough
def test_deselection_is_known_to_the_controller(project) -> None:
    """It happens in the workers."""
    project.module(GOOD + BAD)
    outcome = project.spawn("-n", "2", "-k", "good")
    assert (outcome.code, outcome.verdict) == (0, "INCOMPLETE"), outcome
    assert "6 clauses left out: deselected" in outcome.text


@pytest.mark.thorough
def test_stopping_early_leaves_the_rest_unrun(project) -> None:
    """`-x` under distribution."""
    project.module(BAD + GOOD)
    outcome = project.spawn("-n", "2", "-x")
    assert outcome.code != 0
    assert outcome.verdict in ("NON-CONFORMANT", "INCOMPLETE"), outcome


@pytest.mark.thorough
def test_the_table_is_checked_by_workers_as_well(project) -> None:
    """`--contracts -n 2`."""
    project.module("", "greeters.py")
    project.table('"greeters:Greeter" = "greeters:Bad"\n')
    outcome = project.spawn("--contracts", "-n", "2")
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
