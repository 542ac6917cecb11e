"""The kill matrix as text: survivors last, each with what would catch it."""

from __future__ import annotations

from collections.abc import Iterator

from ..clauses import Status
from .fate import Fate, Matrix, brief

__all__ = ["render"]

_SIGNS = {
    Status.FAILED: "X",
    Status.PASSED: "-",
    Status.ERROR: "!",
    Status.INCONCLUSIVE: "?",
    Status.UNVERIFIED: "?",
}


def render(matrix: Matrix) -> str:
    """Give the matrix as text; what came from the extension is escaped."""
    return "\n".join(_lines(matrix))


def _lines(matrix: Matrix) -> Iterator[str]:
    applying = [fate for fate in matrix.fates if fate.applies]
    yield f"{_plain(matrix.name)}: {len(applying)} standard faults, one at a time"
    yield ""
    yield from _table(applying)
    left_out = [fate for fate in matrix.fates if not fate.applies]
    if left_out:
        yield ""
        yield "nothing to bite on here:"
        width = max(len(fate.fault.name) for fate in left_out)
        for fate in left_out:
            yield f"  {fate.fault.name:<{width}}  {_plain(fate.beside)}"
    if matrix.broken:
        yield ""
        yield "FAILS WITHOUT ANY FAULT: fix this first; these clauses can notice nothing more"
        for result in matrix.broken:
            yield f"  {result.clause_id}: {_plain(brief(result))}"
    yield ""
    survivors = matrix.survivors
    if not survivors:
        yield f"all {len(applying)} faults were noticed"
        return
    yield f"SURVIVORS: {len(survivors)} of {len(applying)} faults would go unnoticed"
    for fate in survivors:
        yield ""
        yield f"  {fate.fault.name}: {fate.fault.text}"
        for line in fate.remedies:
            yield f"    {_plain(line)}"
    probes = sorted({probe for fate in survivors for probe in fate.probes.values()})
    helps = {
        result.probe: result.message
        for result in matrix.baseline.values()
        if result.probe in probes
    }
    for probe in probes:
        yield ""
        yield f"  {probe}:"
        for line in helps[probe].splitlines()[1:]:
            yield f"    {_plain(line)}"


def _table(fates: list[Fate]) -> Iterator[str]:
    """One row for each fault: the clauses that noticed, and those that did not."""
    width = max((len(fate.fault.name) for fate in fates), default=0)
    for fate in fates:
        cells = [f"{clause} {_SIGNS.get(s, '?')}" for clause, s in fate.verdicts.items()]
        cells += [f"{clause} ?" for clause in fate.open if clause not in fate.verdicts]
        mark = "killed  " if fate.killed else "SURVIVED"
        yield f"  {fate.fault.name:<{width}}  {mark}  {'  '.join(cells)}"
    yield "  (X noticed it, - did not, ? cannot judge here)"


def _plain(text: str) -> str:
    """Escape what a terminal would act on."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
