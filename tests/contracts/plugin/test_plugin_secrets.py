"""What an extension must not tell reaches no reader: not in our words, and not in pytest's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap

import pytest

pytest_plugins = ["pytester"]

SECRETS = ("hunter2-9f81c3aa", "sk_live_51Habcdefghij", "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl")
HOSTILE = r"""
    import logging, os, warnings

    PASSWORD = "".join(("hunter2", "-9f81c3aa"))
    API_KEY = "_".join(("sk", "live", "51Habcdefghij"))
    BEARER = ".".join(("eyJhbGciOiJIUzI1NiJ9", "e30", "c2lnbmF0dXJl"))

    def tell():
        print(f"password={PASSWORD} {{'api_key': '{API_KEY}'}}")
        print("::error file=x::forged\n##[error]forged \x1b[31mred\x07")
        os.write(2, f"Authorization: Bearer {BEARER}\n".encode())
        logging.getLogger("cloud").error("token: %s", BEARER)
        warnings.warn(f"secret={PASSWORD}")

    class Leaks:
        def greet(self, name: str) -> str:
            tell()
            raise SystemExit(f"db_password={PASSWORD!r} Authorization: Bearer {BEARER} \x1b[2J")

    @contract(Greeter)
    def leaks(): return Leaks()

    @contract(Greeter)
    def broken_factory():
        tell()
        raise OSError(f"{{'api_key': '{API_KEY}'}} \x1b[2J ::error::forged")

    @pytest.fixture
    def server():
        tell()
        headers = {"authorization": BEARER, "x-api-key": API_KEY}
        password = PASSWORD
        raise ConnectionError(f"cannot log in with {headers}, password={password}")

    @contract(Greeter)
    def broken_fixture(server): return Good()

    @pytest.fixture
    def closing():
        yield
        tell()
        raise OSError(f"token={API_KEY}")

    @contract(Greeter)
    def broken_teardown(closing): return Good()

    @contract(Greeter)
    def skips():
        pytest.skip(f"no server at https://ada:{PASSWORD}@example.org/")
"""


def leaked(text: str) -> list[str]:
    """Give what of it nobody may read."""
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="one process", marks=pytest.mark.thorough),
        pytest.param(["-n", "2"], id="distributed"),
    ],
)
def test_no_secret_and_no_control_reaches_a_reader(project, options: list[str]) -> None:
    """Terminal with locals, captured output, warnings, pytest's own JUnit file, every report."""
    if options:
        pytest.importorskip("xdist")
    project.module(HOSTILE)
    reports = ("html", "json", "md", "junit", "github", "badge", "text")
    asked = ",".join(f"{name}=out/{name}" for name in reports)
    outcome = project.spawn(
        *options,
        *("-rA", "-l", "-vv", "--junitxml=out/pytest.xml", "-o", "junit_logging=all"),
        f"--contracts-report={asked}",
    )
    assert outcome.verdict == "NON-CONFORMANT", outcome
    shown = {"terminal": outcome.text}
    shown |= {path.name: path.read_text("utf-8") for path in (project.path / "out").iterdir()}
    assert len(shown) == len(reports) + 2
    assert {name: leaked(text) for name, text in shown.items() if leaked(text)} == {}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", outcome.text.replace("\r", ""))
    assert not re.search(r"^\s*::|##\[", outcome.text, re.MULTILINE)
    assert "[redacted]" in shown["pytest.xml"]
    assert "cannot log in with" in outcome.text


def test_check_prints_no_secret_as_json(project) -> None:
    """What a program reads is stored somewhere as well."""
    project.module("import few_clauses\n" + textwrap.dedent(HOSTILE), "cloud.py")
    asked = ["check", "cloud:Greeter=cloud:leaks", "--profile", "smoke", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "luminescent_cluster.contracts", *asked],
        cwd=project.path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert json.loads(done.stdout)["verdict"] == "NON-CONFORMANT", done
    assert leaked(done.stdout) == []
