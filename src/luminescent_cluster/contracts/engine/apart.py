"""Judging method by method: what cannot be said of one does not keep the others from judgement."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from ..clauses import Inconclusive

__all__ = ["Apart"]


class Apart:
    """Notes of which methods nothing could be seen, and says so at the end."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}

    @contextmanager
    def about(self, method: str) -> Iterator[None]:
        """Judge one method; that nothing can be seen of it is said later."""
        try:
            yield
        except Inconclusive as reason:
            self._open[method] = str(reason)

    def conclude(self, seen: Collection[str] = ()) -> None:
        """Say of which methods nothing was seen.

        Args:
            seen: methods of which something was seen in another way.

        Raises:
            Inconclusive: there are some; the message has each one's reason.
        """
        reasons = [reason for method, reason in self._open.items() if method not in seen]
        if reasons:
            raise Inconclusive("\n".join(dict.fromkeys(reasons)))
