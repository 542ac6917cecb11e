"""The end of a run: a conclusion for each interpreter that it spanned, told as one."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..clauses import Catalogue, Clause, Report, Result, Status, Verdict
from .ledger import Conclusion
from .site import Site

if TYPE_CHECKING:
    from ..reports.document import Document

__all__ = ["Outcome", "report_of_nothing"]

_NOTHING = (
    "a report was asked for, but no contract was collected; name the folder of the contract tests, "
    "or add --contracts for those of pyproject.toml"
)


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        parts: each interpreter, and the conclusion over what ran on it; at least one.
    """

    parts: tuple[tuple[Site, Conclusion], ...]

    @property
    def failing(self) -> bool:
        """Whether the run must not end as a success."""
        return any(conclusion.failing for _, conclusion in self.parts)

    def with_problem(self, text: str) -> Outcome:
        """Give the outcome with something that is wrong with the run as a whole."""
        (site, first), *rest = self.parts
        report = dataclasses.replace(first.report, problems=(*first.report.problems, text))
        first = dataclasses.replace(first, report=report, failing=True)
        return Outcome(((site, first), *rest))

    def document(self, clauses: Mapping[str, Clause], *, times: bool = False) -> Document:
        """Make a document with a run for each interpreter.

        Args:
            clauses: every clause there is.
            times: whether it says when it was made and how long clauses took.
        """
        from ..reports.filing import made_now
        from ..reports.merge import merge

        catalogue = Catalogue(clauses.values())
        made = [
            made_now(c.report, catalogue, strict=c.strict, times=times, where=site.environment)
            for site, c in self.parts
        ]
        if len(made) == 1:
            return made[0]
        return merge([(site.key, one) for (site, _), one in zip(self.parts, made, strict=True)])

    def slowest(self, most: int) -> list[str]:
        """Give the slowest clauses as lines of text; none where ``most`` is 0."""
        from ..reports.terminal import slowest

        lines = []
        for site, conclusion in self.parts:
            found = slowest(conclusion.report, most)
            lines += [f"{found[0]} ({site.label})", *found[1:]] if found and site.key else found
        return lines

    def lines(self, clauses: Mapping[str, Clause], *, colour: bool, passed: bool) -> list[str]:
        """Give the outcome as lines of text, the verdict last.

        Args:
            clauses: every clause there is.
            colour: whether to use ANSI colours.
            passed: whether to list the clauses that passed.
        """
        from ..reports import text
        from ..reports.terminal import render

        many = len(self.parts) > 1
        document = self.document(clauses) if many else None
        labels = [run.label for run in document.runs] if document else [""]
        lines: list[str] = []
        for label, (site, conclusion) in zip(labels, self.parts, strict=True):
            names = {key: name for name, key in conclusion.keys.items()}
            silent = {(names.get(key, key), clause) for key, clause in site.told}
            silent |= conclusion.chosen

            def tell(result: Result, silent: set[tuple[str, str]] = silent) -> bool:
                return (
                    result.status is Status.NOT_RUN
                    and (result.subject, result.clause_id) not in silent
                )

            lines += text.heading(label) if many else []
            lines += render(
                conclusion.report,
                clauses,
                colour=colour,
                width=shutil.get_terminal_size((100, 24)).columns,
                passed=passed,
                tell=tell,
                strict=conclusion.strict,
            )
            lines += [""] if many else []
        return lines + (text.ending(document, colour=colour) if document else [])


def report_of_nothing() -> Outcome:
    """Give the outcome of a run without a contract, of which somebody wants a report."""
    report = Report((), Verdict.INCOMPLETE, problems=(_NOTHING,))
    return Outcome(((Site(), Conclusion(report, True, frozenset(), {}, False)),))
