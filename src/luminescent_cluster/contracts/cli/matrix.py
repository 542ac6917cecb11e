"""``matrix``: which released versions of its protocol an implementation satisfies."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._common import CommandError, import_from_here

if TYPE_CHECKING:
    from ..compat.matrix import Matrix

__all__ = ["add_parser"]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "matrix",
        help="put implementations under every released version",
        description="Say under which released versions of its protocol an implementation runs, "
        "and whether the range it declares is honest.",
        epilog="Exit codes: 0 honest, under-claimed or nothing declared; 1 over-claimed or "
        "contradictory, with --core: it does not run there; 2 wrong usage, with --core: that "
        "version was never released.",
    )
    parser.add_argument(
        "implementations",
        nargs="+",
        metavar="IMPL",
        help="module:Class (imported), or path/to/file.py:Class (read as text)",
    )
    parser.add_argument(
        "--protocol", metavar="NAME", help="the protocol, where nothing declares it"
    )
    parser.add_argument(
        "--released", type=Path, metavar="DIR", help="folder of snapshots (default: ours)"
    )
    parser.add_argument(
        "--declared", metavar="RANGE", help="judge this range instead of the declared one"
    )
    parser.add_argument(
        "--core", metavar="X.Y.Z", help="answer one question: does it run under this version"
    )
    parser.add_argument("--prereleases", action="store_true", help="let pre-releases decide, too")
    parser.add_argument("--strict-hints", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Judge every implementation and print what was found."""
    from ..compat import SourceError
    from ..compat.matrix import matrix
    from ..compat.rendering import matrices

    try:
        found = [
            matrix(
                _implementation(text),
                args.released,
                args.declared,
                protocol=args.protocol,
                prereleases=args.prereleases,
                strict_hints=args.strict_hints,
            )
            for text in args.implementations
        ]
        if args.core is not None:
            return max(_core(one, args.core) for one in found)
    except SourceError as error:
        raise CommandError(str(error)) from error
    render = {
        "text": matrices.as_text,
        "json": matrices.as_json,
        "markdown": matrices.as_markdown,
    }[args.format]
    print(render(found), end="")
    return 1 if any(m.claim in ("over-claimed", "contradictory") for m in found) else 0


def _implementation(text: str) -> object:
    """Import ``module:Class``; anything else is left to be read as text."""
    module, _, name = text.partition(":")
    if (
        not name
        or module.endswith(".py")
        or not all(part.isidentifier() for part in (*module.split("."), *name.split(".")))
    ):
        return text
    import importlib

    import_from_here()
    try:
        value: Any = importlib.import_module(module)
        for part in name.split("."):
            value = getattr(value, part)
    except Exception as error:  # importing foreign code may raise anything
        raise CommandError(
            f"{text}: it cannot be imported: {type(error).__name__}: {error}\n"
            "  fix: run this where the package is installed, or give path/to/file.py:Class to "
            "have it read as text"
        ) from error
    return value


def _core(found: Matrix, version: str) -> int:
    cell = found.cell(version)
    if cell is None:
        known = ", ".join(c.version for c in found.cells)
        raise CommandError(
            f"{found.protocol} {version} was never released\n  fix: name one of {known}"
        )
    if not cell.compatible:
        print(f"NO: {found.implementation} does not run under {found.protocol} {version}")
        for rejection in cell.rejections:
            print(f"  {rejection}")
        return 1
    if cell.admitted is False:
        print(
            f"NO: {found.implementation} would run under {found.protocol} {version}, but declares "
            f"{found.declared}"
        )
        return 1
    how = f", {', '.join(cell.defaults)} by default" if cell.defaults else ""
    print(f"yes: {found.implementation} runs under {found.protocol} {version}{how}")
    return 0
