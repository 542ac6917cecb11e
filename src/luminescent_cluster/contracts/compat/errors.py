"""What can be wrong with the sources of a comparison."""

from __future__ import annotations

__all__ = ["SourceError"]


class SourceError(ValueError):
    """A version of a protocol cannot be read; the message names the place and the remedy.

    Attributes:
        place: what could not be read, as the user wrote it.
        problem: what is wrong with it.
        remedy: what to write instead.
    """

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        self.place = place
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{place}: {problem}\n  fix: {remedy}")

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str, str]]:
        return type(self), (self.place, self.problem, self.remedy)
