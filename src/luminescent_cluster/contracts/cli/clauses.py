"""``clauses``: what conformance means, as a table or as data."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ._common import CommandError

if TYPE_CHECKING:
    from ..clauses import Clause

__all__ = ["add_parser", "clause_to_json"]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "clauses",
        help="list the clauses",
        description="List every clause, or those of one slot, protocol or family.",
    )
    parser.add_argument(
        "of",
        nargs="?",
        metavar="OF",
        help="a slot (tenant_provider), package.module:Protocol, or the beginning of an id "
        "(TP, TP-FLT)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List the clauses."""
    clauses = _wanted(args.of)
    if args.format == "json":
        import json

        print(json.dumps([clause_to_json(clause) for clause in clauses], indent=2))
        return 0
    for clause in clauses:
        probes = f"  [probes: {', '.join(clause.probes)}]" if clause.probes else ""
        print(f"{clause.id:<10} {clause.level.value:<6} {clause.since:<6} {clause.text}{probes}")
    print(f"{len(clauses)} clauses; `luminescent-contracts explain ID` says more")
    return 0


def clause_to_json(clause: Clause) -> dict[str, Any]:
    """Give a clause as JSON-able data."""
    return {
        "id": clause.id,
        "level": clause.level.value,
        "text": clause.text,
        "details": clause.details,
        "reason": clause.reason,
        "fix": clause.fix,
        "probes": list(clause.probes),
        "since": clause.since,
        "family": clause.family,
    }


def _wanted(of: str | None) -> list[Clause]:
    from luminescent_cluster.extensions.compatibility import slot_protocols

    from ..session.needs import missing_parts

    missing = missing_parts()
    if missing:
        raise CommandError(missing)
    from ..suites import catalogue, suite_for

    everything = catalogue()
    if of is None:
        return list(everything.values())
    by_name = {p.__name__: p for p in slot_protocols().values()} | slot_protocols()
    if of in by_name:
        return list(suite_for(by_name[of]).clauses.values())
    if ":" in of:
        from ..config import Target
        from ..session.loading import LoadError, load_protocol
        from ._common import import_from_here

        import_from_here()
        try:
            return list(suite_for(load_protocol(Target(of, of, "argument"))).clauses.values())
        except (LoadError, TypeError) as error:
            raise CommandError(str(error)) from error
    prefix = of.upper()
    found = [c for c in everything.values() if c.id == prefix or c.id.startswith(prefix + "-")]
    if not found:
        families = ", ".join(dict.fromkeys(clause.family for clause in everything.values()))
        slots = ", ".join(slot_protocols())
        raise CommandError(f"nothing is called {of}; there are the slots {slots}, and {families}")
    return found
