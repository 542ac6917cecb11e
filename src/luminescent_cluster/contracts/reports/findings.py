"""What needs attention: results that say the same are one finding, whatever run they are of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..clauses import Level, Result, Status
from .document import Document, Run

__all__ = ["Finding", "findings", "heads", "weighs"]

_ATTENTION = (
    Status.FAILED,
    Status.ERROR,
    Status.NOT_RUN,
    Status.INCONCLUSIVE,
    Status.UNVERIFIED,
    Status.WAIVED,
    Status.EXCUSED,
)
"""The statuses that a reader has something to do about, or at least to know, gravest first."""


@dataclass(frozen=True)
class Finding:
    """Results of one subject with the same status and message, of one clause or of several.

    Attributes:
        results: each with its run; at least one.
    """

    results: tuple[tuple[Run, Result], ...]

    @property
    def run(self) -> Run:
        """The run of the first result."""
        return self.results[0][0]

    @property
    def result(self) -> Result:
        """The first result, which speaks for all of them."""
        return self.results[0][1]

    @property
    def ids(self) -> list[str]:
        """The clauses, each once."""
        return list(dict.fromkeys(result.clause_id for _, result in self.results))

    @property
    def weighs(self) -> bool:
        """Whether it can decide a verdict."""
        return weighs(self.result, self.run)

    def where(self, document: Document) -> str:
        """Name the subject, and the runs where there are several to tell apart."""
        labels = dict.fromkeys(run.label for run, _ in self.results)
        many = len({run.label for run in document.runs}) > 1
        return self.result.subject + (f" ({heads(labels, 6)})" if many else "")


def weighs(result: Result, run: Run) -> bool:
    """Tell whether a result can decide the verdict of its run."""
    return run.strict or result.level is Level.MUST


def findings(document: Document) -> list[Finding]:
    """Give what needs attention, gravest first."""
    alike: dict[tuple[object, ...], list[tuple[Run, Result]]] = {}
    for number, run in enumerate(document.runs):
        for result in run.report.results:
            if result.status in _ATTENTION:
                key = (number, result.subject, result.status, result.message)
                alike.setdefault(key, []).append((run, result))
    runs: dict[tuple[object, ...], list[tuple[Run, Result]]] = {}
    for (_, *said), results in alike.items():
        ids = tuple(result.clause_id for _, result in results)
        runs.setdefault((*said, ids, weighs(results[0][1], results[0][0])), []).extend(results)
    return sorted((Finding(tuple(results)) for results in runs.values()), key=_gravity)


def heads(names: Iterable[str], most: int = 8) -> str:
    """List names, the first of them where they are many."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def _gravity(finding: Finding) -> tuple[bool, bool, int]:
    status = finding.result.status
    return (status is Status.EXCUSED, not finding.weighs, _ATTENTION.index(status))
