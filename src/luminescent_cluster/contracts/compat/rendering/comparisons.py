"""A comparison as text, JSON, Markdown and GitHub annotations."""

from __future__ import annotations

import json
from typing import Any

from ..compare import Change, Comparison, Witness
from .plain import for_markdown, for_terminal, for_workflow

__all__ = ["as_github", "as_json", "as_markdown", "as_text", "verdict_line", "version_line"]


def verdict_line(comparison: Comparison) -> str:
    """Return bump and victims in one sentence."""
    if comparison.bump is None:
        return "no change"
    who = [
        name
        for name, broken in (
            ("implementers", comparison.breaks_implementers),
            ("callers", comparison.breaks_callers),
        )
        if broken
    ]
    return f"{comparison.bump}: breaks {' and '.join(who) or 'nobody'}"


def version_line(comparison: Comparison) -> str | None:
    """Return ``declared 1.1.0, required 2.0.0``; None where a version is not known."""
    if comparison.declared is None or comparison.required is None:
        return None
    line = f"declared {comparison.declared}, required {comparison.required}"
    return f"{line}: {'right' if comparison.version_ok else 'too low'}"


def _level(change: Change) -> str:
    if change.level is None:
        return "nobody breaks"
    names = (("implementers", change.breaks_implementers), ("callers", change.breaks_callers))
    broken = [name for name, breaks in names if breaks]
    when = "at run time" if change.level == "run time" else "under a type checker"
    return f"breaks {' and '.join(broken)} {when}"


def _steps(witness: Witness, name: str) -> tuple[str, str]:
    """Return where the use works and where it fails."""
    if witness.direction == "implementers":
        return f"a new {name}", f"an implementation of the old {name}"
    return f"an old {name}", f"an implementation of the new {name}"


def as_text(comparison: Comparison) -> str:
    """Return the comparison for a terminal."""
    name = comparison.new.name
    lines = [f"{name}  {verdict_line(comparison)}"]
    if versions := version_line(comparison):
        lines.append(versions)
    for change in comparison.changes:
        lines += ["", f"{change.rule_id} {change.bump}  {change.text} ({_level(change)})"]
        for witness in change.witnesses:
            good, bad = _steps(witness, name)
            lines.append(f"  {witness.call}")
            lines.append(f"    fine with {good}; {bad} gives")
            lines.append(f"    {witness.outcome}")
        if change.witnesses:
            lines.append(f"  fix: {change.rule.fix}")
    lines += ["", *(f"note: {note}" for note in comparison.notes)] if comparison.notes else []
    return "\n".join(map(for_terminal, lines)) + "\n"


def as_json(comparison: Comparison) -> str:
    """Return the comparison as JSON, the same as its attributes in Python."""
    return json.dumps(comparison_data(comparison), indent=2, ensure_ascii=True) + "\n"


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as JSON-able data."""
    return {
        "protocol": comparison.new.name,
        "old": comparison.old.origin,
        "new": comparison.new.origin,
        "bump": comparison.bump,
        "breaks_implementers": comparison.breaks_implementers,
        "breaks_callers": comparison.breaks_callers,
        "strict_hints": comparison.strict_hints,
        "declared": comparison.declared,
        "required": comparison.required,
        "version_ok": comparison.version_ok,
        "changes": [_change_data(change) for change in comparison.changes],
        "notes": list(comparison.notes),
    }


def _change_data(change: Change) -> dict[str, Any]:
    return {
        "rule_id": change.rule_id,
        "member": change.member,
        "text": change.text,
        "bump": change.bump,
        "breaks_implementers": change.breaks_implementers,
        "breaks_callers": change.breaks_callers,
        "level": change.level,
        "witnesses": [
            {
                "direction": w.direction,
                "level": w.level,
                "call": w.call,
                "reason": w.reason,
                "outcome": w.outcome,
            }
            for w in change.witnesses
        ],
    }


def as_markdown(comparison: Comparison) -> str:
    """Return the comparison as Markdown, for a pull request or a job summary."""
    lines = [f"### {for_markdown(comparison.new.name)}: {for_markdown(verdict_line(comparison))}"]
    if versions := version_line(comparison):
        lines += ["", for_markdown(versions)]
    if comparison.changes:
        lines += ["", "| rule | bump | change | who breaks | witness |", "|---|---|---|---|---|"]
    for change in comparison.changes:
        shown = "<br>".join(
            f"{for_markdown(w.call)} → {for_markdown(w.outcome)}" for w in change.witnesses
        )
        cells = (change.rule_id, change.bump, for_markdown(change.text), _level(change), shown)
        lines.append(f"| {' | '.join(cells)} |")
    lines += [f"\nnote: {for_markdown(note)}" for note in comparison.notes]
    return "\n".join(lines) + "\n"


def as_github(comparison: Comparison) -> str:
    """Return the comparison as GitHub workflow commands: errors, warnings and notices."""
    kinds = {"MAJOR": "error", "MINOR": "notice", "PATCH": "notice"}
    lines = []
    covered = comparison.version_ok is True
    for change in comparison.changes:
        kind = kinds[change.bump]
        if kind == "error" and covered:
            kind = "warning"
        text = "; ".join(
            [change.text, _level(change), *(f"{w.call}: {w.outcome}" for w in change.witnesses)]
        )
        title = for_workflow(f"{change.rule_id} {change.bump}")
        lines.append(f"::{kind} title={title}::{for_workflow(text)}")
    closing = f"{comparison.new.name} {verdict_line(comparison)}"
    if versions := version_line(comparison):
        closing += f"; {versions}"
    lines.append(f"::notice title=protocol version::{for_workflow(closing)}")
    return "\n".join(lines) + "\n"
