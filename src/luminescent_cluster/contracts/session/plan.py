"""What a run ought to check: every clause of every binding, and what was left out and why.

Processes of a distributed run each make a plan and send it as JSON-able data; the controller
merges them, so that a clause is missed even when the process that should have run it is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Left", "Plan", "Planned"]


@dataclass(frozen=True)
class Planned:
    """A binding whose clauses ought to run.

    Attributes:
        key: identifies it in every process, for instance ``"test_cloud.py::audit_logger"``.
        name: what messages and waivers call it.
        protocol: the protocol's name.
        place: ``file:line``.
        clauses: id and level of each clause that applies; empty where only the binding's
            existence is known.
    """

    key: str
    name: str
    protocol: str
    place: str
    clauses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Left:
    """Why a clause was not selected to run.

    Attributes:
        reason: for the reader.
        chosen: whether whoever started the run asked for it (``-k``, an argument, ``--lf``);
            only then may plain pytest pass.
    """

    reason: str
    chosen: bool


@dataclass
class Plan:
    """What ought to run, and what will not.

    Attributes:
        bindings: by key.
        left: for each binding and clause that was not selected, why. The clause ``""`` stands for
            all of them.
        items: binding and clause of each node id that was selected.
        cuts: what the user left out whose content is unknown (files skipped by ``--lf``).
        problems: what is wrong with the plan itself.
        narrowed: whether only some files or node ids were asked for.
    """

    bindings: dict[str, Planned] = field(default_factory=dict)
    left: dict[str, dict[str, Left]] = field(default_factory=dict)
    items: dict[str, tuple[str, str]] = field(default_factory=dict)
    cuts: dict[str, None] = field(default_factory=dict)
    problems: dict[str, None] = field(default_factory=dict)
    narrowed: bool = False

    def add(self, binding: Planned) -> None:
        """Take a binding in."""
        self.bindings[binding.key] = binding

    def leave(self, key: str, clauses: Iterable[str], reason: str, *, chosen: bool) -> None:
        """Say that clauses of a binding were not selected."""
        left = self.left.setdefault(key, {})
        for clause in clauses:
            left.setdefault(clause, Left(reason, chosen))

    def why_left(self, key: str, clause: str) -> Left | None:
        """Give the reason for which a clause was not selected, or None."""
        left = self.left.get(key, {})
        return left.get(clause) or left.get("")

    def merge(self, other: Plan) -> None:
        """Take in what another process planned."""
        self.bindings |= other.bindings
        for key, left in other.left.items():
            self.left.setdefault(key, {}).update(left)
        self.items |= other.items
        self.cuts |= other.cuts
        self.problems |= other.problems
        self.narrowed |= other.narrowed

    def to_json(self) -> dict[str, Any]:
        """Give the plan as JSON-able data; :meth:`from_json` reads it back."""
        return {
            "bindings": [
                [b.key, b.name, b.protocol, b.place, [list(pair) for pair in b.clauses]]
                for b in self.bindings.values()
            ],
            "left": {
                key: {clause: [why.reason, why.chosen] for clause, why in left.items()}
                for key, left in self.left.items()
            },
            "items": {nodeid: list(pair) for nodeid, pair in self.items.items()},
            "cuts": list(self.cuts),
            "problems": list(self.problems),
            "narrowed": self.narrowed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """Read what :meth:`to_json` gave."""
        plan = cls(narrowed=bool(data["narrowed"]))
        for key, name, protocol, place, clauses in data["bindings"]:
            pairs = tuple((clause, level) for clause, level in clauses)
            plan.add(Planned(key, name, protocol, place, pairs))
        for key, left in data["left"].items():
            plan.left[key] = {c: Left(reason, chosen) for c, (reason, chosen) in left.items()}
        plan.items = {nodeid: (key, clause) for nodeid, (key, clause) in data["items"].items()}
        plan.cuts = dict.fromkeys(data["cuts"])
        plan.problems = dict.fromkeys(data["problems"])
        return plan
