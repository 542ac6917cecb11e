"""From the author's factory to subjects, and back to nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from luminescent_cluster.extensions import ExtensionRegistry

from ..clauses import NoInstance
from ..subjects import Subject
from .alarm import Overdue, deadline
from .forks import forks, leave_if_forked
from .originals import monotonic
from .show import show_error

__all__ = ["Factory", "Making", "instance"]

Factory = Callable[[], Any]
"""Gives an extension or a subject; a generator's tail is the teardown. May be a coroutine function
or an asynchronous generator."""

_MAKING = 60.0  # seconds; a database may have to come up
_SLOTS = ("tenant_provider", "usage_tracker", "audit_logger")


class Making:
    """A factory under all the clauses of a binding: what has hung once is not waited for again.

    Attributes:
        hung: how the factory, or what follows its yield, did not come back the first time.
        due: what runs now, and when it must have come back; for who watches from elsewhere.
    """

    def __init__(self) -> None:
        self.hung = ""
        self.due: tuple[str, float] | None = None

    @contextmanager
    def limit(self, what: str) -> Iterator[None]:
        """Interrupt the block when it takes too long.

        Raises:
            NoInstance: this factory has hung before, or does now.
        """
        if self.hung:
            raise NoInstance(f"not tried again, because in an earlier clause {self.hung}")
        self.due = (what, monotonic() + _MAKING)
        try:
            with deadline(_MAKING, what):
                yield
        except Overdue as error:
            raise self.overdue(what, error.stood_at) from None
        finally:
            self.due = None

    def overdue(self, what: str, stood_at: tuple[str, ...]) -> NoInstance:
        """Remember that it hung, and give what says so."""
        self.due = None  # the thread that hangs in it would be blamed for the next clause, too
        places = "".join(f"\n  {place}" for place in stood_at)
        self.hung = f"{what} did not come back within {_MAKING:g} s"
        self.hung += f"; it stood at{places}" if places else ""
        return NoInstance(self.hung)


@contextmanager
def instance(
    factory: Factory,
    subject_class: type[Subject],
    run_async: Callable[[Any], Any],
    making: Making | None = None,
) -> Iterator[Subject]:
    """Make one subject and tear it down at the end of the block.

    Args:
        factory: the author's.
        subject_class: what a bare extension is wrapped in.
        run_async: runs an awaitable to its end.
        making: what is known of the factory from earlier calls.

    Raises:
        NoInstance: the factory raised, hung, exited, yielded nothing, or gave something that is
            no extension.
    """
    name = getattr(factory, "__qualname__", None) or repr(factory)
    making = making or Making()
    generator: Any = None
    registered_before = _registered()
    with _blame(name, "raised"), making.limit(f"the factory {name}"):
        if not callable(factory):
            raise NoInstance(
                f"the factory is a {type(factory).__name__}, which cannot be called; hand over a "
                "function that makes a fresh extension"
            )
        made = factory()
        if inspect.iscoroutine(made):
            made = run_async(made)
        if inspect.isgenerator(made):
            generator = made
            made = next(generator, _NOTHING)
        elif inspect.isasyncgen(made):
            generator = made
            made = run_async(anext(generator, _NOTHING))
    try:
        yield _as_subject(made, name, subject_class, registered_before)
    finally:
        if generator is not None:
            with _blame(name, "raised after its yield"), making.limit(f"teardown of {name}"):
                if inspect.isasyncgen(generator):
                    rest = run_async(anext(generator, _NOTHING))
                else:
                    rest = next(generator, _NOTHING)
                if rest is not _NOTHING:
                    raise NoInstance(f"the factory {name} yields more than once; yield one subject")


_NOTHING = object()


@contextmanager
def _blame(name: str, what: str) -> Iterator[None]:
    from .guard import ExitAttempt

    before = forks()
    try:
        yield
    except NoInstance:
        raise
    except (SystemExit, GeneratorExit, ExitAttempt) as error:
        raise NoInstance(f"the factory {name} {what} {show_error(error)}") from error
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        at = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
        raise NoInstance(f"the factory {name} {what} {show_error(error)}{at}") from error
    finally:
        leave_if_forked(before)


def _as_subject(
    made: Any, name: str, subject_class: type[Subject], before: tuple[Any, ...]
) -> Subject:
    if made is _NOTHING:
        raise NoInstance(f"the factory {name} is a generator that yields nothing; yield a subject")
    if made is None:
        raise NoInstance(
            f"the factory {name} returned None; return (or yield) the extension, or a "
            f"{subject_class.__name__} around it"
        )
    if inspect.iscoroutine(made) or inspect.isgenerator(made):
        raise NoInstance(
            f"the factory {name} returned a {type(made).__name__}; return an extension"
        )
    if isinstance(made, Subject) and not isinstance(made, subject_class):
        if type(made) is not Subject:
            raise NoInstance(
                f"the factory {name} gave a {type(made).__name__}, but this protocol's clauses "
                f"need a {subject_class.__name__}"
            )
        try:
            made = made.typed(subject_class)
        except (TypeError, ValueError) as error:
            raise NoInstance(f"the factory {name} gave a Subject: {error}") from error
    subject: Subject = made if isinstance(made, Subject) else subject_class(made)
    for slot, old, new in zip(_SLOTS, before, _registered(), strict=True):
        if new is not None and new is not old and new is not subject.extension:
            raise NoInstance(
                f"the factory {name} registers a {type(new).__name__} as {slot} but returns "
                f"another object, a {type(subject.extension).__name__}; return the one that it "
                "registers, because that is the one core will call"
            )
    return subject


def _registered() -> tuple[Any, ...]:
    registry = ExtensionRegistry._instance
    return tuple(getattr(registry, slot, None) for slot in _SLOTS)
