"""What a run found, as plain data: it crosses process borders and outlives the run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .model import Level, Status, Verdict

__all__ = ["Report", "Result"]


@dataclass(frozen=True)
class Result:
    """How one clause came out for one subject.

    Attributes:
        clause_id: the clause.
        level: the level that counts here.
        status: how it came out.
        message: cause, evidence and remedy for a person; empty for a plain pass.
        examples: generated examples that ran.
        calls: calls that reached a method of the extension and came back with a result.
        rejected: examples that the extension refused with an ordinary exception.
        duration: seconds.
        subject: the binding's name, for instance ``"tenant_provider"``.
        evidence: the message's lines that show the case.
        fix: the remedy alone.
        history: the failing example as lines of code.
        probe: the missing probe, where the status is ``unverified``.
        notes: what the author should know although it decides nothing.
        extra: data for renderers (schedules explored, kill matrix, …), JSON-able.
    """

    clause_id: str
    level: Level
    status: Status
    message: str = ""
    examples: int = 0
    calls: int = 0
    rejected: int = 0
    duration: float = 0.0
    subject: str = ""
    evidence: tuple[str, ...] = ()
    fix: str = ""
    history: tuple[str, ...] = ()
    probe: str = ""
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the result as JSON-able data; :meth:`from_json` reads it back."""
        data = dataclasses.asdict(self)
        data["level"], data["status"] = self.level.value, self.status.value
        for name in ("evidence", "history", "notes"):
            data[name] = list(data[name])
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Result:
        """Read what :meth:`to_json` gave."""
        known = {name.name for name in dataclasses.fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        values["level"], values["status"] = Level(values["level"]), Status(values["status"])
        for name in ("evidence", "history", "notes"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


@dataclass(frozen=True)
class Report:
    """The outcome of a run over one subject or several.

    Attributes:
        results: one for each clause that applies, in the catalogue's order, subject by subject.
        verdict: the word over all of them.
        problems: what is wrong with the run itself (a waiver that expired, …); each makes the run
            fail whatever the verdict.
        notes: what a reader should know although it decides nothing.
        seed: the seed of the generated examples.
        profile: ``"smoke"``, ``"ci"`` or ``"thorough"``.
        subjects: what is known about each subject, by name: ``"protocol"``, ``"place"``, …
    """

    results: tuple[Result, ...]
    verdict: Verdict
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seed: int = 0
    profile: str = "ci"
    subjects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __getitem__(self, clause_id: str) -> Result:
        """Give the (first) result of a clause.

        Raises:
            KeyError: the clause did not apply.
        """
        for result in self.results:
            if result.clause_id == clause_id:
                return result
        raise KeyError(f"no result for clause {clause_id} in this report")

    @property
    def ok(self) -> bool:
        """Whether the verdict is a success and nothing is wrong with the run."""
        return self.verdict.ok and not self.problems

    def failed(self) -> tuple[Result, ...]:
        """Give the results with status ``failed``."""
        return tuple(r for r in self.results if r.status is Status.FAILED)

    def by_subject(self) -> dict[str, tuple[Result, ...]]:
        """Give each subject's results, in the report's order; a subject without any included."""
        found: dict[str, list[Result]] = {name: [] for name in self.subjects}
        for result in self.results:
            found.setdefault(result.subject, []).append(result)
        return {name: tuple(results) for name, results in found.items()}

    def to_json(self) -> dict[str, Any]:
        """Give the report as JSON-able data; :meth:`from_json` reads it back."""
        return {
            "verdict": self.verdict.value,
            "ok": self.ok,
            "profile": self.profile,
            "seed": self.seed,
            "problems": list(self.problems),
            "notes": list(self.notes),
            "subjects": {name: dict(facts) for name, facts in self.subjects.items()},
            "results": [result.to_json() for result in self.results],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """Read what :meth:`to_json` gave."""
        return cls(
            results=tuple(Result.from_json(result) for result in data["results"]),
            verdict=Verdict(data["verdict"]),
            problems=tuple(data.get("problems", ())),
            notes=tuple(data.get("notes", ())),
            seed=data.get("seed", 0),
            profile=data.get("profile", "ci"),
            subjects=data.get("subjects", {}),
        )
