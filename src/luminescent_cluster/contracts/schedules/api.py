"""The explorer for one's own classes and tests."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .engine import explore_extension
from .model import Budget, Result

__all__ = ["RaceFound", "explore", "race_free"]

F = TypeVar("F", bound=Callable[..., Any])


class RaceFound(AssertionError):
    """A schedule under which the object misbehaves; ``result`` has all about it."""

    def __init__(self, result: Result) -> None:
        super().__init__("\n\n".join(str(finding) for finding in result.findings))
        self.result = result


def explore(
    target: Callable[[], Any],
    calls: Sequence[Any] = (),
    *,
    threads: Sequence[Sequence[Any]] | None = None,
    observers: Sequence[Any] | None = None,
    seconds: float = 5.0,
    preemptions: int = 3,
    seed: int = 0,
    promise: str = "regular",
    **options: Any,
) -> Result:
    """Explore a class or factory: ``explore(Counter, ["increment", "value"])``.

    ``calls`` are method names, ("name", argument, ...) or functions of the object; they are
    combined in every way that the budget allows. ``threads`` gives one program instead: the calls
    of each thread. ``options`` are those of
    :func:`~luminescent_cluster.contracts.schedules.explore_extension`.
    """
    return explore_extension(
        target,
        calls,
        programs=None if threads is None else [threads],
        observers=observers,
        budget=Budget(seconds=seconds, preemptions=preemptions),
        seed=seed,
        promise=promise,
        **options,
    )


def race_free(
    calls: Sequence[Any] = (),
    *,
    threads: Sequence[Sequence[Any]] | None = None,
    **options: Any,
) -> Callable[[F], F]:
    """Make a test of a function that returns a fresh object.

    ::

        @race_free(["increment", "value"])
        def test_counter():
            return Counter()

    The test raises :class:`RaceFound` when a schedule makes the object misbehave, and ValueError
    when nothing could be judged. Arguments of the function (fixtures) are passed on.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def test(*args: Any, **kwargs: Any) -> None:
            result = explore(
                functools.partial(function, *args, **kwargs), calls, threads=threads, **options
            )
            if result.findings:
                raise RaceFound(result)
            if not result.judged:
                raise ValueError("; ".join(result.notes) or "nothing could be judged")

        return test  # type: ignore[return-value]

    return decorate
