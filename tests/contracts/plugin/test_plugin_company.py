"""The plugin in the company of pytest's options, other plugins, and missing parts."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

pytest_plugins = ["pytester"]

GOOD = "@contract(Greeter)\ndef good(): return Good()\n\n"
BAD = "@contract(Greeter)\ndef bad(): return Bad()\n\n"
PLUGIN = "luminescent_cluster.contracts.plugin"


@pytest.mark.parametrize(
    "options",
    [
        ["--strict-markers", "--strict-config"],
        ["-W", "error"],
        ["-p", "no:cacheprovider"],
        ["-p", "no:terminal"],
        ["-q", "-q"],
        ["--tb=no"],
        ["--tb=line"],
        ["--import-mode=importlib"],
        ["-s"],
        ["-rA", "-vv"],
        ["--no-summary"],
        ["--contracts-durations=3"],
    ],
    ids=" ".join,
)
def test_options_of_pytest_change_nothing(project, options: list[str]) -> None:
    """A good extension beside a bad one, whatever the options."""
    project.module(GOOD, "test_a.py")
    assert project.run(*options).code == 0
    project.module(BAD, "test_b.py")
    outcome = project.run(*options)
    assert outcome.code == 1
    if options != ["-p", "no:terminal"]:
        assert outcome.verdict == "NON-CONFORMANT", outcome


def test_the_strict_mode_of_pytest_changes_nothing(project) -> None:
    """`strict = true`, from pytest 9 on."""
    if pytest.version_tuple < (9,):
        pytest.skip("pytest 9 has it")
    project.write("pytest.ini", "[pytest]\nstrict = true\n")
    project.module(GOOD)
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_random_order_changes_nothing(project) -> None:
    """With pytest-randomly, bindings and clauses are shuffled and the verdict is the same."""
    pytest.importorskip("pytest_randomly")
    project.module(GOOD + BAD)
    outcome = project.spawn("-p", "randomly", "-p", "no:cacheprovider")
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
    assert "Using --randomly-seed" in outcome.text


def test_without_autoload_the_plugin_can_be_named(project, monkeypatch: pytest.MonkeyPatch) -> None:
    """`PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 -p …`, also optimised, where asserts are stripped."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.module(GOOD + BAD)
    outcome = project.spawn("-p", PLUGIN, flags=("-O",))
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
    assert "2 failed" in outcome.text


def test_junit_xml_names_clause_and_status(project) -> None:
    """For continuous integration that reads it."""
    project.module(GOOD + BAD)
    project.run("--junitxml=report.xml")
    cases = ElementTree.parse(project.path / "report.xml").getroot().iter("testcase")
    by_name = {(c.get("classname"), c.get("name")): c for c in cases}
    failed = by_name["test_it.bad", "SIG-02"]
    assert "no parameter 'name'" in (failed.find("failure").get("message") or "")
    properties = {p.get("name"): p.get("value") for p in failed.iter("property")}
    assert properties == {"clause": "SIG-02", "status": "failed"}


@pytest.mark.parametrize(
    "part",
    [
        "hypothesis",
        *(pytest.param(p, marks=pytest.mark.thorough) for p in ("typeguard", "mypy", "beartype")),
    ],
)
def test_a_missing_part_is_named_with_the_extra_that_brings_it(
    project, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """No traceback of an import deep inside."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.write(
        "few_clauses.py",
        f"""
        import sys

        class Missing:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] == {part!r}:
                    raise ModuleNotFoundError(name)

        sys.meta_path.insert(0, Missing())
        """,
    )
    project.module(GOOD)
    outcome = project.spawn("-p", PLUGIN)
    assert outcome.code == 2, outcome
    assert f"checking contracts needs {part}, which is not installed" in outcome.text
    assert 'pip install "luminescent-extensions[contracts]"' in outcome.text
    assert outcome.verdict != "CONFORMANT"


@pytest.mark.parametrize("other", ["pytest_asyncio", "anyio", "pytest_cov", "pytest_timeout"])
def test_other_plugins_change_nothing(project, other: str) -> None:
    """Plugins that treat functions, coroutines and alarms in ways of their own."""
    pytest.importorskip(other)
    project.module("""
        @contract(Greeter)
        async def good(): return Good()

        @contract(Greeter)
        def bad():
            yield Bad()
    """)
    project.write(
        "pytest.ini", "[pytest]\n" + "asyncio_mode = auto\n" * (other == "pytest_asyncio")
    )
    options = {"pytest_cov": ["--cov=few_clauses"], "pytest_timeout": ["--timeout=100"]}
    outcome = project.spawn(*options.get(other, []))
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
    assert "good (Greeter, test_it.py:18): CONFORMANT" in outcome.text


def test_the_inactive_plugin_loads_nothing(project) -> None:
    """Neither suites nor Hypothesis, in a run that binds nothing."""
    project.write("few_clauses.py", "")
    project.write(
        "test_plain.py",
        """
        import sys

        def test_it():
            loaded = {n for n in sys.modules if n.startswith("luminescent_cluster.contracts")}
            assert loaded == {
                "luminescent_cluster.contracts",
                "luminescent_cluster.contracts.binding",
                "luminescent_cluster.contracts.options",
                "luminescent_cluster.contracts.plugin",
                "luminescent_cluster.contracts.plugin_fixtures",
                "luminescent_cluster.contracts.plugin_items",
            }
        """,
    )
    outcome = project.spawn()
    assert outcome.code == 0, outcome


def test_a_warning_as_error_in_a_thread_is_no_success(project) -> None:
    """The clause passed and its test did not: both are told."""
    project.module("""
        import threading

        class Noisy(Good):
            def greet(self, name: str) -> str:
                thread = threading.Thread(target=lambda: 1 / 0)
                thread.start()
                thread.join()
                return "hello"

        @contract(Greeter)
        def noisy(): return Noisy()
    """)
    outcome = project.run("-W", "error::pytest.PytestUnhandledThreadExceptionWarning")
    assert outcome.code == 1
    assert outcome.verdict in ("INCOMPLETE", "NON-CONFORMANT"), outcome
