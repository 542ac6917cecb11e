"""``init``: from a repository with extensions to contract tests that run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._common import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._candidates import Candidate
    from ._project import Project

__all__ = ["add_parser"]

_TESTS = "contract_tests"
_MODULE = "test_contracts.py"
_GITLAB = ".gitlab-ci.yml"
_JOB = ".gitlab/contracts.yml"


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "init",
        help="write contract tests for a repository",
        description="Find classes that have every method of a protocol, and write contract_tests, "
        "the table of pyproject.toml and a CI workflow. What is there already is left alone, so "
        "that doing it again changes nothing. Nothing of the repository is imported.",
        epilog="Exit codes: 0 done, 1 no class was found, 2 wrong usage.",
    )
    parser.add_argument("folder", nargs="?", default=".", type=Path, help="the repository's root")
    parser.add_argument("--dry-run", action="store_true", help="say what would be written")
    parser.add_argument(
        "--ci",
        choices=("github", "gitlab", "none"),
        help="what runs the project's CI (default: gitlab where there is a .gitlab-ci.yml, "
        "else github)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Find, write, and say what was done."""
    from luminescent_cluster.extensions.compatibility import slot_protocols

    from ..session.needs import missing_parts
    from ._candidates import definitions, implementations
    from ._project import read_project

    missing = missing_parts()
    if missing:
        raise CommandError(missing)
    root: Path = args.folder.resolve()
    if not root.is_dir():
        raise CommandError(f"{args.folder} is no folder; name the repository's root")
    slots, own = implementations(definitions(root), slot_protocols())
    candidates = [*slots, *own]
    if not candidates:
        print(
            f"no class in {root} has every method of {', '.join(slot_protocols())} or of a "
            "protocol of its own; write the extension first, or bind it by hand with @contract"
        )
        return 1
    for candidate in candidates:
        definition = candidate.definition
        print(f"found {definition.module}:{definition.name} for {candidate.slot}")
    ci = args.ci or ("gitlab" if (root / _GITLAB).is_file() else "github")
    project = read_project(root, _TESTS)
    try:
        for path, told in _write(root, candidates, project, ci, dry=args.dry_run):
            print(f"{told:<10} {path.relative_to(root).as_posix()}")
    except OSError as error:
        raise CommandError(f"cannot be written: {error}") from error
    for text in [*_unbound(root, candidates), *_advice(root, project, ci)]:
        print(text)
    first = "python -m pip install -e . && " if (root / "src").is_dir() and project.install else ""
    print(f"next: {first}python -m pytest {_TESTS}")
    return 0


def _write(
    root: Path, candidates: list[Candidate], project: Project, ci: str, *, dry: bool
) -> list[tuple[Path, str]]:
    """Write what is not there; give each file and what became of it."""
    from ._scaffold import binding_names, module_text
    from ._workflows import github_text, gitlab_text

    tests = root / _TESTS
    has_tests = tests.is_dir() and any(tests.glob("*.py"))
    files: dict[Path, str] = {}
    if not has_tests:
        files[tests / "__init__.py"] = ""
        files[tests / _MODULE] = module_text(candidates, _subjects())
    if ci == "github":
        files[root / ".github" / "workflows" / "contracts.yml"] = github_text(project.install)
    if ci == "gitlab":
        files[root / _JOB] = gitlab_text(project.install)
        if not (root / _GITLAB).is_file() or dry:
            files[root / _GITLAB] = f"include:\n  - local: {_JOB}\n"
    told = [(tests, "kept")] if has_tests else []
    for path, content in files.items():
        told.append((path, _put(path, content, dry)))
    names = binding_names(candidates)
    slots: dict[str, str] = {}
    for candidate, name in zip(candidates, names, strict=True):
        module = f"{_TESTS}.{Path(_MODULE).stem}"
        slots.setdefault(candidate.slot, f"{module}:{name}")
    table = project.table and f"\n{project.table}"
    told.append((root / "pyproject.toml", _table(root, {} if has_tests else slots, table, dry)))
    return told


def _put(path: Path, content: str, dry: bool) -> str:
    if path.exists():
        return "kept"
    if not dry:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8", newline="\n")
    return "would write" if dry else "wrote"


def _table(root: Path, slots: Mapping[str, str], more: str, dry: bool) -> str:
    """Add the tables to ``pyproject.toml``, behind everything that is there."""
    from ..config import ConfigError, read_settings
    from ._scaffold import table_text

    path = root / "pyproject.toml"
    before = ""
    if path.exists():
        try:
            there = read_settings(path) is not None
        except ConfigError as error:
            raise CommandError(str(error)) from error
        if there:
            return "kept"
        before = path.read_text("utf-8")
    if not dry:
        between = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(between + table_text(slots) + more)
    return "would add to" if dry else "added to"


def _subjects() -> dict[str, tuple[str, Mapping[str, str]]]:
    """Give each slot's subject class and how its probes are given."""
    from luminescent_cluster.extensions.compatibility import slot_protocols

    from ..suites import suite_for

    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    for slot, protocol in slot_protocols().items():
        subject = suite_for(protocol).subject
        found[slot] = (subject.__name__, subject.probe_help)
    return found


def _advice(root: Path, project: Project, ci: str) -> list[str]:
    """Say what is left to do by hand."""
    told = [project.advice] if project.advice else []
    path = root / _GITLAB
    if ci == "gitlab" and path.is_file() and _JOB not in path.read_text("utf-8", "replace"):
        told.append(f"to do: add to {_GITLAB}\n  include:\n    - local: {_JOB}")
    return told


def _unbound(root: Path, candidates: list[Candidate]) -> list[str]:
    """Name classes that contract tests which were there before do not mention."""
    texts = "\n".join(
        path.read_text("utf-8", "replace") for path in sorted((root / _TESTS).rglob("*.py"))
    )
    if not texts:
        return []
    return [
        f"not bound yet: {c.definition.module}:{c.definition.name}; add a function with "
        f"@contract({c.protocol}) to {_TESTS}"
        for c in candidates
        if c.definition.name not in texts
    ]
