"""``report``: render reports again, several runs in one matrix, against an earlier one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._common import CommandError, uses_colour

if TYPE_CHECKING:
    from ..reports.document import Document

__all__ = ["add_parser"]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "report",
        help="render reports again, merged and compared",
        description="Read JSON reports (of pytest --contracts-report or check --report), put their "
        "runs into one matrix, and render it. Output of matrix --format json and faults --format "
        "json may be among the files.",
        epilog="Exit codes: 0 every run was a success, 1 one was not, 2 wrong usage. Comparing "
        "changes nothing about that.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a JSON report; - reads the input")
    parser.add_argument(
        "--format",
        choices=("text", "html", "json", "md", "junit", "github", "intoto", "badge"),
        help="print in this format (default: text, or nothing where --output is given)",
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FORMAT=PATH[,…]",
        help="write into files, for instance html=report.html,md=report.md (repeatable)",
    )
    parser.add_argument("--compare", metavar="OLD", help="show what changed against this report")
    parser.add_argument(
        "--artifact",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="what was tested, for --format intoto (repeatable)",
    )
    parser.add_argument(
        "--prefix",
        default="",
        metavar="FOLDER",
        help="the project's folder in the repository, for --format github",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Merge, compare, render."""
    from ..reports import github, intoto, text
    from ..reports.compare import compare
    from ..reports.formats import FORMATS, FormatError, parse_requests, write

    try:
        requests = parse_requests(args.output)
    except FormatError as error:
        raise CommandError(str(error)) from error
    document = _merged(args.files)
    if args.compare is not None:
        document = compare(_merged([args.compare]), document)
    artifacts = {path.name: {"sha256": _digest(path)} for path in args.artifact}
    chosen = args.format or ("" if requests else "text")
    try:
        if chosen == "text":
            import shutil

            width = shutil.get_terminal_size((100, 24)).columns
            shown = text.render(document, colour=uses_colour(sys.stdout), width=width)
        elif chosen == "github":
            shown = github.render(document, args.prefix)
        elif chosen == "intoto":
            shown = intoto.render(document, artifacts)
        else:
            shown = FORMATS[chosen](document) if chosen else ""
        write(document, requests, artifacts)
    except (FormatError, intoto.NoArtifactError) as error:
        raise CommandError(str(error)) from error
    sys.stdout.write(shown)
    return 0 if document.ok else 1


def _merged(files: list[str]) -> Document:
    """Read files into one document.

    Raises:
        CommandError: one cannot be read or is named twice, or none is a report.
    """
    from ..reports.attachments import attach, is_attachment
    from ..reports.jsonfile import ReportFileError, loads
    from ..reports.merge import merge

    documents, attached = [], []
    for name in files:
        if files.count(name) > 1:
            raise CommandError(f"{name} is named twice: its runs would be counted twice")
        try:
            content = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
            if is_attachment(content):
                attached.append((name, content))
            else:
                documents.append((Path(name).stem, loads(content, name)))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{name}: cannot be read: {error}") from error
        except ReportFileError as error:
            raise CommandError(str(error)) from error
    if not documents:
        raise CommandError("there is no report among these files, only what belongs to one")
    document = merge(documents)
    for _, content in attached:
        document = attach(document, content)
    return document


def _digest(path: Path) -> str:
    import hashlib

    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise CommandError(f"--artifact {path}: cannot be read: {error}") from error
