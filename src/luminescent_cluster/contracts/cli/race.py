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
        help="the methods to call, and their arguments: a protocol, or a slot such as "
        "usage_tracker; where omitted the slot that the class fits, else the class's own",
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

    import_from_here()
    factory, protocol = _target(args)
    clauses, subject = _asked(protocol)
    results = [
        execute(
            clause,
            protocol,
            factory,
            profile=profile_named(args.profile),
            seed=args.seed,
            name=args.target,
            subject_class=subject,
            replay=args.replay,
        )
        for clause in clauses
        if clause.explores
    ]
    if args.format == "json":
        import json

        print(json.dumps([result.to_json() for result in results], indent=2, sort_keys=True))
    else:
        for result in results:
            print(_text(result))
    statuses = {result.status for result in results}
    return 0 if Status.PASSED in statuses <= {Status.PASSED, Status.UNVERIFIED} else 1


def _target(args: argparse.Namespace) -> tuple[Any, type]:
    """Give what makes the object, and the class whose methods are called.

    Raises:
        CommandError: one of them cannot be had.
    """
    from ..config import Target
    from ..session.loading import LoadError, load, load_protocol

    try:
        factory = load(args.target, "argument")
        if args.protocol:
            return factory, load_protocol(Target(args.protocol, args.target, "--protocol"))
    except LoadError as error:
        raise CommandError(str(error)) from error
    if not isinstance(factory, type):
        raise CommandError(
            f"{args.target} is a {type(factory).__name__}, whose methods are not known; name a "
            "class, or say with --protocol what to call"
        )
    return factory, _slot_of(factory) or factory


def _slot_of(implementation: type) -> type | None:
    """Give the protocol of core that a class fits: what it is called with is known better then."""
    from luminescent_cluster.extensions.compatibility import slot_protocols

    from ..shapes import accepts

    for protocol in slot_protocols().values():
        rejections = accepts(implementation, protocol).rejections
        if all(rejection.clause_id == "SIG-05" for rejection in rejections):
            return protocol
    return None


def _asked(protocol: type) -> tuple[Any, Any]:
    """Give the clauses of a protocol, or of a class that is none, and their subject class."""
    from ..subjects import Subject
    from ..suites import suite_for
    from ..suites.generic.threads import clauses

    try:
        suite = suite_for(protocol)
    except TypeError:  # no protocol: any class will do
        return clauses.values(), Subject
    return suite.clauses.values(), suite.subject


def _text(result: Any) -> str:
    from ..reports.escape import visible

    lines = [result.message or f"{result.clause_id}: nothing found", *result.notes]
    return "\n".join(visible(line) for text in lines for line in text.splitlines())
