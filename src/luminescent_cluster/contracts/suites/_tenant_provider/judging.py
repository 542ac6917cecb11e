"""Judging one filter: whose rows it selects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...clauses import Inconclusive, Unverified, Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from ...filters import MISSING
from .ids import near_ids
from .selection import Row, Selection, Unreadable, around, read, rows
from .world import World

__all__ = ["Judge"]

_STRANGERS = ("globex", "acme", "zz", "a", "~", "Z", "\U0010ffff", "")
_NOBODY = (MISSING, None)


class Judge:
    """Says of filters whether they are sound and complete.

    Attributes:
        guessed: owner columns that were guessed from a filter because the subject names none.
        usual: whether a filter named its tenant in the column that is taken where the subject
            names none; then all of them should.
        read: how many filters could be read.
        took: how many filters selected a row of the tenant they were asked for.
    """

    def __init__(self, case: Case, world: World) -> None:
        self.case = case
        self.world = world
        self.guessed: dict[str, None] = {}
        self.unreadable: dict[str, None] = {}
        self.usual = False
        self.read = 0
        self.took = 0

    def ask(self, tenant: Any) -> Any:
        """Ask for a filter; gives what came, or Raised."""
        return self.case.attempt("get_tenant_filter", tenant)

    def selection(self, tenant_filter: Any) -> Selection | None:
        """Read a filter; None where nobody can say what it selects, which is remembered."""
        try:
            selection = read(tenant_filter)
        except Unreadable as error:
            self.unreadable[f"{show(tenant_filter, 120)}: {error}"] = None
            return None
        self.read += 1
        return selection

    def sound(
        self, tenant: str, tenant_filter: Any, others: Iterable[str] = (), *, near: bool = True
    ) -> None:
        """Check that only rows of the tenant match.

        Args:
            tenant: whom the filter was asked for.
            tenant_filter: what came.
            others: tenants to try besides those that follow from the filter and the id.
            near: whether to try every id that is nearly the tenant's.

        Raises:
            Violation: a row of another tenant, or of nobody, matches.
        """
        selection = self.selection(tenant_filter)
        if selection is None:
            return
        column = self.column(tenant, selection)
        own = self.world.owner_value(tenant)
        for owner in self.owners(tenant, own, selection.values.get(column, []), others, near):
            row = _first(selection, column, owner)
            if row is None:
                continue
            whose = "without an owner" if owner in _NOBODY else f"of another tenant, {show(owner)},"
            raise Violation(
                f"get_tenant_filter({show(tenant)}) -> {show(tenant_filter)}",
                f"row {show(row)} {whose} matches",
            )

    def complete(self, tenant: str, tenant_filter: Any, *, known: bool) -> None:
        """Check that every row of the tenant matches.

        Args:
            tenant: whom the filter was asked for.
            tenant_filter: what came.
            known: whether the tenant exists; one who may not may get a filter that selects
                nothing.

        Raises:
            Violation: a row of the tenant does not match.
        """
        selection = self.selection(tenant_filter)
        if selection is None:
            return
        column = self.column(tenant, selection)
        own = self.world.owner_value(tenant)
        mine = list(rows(selection, column, own))
        missed = next((row for row in mine if not selection.selects(row)), None)
        if missed is None:
            self.took += 1
            return
        if not known and not any(selection.selects(row) for row in mine):
            others = self.owners(tenant, own, selection.values.get(column, []), (), True)
            if all(_first(selection, column, owner) is None for owner in others):
                return  # it selects nothing at all: a refusal
        raise Violation(
            f"get_tenant_filter({show(tenant)}) -> {show(tenant_filter)}",
            f"row {show(missed)} of tenant {show(tenant)} does not match",
        )

    def column(self, tenant: str, selection: Selection) -> str:
        """Give the owner's column: the declared one, or the one that the filter speaks of."""
        subject = self.world.subject
        own = self.world.owner_value(tenant)
        self.usual = self.usual or own in selection.values.get(subject.owner_field, ())
        if self.usual or subject.has("owner_field") or subject.owner_field in selection.values:
            return subject.owner_field
        speaking = [
            name
            for name, values in selection.values.items()
            if own in values or any(str(value) == tenant for value in values)
        ]
        speaking = speaking or self._telling_apart(tenant, selection)
        if len(speaking) != 1:
            return subject.owner_field
        self.guessed[speaking[0]] = None
        if own not in selection.values[speaking[0]]:
            raise self._missing()  # what the column holds for a tenant, only the author knows
        return speaking[0]

    def _telling_apart(self, tenant: str, selection: Selection) -> list[str]:
        """Give the columns by which the filters of two tenants differ, perhaps by a key.

        Where nobody else has a filter to compare with, every column may be the one.
        """
        for other in (*self.world.tenants, *_STRANGERS[:2]):
            if other == tenant:
                continue
            answer = self.ask(other)
            if isinstance(answer, Raised):
                continue
            try:
                theirs = read(answer).values
            except Unreadable:
                continue
            mine = selection.values
            return [n for n in mine if n in theirs and not _overlap(mine[n], theirs[n])]
        return list(selection.values)

    def _missing(self) -> Unverified:
        self.case.note(f"the owner's column was taken to be {', '.join(self.guessed)}")
        return self.world.probe_missing("owner_field")

    def conclude(self) -> None:
        """Say what stands in the way of a verdict although nothing wrong was seen.

        Raises:
            Unverified: the owner's column had to be guessed.
            Inconclusive: no filter could be read.
        """
        if self.guessed:
            raise self._missing()
        if self.unreadable and not self.read:
            raise Inconclusive(
                "no filter could be read; TP-FLT-01 says what belongs into one. The last one: "
                + list(self.unreadable)[-1]
            )

    def owners(
        self, tenant: str, own: Any, mentioned: list[Any], others: Iterable[str], near: bool
    ) -> list[Any]:
        """Give every owner that could be confused with the tenant, the most telling ones first."""
        names = [*others, *self.world.tenants, *_STRANGERS]
        names += near_ids(tenant) if near else ()
        owners = [self.world.owner_value(name) for name in names if name != tenant]
        texts = [value for value in around(mentioned) if isinstance(value, str)]
        numbers = [v for v in mentioned if type(v) in (int, float) and str(v) != tenant]
        found = [*owners, *texts, *numbers, *_NOBODY]
        distinct = {(type(owner), owner): owner for owner in found if owner.__hash__}
        return [owner for owner in distinct.values() if owner is MISSING or not _equal(owner, own)]


def _overlap(some: list[Any], others: list[Any]) -> bool:
    return not some or not others or any(_equal(one, two) for one in some for two in others)


def _equal(left: Any, right: Any) -> bool:
    return isinstance(left, bool) is isinstance(right, bool) and bool(left == right)


def _first(selection: Selection, column: str, owner: Any) -> Row | None:
    return next((row for row in rows(selection, column, owner) if selection.selects(row)), None)
