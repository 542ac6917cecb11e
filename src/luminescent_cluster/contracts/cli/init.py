"""``init``: from a repository with extensions to contract tests that run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._common import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["add_parser"]


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
    from ._plan import planned

    missing = missing_parts()
    if missing:
        raise CommandError(missing)
    root: Path = args.folder.resolve()
    if not root.is_dir():
        raise CommandError(f"{args.folder} is no folder; name the repository's root")
    unread: list[str] = []
    slots, own = implementations(definitions(root, unread), slot_protocols())
    candidates = [*slots, *own]
    for text in unread:
        print(f"not read: {text}")
    if not candidates:
        print(
            f"no class in {root} has every method of {', '.join(slot_protocols())} or of a "
            "protocol of its own; write the extension first, or bind it by hand with @contract"
        )
        return 1
    for candidate in candidates:
        definition = candidate.definition
        print(f"found {definition.module}:{definition.name} for {candidate.slot}")
    plan = planned(root, candidates, _subjects(), args.ci or "")
    for step in plan.steps:
        if step.content is not None and not args.dry_run:
            _write(step.path, step.content)
        told = step.told(dry=args.dry_run)
        print(f"{told:<10} {step.path.relative_to(root).as_posix()}")
    for text in plan.advice:
        print(text)
    print(f"next: {plan.command}")
    return 0


def _write(path: Path, content: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8"))
    except OSError as error:
        raise CommandError(f"cannot be written: {error}") from error


def _subjects() -> dict[str, tuple[str, Mapping[str, str]]]:
    """Give each slot's subject class and how its probes are given."""
    from luminescent_cluster.extensions.compatibility import slot_protocols

    from ..suites import suite_for

    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    for slot, protocol in slot_protocols().items():
        subject = suite_for(protocol).subject
        found[slot] = (subject.__name__, subject.probe_help)
    return found
