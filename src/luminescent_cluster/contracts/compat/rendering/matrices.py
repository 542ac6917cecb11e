"""Matrices as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..matrix import Cell, Matrix
from .plain import for_markdown, for_terminal

__all__ = ["as_json", "as_markdown", "as_text"]

_MARKS = {"satisfied": "yes", "satisfied through defaults": "by default", "not satisfied": "NO"}


def as_text(matrices: Sequence[Matrix]) -> str:
    """Return matrices for a terminal, with the reason of every NO."""
    lines: list[str] = []
    for found in matrices:
        lines.append(f"{found.implementation} as {found.protocol}")
        for cell in found.cells:
            lines.append(f"  {cell.version:<12} {_MARKS[cell.status]:<11} {_detail(cell)}".rstrip())
            lines += [f"    {rejection}" for rejection in cell.rejections]
        lines.append(f"  declared {found.declared or 'nothing'}: {found.claim}; {found.reason}")
        if found.widest is not None and found.claim != "honest":
            lines.append(f"  fix: declare {found.protocol}{found.widest}")
        lines.append("")
    return "\n".join(map(for_terminal, lines))


def _detail(cell: Cell) -> str:
    parts = []
    if cell.defaults:
        parts.append(f"default serves {', '.join(cell.defaults)}")
    if cell.admitted is not None:
        parts.append("declared" if cell.admitted else "not declared")
    return "; ".join(parts)


def as_json(matrices: Sequence[Matrix]) -> str:
    """Return matrices as JSON."""
    return json.dumps([_data(found) for found in matrices], indent=2) + "\n"


def _data(found: Matrix) -> dict[str, Any]:
    return {
        "implementation": found.implementation,
        "protocol": found.protocol,
        "declared": found.declared,
        "claim": found.claim,
        "reason": found.reason,
        "widest": found.widest,
        "compatible": list(found.compatible),
        "cells": [
            {
                "version": cell.version,
                "status": cell.status,
                "admitted": cell.admitted,
                "defaults": list(cell.defaults),
                "rejections": [
                    {
                        "clause_id": r.clause_id,
                        "member": r.member,
                        "witness": r.witness,
                        "reason": r.reason,
                    }
                    for r in cell.rejections
                ],
            }
            for cell in found.cells
        ],
    }


def as_markdown(matrices: Sequence[Matrix]) -> str:
    """Return matrices as Markdown tables."""
    lines: list[str] = []
    for found in matrices:
        lines += [f"### {for_markdown(found.implementation)} as {found.protocol}", ""]
        lines += ["| version | runs | declared | why |", "|---|---|---|---|"]
        for cell in found.cells:
            why = "<br>".join(for_markdown(str(r)) for r in cell.rejections)
            why = why or for_markdown(", ".join(cell.defaults))
            admitted = {True: "yes", False: "no", None: "—"}[cell.admitted]
            lines.append(f"| {cell.version} | {_MARKS[cell.status]} | {admitted} | {why} |")
        declared = for_markdown(found.declared or "nothing")
        lines += ["", f"Declared {declared}: **{found.claim}**; {for_markdown(found.reason)}."]
        if found.widest is not None and found.claim != "honest":
            lines.append(f"Widest honest range: `{found.protocol}{found.widest}`.")
        lines.append("")
    return "\n".join(lines)
