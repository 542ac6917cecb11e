"""No way of not running a clause turns a broken extension green.

In every project here a good binding passes beside the broken one that is kept from running.
"""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

GOOD = "@contract(Greeter)\ndef good(): return Good()\n\n"
BAD = "@contract(Greeter)\ndef bad(): return Bad()\n\n"


def assert_incomplete_and_red(outcome, *texts: str) -> None:
    assert outcome.code not in (0, 5), outcome
    assert outcome.verdict == "INCOMPLETE", outcome
    for text in texts:
        assert text in outcome.text, outcome


def test_a_binding_shadowed_by_another_binding_is_missed(project) -> None:
    """Two functions of one name: only the second is collected."""
    project.module(BAD.replace("bad", "good") + GOOD)
    assert_incomplete_and_red(project.run(), "it was shadowed: another function has its name")


def test_a_binding_shadowed_by_an_ordinary_name_is_missed(project) -> None:
    """The name is taken by something else."""
    project.module(GOOD + BAD + "bad = 3\n")
    assert_incomplete_and_red(project.run(), "it was shadowed: another int has its name")


def test_a_deleted_binding_is_missed(project) -> None:
    """`del` hides as well."""
    project.module(GOOD + BAD + "del bad\n")
    assert_incomplete_and_red(project.run(), "it was shadowed: nothing has its name")


def test_a_binding_in_a_module_that_says_it_is_no_test_is_missed(project) -> None:
    """`__test__ = False` on the module."""
    project.module(GOOD, "test_good.py")
    project.module(BAD + "__test__ = False\n", "test_bad.py")
    assert_incomplete_and_red(project.run(), "its module says __test__ = False")


def test_a_binding_in_a_class_that_says_it_is_no_test_is_missed(project) -> None:
    """`__test__ = False` on the class."""
    project.module(
        GOOD
        + """
class TestBad:
    __test__ = False

    @contract(Greeter)
    def bad(self): return Bad()
"""
    )
    assert_incomplete_and_red(project.run(), "its class TestBad is not collected")


def test_a_function_that_says_it_is_no_test_is_checked_all_the_same(project) -> None:
    """`__test__ = False` on the factory hides nothing."""
    project.module(GOOD + BAD + "bad.__test__ = False\n")
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT")


def test_a_binding_in_a_helper_that_is_imported_as_a_module_is_missed(project) -> None:
    """Nobody collects it there."""
    project.module(BAD, "helpers.py")
    project.module(GOOD + "import helpers\n")
    assert_incomplete_and_red(project.run(), "import it by name into a test module")


def test_a_conftest_that_hides_the_function_from_collection_is_found_out(project) -> None:
    """A hook that answers first with nothing."""
    project.module(GOOD + BAD)
    project.write(
        "conftest.py",
        """
        import pytest
        @pytest.hookimpl(wrapper=True, tryfirst=True)
        def pytest_pycollect_makeitem(name):
            res = yield
            return [] if name == "bad" else res
        @pytest.hookimpl(tryfirst=True)
        def pytest_collect_file(): pass
        """,
    )
    assert_incomplete_and_red(project.run())


def test_a_conftest_that_drops_items_is_found_out(project) -> None:
    """Without announcing that they are deselected."""
    project.module(GOOD + BAD)
    project.write(
        "conftest.py",
        """
        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if "bad" not in item.nodeid]
        """,
    )
    assert_incomplete_and_red(project.run(), "a plugin or conftest took it out")


@pytest.mark.parametrize("mark", ["skip(reason='later')", "skipif(True, reason='later')"])
@pytest.mark.parametrize("place", ["module", "function", "class", "conftest"])
def test_a_skip_mark_is_no_success(project, place: str, mark: str) -> None:
    """At every level; the reason is told."""
    _mark(project, place, mark)
    assert_incomplete_and_red(project.run(), "skipped (later)")


@pytest.mark.parametrize("place", ["module", "function", "class", "conftest"])
def test_an_xfail_mark_waives_nothing(project, place: str) -> None:
    """What failed counts as failed, whatever the mark expects."""
    _mark(project, place, "xfail(reason='later')")
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
    assert "xfailed" not in outcome.counts


@pytest.mark.parametrize("place", ["module", "function", "class", "conftest"])
def test_an_xfail_mark_that_runs_nothing_is_no_success(project, place: str) -> None:
    """`run=False` is a skip by another name."""
    _mark(project, place, "xfail(run=False, reason='later')")
    assert_incomplete_and_red(project.run(), "which waives nothing; write a waiver")


def _mark(project, place: str, mark: str) -> None:
    project.module(GOOD, "test_good.py")
    if place == "module":
        project.module(BAD + f"pytestmark = pytest.mark.{mark}\n", "test_bad.py")
    elif place == "function":
        project.module(f"@pytest.mark.{mark}\n" + BAD, "test_bad.py")
    elif place == "class":
        body = "    " + BAD.replace("\n", "\n    ").replace("bad()", "bad(self)")
        project.module(f"@pytest.mark.{mark}\nclass TestBad:\n{body}\n", "test_bad.py")
    else:
        project.module(BAD, "test_bad.py")
        project.write(
            "conftest.py",
            f"""
            import pytest
            def pytest_collection_modifyitems(items):
                for item in items:
                    if "test_bad" in item.nodeid:
                        item.add_marker(pytest.mark.{mark})
            """,
        )


def test_a_module_that_skips_itself_after_binding_is_missed(project) -> None:
    """`pytest.skip(allow_module_level=True)` below the binding."""
    project.module(GOOD, "test_good.py")
    project.module(BAD + "pytest.skip('later', allow_module_level=True)\n", "test_bad.py")
    assert_incomplete_and_red(project.run(), "its module was skipped: skipped (later)")


def test_a_module_that_skips_itself_before_binding_is_missed(project) -> None:
    """The binding never came to be; its text gives it away."""
    project.module(GOOD, "test_good.py")
    project.module("pytest.importorskip('no_such_module')\n" + BAD, "test_bad.py")
    assert_incomplete_and_red(project.run(), "bad (test_bad.py:19) was not checked")


def test_the_only_module_skipping_itself_is_missed_too(project) -> None:
    """Also where nothing else is there to be checked."""
    project.module("pytest.skip('later', allow_module_level=True)\n" + BAD)
    assert_incomplete_and_red(project.run(), "its module was skipped")


def test_a_module_that_cannot_be_imported_is_missed(project) -> None:
    """Even where pytest is told to go on."""
    project.module(GOOD, "test_good.py")
    project.module(BAD + "1 / 0\n", "test_bad.py")
    outcome = project.run("--continue-on-collection-errors")
    assert_incomplete_and_red(outcome, "its module could not be collected")


def test_an_autouse_fixture_that_skips_is_no_success(project) -> None:
    """The reason is told."""
    project.module(GOOD, "test_good.py")
    project.module(
        "@pytest.fixture(autouse=True)\ndef away(): pytest.skip('not today')\n\n" + BAD,
        "test_bad.py",
    )
    assert_incomplete_and_red(project.run(), "skipped (not today)")


def test_a_factory_that_skips_is_no_success(project) -> None:
    """`pytest.skip` inside the factory or a fixture of it."""
    project.module(GOOD + "@contract(Greeter)\ndef bad(): pytest.skip('not today')\n")
    assert_incomplete_and_red(project.run(), "skipped (not today)")


def test_a_fixture_that_fails_is_no_success(project) -> None:
    """What the fixture raised is the reason."""
    project.module(
        GOOD
        + "@pytest.fixture\ndef server(): raise OSError('no port')\n\n"
        + "@contract(Greeter)\ndef bad(server): return Bad()\n"
    )
    assert_incomplete_and_red(project.run(), "OSError: no port")


def test_a_teardown_that_fails_is_no_success(project) -> None:
    """All clauses passed, and yet."""
    project.module(
        "@pytest.fixture\ndef server():\n    yield 1\n    raise OSError('still open')\n\n"
        "@contract(Greeter)\ndef good(server): return Good()\n"
    )
    assert_incomplete_and_red(project.run(), "the teardown after SIG-01 of good failed")


def test_a_conftest_that_rewrites_reports_does_not_change_the_verdict(project) -> None:
    """The result rides on the report, not in its outcome."""
    project.module(GOOD + BAD)
    project.write(
        "conftest.py",
        """
        import pytest
        @pytest.hookimpl(wrapper=True, tryfirst=True)
        def pytest_runtest_makereport():
            report = yield
            report.outcome, report.longrepr = "passed", None
            return report
        """,
    )
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome


def test_a_conftest_that_runs_nothing_does_not_change_the_verdict(project) -> None:
    """A run-test protocol that answers for our items."""
    project.module(GOOD + BAD)
    project.write(
        "conftest.py",
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item):
            return True if "bad" in item.nodeid else None
        """,
    )
    assert_incomplete_and_red(project.run(), "no result came in")


def test_a_conftest_that_resets_the_exit_status_does_not_change_it(project) -> None:
    """The plugin has the last word."""
    project.module(GOOD + BAD + "pytestmark = pytest.mark.skip('later')\n")
    project.write(
        "conftest.py",
        """
        import pytest
        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(session):
            session.exitstatus = 0
        """,
    )
    assert_incomplete_and_red(project.run())


@pytest.mark.parametrize(
    "selection", [["-k", "good"], ["--deselect", "test_it.py::bad"], ["-m", "not slow"]]
)
def test_what_the_user_deselects_makes_it_incomplete_but_not_failed(project, selection) -> None:
    """Told with the remedy; strict runs fail."""
    project.write("pytest.ini", "[pytest]\nmarkers =\n    slow: too slow\n")
    project.module(GOOD + "@pytest.mark.slow\n" + BAD)
    outcome = project.run(*selection)
    assert (outcome.code, outcome.verdict) == (0, "INCOMPLETE"), outcome
    assert "left out: deselected; run without that for a verdict" in outcome.text
    assert project.run("--contracts-strict", *selection).code == 1


def test_deselecting_everything_is_incomplete(project) -> None:
    """pytest's own exit status for it stays."""
    project.module(BAD)
    outcome = project.run("-k", "nothing_like_it")
    assert (outcome.code, outcome.verdict) == (5, "INCOMPLETE"), outcome


def test_stopping_at_the_first_failure_leaves_the_rest_unrun(project) -> None:
    """`-x` with a failing neighbour in front."""
    project.module("def test_first(): assert 0\n\n" + BAD)
    assert_incomplete_and_red(project.run("-x"), "the run stopped before it: stopping after 1")


def test_rerunning_the_last_failures_says_what_was_left_out(project) -> None:
    """`--lf` leaves out whole files and passing clauses."""
    project.module(GOOD, "test_good.py")
    path = project.module("def test_first(): assert 0\n\n" + BAD, "test_bad.py")
    assert project.run().code == 1
    text = path.read_text().replace("return Bad()", "return Good()").replace("assert 0", "pass")
    path.write_text(text)
    outcome = project.run("--lf")
    assert (outcome.code, outcome.verdict) == (0, "INCOMPLETE"), outcome
    assert "--lf left out 1 file(s)" in outcome.text
    assert "4 clauses left out: deselected" in outcome.text


def test_leaving_pytest_early_is_no_success(project) -> None:
    """`pytest.exit` with status 0 in a fixture."""
    project.module(
        GOOD
        + "@pytest.fixture\ndef leave(): pytest.exit('bye', returncode=0)\n\n"
        + "@contract(Greeter)\ndef bad(leave): return Bad()\n"
    )
    assert_incomplete_and_red(project.run(), "the run stopped before it")
