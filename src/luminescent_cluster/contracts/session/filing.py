"""The reports that a run was asked for, written at its end and part of its outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..clauses import Clause
from .outcome import Outcome

__all__ = ["Filing"]


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

    def file(self, outcome: Outcome, clauses: Mapping[str, Clause]) -> Outcome:
        """Write the reports of a run.

        Args:
            outcome: the run's.
            clauses: every clause there is.

        Returns:
            The outcome; failing where a report was not written.
        """
        from ..reports.formats import FormatError, write

        try:
            write(outcome.document(clauses, times=self._times), self._requests)
        except FormatError as error:
            return outcome.with_problem(str(error))
        self.written = [f"{request.format} report: {request.path}" for request in self._requests]
        return outcome
