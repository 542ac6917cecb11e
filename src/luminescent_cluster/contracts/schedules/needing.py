"""What a call needs to have happened: one that raises alone may not do so after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .choosing import Serial
from .execute import Session
from .model import Call, Program
from .runs import Raised

__all__ = ["first_helpers", "of_two"]


def first_helpers(session: Session, calls: Sequence[Call]) -> dict[str, Call]:
    """For each call that raises alone, by its text, the first after which it does not.

    Args:
        session: runs the calls, each time on a fresh extension.
        calls: those that end when nobody else calls anything.
    """
    helpers = {}
    for call in calls:
        if not _raises(session, Program(((call,),))):
            continue
        others = (other for other in calls if other.name != call.name)
        for other in others:
            if not _raises(session, Program(((call,),), (other,))):
                helpers[str(call)] = other
                break
    return helpers


def _raises(session: Session, program: Program) -> bool:
    run = session.run(program, Serial(["a"]))
    return run.failure is not None or isinstance(run.results[0][0], Raised)


def of_two(both: Iterable[tuple[Call, Call]], helpers: Mapping[str, Call]) -> Iterator[Program]:
    """Programs of two threads with one call each, after what lets them succeed.

    Where the other thread makes the very call that helps, they are left to meet.
    """
    for one, other in both:
        helping = [helpers[str(call)] for call in (one, other) if str(call) in helpers]
        before = [call for call in helping if call not in (one, other)]
        unlike = [call for at, call in enumerate(before) if call not in before[:at]]
        yield Program(((one,), (other,)), tuple(unlike))
