"""From a run that has ended to the reports that somebody asked for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ..clauses import Catalogue, Report
from .document import Document, Environment
from .formats import Request, write
from .making import document_of
from .provenance import environment

__all__ = ["file_report", "made_now"]


def made_now(
    report: Report,
    catalogue: Catalogue,
    *,
    strict: bool = False,
    times: bool = False,
    where: Environment | None = None,
) -> Document:
    """Make a document of a run that has just ended.

    Args:
        report: what the run found.
        catalogue: every clause there is.
        strict: whether a SHOULD weighed as a MUST.
        times: whether the document says when it was made and how long clauses took; the same run
            then no longer gives the same document.
        where: the interpreter that it ran on; this one where omitted.
    """
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return document_of(
        report,
        catalogue,
        where or environment(catalogue.digest),
        strict=strict,
        recorded=now if times else "",
    )


def file_report(
    report: Report,
    catalogue: Catalogue,
    requests: Iterable[Request],
    *,
    strict: bool = False,
    times: bool = False,
) -> None:
    """Write the reports of a run, as :func:`made_now` makes its document.

    Raises:
        FormatError: one could not be made or written. The others were.
    """
    write(made_now(report, catalogue, strict=strict, times=times), requests)
