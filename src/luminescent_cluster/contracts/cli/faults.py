"""``faults``: put standard faults into working extensions, and show which clause notices which."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._common import CommandError, import_from_here

if TYPE_CHECKING:
    from ..config import Target
    from ..faults import Fault

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
    seed = args.seed if args.seed is not None else settings.seed or 0  # a matrix repeats
    effort = choose_effort(settings, profile=args.profile, seed=seed)
    _refuse_unknown(args.fault)
    job = {
        "faults": args.fault,
        "several": len(targets) > 1,
        "profile": effort.profile.name,
        "seed": effort.seed,
        "every_clause": args.every_clause,
        "path": sys.path,
    }
    found = [_in_a_process(target, job) for target in targets]
    if args.format == "json":
        print(json.dumps([row for one in found for row in one.rows], indent=2))
    else:
        print("\n\n".join(one.text for one in found))
    return 1 if any(one.survivors for one in found) else 0


class _Account:
    """What the process said of one target.

    Attributes:
        rows: one for each fault, where it came to its end.
        text: the same for a terminal.
        survivors: how many faults nobody noticed.
        under_way: what it did last.
        error: why it could not do it.
    """

    def __init__(self, name: str) -> None:
        self.rows: list[dict[str, Any]] | None = None
        self.text = ""
        self.survivors = 0
        self.under_way = ""
        self.error = ""
        self._name = name
        self._shows = sys.stderr.isatty()

    def take(self, event: dict[str, Any]) -> None:
        if "error" in event:
            self.error = event["error"]
        elif "start" in event:
            self.under_way = event["start"]
            if self._shows:
                print(f"\r{self._name}: {self.under_way:<60}", end="", file=sys.stderr)
        elif "rows" in event:
            self.rows, self.text = event["rows"], event["text"]
            self.survivors = event["survivors"]

    def close(self) -> None:
        if self._shows:
            print("\r" + " " * 78 + "\r", end="", file=sys.stderr)


@dataclass(frozen=True)
class _Found:
    rows: list[dict[str, Any]]
    text: str
    survivors: int


def _in_a_process(target: Target, job: dict[str, Any]) -> _Found:
    """Make the matrix of one target in a process of its own.

    Raises:
        CommandError: there is none, or the process was lost: a faulty extension may end it.
    """
    from ._supervise import watch

    account = _Account(target.name)
    try:
        end = watch(
            f"{__package__}._faults_child",
            {**job, "target": [target.name, target.factory, target.place]},
            account,
        )
    finally:
        account.close()
    if account.error:
        raise CommandError(account.error)
    if account.rows is None:
        raise CommandError(
            f"{target.name}: the process that ran it {end}, last seen after: {account.under_way}; "
            "nothing is known about its faults. `--fault NAME` tries a single one"
        )
    return _Found(account.rows, account.text, account.survivors)


def _refuse_unknown(names: list[str] | None) -> None:
    """Refuse a fault that no protocol has; one that only this target lacks is its own affair.

    Raises:
        CommandError: with names that are near.
    """
    import difflib

    known = {fault.name for fault in _every_fault()}
    for name in names or ():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "`--list` shows them"
            raise CommandError(f"there is no standard fault {name!r}; {hint}")


def _every_fault() -> list[Fault]:
    from luminescent_cluster.extensions.compatibility import slot_protocols

    from ..faults import faults_for

    every = {}
    for protocol in slot_protocols().values():
        every.update({(f.protocol, f.name): f for f in faults_for(protocol).values()})
    return list(every.values())


def _list(form: str) -> int:
    every = _every_fault()
    if form == "json":
        rows = [
            {"fault": f.name, "protocol": f.protocol, "killers": f.killers, "text": f.text}
            for f in every
        ]
        print(json.dumps(rows, indent=2))
        return 0
    heading = None
    for fault in every:
        if fault.protocol != heading:
            heading = fault.protocol
            print(f"\n{heading or 'any protocol'}")
        print(f"  {fault.name:<34} {', '.join(fault.killers)}\n      {fault.text}")
    return 0
