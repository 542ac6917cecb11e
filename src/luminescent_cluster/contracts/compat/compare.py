"""Two versions of a protocol: what changed, who breaks, and which bump it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .acceptance import accept
from .changes import differences, optional_pair
from .difference import Difference
from .edition import Edition
from .generics import check_generics
from .rejections import Level, Rejection
from .rules import RULES, Bump, Rule
from .sources import Source, load
from .terms import scope_of
from .witnesses import confirm

__all__ = ["Change", "Comparison", "Witness", "compare"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A use that works on one version and fails on the other; it was really performed.

    Attributes:
        direction: who breaks.
        level: whether it fails when it runs, or only for a type checker.
        call: the use, as source.
        reason: what happens instead.
        outcome: what performing it on a stand-in gave.
    """

    direction: Literal["implementers", "callers"]
    level: Level
    call: str
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two versions.

    Attributes:
        rule_id: the rule that names it; see :attr:`rule`.
        member: the protocol's member, ``""`` for the protocol as a whole.
        text: what changed, in words.
        bump: what this change alone needs.
        witnesses: one for each way in which it breaks somebody; empty when nobody breaks.
    """

    rule_id: str
    member: str
    text: str
    bump: Bump
    witnesses: tuple[Witness, ...] = ()

    @property
    def rule(self) -> Rule:
        """The rule, with its text and an example."""
        return RULES[self.rule_id]

    @property
    def breaks_implementers(self) -> bool:
        """True when existing implementations fail under the new version."""
        return any(w.direction == "implementers" for w in self.witnesses)

    @property
    def breaks_callers(self) -> bool:
        """True when existing callers fail on implementations of the new version."""
        return any(w.direction == "callers" for w in self.witnesses)

    @property
    def level(self) -> Level | None:
        """When it shows: ``run time``, ``type checker``, or None when nobody breaks."""
        if not self.witnesses:
            return None
        found = {w.level for w in self.witnesses}
        return "run time" if "run time" in found else "type checker"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two versions of a protocol.

    Attributes:
        old: the older version.
        new: the newer version.
        changes: every change, those that break somebody first.
        bump: ``"MAJOR"``, ``"MINOR"``, ``"PATCH"``, or None when nothing changed.
        strict_hints: whether what only a type checker rejects counts as a break.
        notes: what else a reader should know.
    """

    old: Edition
    new: Edition
    changes: tuple[Change, ...] = ()
    bump: Bump | None = None
    strict_hints: bool = True
    notes: tuple[str, ...] = field(default=())

    def _counts(self, witness: Witness) -> bool:
        return self.strict_hints or witness.level == "run time"

    @property
    def breaks_implementers(self) -> bool:
        """True when an implementation that is right for the old version fails under the new."""
        return self._breaks("implementers")

    @property
    def breaks_callers(self) -> bool:
        """True when a caller that is right for the old version fails on a new implementation."""
        return self._breaks("callers")

    def _breaks(self, direction: str) -> bool:
        witnesses = (w for c in self.changes for w in c.witnesses)
        return any(w.direction == direction and self._counts(w) for w in witnesses)

    @property
    def declared(self) -> str | None:
        """The version that the new side declares, or None."""
        return self.new.version

    @property
    def required(self) -> str | None:
        """The least version that the new side must declare; None where the old one is unknown."""
        from .bumps import next_version

        return next_version(self.old.version, self.bump) if self.old.version else None

    @property
    def version_ok(self) -> bool | None:
        """Whether the declared version is at least the required one; None where one is unknown."""
        from .bumps import at_least

        if self.declared is None or self.required is None:
            return None
        return at_least(self.declared, self.required)


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
    notes = (*before.notes, *after.notes, *_notes(before, after))
    bump = changes[0].bump if changes else None
    return Comparison(before, after, tuple(changes), bump, strict_hints, notes)


def _changes(old: Edition, new: Edition, strict: bool) -> list[Change]:
    scopes = (scope_of(old, 0), scope_of(new, 1))
    served = optional_pair(old, new)[1]
    found = list(differences(old, new, scopes))
    rejected: list[tuple[Literal["implementers", "callers"], Rejection]] = []
    rejected += [("implementers", r) for r in accept(old, new, served, sides=(0, 1))]
    rejected += [("callers", r) for r in accept(new, old, served, sides=(1, 0))]
    rejected += check_generics(old, new, scopes)
    collected: list[tuple[Difference, list[Witness]]] = [(d, []) for d in found]
    for direction, rejection in rejected:
        provider, demander = (old, new) if direction == "implementers" else (new, old)
        shown = confirm(rejection, provider, demander, provider_is_newer=direction == "callers")
        if shown is None:
            continue
        call, outcome = shown
        witness = Witness(direction, rejection.level, call, rejection.reason, outcome)
        _place(rejection, witness, collected)
    return [_change(d, tuple(_fewest(ws)), strict) for d, ws in collected]


def _place(
    rejection: Rejection, witness: Witness, collected: list[tuple[Difference, list[Witness]]]
) -> None:
    """Put a witness to the change that it shows; to a change of its own where none fits."""
    best = 0
    chosen: list[Witness] | None = None
    for difference, witnesses in collected:
        if difference.member in (rejection.member, ""):
            score = _score(rejection, difference)
            if score > best:
                best, chosen = score, witnesses
    if chosen is not None:
        chosen.append(witness)
        return
    text = f"uses of {rejection.member or 'the protocol'} that worked no longer do"
    collected.append((Difference("CALL-01", rejection.member, text), [witness]))


def _score(rejection: Rejection, difference: Difference) -> int:
    if difference.rule_id.startswith("DOC") or difference.rule_id in ("MEM-02", "MEM-04"):
        return 0
    if "definition" in difference.aspects:
        hints = rejection.aspect.endswith("-hint")
        named = any(_mentions(rejection.reason, name) for name in difference.parameters)
        return 1 if hints and named else 0
    if rejection.member != difference.member:
        return 0
    score = 1
    if rejection.aspect in difference.aspects:
        score += 4
    elif difference.aspects:
        return 0 if rejection.aspect in ("missing", "default") else score
    if set(rejection.parameters) & set(difference.parameters):
        score += 6
    elif rejection.parameters and difference.parameters and rejection.aspect == "default":
        return 0
    return score


def _mentions(text: str, name: str) -> bool:
    import re

    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) is not None


def _fewest(witnesses: list[Witness]) -> list[Witness]:
    """Keep the shortest witness for each direction and level."""
    best: dict[tuple[str, str], Witness] = {}
    for witness in witnesses:
        key = (witness.direction, witness.level)
        if key not in best or len(witness.call) < len(best[key].call):
            best[key] = witness
    return list(best.values())


def _change(difference: Difference, witnesses: tuple[Witness, ...], strict: bool) -> Change:
    counts = any(strict or w.level == "run time" for w in witnesses)
    bump: Bump = "PATCH"
    if counts:
        bump = "MAJOR"
    elif difference.rule_id in ("MEM-02", "MEM-04"):
        bump = "MINOR"
    return Change(difference.rule_id, difference.member, difference.text, bump, witnesses)


def _notes(old: Edition, new: Edition) -> list[str]:
    notes = []
    for what, names in (
        ("gained", new.special.keys() - old.special.keys()),
        ("lost", old.special.keys() - new.special.keys()),
    ):
        if names:
            shown = ", ".join(sorted(names))
            notes.append(f"the protocol {what} {shown}; special methods do not decide the bump")
    return notes
