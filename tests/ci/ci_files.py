"""Run the commands of CI files as the runners do."""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from ci.ci_fresh import ROOT, Fresh

FEW_CLAUSES = Path(__file__).with_name("few_clauses")
"""A folder that holds every run to a few quick clauses: files are tested here, not suites."""
GOOD = '''
"""An extension of the sample cloud."""


class Greeting:
    """Satisfies the sample's protocol."""

    def greet(self, name: str) -> str:
        return f"hello {name}"
'''
PROTOCOL = '''
"""A protocol of the sample cloud."""
from typing import Protocol


class Greeter(Protocol):
    def greet(self, name: str) -> str: ...
'''
TABLE = """
[project]
name = "sample-cloud"
version = "1.0"

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[tool.luminescent.contracts]
"sample.protocols:Greeter" = "sample.greeting:Greeting"
profile = "smoke"
"""
BACKEND = '''
"""Builds the sample where there is no index to fetch a build backend from."""
import pathlib
import zipfile

INFO = "sample_cloud-1.0.dist-info"


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "sample_cloud-1.0-py3-none-any.whl"
    about = {
        "METADATA": "Metadata-Version: 2.1\\nName: sample-cloud\\nVersion: 1.0\\n",
        "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for path in pathlib.Path("sample").glob("*.py"):
            wheel.write(path)
        for part, text in about.items():
            wheel.writestr(f"{INFO}/{part}", text)
    return name
'''
CONTRACT_TEST = """
from luminescent_cluster.contracts import contract
from sample.greeting import Greeting
from sample.protocols import Greeter


@contract(Greeter)
def greeting():
    return Greeting()
"""


def sample(folder: Path, *, broken: bool = False, untyped: bool = False) -> Path:
    """Write a small cloud repository.

    Args:
        folder: where.
        broken: whether its extension renames a parameter, and prints what wants to be a command.
        untyped: whether it has no annotations, which a SHOULD asks for.
    """
    package = folder / "sample"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", "utf-8")
    (package / "protocols.py").write_text(PROTOCOL, "utf-8")
    text = GOOD
    if broken:
        text = text.replace("name", "who") + '\n\nprint("::error::forged by an extension")\n'
    if untyped:
        text = text.replace(": str) -> str", ")")
    (package / "greeting.py").write_text(text, "utf-8")
    (folder / "backend.py").write_text(BACKEND, "utf-8")
    (folder / "contract_tests").mkdir()
    (folder / "contract_tests" / "test_greeting.py").write_text(CONTRACT_TEST, "utf-8")
    (folder / "pyproject.toml").write_text(TABLE, "utf-8")
    return folder


def load(name: str) -> Any:
    """Read a YAML file of this repository."""
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


@functools.cache
def hypothesis_storage() -> str:
    """Give a folder for all runs of this process, with the Unicode tables that take seconds."""
    folder = Path(tempfile.mkdtemp(prefix="hypothesis-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = ROOT / ".hypothesis" / "unicode_data"
    if made.is_dir():
        shutil.copytree(made, folder / "unicode_data")
    return str(folder)


def shell(
    command: str,
    folder: Path,
    *,
    python: str | Path = sys.executable,
    all_clauses: bool = False,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command as a runner's bash does.

    Args:
        command: a line, or a script.
        folder: where it runs.
        python: what is ``python`` in it; our own interpreter where omitted.
        all_clauses: whether checks are to make every clause, rather than a few quick ones.
        variables: what is added to the environment.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "GITHUB"))}
    environment.pop("PYTHONPATH", None)
    environment["HYPOTHESIS_STORAGE_DIRECTORY"] = hypothesis_storage()
    if not all_clauses and " -m pip " not in command:
        environment["PYTHONPATH"] = str(FEW_CLAUSES)
    environment["PATH"] = os.pathsep.join([str(Path(python).parent), environment["PATH"]])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # one log, in the order of time
        text=True,
        check=False,
    )


class Action:
    """The composite action, step by step, with what a workflow gives it.

    Args:
        workspace: the workflow's checkout.
        environment: where the project is to be installed; our own environment where omitted.
        given: inputs; the others have their defaults.
    """

    def __init__(self, workspace: Path, environment: Fresh | None = None, **given: str) -> None:
        self.python = environment.python if environment else Path(sys.executable)
        self.variables = environment.variables if environment else {}
        self.data = load("action.yml")
        inputs = {name: about["default"] for name, about in self.data["inputs"].items()}
        unknown = set(given) - set(inputs)
        assert not unknown, unknown
        self.inputs = inputs | given
        self.workspace = workspace
        self.summary = workspace / "summary.md"
        self.summary.write_text("before\n", "utf-8")
        self.outputs: dict[str, dict[str, str]] = {}
        self.log = ""

    def run(self) -> int:
        """Run the steps as GitHub does: each in a shell of its own, until one fails."""
        for step in self.data["runs"]["steps"]:
            condition = step.get("if", "true")
            if condition == "inputs.install != ''" and not self.inputs["install"]:
                continue
            code = self._step(step)
            if code:
                return code
        return 0

    def _step(self, step: dict[str, Any]) -> int:
        output = self.workspace / "output.txt"
        output.write_text("", "utf-8")
        variables = {name: self._filled(value) for name, value in step.get("env", {}).items()}
        folder = self.workspace / self._filled(step.get("working-directory", "."))
        done = shell(
            step["run"],
            folder,
            python=self.python,
            **self.variables,
            **variables,
            GITHUB_OUTPUT=str(output),
            GITHUB_STEP_SUMMARY=str(self.summary),
            GITHUB_ACTIONS="true",
        )
        self.log += done.stdout
        lines = (line.partition("=") for line in output.read_text("utf-8").splitlines())
        self.outputs[step.get("id", "")] = {name: value for name, _, value in lines}
        return done.returncode

    def _filled(self, text: str) -> str:
        def value(match: re.Match[str]) -> str:
            parts = match[1].split(".")
            if parts[0] == "inputs":
                return self.inputs[parts[1]]
            return self.outputs[parts[1]][parts[3]]

        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", value, text)

    def output(self, name: str) -> str:
        """Give an output of the action."""
        return self._filled(self.data["outputs"][name]["value"])

    def commands(self) -> list[str]:
        """Give the workflow commands that GitHub would obey."""
        stopped, obeyed = "", []
        for line in map(str.strip, self.log.splitlines()):
            if stopped:
                stopped = "" if line == f"::{stopped}::" else stopped
            elif line.startswith("::stop-commands::"):
                stopped = line.removeprefix("::stop-commands::")
            elif line.startswith("::"):
                obeyed.append(line)
        return obeyed
