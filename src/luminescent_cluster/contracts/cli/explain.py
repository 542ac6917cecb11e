"""``explain``: one clause, why it is there, and how to meet it."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from ._common import CommandError

__all__ = ["add_parser"]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "explain",
        help="explain a clause",
        description="Say what a clause asks, why, and how to meet it.",
    )
    parser.add_argument("ids", nargs="+", metavar="ID", help="for instance TP-FLT-02")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explain the clauses."""
    from ..clauses import UnknownClauseError
    from ..session.needs import missing_parts
    from .clauses import clause_to_json

    missing = missing_parts()
    if missing:
        raise CommandError(missing)
    from ..suites import catalogue

    known = catalogue()
    try:
        clauses = [known[clause_id.upper()] for clause_id in args.ids]
    except UnknownClauseError as error:
        raise CommandError(str(error)) from error
    if args.format == "json":
        import json

        print(json.dumps([clause_to_json(clause) for clause in clauses], indent=2))
        return 0
    for number, clause in enumerate(clauses):
        if number:
            print()
        print(f"{clause.id}  {clause.level.value}  since {clause.since}")
        _paragraph("", clause.text + ".")
        if clause.details:
            print()
            print(textwrap.indent(clause.details, "  "))
        print()
        _paragraph("why: ", clause.reason)
        _paragraph("fix: ", clause.fix)
        if clause.probes:
            _probes(clause.id, clause.probes)
    return 0


def _probes(clause_id: str, probes: tuple[str, ...]) -> None:
    """Show how a subject gives what the clause needs, from the subject class that knows it."""
    from ..suites import protocol_suites

    helps: dict[str, str] = {}
    for module in protocol_suites():
        if clause_id in module.clauses:
            helps |= getattr(getattr(module, "SUBJECT", None), "probe_help", {})
    print(f"  needs: {', '.join(probes)}")
    for probe in probes:
        if probe in helps:
            print(textwrap.indent(helps[probe], "    "))


def _paragraph(label: str, text: str) -> None:
    indent = " " * (2 + len(label))
    print(textwrap.fill(f"  {label}{text}", 96, subsequent_indent=indent))
