"""The engine's two entrances: explore an extension, replay a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .apart import judge_by_growth, restore_between_runs
from .choosing import Serial
from .exclusive import alone_in_the_process
from .execute import Session
from .explorer import Explorer
from .inspecting import find_readers
from .model import PROMISES, Budget, Call, Program, Result, as_call, as_program, message_of
from .needing import first_helpers
from .runs import Raised
from .spending import Spending
from .varying import Varying

__all__ = ["explore_extension", "replay"]


@contextmanager
def opened(
    factory: Callable[[], Any],
    calls: Sequence[Any],
    programs: Sequence[Any] | None,
    observers: Sequence[Any] | None,
    readers: Sequence[str] | None,
    budget: Budget,
    seed: int,
    promise: str,
    extension_of: Callable[[Any], Any] | None,
    teardown: Callable[[Any], Any] | None,
    normalise: Callable[[Any], Any] | None,
) -> Iterator[tuple[Explorer, list[Program] | None]]:
    """An explorer that has met the code under test; everything is undone on leaving."""
    if promise not in PROMISES:
        raise ValueError(f"unknown promise {promise!r}: use one of {', '.join(PROMISES)}")
    listed = [as_call(call) for call in calls]
    given: list[Program] | None = None
    if programs is not None:
        given = [as_program(program) for program in programs]
        for call in [call for p in given for thread in (p.before, *p.threads) for call in thread]:
            if call not in listed:
                listed.append(call)
    listed += [former for call in listed for former in call.takes if former not in listed]
    if not listed:
        raise ValueError("nothing to run: give calls or programs")
    result = Result()
    asked = [] if observers is None else [_observer(observer) for observer in observers]
    session = Session(factory, asked, extension_of, teardown, budget.run_seconds, normalise)
    with alone_in_the_process(), session:
        spending = Spending(budget, result)
        varying = Varying()
        # Who reads bit by bit sees no single moment: only what that raises can be judged.
        session.reads_on = budget.kinds is not None and not {"outcome", "order"} & {*budget.kinds}
        alone = warm_up(session, listed)
        plain = [call for call in alone if not call.takes]
        restore_between_runs(session, plain, varying)
        judge_by_growth(session, plain, varying)
        if readers is None or observers is None:
            found = find_readers(session, alone, varying)
            if observers is None:
                # What takes an answer is asked where that was given, and nowhere else.
                session.observers = [call for call in found if not call.takes]
            if readers is None:
                readers = sorted(_reading(listed, found, session.observers))
        helpers = first_helpers(session, alone) if given is None else {}
        explorer = Explorer(
            session, listed, helpers, readers, budget, seed, promise, varying, result, spending
        )
        yield explorer, given
    result.uncontrolled += [note for note in session.notes if note not in result.uncontrolled]
    result.notes += [remark for remark in session.remarks if remark not in result.notes]
    result.seconds = spending.seconds()


def _observer(value: Any) -> Any:
    return value if callable(value) else as_call(value)


def explore_extension(
    factory: Callable[[], Any],
    calls: Sequence[Any] = (),
    *,
    programs: Sequence[Any] | None = None,
    observers: Sequence[Any] | None = None,
    readers: Sequence[str] | None = None,
    budget: Budget | None = None,
    seed: int = 0,
    promise: str = "regular",
    extension_of: Callable[[Any], Any] | None = None,
    teardown: Callable[[Any], Any] | None = None,
    normalise: Callable[[Any], Any] | None = None,
) -> Result:
    """Explore the thread schedules of an extension.

    ``factory`` makes a fresh subject for every run; ``extension_of`` gives the extension inside
    it. ``calls`` are combined into programs (or ``programs`` gives them: one sequence of calls
    per thread). ``observers`` are asked after every run (calls, or functions of the subject);
    None takes the calls that only read. ``readers`` names the methods that only read; None finds
    out. ``promise`` is one of :data:`PROMISES`. ``teardown`` gets the subject after every run.
    ``normalise`` maps every result and answer to what is compared: a way to declare what
    legitimately varies, besides what is recognised by itself.

    Raises ValueError for an unknown promise or when there is nothing to call, SetupFailed when
    the factory raises.
    """
    with opened(
        factory, calls, programs, observers, readers, budget or Budget(), seed, promise,
        extension_of, teardown, normalise,
    ) as (explorer, given):  # fmt: skip
        explorer.explore(given)
    return explorer.result


def replay(
    token: str,
    factory: Callable[[], Any],
    calls: Sequence[Any] = (),
    *,
    programs: Sequence[Any] | None = None,
    observers: Sequence[Any] | None = None,
    readers: Sequence[str] | None = None,
    budget: Budget | None = None,
    promise: str = "regular",
    extension_of: Callable[[Any], Any] | None = None,
    teardown: Callable[[Any], Any] | None = None,
    normalise: Callable[[Any], Any] | None = None,
) -> Result:
    """Run exactly the schedule of ``token``, with the arguments it was found with.

    The result has the finding again, or none when the defect is gone although the code is what
    it was. Raises StaleToken when calls or code have changed since.
    """
    with opened(
        factory, calls, programs, observers, readers, budget or Budget(), 0, promise,
        extension_of, teardown, normalise,
    ) as (explorer, _):  # fmt: skip
        explorer.replay(token)
    return explorer.result


def warm_up(session: Session, calls: Sequence[Call]) -> list[Call]:
    """Meet the code under test once, so that its switch points are settled before they count.

    Gives the calls that end when nobody else calls anything.
    """
    alone = []
    for call in calls:
        run = session.run(Program(((call,),)), Serial(["a"]))
        if session.asynchronous:  # what was made of it was no real call
            run = session.run(Program(((call,),)), Serial(["a"]))
        if run.failure is not None and session.reads_on:  # a stream of what is still to come
            session.waiting.add(call.name)
            run = session.run(Program(((call,),)), Serial(["a"]))
        if run.failure is None:
            alone.append(call)
            value = run.results[0][0]
            if isinstance(value, Raised):
                session.remarks.append(
                    f"{call} raises {type(value.error).__name__} when it is called alone: "
                    f"{message_of(value.error)}"
                )
    session.run(Program((tuple(alone),)), Serial(["a"] * len(alone)))
    session.freeze()
    return alone


def _reading(calls: Sequence[Call], found: Sequence[Call], observers: Sequence[Any]) -> set[str]:
    asked = {observer.name for observer in observers if isinstance(observer, Call)}
    names = {call.name for call in calls}
    found_names = {call.name for call in found}
    changing = {call.name for call in calls if call not in found}
    return (asked & names) | (found_names - changing)
