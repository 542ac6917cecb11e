"""Bindings become items: node ids, fixtures, teardown, parameters."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]


def test_every_clause_is_an_item_named_after_binding_and_clause(project) -> None:
    """`file.py::binding::CLAUSE` can be collected."""
    project.module("@contract(Greeter)\ndef greeter(): return Good()\n")
    outcome = project.run("--collect-only", "-q")
    assert "test_it.py::greeter::SIG-02" in outcome.text
    assert "test_it.py::greeter::TRU-01" in outcome.text


def test_collecting_only_gives_no_verdict(project) -> None:
    """`--collect-only` lists and succeeds."""
    project.module("@contract(Greeter)\ndef greeter(): return Bad()\n")
    outcome = project.run("--collect-only")
    assert (outcome.code, outcome.verdict) == (0, None)


def test_a_good_extension_is_conformant(project) -> None:
    """The word of success, and exit status 0."""
    project.module("@contract(Greeter)\ndef greeter(): return Good()\n")
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_bad_extension_is_not_conformant(project) -> None:
    """A failed MUST decides, and the message is told once, with its remedy."""
    project.module("@contract(Greeter)\ndef greeter(): return Bad()\n")
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT")
    assert outcome.text.count("luminescent-contracts explain SIG-03") == 1


def test_a_failure_shows_no_traceback_of_the_kit(project) -> None:
    """The author reads the clause, not our frames."""
    project.module("@contract(Greeter)\ndef greeter(): return Bad()\n")
    outcome = project.run()
    assert "Traceback" not in outcome.text
    assert "plugin.py" not in outcome.text


def test_a_single_clause_runs_by_its_node_id_and_the_rest_is_told_as_left_out(project) -> None:
    """Selecting by node id is the user's choice: no failure, but no success word either."""
    project.module("@contract(Greeter)\ndef greeter(): return Good()\n")
    outcome = project.run("test_it.py::greeter::SIG-02")
    assert outcome.counts == {"passed": 1}
    assert (outcome.code, outcome.verdict) == (0, "INCOMPLETE"), outcome
    assert "left out: the arguments name other tests" in outcome.text


def test_a_run_without_bindings_says_nothing_of_contracts(project) -> None:
    """Ordinary test suites do not notice the plugin."""
    project.write("test_plain.py", "def test_it(): pass\n")
    outcome = project.run()
    assert outcome.code == 0
    assert "CONFORMANT" not in outcome.text
    assert outcome.verdict is None


def test_fixtures_of_every_scope_reach_the_factory(project) -> None:
    """Function, class, module and session scope, and autouse ones."""
    project.module("""
        made = []
        for scope in ("function", "class", "module", "session"):
            def make(scope=scope):
                @pytest.fixture(scope=scope, name=scope + "_one")
                def one():
                    made.append(scope)
                    return scope
                return one
            globals()[scope + "_one"] = make()

        @pytest.fixture(autouse=True)
        def around():
            made.append("autouse")

        @contract(Greeter)
        def greeter(function_one, class_one, module_one, session_one):
            assert (function_one, class_one, module_one, session_one) == (
                "function", "class", "module", "session")
            assert "autouse" in made
            return Good()

        def test_module_scope_was_set_up_once():
            assert made.count("module") == made.count("session") == 1
            assert made.count("function") > 1
    """)
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_parametrized_fixture_makes_a_subject_of_each_parameter(project) -> None:
    """Each parameter set is judged on its own."""
    project.module("""
        @pytest.fixture(params=[Good, Bad], ids=["good", "bad"])
        def kind(request):
            return request.param

        @contract(Greeter)
        def greeter(kind):
            return kind()
    """)
    outcome = project.run("-v")
    assert "test_it.py::greeter::SIG-02[good] PASSED" in outcome.text
    assert "greeter[good] (Greeter, test_it.py:22): CONFORMANT" in outcome.text
    assert "greeter[bad] (Greeter, test_it.py:22): NON-CONFORMANT" in outcome.text
    assert outcome.verdict == "NON-CONFORMANT"


def test_a_parametrize_mark_on_the_factory_works_too(project) -> None:
    """Marks belong to the factory as to any test function."""
    project.module("""
        @pytest.mark.parametrize("kind", [Good, Good], ids=["one", "two"])
        @contract(Greeter)
        def greeter(kind):
            return kind()
    """)
    outcome = project.run("-v")
    assert "test_it.py::greeter::TRU-01[two] PASSED" in outcome.text
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_generators_tail_is_the_teardown_of_every_instance(project) -> None:
    """As many closed as opened."""
    project.module("""
        opened, closed = [], []

        @contract(Greeter)
        def greeter():
            opened.append(1)
            yield Good()
            closed.append(1)

        def test_all_closed():
            assert opened and opened == closed
    """)
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


@pytest.mark.parametrize("body", ["return Good()", "yield Good()"])
def test_an_asynchronous_factory_works(project, body: str) -> None:
    """Coroutine functions and asynchronous generators make extensions too."""
    project.module(f"@contract(Greeter)\nasync def greeter():\n    {body}\n")
    outcome = project.run("-W", "error")
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_subject_may_be_returned(project) -> None:
    """Probes and declarations ride on it."""
    project.module("@contract(Greeter)\ndef greeter(): return Subject(Good(), fresh='clause')\n")
    assert project.run().verdict == "CONFORMANT"


def test_a_binding_in_a_class_gets_a_fresh_instance_of_the_class(project) -> None:
    """As test methods do."""
    project.module("""
        class TestGreeters:
            @pytest.fixture
            def kind(self):
                return Good

            @contract(Greeter)
            def greeter(self, kind):
                assert not hasattr(self, "used") or True
                return kind()
    """)
    outcome = project.run("-v")
    assert "test_it.py::TestGreeters::greeter::SIG-02 PASSED" in outcome.text
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_binding_imported_from_a_helper_module_is_collected(project) -> None:
    """Bindings may live in a library."""
    project.module("@contract(Greeter)\ndef greeter(): return Good()\n", "bindings.py")
    project.write("test_it.py", "from bindings import greeter\n")
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_two_bindings_of_one_name_are_told_apart_by_their_files(project) -> None:
    """No result of one stands in for the other's."""
    project.module("@contract(Greeter)\ndef greeter(): return Good()\n", "test_a.py")
    project.module("@contract(Greeter)\ndef greeter(): return Bad()\n", "test_b.py")
    outcome = project.run()
    assert "test_a.py::greeter (Greeter, test_a.py:17): CONFORMANT" in outcome.text
    assert "test_b.py::greeter (Greeter, test_b.py:17): NON-CONFORMANT" in outcome.text


def test_test_functions_and_unittest_cases_beside_bindings_run_as_ever(project) -> None:
    """Neighbours count for themselves."""
    project.module("""
        import unittest

        @contract(Greeter)
        def greeter(): return Good()

        class Case(unittest.TestCase):
            def test_one(self): self.assertTrue(True)

        def test_two(): pass
    """)
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT")
    assert outcome.counts["passed"] == 8


def test_the_registry_fixture_is_fresh_and_reset(project) -> None:
    """Nothing leaks from one test to the next."""
    project.write(
        "test_registry.py",
        """
        from luminescent_cluster.extensions import ExtensionRegistry

        def test_one(extension_registry):
            assert extension_registry is ExtensionRegistry.get()
            extension_registry.audit_logger = object()

        def test_two(extension_registry):
            assert extension_registry.audit_logger is None

        def test_three():
            assert ExtensionRegistry.get().audit_logger is None
        """,
    )
    assert project.run("-p", "no:randomly").counts == {"passed": 3}


def test_something_that_is_no_protocol_is_a_clear_collection_error(project) -> None:
    """The message says what to hand over."""
    project.module("@contract(Good)\ndef greeter(): return Good()\n")
    outcome = project.run()
    assert outcome.code != 0
    assert "is not a protocol: hand over a class" in outcome.text


def test_a_table_that_cannot_be_used_is_a_clear_collection_error(project) -> None:
    """A typing error in the settings is not passed over."""
    project.table('profil = "ci"\n')
    project.module("@contract(Greeter)\ndef greeter(): return Good()\n")
    outcome = project.run()
    assert outcome.code != 0
    assert "did you mean profile?" in outcome.text
    assert outcome.verdict != "CONFORMANT"
