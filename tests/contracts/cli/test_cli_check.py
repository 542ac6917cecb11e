"""`check`: verdicts, exit codes, and processes that vanish."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from luminescent_cluster.contracts.cli import _supervise

GOOD = "greeters:Greeter=greeters:Good"
BAD = "greeters:Greeter=greeters:Bad"
SMOKE = ("--profile", "smoke")


def evil(body: str, head: str = "") -> str:
    """A module with a greeter whose method does this."""
    return (
        "from greeters import Greeter\n" + head + "\n\nclass Evil:\n"
        f"    def greet(self, name: str) -> str:\n        {body}\n        return 'hello'\n"
    )


def test_a_good_extension_succeeds(command) -> None:
    """Exit code 0, and the verdict as the last line."""
    done = command("check", GOOD, *SMOKE)
    assert done.returncode == 0, done
    assert done.stdout.splitlines()[-1].startswith("contracts: CONFORMANT (6 passed")


def test_a_bad_extension_is_a_finding(command) -> None:
    """Exit code 1, with the failure told before the verdict."""
    done = command("check", BAD, *SMOKE)
    assert done.returncode == 1, done
    assert "luminescent-contracts explain SIG-02" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("contracts: NON-CONFORMANT")


def test_json_carries_every_result(command) -> None:
    """And nothing else stands on standard output, whatever the extension prints."""
    done = command(
        "check",
        "greeters:Greeter=loud:Loud",
        *SMOKE,
        "--format",
        "json",
        "--seed",
        "7",
        loud="print('importing')\nfrom greeters import Good\n"
        "class Loud(Good):\n    def __init__(self): print('made')\n",
    )
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert (report["verdict"], report["ok"], report["seed"]) == ("CONFORMANT", True, 7)
    assert {r["clause_id"]: r["status"] for r in report["results"]}["SIG-02"] == "passed"
    assert {"message", "examples", "duration", "subject", "level"} <= set(report["results"][0])


def test_the_table_of_the_project_is_checked_without_arguments(command) -> None:
    """Found from the folder of the call."""
    done = command(
        "check",
        pyproject="""
        [tool.luminescent.contracts]
        "greeters:Greeter" = "greeters:Bad"
        profile = "smoke"
        seed = 3
        """,
    )
    assert done.returncode == 1
    assert "profile smoke, seed 3" in done.stdout


def test_waivers_of_the_table_count(command) -> None:
    """Also for what is named on the command line."""
    waiver = """
        [[tool.luminescent.contracts.waivers]]
        clause = "{}"
        reason = "known"
        owner = "team greet"
        expires = 2999-12-31
    """
    done = command(
        "check", BAD, *SMOKE, pyproject=waiver.format("SIG-02") + waiver.format("SIG-03")
    )
    assert done.returncode == 0, done
    assert "contracts: CONFORMANT WITH WAIVERS" in done.stdout


def test_a_stale_waiver_fails_a_conformant_extension(command) -> None:
    """It matches a clause that passes."""
    done = command(
        "check",
        GOOD,
        *SMOKE,
        pyproject="""
        [[tool.luminescent.contracts.waivers]]
        clause = "SIG-02"
        reason = "known"
        owner = "team greet"
        expires = 2999-12-31
        """,
    )
    assert done.returncode == 1
    assert "the clause passes now; delete the waiver" in done.stdout


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ("def make(): return Subject(Good(), fresh='clause')", "CONFORMANT ("),
        ("def make():\n    yield Good()", "CONFORMANT ("),
        ("async def make(): return Good()", "CONFORMANT ("),
        ("make = type('Namespace', (), {'inner': Good})\n", None),
    ],
)
def test_what_makes_an_extension_may_be_any_factory(command, made: str, text: str | None) -> None:
    """Functions, generators, coroutine functions, and attributes of attributes."""
    module = (
        f"from luminescent_cluster.contracts import Subject\nfrom greeters import Good\n{made}\n"
    )
    target = "made:make" if text else "made:make.inner"
    done = command("check", f"greeters:Greeter={target}", *SMOKE, made=module)
    assert done.returncode == 0, done


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("check",), "there is nothing to check"),
        (("check", "tenant_provder=cloud:Provider"), "did you mean tenant_provider?"),
        (("check", "cloud:Provider"), "names no slot; write slot=module:attribute"),
        (("check", "tenant_provider=cloud"), "name what makes the extension as module:attribute"),
        (("check", "tenant_provider=no_such:Thing"), "there is no module no_such"),
        (("check", "greeters:Greeter=greeters:Goot"), "greeters has no Goot; did you mean Good?"),
        (("check", "greeters:Greter=greeters:Good"), "did you mean Greeter?"),
        (("check", "greeters:Good=greeters:Good"), "is not a protocol"),
        (("check", "greeters:Greeter=greeters:GREETERS"), "greeters has no GREETERS"),
        (("check", "greeters:Greeter=greeters:__name__"), "which cannot be called"),
        (("check", BAD, GOOD), "is named twice"),
        (("check", BAD, "--profile", "fast"), "invalid choice"),
        (("no_such_command",), "invalid choice"),
        ((), "usage: luminescent-contracts"),
    ],
)
def test_wrong_usage_says_what_to_write(command, args: tuple[str, ...], text: str) -> None:
    """Exit code 2, and no traceback."""
    done = command(*args)
    assert done.returncode == 2, done
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_a_module_that_fails_to_import_is_named(command) -> None:
    """With what it raised."""
    done = command("check", "greeters:Greeter=broken:Thing", *SMOKE, broken="1 / 0\n")
    assert done.returncode == 2
    assert "importing broken raises ZeroDivisionError: division by zero" in done.stderr


@pytest.mark.parametrize(
    ("body", "head", "how"),
    [
        ("os.kill(os.getpid(), 9)", "import os", "was ended by SIGKILL"),
        ("os.abort()", "import os", "was ended by SIGABRT"),
        ("ctypes.CDLL(None)._exit(0)", "import ctypes", "ended with exit status 0"),
    ],
)
def test_a_process_that_vanishes_is_incomplete(command, body: str, head: str, how: str) -> None:
    """From C or by a signal, where no guard of Python's can help; with any exit status."""
    done = command("check", "greeters:Greeter=evil:Evil", *SMOKE, evil=evil(body, head))
    assert done.returncode == 1, done
    assert how in done.stdout
    assert done.stdout.splitlines()[-1].startswith("contracts: INCOMPLETE")
    assert "SIG-02     MUST   passed" in done.stdout


def test_a_process_that_vanishes_while_importing_is_incomplete(command) -> None:
    """There is not even a plan then."""
    done = command(
        "check",
        "greeters:Greeter=evil:Evil",
        *SMOKE,
        evil="import ctypes\nctypes.CDLL(None)._exit(0)\n",
    )
    assert done.returncode == 1, done
    assert "ended with exit status 0 while loading it" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("contracts: INCOMPLETE")


def test_a_process_that_ends_without_its_last_word_is_no_success(command, monkeypatch) -> None:
    """A thread may end it after the last result; that cannot be timed, so the word is cut off."""
    listen = _supervise.watch

    def interrupted(module, job, account) -> str:
        all_but_the_last = SimpleNamespace(
            take=lambda event: None if "done" in event else account.take(event)
        )
        return listen(module, job, all_but_the_last)

    monkeypatch.setattr(_supervise, "watch", interrupted)
    done = command("check", GOOD, *SMOKE)
    assert done.returncode == 1, done
    assert "after the last clause, without a word" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("contracts: INCOMPLETE")


def test_a_forked_copy_of_the_process_is_mute(command) -> None:
    """An extension that forks and never comes back gives no result twice."""
    done = command(
        "check",
        "greeters:Greeter=evil:Evil",
        *SMOKE,
        "--format",
        "json",
        evil=evil("if os.fork() == 0: return 3", "import os"),
    )
    report = json.loads(done.stdout)
    ids = [result["clause_id"] for result in report["results"]]
    assert len(ids) == len(set(ids)) == 6


def test_it_works_as_a_module_and_optimised(command, tmp_path: Path) -> None:
    """`python -O -m luminescent_cluster.contracts`; asserts are stripped there."""
    done = subprocess.run(
        [sys.executable, "-O", "-m", "luminescent_cluster.contracts", "check", BAD, *SMOKE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1, done
    assert "contracts: NON-CONFORMANT" in done.stdout


def test_a_should_weighs_in_a_strict_check(command) -> None:
    """`--strict`."""
    untyped = "class Untyped:\n    def greet(self, name): return 'hello'\n"
    target = "greeters:Greeter=untyped:Untyped"
    assert command("check", target, *SMOKE, untyped=untyped).returncode == 0
    assert command("check", target, *SMOKE, "--strict", untyped=untyped).returncode == 1
