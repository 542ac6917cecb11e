"""Two versions of a protocol: what changed, who breaks, and which bump it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from .acceptance import accept
from .changes import differences, optional_pair
from .difference import Difference
from .edition import Edition
from .generics import check_generics
from .placing import fewest, place
from .rejections import Rejection
from .rules import Bump
from .sources import Source, load
from .terms import scope_of
from .verdicts import Change, Comparison, Witness
from .witnesses import confirm

__all__ = ["Change", "Comparison", "Witness", "compare"]


def compare(
    old: Source,
    new: Source,
    *,
    strict_hints: bool = True,
    released: Path | None = None,
    folder: Path | None = None,
) -> Comparison:
    """Compare two versions of a protocol.

    The verdict is the pair of acceptance directions: implementations of the old version under
    callers of the new one, and callers of the old version on implementations of the new one.

    Args:
        old: the older version; see :func:`~.sources.load` for what names a version.
        new: the newer version.
        strict_hints: count what only a type checker rejects as a break (MAJOR); otherwise such
            changes are reported and count as PATCH.
        released: a folder of snapshots for ``Name@version``.
        folder: what relative paths start from.

    Raises:
        SourceError: a version cannot be read.
    """
    before = load(old, released=released, folder=folder)
    after = load(new, released=released, folder=folder)
    changes = _changes(before, after, strict_hints)
    rank = {"MAJOR": 0, "MINOR": 1, "PATCH": 2}
    changes.sort(key=lambda c: (rank[c.bump], c.member, c.rule_id))
    notes = (*before.notes, *after.notes)
    bump = changes[0].bump if changes else None
    return Comparison(before, after, tuple(changes), bump, strict_hints, notes)


def _changes(old: Edition, new: Edition, strict: bool) -> list[Change]:
    scopes = (scope_of(old, 0), scope_of(new, 1))
    served = optional_pair(old, new)[1]
    found = list(differences(old, new, scopes))
    rejected: list[tuple[Literal["implementers", "callers"], Rejection]] = []
    rejected += [("implementers", r) for r in accept(old, new, served, sides=(0, 1))]
    rejected += [("callers", r) for r in accept(new, old, served, sides=(1, 0))]
    rejected += check_generics(old, new)
    collected: list[tuple[Difference, list[Witness]]] = [(d, []) for d in found]
    for direction, rejection in rejected:
        provider, demander = (old, new) if direction == "implementers" else (new, old)
        shown = confirm(rejection, provider, demander, provider_is_newer=direction == "callers")
        if shown is None:
            continue
        call, outcome = shown
        witness = Witness(direction, rejection.level, call, rejection.reason, outcome)
        place(rejection, witness, collected)
    return [_change(d, tuple(fewest(ws)), strict) for d, ws in collected]


def _change(difference: Difference, witnesses: tuple[Witness, ...], strict: bool) -> Change:
    counts = any(strict or w.level == "run time" for w in witnesses)
    bump: Bump = "PATCH"
    if counts:
        bump = "MAJOR"
    elif difference.rule_id in ("MEM-02", "MEM-04"):
        bump = "MINOR"
    return Change(difference.rule_id, difference.member, difference.text, bump, witnesses)
