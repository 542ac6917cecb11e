"""``race``: explore the thread schedules of any class, without a protocol and without a model."""

from __future__ import annotations

import argparse
from typing import Any

from ._common import CommandError, import_from_here

__all__ = ["add_parser"]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "race",
        help="find races in any class",
        description="Explore the thread schedules of a class: every pair of its public methods, "
        "all schedules with few preemptions first. The class itself, run one call after another, "
        "says what is right.",
        epilog="Exit codes: 0 nothing found, 1 a race (or nothing could be judged), 2 wrong usage.",
    )
    parser.add_argument(
        "target", metavar="MODULE:CLASS", help="a class without required arguments, or a factory"
    )
    parser.add_argument(
        "--protocol",
        metavar="MODULE:PROTOCOL",
        help="the methods to call, and their arguments; the class's own where omitted",
    )
    parser.add_argument("--profile", choices=("smoke", "ci", "thorough"), default="ci")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--replay", metavar="TOKEN", default="", help="run one schedule again")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explore what the arguments name."""
    from ..clauses import Status
    from ..engine.execute import execute
    from ..engine.profile import profile_named
    from ..session.loading import LoadError, load
    from ..suites.generic.threads import clauses

    import_from_here()
    try:
        factory = load(args.target, "argument")
        protocol = load(args.protocol, "--protocol") if args.protocol else factory
    except LoadError as error:
        raise CommandError(str(error)) from error
    if not isinstance(protocol, type):
        raise CommandError(
            f"{args.target} is a {type(protocol).__name__}, whose methods are not known; name a "
            "class, or say with --protocol what to call"
        )
    results = [
        execute(
            clause,
            protocol,
            factory,
            profile=profile_named(args.profile),
            seed=args.seed,
            name=args.target,
            replay=args.replay,
        )
        for clause in clauses.values()
        if clause.explores
    ]
    if args.format == "json":
        import json

        print(json.dumps([result.to_json() for result in results], indent=2, sort_keys=True))
    else:
        for result in results:
            print(_text(result))
    return 0 if all(result.status is Status.PASSED for result in results) else 1


def _text(result: Any) -> str:
    from ..reports.escape import visible

    lines = [result.message or f"{result.clause_id}: nothing found", *result.notes]
    return "\n".join(visible(line) for text in lines for line in text.splitlines())
