"""Extensions and fixtures that end, hang or bend the process they are checked in."""

from __future__ import annotations

import pytest

from luminescent_cluster.contracts.engine import instances

pytest_plugins = ["pytester"]

GOOD = "@contract(Greeter)\ndef good(): return Good()\n\n"


def bad(method_body: str, head: str = "") -> str:
    """A binding of a greeter whose method does this."""
    return f"""
{head}
class Evil:
    def greet(self, name: str) -> str:
        {method_body}
        return "hello"

@contract(Greeter)
def evil(): return Evil()
"""


@pytest.mark.parametrize(
    ("body", "head", "text"),
    [
        ("os._exit(0)", "import os", "os._exit(0)"),
        ("_exit(0)", "from os import _exit", "os._exit(0)"),
        ("raise SystemExit(0)", "", "SystemExit"),
        ("import sys; sys.exit(0)", "", "SystemExit"),
        ("raise KeyboardInterrupt", "", "KeyboardInterrupt"),
        ("time.sleep = lambda s: None", "import time", "time.sleep"),
        ("threading.Lock = object", "import threading", "threading.Lock"),
        ("sys.settrace(lambda *a: None)", "import sys", "sys.settrace"),
    ],
)
def test_what_a_method_does_to_the_process_is_a_failure(project, body, head, text) -> None:
    """It is told, and the run goes on to its verdict."""
    project.module(GOOD + bad(body, head))
    outcome = project.spawn() if "_exit" in body else project.run()
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
    assert text in outcome.text
    assert "good (Greeter, test_it.py:17): CONFORMANT" in outcome.text


def test_a_method_that_hangs_is_a_failure(project) -> None:
    """The call's deadline ends it."""
    project.module(
        GOOD
        + bad("import time; time.sleep(30)").replace("Evil()\n", "Subject(Evil(), deadline=0.1)\n")
    )
    outcome = project.run()
    assert (outcome.code, outcome.verdict) == (1, "NON-CONFORMANT"), outcome
    assert "did not come back within 0.1 s" in outcome.text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("raise RuntimeError('no licence')", "raised RuntimeError: no licence"),
        ("raise SystemExit(0)", "raised SystemExit: 0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import os; os._exit(0)", "os._exit(0)"),
        ("return None", "returned None"),
        ("import time; time.sleep(30)", "did not come back within 0.2 s"),
        (
            "from luminescent_cluster.extensions import ExtensionRegistry\n"
            "    ExtensionRegistry.get().audit_logger = Good()\n"
            "    return Good()",
            "registers a Good as audit_logger but returns another object",
        ),
    ],
)
def test_a_factory_that_gives_nothing_to_check_is_no_success(
    project, monkeypatch: pytest.MonkeyPatch, body: str, text: str
) -> None:
    """Every clause is not run, with the reason."""
    monkeypatch.setattr(instances, "_MAKING", 0.2)
    project.module(GOOD + f"@contract(Greeter)\ndef evil():\n    {body}\n")
    outcome = project.run()
    assert outcome.code not in (0, 5), outcome
    assert outcome.verdict in ("INCOMPLETE", "NON-CONFORMANT"), outcome
    assert text in outcome.text
    assert "good (Greeter, test_it.py:17): CONFORMANT" in outcome.text


@pytest.mark.parametrize("tail", [False, True], ids=["the factory", "its teardown"])
def test_a_factory_that_hangs_is_waited_for_once(
    project, monkeypatch: pytest.MonkeyPatch, tail: bool
) -> None:
    """The other clauses name the first hang at once; another binding is not concerned."""
    monkeypatch.setattr(instances, "_MAKING", 0.2)
    hang = "open('tries', 'a').write('x'); time.sleep(30)"
    body = f"yield Good()\n    {hang}" if tail else f"{hang}\n    yield Good()"
    project.module(f"import time\n@contract(Greeter)\ndef evil():\n    {body}\n\n" + GOOD)
    outcome = project.run("-W", "ignore::ResourceWarning")
    assert outcome.verdict == "INCOMPLETE", outcome
    assert (project.path / "tries").read_text() == "x"
    assert "in an earlier clause" in outcome.text
    assert outcome.text.count("in evil") >= 5  # where it stood, in every clause
    assert "good (Greeter, test_it.py:23): CONFORMANT" in outcome.text


@pytest.mark.parametrize("swallowed", [False, True])
@pytest.mark.parametrize("phase", ["setup", "teardown"])
def test_a_fixture_that_would_end_the_process_is_no_success(project, phase, swallowed) -> None:
    """Extensions are often made in fixtures, outside any clause."""
    leave = "os._exit(0)"
    if swallowed:
        leave = "\n    try: os._exit(0)\n    except BaseException: pass"
    body = f"    {leave}\n    yield 1\n" if phase == "setup" else f"    yield 1\n    {leave}\n"
    project.module(
        GOOD
        + f"import os\n@pytest.fixture\ndef server():\n{body}\n"
        + "@contract(Greeter)\ndef evil(server): return Good()\n"
    )
    outcome = project.spawn()
    assert (outcome.code, outcome.verdict) == (1, "INCOMPLETE"), outcome
    assert "os._exit(0)" in outcome.text


def test_a_fixture_that_forks_may_leave_its_child(project) -> None:
    """Only this process must not end: a child may exit as it likes."""
    project.module("""
        import os

        @pytest.fixture
        def child():
            pid = os.fork()
            if pid == 0:
                os._exit(7)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

        @contract(Greeter)
        def good(child):
            assert child == 7
            return Good()
    """)
    outcome = project.spawn("-W", "ignore::DeprecationWarning")
    assert (outcome.code, outcome.verdict) == (0, "CONFORMANT"), outcome


def test_a_table_target_whose_module_exits_is_a_clear_error(project) -> None:
    """Importing it is guarded as well."""
    project.write("evil.py", "import os\nos._exit(0)\n")
    project.table('tenant_provider = "evil:Provider"\n')
    outcome = project.spawn("--contracts")
    assert outcome.code == 2, outcome
    assert "importing evil raises ExitAttempt: os._exit(0) was called" in outcome.text


def test_text_from_the_extension_cannot_paint_the_terminal(project) -> None:
    """Escape sequences in what it raises are shown, not obeyed."""
    project.module("@contract(Greeter)\ndef evil(): raise OSError('\\x1b[32mCONFORMANT\\x07')\n")
    outcome = project.run()
    assert "\x1b[32m" not in outcome.text
    assert "\\x1b[32mCONFORMANT\\x07" in outcome.text


@pytest.mark.thorough
def test_what_no_text_encoding_carries_reaches_the_controller(project) -> None:
    """A lone surrogate in a message does not lose the worker."""
    project.module(
        GOOD + "@contract(Greeter)\ndef evil(): raise OSError('\\ud800')\n",
    )
    outcome = project.spawn("-n", "2")
    assert (outcome.code, outcome.verdict) == (1, "INCOMPLETE"), outcome
    assert "6 passed" in outcome.text
