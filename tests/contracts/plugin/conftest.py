"""Whole pytest runs on small projects, inside this process where nothing in them can end it."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from pathlib import Path

import pytest

# Loaded here, because a run inside this process forgets the modules that it loads.
import luminescent_cluster.contracts.engine.execute
import luminescent_cluster.contracts.reports.terminal
import luminescent_cluster.contracts.session.desk
import luminescent_cluster.contracts.session.exits  # noqa: F401
from luminescent_cluster.contracts import suites
from luminescent_cluster.contracts.suites import generic

FAMILIES = ("signatures", "truth")
"""Enough clauses to show what the plugin does with any; the suites have tests of their own."""

HEAD = """
import pytest
from typing import Protocol
from luminescent_cluster.contracts import Subject, contract

class Greeter(Protocol):
    def greet(self, name: str) -> str: ...

class Good:
    def greet(self, name: str) -> str:
        return "hello " + name

class Bad:
    def greet(self, who: str) -> str:
        return "hello " + who

"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless asked for."""
    if os.environ.get("LUMINESCENT_THOROUGH"):
        return
    for item in items:
        if item.get_closest_marker("thorough") and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skip(reason="takes long; set LUMINESCENT_THOROUGH=1"))


class Project:
    """A project with test modules that bind good and bad greeters."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path: Path = pytester.path
        pytester.makepyfile(
            few_clauses="from luminescent_cluster.contracts.suites import generic\n"
            f"generic.FAMILIES = {FAMILIES!r}\n"
        )
        self.write("pytest.ini", "[pytest]\n")

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    def module(self, text: str, name: str = "test_it.py") -> Path:
        """Write a test module that starts with the protocol, a good greeter and a bad one."""
        return self.write(name, HEAD + textwrap.dedent(text))

    def table(self, text: str) -> Path:
        """Write the project's table."""
        head = "[tool.luminescent.contracts]\n"
        return self.write("pyproject.toml", head + textwrap.dedent(text))

    def run(self, *args: str) -> Outcome:
        """Run pytest in this process."""
        args = ("-p", "no:randomly", "--contracts-profile=smoke", "--contracts-seed=1", *args)
        return Outcome(self.pytester.runpytest_inprocess(*args))

    def spawn(self, *args: str, flags: tuple[str, ...] = ()) -> Outcome:
        """Run pytest in a process of its own."""
        options = ("--contracts-profile=smoke", "--contracts-seed=1", "-p", "few_clauses")
        return Outcome(self.pytester.run(sys.executable, *flags, "-m", "pytest", *options, *args))


class Outcome:
    """How a run ended."""

    def __init__(self, result: pytest.RunResult) -> None:
        self.code = int(result.ret)
        self.text = "\n".join([*result.outlines, *result.errlines])
        try:
            self.counts = result.parseoutcomes()
        except ValueError:  # pytest was told to be quiet, or has no terminal
            self.counts = {}
        found = re.findall(r"^contracts: ([A-Z][A-Z -]*[A-Z])", self.text, re.MULTILINE)
        self.verdict = found[-1] if found else None

    def __repr__(self) -> str:
        return f"exit {self.code}, {self.verdict}\n{self.text}"


@pytest.fixture(scope="session")
def hypothesis_storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One storage for all runs: Hypothesis computes its Unicode tables once per storage."""
    from hypothesis.internal.charmap import charmap

    charmap()
    return tmp_path_factory.mktemp("hypothesis")


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, hypothesis_storage: Path):
    """A project whose bindings are held to a few clauses."""
    monkeypatch.setattr(generic, "FAMILIES", FAMILIES)
    monkeypatch.delenv("CI", raising=False)
    for name in ("PYTEST_ADDOPTS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(hypothesis_storage))
    suites._generic.cache_clear()
    suites.catalogue()
    yield Project(pytester)
    suites._generic.cache_clear()
