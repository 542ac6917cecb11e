"""The reports that a run was asked for, written at its end and part of its outcome."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..clauses import Catalogue, Clause, Report, Verdict
from .ledger import Conclusion

__all__ = ["Filing"]

_NOTHING = (
    "a report was asked for, but no contract was collected; name the folder of the contract tests, "
    "or add --contracts for those of pyproject.toml"
)


class Filing:
    """What is to be written, and where.

    Args:
        values: as the option was given, each ``FORMAT=PATH[,…]``.
        folder: what relative paths are relative to.
        times: whether reports say when and how long it ran.

    Raises:
        ValueError: a value is not understood; the message gives the remedy.
    """

    def __init__(self, values: Sequence[str], folder: Path, *, times: bool = False) -> None:
        from ..reports.formats import parse_requests

        self._requests = parse_requests(values, folder)
        self._times = times
        self.written: list[str] = []

    def file(self, conclusion: Conclusion | None, clauses: Mapping[str, Clause]) -> Conclusion:
        """Write the reports of a run.

        Args:
            conclusion: the run's; None where nothing was to be checked, which is no success for
                somebody who asked for a report.
            clauses: every clause there is.

        Returns:
            The conclusion; failing where a report was not written.
        """
        from ..reports.filing import file_report
        from ..reports.formats import FormatError

        if conclusion is None:
            report = Report((), Verdict.INCOMPLETE, problems=(_NOTHING,))
            conclusion = Conclusion(report, True, frozenset(), {}, False)
        try:
            file_report(
                conclusion.report,
                Catalogue(clauses.values()),
                self._requests,
                strict=conclusion.strict,
                times=self._times,
            )
        except FormatError as error:
            report = conclusion.report
            report = dataclasses.replace(report, problems=(*report.problems, str(error)))
            return dataclasses.replace(conclusion, report=report, failing=True)
        self.written = [f"{request.format} report: {request.path}" for request in self._requests]
        return conclusion
