"""The plugin's command-line options, as data: light, because every pytest start reads them."""

from __future__ import annotations

from typing import Any

__all__ = ["OPTIONS"]

OPTIONS: dict[str, dict[str, Any]] = {
    "--contracts": {
        "action": "store_true",
        "help": "also check the bindings of [tool.luminescent.contracts] in pyproject.toml",
    },
    "--contracts-profile": {
        "choices": ("smoke", "ci", "thorough"),
        "help": "how much effort to spend (default: the table's profile, else ci)",
    },
    "--contracts-seed": {
        "type": int,
        "metavar": "N",
        "help": "seed of the generated examples (default: the table's seed, else 0 under the "
        "profile ci or in CI, else a new one for every run)",
    },
    "--contracts-strict": {
        "action": "store_true",
        "help": "fail unless every clause, SHOULD included, passed or is waived",
    },
    "--contracts-replay": {
        "metavar": "TOKEN",
        "default": "",
        "help": "run only the thread schedule of a finding's token, on the clauses about threads",
    },
    "--contracts-report": {
        "action": "append",
        "default": [],
        "metavar": "FORMAT=PATH[,...]",
        "help": "write reports: html, json, md, junit, github, intoto, badge, text (repeatable)",
    },
    "--contracts-report-times": {
        "action": "store_true",
        "help": "let reports say when and how long it ran; two runs then never give the same",
    },
    "--contracts-durations": {
        "type": int,
        "default": 0,
        "metavar": "N",
        "help": "show the N slowest clauses",
    },
}
"""Each option's name, and what argparse is told about it. What stands here goes before the
project's table, which goes before the defaults."""
