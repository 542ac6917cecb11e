"""One interpreter that a run spans. A run has one, and several under xdist's ``--dist each``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..clauses import Clause, Result, Waiver
from .ledger import Conclusion, Ledger
from .plan import Plan, Planned
from .reporting import reason_of

if TYPE_CHECKING:
    from ..reports.document import Environment

__all__ = ["Site"]

_NODEID = re.compile(
    r"(?P<key>.+)::(?P<clause>[A-Z]{2,3}(?:-[A-Z]{3})?-\d\d)(?P<set>\[.*\])?(@.*)?\Z"
)


class Site:
    """Takes in what the processes of one interpreter report, and gives one verdict.

    Args:
        key: tells it from the run's other sites, for instance ``"popen//python=python3.12"``.

    Attributes:
        ledger: what ran against what ought to.
        told: binding and clause of what the test runner has told already.
    """

    def __init__(self, key: str = "") -> None:
        self.key = key
        self.ledger = Ledger()
        self.told: set[tuple[str, str]] = set()
        self._environments: dict[str, Environment] = {}
        self._python = ""
        self._losses: dict[str, None] = {}
        self._crashes: dict[str, str] = {}
        self._ids: dict[str, None] = {}

    @property
    def environment(self) -> Environment | None:
        """Where its processes ran; None where they said nothing (it is this process then)."""
        if self._environments:
            return next(iter(self._environments.values()))
        if not self.key:
            return None
        from ..reports.document import Environment

        return Environment(python=self._python)

    @property
    def label(self) -> str:
        """How a person knows it, for instance ``"Python 3.12"``."""
        found = self.environment
        return (found.label if found else "") or self.key

    # -- what comes in ----------------------------------------------------------------------

    def take(self, data: Mapping[str, Any]) -> None:
        """Take in what a test report carries."""
        if data.get("plan"):
            self.take_plan(data["plan"])
        key, clause = data["key"], data["clause"]
        if data.get("result"):
            self.ledger.take_result(key, Result.from_json(data["result"]))
        if data.get("absence"):
            self.ledger.take_absence(key, clause, data["absence"])
        if data.get("trouble"):
            self.ledger.take_trouble(data["trouble"])
        if data.get("told"):
            self.told.add((key, clause))

    def take_plan(self, data: Mapping[str, Any]) -> None:
        """Take in what a process planned, and where it ran, as JSON-able data."""
        self.ledger.plan.merge(Plan.from_json(data))
        if data.get("environment"):
            from ..reports.document import Environment

            found = Environment(**data["environment"])
            self._environments.setdefault(found.label, found)

    def take_python(self, version: str) -> None:
        """Take in which Python a process has, in case it says nothing more."""
        self._python = version

    def take_loss(self, text: str) -> None:
        """Take in that a process was lost."""
        self._losses[text] = None

    def take_crash(self, report: Any) -> None:
        """Take in the report that the process which ran a node was lost."""
        self._crashes[report.nodeid] = reason_of(report)

    def take_ids(self, nodeids: Sequence[str]) -> None:
        """Take in which nodes a process has selected, in case nothing else comes from it."""
        self._ids |= dict.fromkeys(nodeids)

    # -- the end ----------------------------------------------------------------------------

    @property
    def has_ids(self) -> bool:
        """Whether a process told which nodes it selected."""
        return bool(self._ids)

    def plan_from_ids(self, clauses: Mapping[str, Clause]) -> None:
        """Plan what is known only from node ids: every process was lost before it reported."""
        plan = self.ledger.plan
        lost: dict[str, list[tuple[str, str]]] = {}
        for nodeid in self._ids:
            match = _NODEID.match(nodeid)
            if match is None or match["clause"] not in clauses:
                continue
            key = match["key"] + (match["set"] or "")
            if key not in plan.bindings:
                lost.setdefault(key, []).append((match["clause"], nodeid))
        for key, pairs in lost.items():
            levels = tuple((clause, clauses[clause].level.value) for clause, _ in pairs)
            plan.add(Planned(key, key.rpartition("::")[2], "", key.partition("::")[0], levels))
            plan.items |= {nodeid: (key, clause) for clause, nodeid in pairs}

    def plan_as(self, other: Plan) -> None:
        """Plan what another site plans: nothing at all came from this one."""
        plan = self.ledger.plan
        for binding in other.bindings.values():
            plan.add(binding)
        for key, left in other.left.items():
            plan.left[key] = dict(left)
        plan.cuts |= other.cuts
        plan.narrowed |= other.narrowed
        self.take_loss(f"nothing came from {self.key}")

    def conclude(self, stopped: str, needed: Collection[Waiver], **rest: Any) -> Conclusion:
        """Give the verdict over everything that came in.

        Args:
            stopped: why the run ended early, where it did.
            needed: waivers that another site of the run needs.
            rest: as :meth:`Ledger.conclude` takes it.
        """
        for text in self._losses:
            self.ledger.take_trouble(text)
        for nodeid, message in self._crashes.items():
            items = self.ledger.plan.items
            found = items.get(nodeid) or items.get(nodeid.rpartition("@")[0])
            if found is not None:
                self.ledger.take_absence(*found, message)
        if len(self._environments) > 1:
            self.ledger.take_trouble(
                f"the clauses were spread over {_listed(self._environments)}, so that none of them "
                "was checked; give each a verdict with --dist each"
            )
        return self.ledger.conclude(
            stopped=stopped or next(iter(self._losses), ""), needed=needed, **rest
        )


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
