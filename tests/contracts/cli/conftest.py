"""The command line as a user meets it, in a project's folder."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from luminescent_cluster.contracts.cli import main

GREETERS = """
from typing import Protocol
from luminescent_cluster.contracts.suites import generic

generic.FAMILIES = ("signatures", "truth")  # enough to show what the command does with any

class Greeter(Protocol):
    def greet(self, name: str) -> str: ...

class Good:
    def greet(self, name: str) -> str:
        return "hello " + name

class Bad:
    def greet(self, who: str) -> str:
        return "hello " + who
"""

Command = Callable[..., Any]


@pytest.fixture(scope="session")
def hypothesis_storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One storage for all runs: Hypothesis computes its Unicode tables once per storage."""
    return tmp_path_factory.mktemp("hypothesis")


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def command(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hypothesis_storage: Path,
    capfd: pytest.CaptureFixture[str],
) -> Command:
    """Runs `luminescent-contracts` in a folder with a module `greeters`; files by keyword.

    The command itself runs in this process; what it checks never does.
    """
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(hypothesis_storage))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "greeters.py").write_text(GREETERS)

    def run(*args: str, **files: str) -> Done:
        for name, text in files.items():
            path = tmp_path / ("pyproject.toml" if name == "pyproject" else f"{name}.py")
            path.write_text(textwrap.dedent(text))
        try:
            code = main(args)
        except SystemExit as left:  # argparse
            code = int(left.code or 0)
        assert "greeters" not in sys.modules
        return Done(code, *capfd.readouterr())

    return run
