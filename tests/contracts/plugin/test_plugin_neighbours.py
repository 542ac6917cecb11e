"""Beside the plugins that many projects have, all at once and each in the way it can hurt.

They are installed in tox's environment ``neighbours``; elsewhere the tests are skipped.
"""

from __future__ import annotations

import importlib.util

import pytest

pytest_plugins = ["pytester"]

NEIGHBOURS = (
    "pytest_asyncio",
    "anyio",
    "pytest_cov",
    "pytest_timeout",
    "pytest_randomly",
    "pytest_rerunfailures",
)
ABSENT = [name for name in NEIGHBOURS if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")

LOOP = ("-o", "asyncio_default_fixture_loop_scope=function")
STRICT = ("-W", "error", *LOOP)
ALL = (*STRICT, "--reruns=2", "--cov=few_clauses", "--timeout=200", "-o", "asyncio_mode=auto")
EXTENSIONS = """
    import pytest_asyncio

    @pytest_asyncio.fixture
    async def server():
        yield "server"

    @contract(Greeter)
    async def good(server):
        assert server == "server"
        yield Good()

    @contract(Greeter)
    def bad(server):
        yield Bad()

    @pytest.mark.anyio
    async def test_of_anyio(): ...

    @pytest.mark.asyncio
    async def test_of_asyncio(): ...
"""
RUNS = {
    "alone": STRICT,
    "asyncio takes every coroutine": (*STRICT, "-o", "asyncio_mode=auto"),
    "a timeout by signal": (*STRICT, "--timeout=200", "--timeout-method=signal"),
    "a timeout by thread": (*STRICT, "--timeout=200", "--timeout-method=thread"),
    "coverage": (*STRICT, "--cov=few_clauses", "--cov-branch"),
    "all of them": ALL,
    "all of them, distributed": (*ALL, "-n", "2"),
}


@pytest.mark.parametrize("options", RUNS.values(), ids=RUNS)
def test_a_neighbour_changes_no_verdict(project, options: tuple[str, ...]) -> None:
    """A good extension beside a bad one, with warnings as errors."""
    if "-n" in options:
        pytest.importorskip("xdist")
    project.module(EXTENSIONS)
    outcome = project.spawn(*options)
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
    assert "good (Greeter, test_it.py:24): CONFORMANT" in outcome.text
    assert "10 passed, 2 failed, profile smoke, seed 1" in outcome.text


def test_a_rerun_that_passes_does_not_make_a_failure_good(project) -> None:
    """The graver result of the two stands, and says that there was another."""
    project.module("""
        class Moody(Good):
            made = 0

            def __init__(self):
                type(self).made += 1

            def __bool__(self):
                return self.made > 1

        @contract(Greeter)
        def moody(): return Moody()
    """)
    outcome = project.spawn(*STRICT, "--reruns=3", "-p", "no:randomly", "-k", "TRU-01")
    assert outcome.verdict == "NON-CONFORMANT", outcome
    assert outcome.code == 1
    assert "1 rerun" in outcome.text


def test_a_timeout_that_strikes_leaves_the_clause_unrun(project) -> None:
    """What interrupts is the runner's, and no finding about the extension."""
    project.module("""
        import time

        class Slow(Good):
            def greet(self, name: str) -> str:
                time.sleep(3)
                return "hello"

        @contract(Greeter)
        def good(): return Good()

        @contract(Greeter)
        def slow(): return Slow()
    """)
    outcome = project.spawn(*STRICT, "--timeout=2", "-p", "no:randomly", "-k", "TRU-01")
    assert (outcome.code, outcome.verdict) == (1, "INCOMPLETE"), outcome
    assert "Timeout" in outcome.text
    assert "FAILED test_it.py::slow::TRU-01" in outcome.text


def test_pytest_asyncio_itself_breaks_under_warnings_as_errors(project) -> None:
    """Without its option, in any project: what the page about other plugins says."""
    project.write("test_it.py", "def test_it(): ...\n")
    options = ("-p", "no:luminescent_contracts", "-W", "error")
    outcome = project.pytester.runpytest_subprocess(*options)
    text = "\n".join([*outcome.outlines, *outcome.errlines])
    if int(outcome.ret) == 0:
        pytest.skip("this release of pytest-asyncio does not mind any more")
    assert 'configuration option "asyncio_default_fixture_loop_scope" is unset' in text
    assert int(project.pytester.runpytest_subprocess(*options, *LOOP).ret) == 0
