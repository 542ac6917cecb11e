"""What ``init`` would do to a repository: worked out whole, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ._candidates import Candidate
from ._project import Project, is_installable, read_project
from ._scaffold import binding_names, module_text
from ._table import planned_table
from ._workflows import github_text, gitlab_text

__all__ = ["TESTS", "Plan", "Step", "planned"]

TESTS = "contract_tests"
"""The folder of contract tests."""

_MODULE = "test_contracts.py"
_GITLAB = ".gitlab-ci.yml"
_JOB = ".gitlab/contracts.yml"


@dataclass(frozen=True)
class Step:
    """One file.

    Attributes:
        path: where it is.
        content: what is written there, or None where it is kept.
        there: whether it exists.
    """

    path: Path
    content: str | None
    there: bool

    def told(self, *, dry: bool) -> str:
        """Say what becomes of it."""
        if self.content is None:
            return "kept"
        if self.there:
            return "would add to" if dry else "added to"
        return "would write" if dry else "wrote"


@dataclass(frozen=True)
class Plan:
    """Everything that ``init`` does.

    Attributes:
        steps: files, in the order in which they are told.
        advice: what is left to do by hand.
        command: what to run next.
    """

    steps: Sequence[Step]
    advice: Sequence[str] = field(default=())
    command: str = ""


def planned(
    root: Path,
    candidates: Sequence[Candidate],
    subjects: Mapping[str, tuple[str, Mapping[str, str]]],
    ci: str = "",
) -> Plan:
    """Work out what to write.

    Args:
        root: the repository.
        candidates: what to bind.
        subjects: see :func:`module_text`.
        ci: ``"github"``, ``"gitlab"``, ``"none"``, or empty for what the repository uses.

    Raises:
        CommandError: ``pyproject.toml`` cannot be read or extended.
    """
    ci = ci or ("gitlab" if (root / _GITLAB).is_file() else "github")
    project = read_project(root, TESTS)
    folders = _folders(root, candidates, project)
    install = " ".join([project.install, *(f"./{name}" for name in folders if name)]).strip()
    tests = root / TESTS
    has_tests = tests.is_dir() and any(tests.glob("*.py"))
    table = planned_table(root / "pyproject.toml", _slots(tests, candidates), project.table)
    files: dict[Path, str] = {}
    if not has_tests:
        files[tests / "__init__.py"] = ""
        files[tests / _MODULE] = module_text(candidates, subjects)
    if ci == "github":
        files[root / ".github" / "workflows" / "contracts.yml"] = github_text(install)
    if ci == "gitlab":
        files[root / _JOB] = gitlab_text(install)
        files[root / _GITLAB] = f"include:\n  - local: {_JOB}\n"
    steps = [Step(tests, None, True)] if has_tests else []
    for path, content in files.items():
        there = path.exists()
        if path != root / _GITLAB or not there:
            steps.append(Step(path, None if there else content, there))
    pyproject = root / "pyproject.toml"
    steps.append(Step(pyproject, table.text, pyproject.exists()))
    advice = [*_unbound(tests, candidates), project.advice, *_unreachable(candidates, folders)]
    advice += [table.advice and f"to do: {table.advice}", *_gitlab(root, ci)]
    first = "".join(f"-e {name or '.'} " for name in folders)
    command = f"{first and f'python -m pip install {first}&& '}python -m pytest {TESTS}"
    return Plan(steps, [text for text in advice if text], command)


def _slots(tests: Path, candidates: Sequence[Candidate]) -> dict[str, str]:
    """Give each slot the first function that binds it, in the module that is or will be there."""
    try:
        text = (tests / _MODULE).read_text("utf-8", "replace")
    except OSError:
        text = None
    if text is None and any(tests.glob("*.py")):
        return {}
    slots: dict[str, str] = {}
    for candidate, name in zip(candidates, binding_names(candidates), strict=True):
        if text is None or f"def {name}(" in text:
            slots.setdefault(candidate.slot, f"{TESTS}.{Path(_MODULE).stem}:{name}")
    return slots


def _folders(root: Path, candidates: Sequence[Candidate], project: Project) -> list[str]:
    """Give the projects that have to be installed before their modules can be imported."""
    wanted = {c.definition.source.project for c in candidates if c.definition.source.root}
    return [
        name
        for name in sorted(wanted)
        if (is_installable(root / name) if name else project.install.startswith("."))
    ]


def _unreachable(candidates: Sequence[Candidate], folders: Sequence[str]) -> Iterator[str]:
    """Name folders that nothing puts on the import path."""
    lost = {
        c.definition.source.root
        for c in candidates
        if c.definition.source.root and c.definition.source.project not in folders
    }
    for folder in sorted(lost):
        yield (
            f'to do: nothing installs {folder}; add pythonpath = ["{folder}"] to pytest\'s settings'
        )


def _unbound(tests: Path, candidates: Sequence[Candidate]) -> Iterator[str]:
    """Name classes that contract tests which were there before do not mention."""
    texts = "\n".join(path.read_text("utf-8", "replace") for path in sorted(tests.rglob("*.py")))
    for candidate in candidates:
        definition = candidate.definition
        if texts and definition.name not in texts:
            yield (
                f"not bound yet: {definition.module}:{definition.name}; add a function with "
                f"@contract({candidate.protocol}) to {TESTS}"
            )


def _gitlab(root: Path, ci: str) -> Iterator[str]:
    path = root / _GITLAB
    if ci == "gitlab" and path.is_file() and _JOB not in path.read_text("utf-8", "replace"):
        yield f"to do: add to {_GITLAB}\n  include:\n    - local: {_JOB}"
