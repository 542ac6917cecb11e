"""All clauses of a suite, in order, each id once."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .model import Clause, Level

__all__ = ["Catalogue", "UnknownClauseError"]

Check = Callable[[Any], None]


class UnknownClauseError(KeyError):
    """A clause id that the catalogue does not have; the message offers near ones."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError shows its argument's repr


class Catalogue(Mapping[str, Clause]):
    """Clauses by id, in the order in which they were written.

    A module of clauses makes one and declares into it::

        clauses = Catalogue()

        @clauses.must("TRU-01", reason="…", fix="…")
        def is_truthy(case): '''The extension is truthy for its whole life.'''
    """

    def __init__(self, clauses: Iterable[Clause] = ()) -> None:
        self._clauses: dict[str, Clause] = {}
        for clause in clauses:
            self.add(clause)

    def add(self, clause: Clause) -> None:
        """Take a clause in.

        Raises:
            ValueError: its id is taken; ids are never reused.
        """
        if clause.id in self._clauses:
            raise ValueError(f"clause id {clause.id} is used twice; ids are never reused")
        self._clauses[clause.id] = clause

    def must(
        self,
        id: str,
        *,
        reason: str,
        fix: str,
        probes: tuple[str, ...] = (),
        since: str = "1.0.0",
        applies: Callable[[type], bool] | None = None,
        explores: bool = False,
    ) -> Callable[[Check], Check]:
        """Declare the decorated check as a clause of level MUST; its docstring is the text."""
        return self._declare(id, Level.MUST, reason, fix, probes, since, applies, explores)

    def should(
        self,
        id: str,
        *,
        reason: str,
        fix: str,
        probes: tuple[str, ...] = (),
        since: str = "1.0.0",
        applies: Callable[[type], bool] | None = None,
        explores: bool = False,
    ) -> Callable[[Check], Check]:
        """Declare the decorated check as a clause of level SHOULD; its docstring is the text."""
        return self._declare(id, Level.SHOULD, reason, fix, probes, since, applies, explores)

    def _declare(
        self,
        id: str,
        level: Level,
        reason: str,
        fix: str,
        probes: tuple[str, ...],
        since: str,
        applies: Callable[[type], bool] | None,
        explores: bool,
    ) -> Callable[[Check], Check]:
        def declare(check: Check) -> Check:
            text, _, details = (inspect.getdoc(check) or "").partition("\n\n")
            self.add(
                Clause(
                    id=id,
                    level=level,
                    text=" ".join(text.split()).rstrip("."),
                    reason=reason,
                    fix=fix,
                    since=since,
                    probes=probes,
                    check=check,
                    details=details.strip(),
                    explores=explores,
                    **({} if applies is None else {"applies": applies}),
                )
            )
            return check

        return declare

    def __getitem__(self, id: str) -> Clause:
        try:
            return self._clauses[id]
        except KeyError:
            import difflib

            near = difflib.get_close_matches(str(id).upper(), self._clauses, n=3, cutoff=0.5)
            hint = (
                f"did you mean {' or '.join(near)}?" if near else "`luminescent-contracts clauses`"
            )
            raise UnknownClauseError(f"there is no clause {id}; {hint}") from None

    def __contains__(self, id: object) -> bool:
        return id in self._clauses

    def __iter__(self) -> Iterator[str]:
        return iter(self._clauses)

    def __len__(self) -> int:
        return len(self._clauses)

    def applying_to(self, protocol: type) -> Catalogue:
        """Give the clauses that can say something about a protocol."""
        return Catalogue(clause for clause in self.values() if clause.applies(protocol))

    def __or__(self, other: Mapping[str, Clause]) -> Catalogue:
        """Both catalogues' clauses, ours first.

        Raises:
            ValueError: an id is in both.
        """
        return Catalogue([*self.values(), *other.values()])

    @property
    def digest(self) -> str:
        """SHA-256 over each clause's id, level, text, since and probes: same digest, same law."""
        lines = (
            "\t".join((c.id, c.level.value, c.since, ",".join(c.probes), c.text))
            for c in sorted(self.values(), key=lambda clause: clause.id)
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
