"""``snapshot``: write released versions of protocols down, or check that they still hold."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ._common import CommandError

__all__ = ["add_parser"]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "snapshot",
        help="write or check the released versions of protocols",
        description="Write the snapshot of each protocol's declared version, or with --check fail "
        "where a protocol changed without the right version. Without SOURCE: the protocols of "
        "this distribution.",
        epilog="A snapshot that is there is never overwritten: a released version does not change.",
    )
    parser.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="protocols, as `diff` takes them"
    )
    parser.add_argument(
        "--released", type=Path, metavar="DIR", help="folder of snapshots (default: ours)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if wrong")
    parser.add_argument(
        "--stdout", action="store_true", help="print the snapshots instead of writing them"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write or check."""
    from ..compat import SourceError, load
    from ..compat.rendering.plain import for_terminal
    from ..compat.snapshots import (
        check_snapshot,
        own_folder,
        own_protocols,
        snapshot_text,
        write_snapshot,
    )

    if args.sources and not (args.released or args.stdout):
        raise CommandError(
            "protocols of yours need a folder of yours\n  fix: add --released path/to/snapshots"
        )
    failed = False
    try:
        for source in args.sources or own_protocols():
            edition = load(source)
            if args.stdout:
                print(snapshot_text(edition), end="")
                continue
            if args.check:
                status = check_snapshot(edition, args.released)
            else:
                status = write_snapshot(edition, args.released or own_folder())
            failed = failed or not status.ok
            line = f"{status.protocol} {status.version}: {status.state}"
            print(for_terminal(line))
            if status.text:
                print(f"  {for_terminal(status.text)}")
            if not status.ok and status.comparison is not None and status.comparison.changes:
                from ..compat.rendering.comparisons import as_text

                print(as_text(status.comparison), end="")
    except SourceError as error:
        raise CommandError(str(error)) from error
    return 1 if failed else 0
