"""What a tracker says of the events that it could not keep."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ...clauses import Inconclusive
from ...engine.show import show
from .books import Books

__all__ = ["Drops"]

_Figure = int | None


class Drops:
    """Listens to a tracker, as a context manager, for what it says of events it dropped.

    Attributes:
        said: what was logged meanwhile, from level WARNING on.
    """

    def __init__(self, books: Books, tenant: str) -> None:
        """Begin to listen.

        Args:
            books: of the tracker.
            tenant: whose events may be dropped.
        """
        self.said: list[str] = []
        self._books, self._tenant = books, tenant
        self._listener = _Listener(self.said)
        self._before = self._reported()

    def __enter__(self) -> Drops:
        logging.getLogger().addHandler(self._listener)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self._listener)

    @property
    def named(self) -> str:
        """The first of what was logged that speaks of dropping; empty where nothing does."""
        words = ("drop", "discard", "lost")
        return next((text for text in self.said if any(word in text.lower() for word in words)), "")

    def report(self, missing: int, each: int) -> bool:
        """Say whether the probe ``dropped`` accounts for what is missing.

        Args:
            missing: tokens that do not show; none need no account.
            each: tokens of every event.
        """
        if not missing:
            return True
        events, tokens = (
            None if now is None else now - (then or 0)
            for now, then in zip(self._reported(), self._before, strict=True)
        )
        return tokens == missing or (events is not None and events * each == missing)

    def _reported(self) -> tuple[_Figure, _Figure]:
        """Give what is reported as dropped: events, and tokens; None for what it leaves out.

        A plain number may be either.
        """
        books = self._books
        if not books.subject.has("dropped"):
            return 0, 0
        given = books.case.perform("dropped()", books.subject.probe("dropped"), 30.0, counts=False)
        if isinstance(given, Mapping):
            if self._tenant in given or not set(given) & {"events", "tokens"}:
                given = given.get(self._tenant, 0)
            if isinstance(given, Mapping):
                return given.get("events"), given.get("tokens")
        elif not isinstance(given, int) and hasattr(given, "__len__"):
            given = len(given)  # a list of dropped events
        if not isinstance(given, int):
            raise Inconclusive(
                f"dropped() gave {show(given)}; give a number, or {{tenant: tokens}}"
            )
        return given, given


class _Listener(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())
