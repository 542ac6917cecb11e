"""``diff``: what changed between two versions of a protocol, and who breaks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ._common import CommandError

__all__ = ["add_parser"]

_SOURCES = """\
A version is one of
  path/to/file.py:Class           read as text, never imported
  REV:path/to/file.py:Class       at a git revision
  package.module:Class            found on sys.path, read as text
  dist.whl:package/module.py:Class, or an sdist
  snapshot.json
  AuditLogger@1.0.0               a released version
"""


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "diff",
        help="compare two versions of a protocol",
        description="Say what changed between two versions of a protocol, who breaks, with a "
        "call that shows it, and which bump the change needs.",
        epilog=_SOURCES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", help="the older version")
    parser.add_argument("new", help="the newer version")
    parser.add_argument("--format", choices=("text", "json", "markdown", "github"), default="text")
    parser.add_argument(
        "--bump-only", action="store_true", help="print MAJOR, MINOR, PATCH or none"
    )
    parser.add_argument(
        "--exit-code",
        action="store_true",
        help="exit with 1 when the new version declares too low a version, or, where it declares "
        "none, when somebody breaks",
    )
    parser.add_argument(
        "--strict-hints",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="count as a break what only a type checker rejects (default: yes)",
    )
    parser.add_argument(
        "--released", type=Path, metavar="DIR", help="folder of snapshots for Name@version"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compare, print, and say in the exit code what --exit-code asks for."""
    from ..compat import SourceError, compare
    from ..compat.rendering import comparisons

    try:
        found = compare(args.old, args.new, strict_hints=args.strict_hints, released=args.released)
    except SourceError as error:
        raise CommandError(str(error)) from error
    if args.bump_only:
        print(found.bump or "none")
    else:
        render = {
            "text": comparisons.as_text,
            "json": comparisons.as_json,
            "markdown": comparisons.as_markdown,
            "github": comparisons.as_github,
        }[args.format]
        print(render(found), end="")
    if not args.exit_code:
        return 0
    if found.version_ok is not None:
        return 0 if found.version_ok else 1
    return 1 if found.bump == "MAJOR" else 0
