"""What became of faults: noticed by whom, or let through for want of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..clauses import Result, Status
from .model import Fault

__all__ = ["Fate", "Matrix", "brief"]


def brief(result: Result) -> str:
    """Give a result's first line of evidence, or of its message where it has none."""
    lines = "\n".join(result.evidence).splitlines() or result.message.splitlines()
    return lines[0] if lines else str(result.status)


@dataclass(frozen=True)
class Fate:
    """What became of one fault.

    Attributes:
        fault: the fault.
        verdicts: how the clauses came out that were tried on it, by id, in the order of trial.
        open: clauses that would have to notice and could not judge even the working extension:
            id to why.
        probes: probes that these need, by clause id.
        beside: why the fault has nothing to bite on here; empty where it has.
    """

    fault: Fault
    verdicts: Mapping[str, Status]
    open: Mapping[str, str]
    probes: Mapping[str, str]
    beside: str = ""

    @property
    def applies(self) -> bool:
        """Whether the fault has anything to bite on here."""
        return not self.beside

    @property
    def killers(self) -> tuple[str, ...]:
        """The clauses that noticed."""
        return tuple(c for c, status in self.verdicts.items() if status is Status.FAILED)

    @property
    def killed(self) -> bool:
        """Whether a clause that has to notice did."""
        return any(clause in self.fault.killers for clause in self.killers)

    @property
    def survived(self) -> bool:
        """Whether nobody noticed."""
        return self.applies and not self.killed

    @property
    def outcome(self) -> str:
        """``"killed"``, ``"survived"``, or why the fault has nothing to bite on."""
        return self.beside or ("killed" if self.killed else "survived")

    @property
    def remedies(self) -> tuple[str, ...]:
        """What would catch a survivor, the likeliest first; nothing where it was noticed."""
        if not self.survived:
            return ()
        found = []
        for clause, why in self.open.items():
            probe = self.probes.get(clause)
            if probe:
                found.append(f"{clause} would catch it, with the probe {probe}")
            else:
                found.append(f"{clause} would catch it, but is {why}")
        for clause, status in self.verdicts.items():
            if clause not in self.fault.killers:
                continue
            if status is Status.PASSED:
                found.append(
                    f"{clause} looked, and found nothing: perhaps the fault changes nothing here"
                )
            else:
                found.append(f"{clause} is {status} on the faulty extension")
        return tuple(found)

    def to_json(self, extension: str = "") -> dict[str, Any]:
        """Give the fate as JSON-able data, as a report's kill matrix has it.

        Args:
            extension: whose fate.
        """
        return {
            "extension": extension,
            "fault": self.fault.name,
            "text": self.fault.text,
            "aim": self.fault.killers[0],
            "expected": list(self.fault.killers),
            "outcome": self.outcome,
            "killed_by": list(self.killers),
            "remedy": "; ".join(self.remedies),
            "verdicts": {clause: status.value for clause, status in self.verdicts.items()},
            "open": dict(self.open),
            "probes": dict(self.probes),
        }


@dataclass(frozen=True)
class Matrix:
    """What became of all faults.

    Attributes:
        name: of the binding.
        fates: one for each fault.
        baseline: how the clauses that were needed came out on the working extension.
    """

    name: str
    fates: tuple[Fate, ...]
    baseline: Mapping[str, Result]

    @property
    def survivors(self) -> tuple[Fate, ...]:
        """The faults that nobody noticed."""
        return tuple(fate for fate in self.fates if fate.survived)

    @property
    def broken(self) -> tuple[Result, ...]:
        """Clauses that fail already on the extension as it was handed over."""
        return tuple(r for r in self.baseline.values() if r.status is Status.FAILED)

    def to_json(self) -> list[dict[str, Any]]:
        """Give one row for each fault, as JSON-able data."""
        return [fate.to_json(self.name) for fate in self.fates]
