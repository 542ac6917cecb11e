"""The command line: one module per command, found by being in this package.

A command module has ``add_parser(subparsers)``, which registers an ``argparse`` sub-command with
``set_defaults(run=function)``; ``function(args)`` gives the exit code: 0 for a success, 1 for a
finding, 2 for wrong usage (or raises :class:`CommandError`). It imports what is heavy inside.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

from ._common import CommandError

__all__ = ["CommandError", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: its arguments; those of the process where omitted.

    Returns:
        The exit code.
    """
    parser = _parser()
    args = parser.parse_args(argv)
    if not hasattr(args, "run"):
        parser.print_help(sys.stderr)
        return 2
    for stream in (sys.stdout, sys.stderr):  # a narrow encoding must not lose the verdict
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code: int = args.run(args)
    except CommandError as error:
        print(f"luminescent-contracts {args.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except KeyboardInterrupt:
        print("luminescent-contracts: interrupted, INCOMPLETE", file=sys.stderr)
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="luminescent-contracts",
        description="Check extensions against the contracts of their protocols.",
        epilog="Exit codes: 0 success, 1 a finding (not conformant, incomplete), 2 wrong usage.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for info in pkgutil.iter_modules(__path__):
        if not info.name.startswith("_"):
            importlib.import_module(f"{__name__}.{info.name}").add_parser(subparsers)
    return parser
