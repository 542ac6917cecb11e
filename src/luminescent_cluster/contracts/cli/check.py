"""``check``: the verdict on extensions, without test code and without pytest.

Each extension is checked in a process of its own, so that one which ends its process, from Python
or from C, is found out rather than believed.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ._common import CommandError, import_from_here, uses_colour

if TYPE_CHECKING:
    from pathlib import Path

    from ..clauses import Report
    from ..config import Settings, Target

__all__ = ["add_parser"]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "check",
        help="check extensions and give the verdict",
        description="Check extensions and give the verdict. Without targets, the bindings of "
        "[tool.luminescent.contracts] in pyproject.toml are checked. Its waivers always count.",
        epilog="Exit codes: 0 CONFORMANT (WITH WAIVERS), 1 NON-CONFORMANT or INCOMPLETE, 2 wrong "
        "usage.",
    )
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="SLOT=MODULE:ATTR",
        help="a slot of the registry (or package.module:Protocol) and what makes the extension: "
        "a class, or a function that returns an extension or a Subject",
    )
    parser.add_argument("--profile", choices=("smoke", "ci", "thorough"), help="effort to spend")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of the generated examples")
    parser.add_argument("--strict", action="store_true", help="let a SHOULD weigh as a MUST")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT=PATH[,…]",
        help="also write reports: html, json, md, junit, github, intoto, badge, text (repeatable)",
    )
    parser.add_argument(
        "--report-times", action="store_true", help="let reports say when and how long it ran"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check what the arguments name."""
    from pathlib import Path

    from ..config import ConfigError, Settings, find_pyproject, parse_target, read_settings
    from ..session.needs import missing_parts

    missing = missing_parts()
    if missing:
        raise CommandError(missing)
    import_from_here()
    path = find_pyproject(Path.cwd())
    try:
        settings = (read_settings(path) if path else None) or Settings()
        targets = [parse_target(text, "argument") for text in args.targets]
    except ConfigError as error:
        raise CommandError(str(error)) from error
    doubled = {t.name for t in targets if [u.name for u in targets].count(t.name) > 1}
    if doubled:
        raise CommandError(f"{', '.join(sorted(doubled))} is named twice; check one at a time")
    if not targets:
        targets = list(settings.targets)
    if not targets:
        raise CommandError(
            f"there is nothing to check: {path or 'no pyproject.toml here'} binds nothing. Name "
            "an extension, for instance\n"
            "  luminescent-contracts check tenant_provider=package.module:Class\n"
            "or write into pyproject.toml\n"
            '  [tool.luminescent.contracts]\n  tenant_provider = "package.module:Class"'
        )
    return _check(targets, settings, path, args)


def _check(
    targets: list[Target], settings: Settings, path: Path | None, args: argparse.Namespace
) -> int:
    import datetime
    import json
    import os
    import shutil
    import sys

    from ..reports.filing import file_report
    from ..reports.formats import FormatError, parse_requests
    from ..reports.redact import redact_report
    from ..reports.terminal import render
    from ..session import Ledger
    from ..session.effort import choose_effort
    from ..session.progress import Progress, is_wanted
    from ..suites import catalogue
    from ._supervise import TargetError, supervise

    try:
        requests = parse_requests(args.report)
    except FormatError as error:
        raise CommandError(str(error)) from error
    effort = choose_effort(settings, profile=args.profile, seed=args.seed, strict=args.strict)
    today = datetime.date.today()
    waived = {w.clause for w in settings.waivers if w.expires >= today}
    ledger = Ledger()
    # On standard error: what goes to standard output may be read by a program.
    progress = Progress(os.dup(2)) if is_wanted(sys.stderr) else None
    try:
        for target in targets:
            supervise(target, effort, waived, ledger, progress)
    except TargetError as error:
        raise CommandError(str(error)) from error
    finally:
        if progress is not None:
            progress.close()
    known = catalogue()
    conclusion = ledger.conclude(
        waivers=settings.waivers,
        known=known.keys(),
        elsewhere={target.name for target in settings.targets} - {t.name for t in targets},
        today=today,
        strict=effort.strict,
        seed=effort.seed,
        profile=effort.profile.name,
    )
    report: Report = conclusion.report
    if args.format == "json":
        print(json.dumps(redact_report(report).to_json(), indent=2, default=repr))
    else:
        lines = render(
            report,
            known,
            colour=uses_colour(sys.stdout),
            width=shutil.get_terminal_size((100, 24)).columns,
            strict=effort.strict,
        )
        print("\n".join(lines))
    try:
        file_report(report, known, requests, strict=effort.strict, times=args.report_times)
    except FormatError as error:
        raise CommandError(str(error)) from error
    return 0 if report.ok else 1
