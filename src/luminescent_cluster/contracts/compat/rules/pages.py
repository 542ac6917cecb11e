"""Pages of the rule catalogue, one for each rule.

``python -m luminescent_cluster.contracts.compat.rules.pages docs/reference/rules`` writes them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import indent

from . import RULES, Rule

__all__ = ["pages", "source_of"]

HEAD = (
    "from collections.abc import AsyncIterator\n"
    "from typing import Any, ClassVar, Protocol, TypedDict, TypeVar, overload\n"
    "from typing import runtime_checkable\n\n"
    "from luminescent_cluster.extensions import optional\n"
)


def source_of(rule: Rule, *, new: bool, head: str = HEAD) -> str:
    """Return the module text of one side of a rule's pair."""
    later = rule.preamble if rule.after_preamble is None else rule.after_preamble
    preamble = later if new else rule.preamble
    body = rule.after if new else rule.before
    parameters = {"GEN-01": ("T", "T, K")}
    parameters |= dict.fromkeys(("GEN-02", "GEN-03", "GEN-05"), ("T", "T"))
    chosen = parameters.get(rule.id)
    base = f"Protocol[{chosen[new]}]" if chosen else "Protocol"
    top = f"{head}\n{preamble}\n" if head else (f"{preamble}\n" if preamble else "")
    return f"{top}class Store({base}):\n{indent(body, '    ')}\n"


def pages() -> dict[str, str]:
    """Return the text of every page by file name, the index among them."""
    made = {f"{rule.id}.md": _page(rule) for rule in RULES.values()}
    made["README.md"] = _index()
    return made


def _page(rule: Rule) -> str:
    lines = [f"# {rule.id}: {rule.title}", "", f"Bump: {rule.bump}", "", rule.text, ""]
    if rule.before:
        lines += [
            "Before",
            "",
            "```python",
            source_of(rule, new=False, head="").rstrip(),
            "```",
            "",
        ]
        lines += ["After", "", "```python", source_of(rule, new=True, head="").rstrip(), "```", ""]
    lines += [f"What to do: {rule.fix}.", "", "[All rules](README.md)", ""]
    return "\n".join(lines)


def _index() -> str:
    lines = [
        "# Rules of protocol changes",
        "",
        "`luminescent-contracts diff OLD NEW` names every change by one of these rules. The bump "
        "is what such a change usually needs; the verdict on a pair of versions follows from the "
        "witnesses, see [compatibility](../../concepts/compatibility.md).",
        "",
        "| rule | what changed | bump |",
        "|---|---|---|",
    ]
    lines += [f"| [{r.id}]({r.id}.md) | {r.title} | {r.bump} |" for r in RULES.values()]
    return "\n".join([*lines, ""])


def main(folder: str) -> None:
    """Write all pages to a folder."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (target / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
