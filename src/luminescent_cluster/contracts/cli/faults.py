"""``faults``: put standard faults into working extensions, and show which clause notices which."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ._common import CommandError, import_from_here

if TYPE_CHECKING:
    from ..config import Target
    from ..faults import Matrix

__all__ = ["add_parser"]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "faults",
        help="put standard faults into an extension: would its probes let them through?",
        description="Wrap standard faults around a working extension, one at a time, and show "
        "which clause notices. Survivors are listed with the probe that would catch them. Without "
        "targets, the bindings of [tool.luminescent.contracts] in pyproject.toml are taken.",
        epilog="Exit codes: 0 every fault was noticed, 1 some survived, 2 wrong usage.",
    )
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="SLOT=MODULE:ATTR",
        help="a slot of the registry (or package.module:Protocol) and what makes the extension",
    )
    parser.add_argument(
        "--fault", action="append", metavar="NAME", help="only this fault; may be repeated"
    )
    parser.add_argument("--list", action="store_true", help="list the standard faults, and end")
    parser.add_argument(
        "--every-clause",
        action="store_true",
        help="try every clause on every fault, not only those that have to notice (slow)",
    )
    parser.add_argument("--profile", choices=("smoke", "ci", "thorough"), help="effort to spend")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of the generated examples")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check what the arguments name."""
    import json
    from pathlib import Path

    from ..config import ConfigError, Settings, find_pyproject, parse_target, read_settings
    from ..session.effort import choose_effort
    from ..session.needs import missing_parts

    missing = missing_parts()
    if missing:
        raise CommandError(missing)
    if args.list:
        return _list(args.format)
    import_from_here()
    path = find_pyproject(Path.cwd())
    try:
        settings = (read_settings(path) if path else None) or Settings()
        targets = [parse_target(text, "argument") for text in args.targets]
    except ConfigError as error:
        raise CommandError(str(error)) from error
    targets = targets or list(settings.targets)
    if not targets:
        raise CommandError(
            "there is no extension to put faults into; name one, for instance\n"
            "  luminescent-contracts faults usage_tracker=package.module:usage_subject"
        )
    effort = choose_effort(settings, profile=args.profile, seed=args.seed)
    matrices = [
        _matrix(target, args.fault, effort.profile.name, effort.seed, args.every_clause)
        for target in targets
    ]
    if args.format == "json":
        print(json.dumps([matrix.to_json() for matrix in matrices], indent=2))
    else:
        from ..faults.text import render

        print("\n\n".join(render(matrix) for matrix in matrices))
    return 1 if any(matrix.survivors for matrix in matrices) else 0


def _matrix(
    target: Target, names: list[str] | None, profile: str, seed: int, every_clause: bool
) -> Matrix:
    import logging
    import sys

    from ..faults import kill_matrix
    from ..session.loading import LoadError, load_factory, load_protocol

    # Faults make extensions complain; what nobody listens to would go to standard error.
    logging.getLogger().addHandler(logging.NullHandler())
    shows = sys.stderr.isatty()

    def progress(fate: Any) -> None:
        if shows:
            print(f"\r{target.name}: {fate.fault.name:<60}", end="", file=sys.stderr)

    try:
        protocol = load_protocol(target)
        matrix = kill_matrix(
            protocol,
            load_factory(target),
            faults=names,
            profile=profile,
            seed=seed,
            every_clause=every_clause,
            name=target.name,
            progress=progress,
        )
    except (LoadError, TypeError) as error:
        raise CommandError(str(error)) from error
    except KeyError as error:
        raise CommandError(str(error.args[0])) from error
    finally:
        if shows:
            print("\r" + " " * 78 + "\r", end="", file=sys.stderr)
    return matrix


def _list(form: str) -> int:
    import json

    from luminescent_cluster.extensions.compatibility import slot_protocols

    from ..faults import faults_for

    every = {}
    for protocol in slot_protocols().values():
        every.update({(f.protocol, f.name): f for f in faults_for(protocol).values()})
    if form == "json":
        rows = [
            {"fault": f.name, "protocol": f.protocol, "killers": f.killers, "text": f.text}
            for f in every.values()
        ]
        print(json.dumps(rows, indent=2))
        return 0
    heading = None
    for fault in every.values():
        if fault.protocol != heading:
            heading = fault.protocol
            print(f"\n{heading or 'any protocol'}")
        print(f"  {fault.name:<34} {', '.join(fault.killers)}\n      {fault.text}")
    return 0
