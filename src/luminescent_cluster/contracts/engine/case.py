"""What a check works with: fresh subjects, calls with a deadline, generated examples."""

from __future__ import annotations

import asyncio
import functools
import inspect
import re
from collections.abc import Callable
from typing import Any

from luminescent_cluster.extensions._calls.reflection import own_annotations

from ..clauses import Clause, Inconclusive, NoInstance, Outcome, Violation
from ..subjects import Subject
from .alarm import Overdue, deadline
from .forks import forks, leave_if_forked
from .guard import ExitAttempt, Guard, belongs_to_runner
from .lifetimes import Lifetimes, Make
from .originals import monotonic, sleep
from .profile import Profile
from .received import received
from .show import show, show_call, show_error
from .tally import Raised, Refused, Tally
from .timeless import timeless

__all__ = ["Case", "Raised", "Refused", "Tally"]


class Case(Lifetimes):
    """One clause, applied to one binding.

    Attributes:
        clause: the clause that is being checked.
        protocol: the protocol class the extension is asked for.
        profile: how much effort to spend.
        seed: seed of everything random.
        name: the binding's name.
        tally: what has been seen.
        replay: token of the one thread schedule to run, or empty.
        guard: the watch over the process.
    """

    def __init__(
        self,
        clause: Clause,
        protocol: type,
        make: Make,
        *,
        profile: Profile,
        seed: int,
        name: str,
        guard: Guard,
        shrink: bool = True,
        database: Any = None,
        replay: str = "",
    ) -> None:
        super().__init__(make)
        self.clause = clause
        self.protocol = protocol
        self.profile = profile
        self.seed = seed
        self.name = name
        self.guard = guard
        self.shrink = shrink
        self.database = database
        self.replay = replay
        self.tally = Tally()
        self.current: tuple[str, float] | None = None
        self._aliases: dict[re.Pattern[str], str] = {}
        self._asynchronous: dict[str, bool] = {}

    # -- calls ------------------------------------------------------------------------------

    def call(self, method: str, /, *args: Any, _on: Subject | None = None, **kwargs: Any) -> Any:
        """Call a method of the extension, as core would.

        Args:
            method: its name.
            args: positional arguments.
            _on: another subject than the example's; a name that no protocol's parameter has.
            kwargs: keyword arguments.

        Returns:
            What it returned; of a coroutine, what it came to.

        Raises:
            Refused: it raised an ordinary exception. Inside :meth:`for_all` that rejects the
                example, outside it makes the clause inconclusive.
            Violation: it hung, exited, or raised something that no caller could catch.
        """
        subject = self.subject if _on is None else _on
        text = show_call(method, args, kwargs)
        return self.perform(
            text,
            lambda: getattr(subject.extension, method)(
                *map(received, args), **{name: received(value) for name, value in kwargs.items()}
            ),
            subject.deadline,
            awaits=self.is_async(method),
            then=lambda result: self._taken_apart(method, result),
        )

    def attempt(self, method: str, /, *args: Any, _on: Subject | None = None, **kwargs: Any) -> Any:
        """Like :meth:`call`, but give :class:`Raised` where the extension raises."""
        try:
            return self.call(method, *args, _on=_on, **kwargs)
        except Refused as refusal:
            return Raised(refusal.error)

    def must(self, method: str, /, *args: Any, _on: Subject | None = None, **kwargs: Any) -> Any:
        """Like :meth:`call`, but an exception is a violation: this call may not be refused."""
        try:
            return self.call(method, *args, _on=_on, **kwargs)
        except Refused as refusal:
            raise Violation(
                f"{refusal.call} raised {show_error(refusal.error)}", history=tuple(self.history)
            ) from refusal.error

    def perform(
        self,
        text: str,
        action: Callable[[], Any],
        limit: float,
        *,
        awaits: bool = True,
        counts: bool = True,
        then: Callable[[Any], Any] | None = None,
    ) -> Any:
        """Perform any piece of work that runs the author's code, under all guards.

        Args:
            text: the call as code, for the history and for messages.
            action: does it.
            limit: seconds.
            counts: whether it is a call of the protocol, for the tally and the history.
            awaits: whether a coroutine is run to its end; else it is closed and returned.
            then: given the result, gives what is returned in its place.

        Raises:
            Refused, Violation: as :meth:`call`.
        """
        due = monotonic() + limit
        exits = len(self.guard.exits)
        before = forks()
        former, self.current = self.current, (text, due)
        try:
            with deadline(limit, text):
                result = action()
                if awaits and inspect.isawaitable(result):
                    result = self.run_async(_within(limit, result))
                elif inspect.iscoroutine(result):
                    result.close()  # nobody will await it, and Python would say so
                if then is not None:
                    result = then(result)
        except (Outcome, Violation):
            raise
        except Exception as error:
            if isinstance(error, asyncio.TimeoutError) and monotonic() >= due:
                raise self._fatal(text, f"did not come back within {limit:g} s") from error
            raise self._refusal(text, error) from error
        except Overdue as error:
            stood = tuple(f"  it stood at {place}" for place in error.stood_at[-3:])
            violation = self._fatal(text, f"did not come back within {limit:g} s", *stood)
            violation.final = True
            raise violation from error
        except KeyboardInterrupt as error:
            if self.guard.interrupted:
                raise
            raise self._fatal(text, "raised KeyboardInterrupt") from error
        except ExitAttempt as error:
            raise self._fatal(text, f"tried to end the process: {error}") from error
        except BaseException as error:
            if belongs_to_runner(error):
                raise
            raise self._fatal(
                text, f"raised {show_error(error)}, which `except Exception` does not catch"
            ) from error
        finally:
            self.current = former
            leave_if_forked(before)
        if len(self.guard.exits) > exits:  # the extension swallowed it
            raise self._fatal(text, f"tried to end the process: os._exit({self.guard.exits[-1]})")
        if counts:
            self.tally.calls += 1
            self.history.append(f"{text}  # -> {show(result, 120)}")
        return result

    def _taken_apart(self, method: str, result: Any) -> Any:
        """Give a result with what comes out of it bit by bit; see :mod:`.streams`."""
        from .streams import Reader

        reader = Reader(self.run_async, brief=method in self.tally.waiting)
        taken = reader.take(result, _declared(self.protocol, method))
        if reader.waited:
            self.tally.waiting.add(method)
        return taken

    def is_async(self, method: str) -> bool:
        """Tell whether the protocol's method is asynchronous, so that core awaits its answer."""
        found = self._asynchronous.get(method)
        if found is None:
            found = self._asynchronous[method] = _is_async(self.protocol, method)
        return found

    def _refusal(self, text: str, error: Exception) -> Refused:
        self.history.append(f"{text}  # raises {show_error(error)}")
        return Refused(text, error)

    def _fatal(self, text: str, what: str, *more: str) -> Violation:
        self.history.append(f"{text}  # {what}")
        return Violation(
            f"{text} {what}",
            *more,
            fix="let every call come back with a result or an ordinary exception",
            history=tuple(self.history),
        )

    def settle(self, on: Subject | None = None, pause: float = 0.0) -> None:
        """Let an extension that works in the background finish.

        Args:
            on: another subject than the example's.
            pause: seconds to wait where the subject has no probe `flush`.

        Raises:
            Refused, Violation: the flush raised or hung.
        """
        subject = self.subject if on is None else on
        if subject.has("flush"):
            self.perform("flush()", subject.probe("flush"), 30.0, counts=False)
        elif pause:
            sleep(pause)

    def probed(self, name: str, on: Subject | None = None) -> Any:
        """Call a probe that takes no arguments, and give its answer.

        Raises:
            NoInstance: it raised.
            Unverified: the author did not give it.
        """
        hook = (self.subject if on is None else on).probe(name)
        try:
            return self.perform(f"{name}()", hook, 30.0, counts=False)
        except Refused as refusal:
            raise NoInstance(f"the probe {name}() raised {show_error(refusal.error)}") from refusal

    # -- evidence ---------------------------------------------------------------------------

    def tell(self, pattern: str, shown: str) -> None:
        """Show something else in evidence and histories for what differs from run to run.

        Args:
            pattern: regular expression of what differs: a unique id, the present time.
            shown: the text that stands for it, the same in every run.
        """
        self._aliases[re.compile(pattern)] = shown

    def told(self, text: str) -> str:
        """Give a text as every run with this seed tells it; see :meth:`tell`."""
        for pattern, shown in self._aliases.items():
            text = pattern.sub(shown.replace("\\", r"\\"), text)
        return timeless(text)

    def looked(self) -> None:
        """Count something judged without a call, such as a signature."""
        self.tally.looked += 1

    def note(self, text: str) -> None:
        """Add a remark for the author that decides nothing."""
        self.tally.notes[text] = None

    def for_all(
        self, check: Callable[..., None], /, *, examples: int | None = None, **strategies: Any
    ) -> None:
        """Check a property over generated examples; see
        :func:`~luminescent_cluster.contracts.engine.examples.for_all`.
        """
        from .examples import for_all

        for_all(self, check, strategies, examples)

    def require_seen(self) -> None:
        """Raise Inconclusive where nothing was judged.

        Raises:
            Inconclusive: no call came back with a result and nothing was looked at.
        """
        if not self.tally.calls and not self.tally.looked:
            raise Inconclusive("no call reached the extension")


async def _within(limit: float, awaitable: Any) -> Any:
    return await asyncio.wait_for(awaitable, limit)


def _is_async(protocol: type, method: str) -> bool:
    member = inspect.getattr_static(protocol, method, None)
    function = getattr(member, "__func__", member)
    if inspect.iscoroutinefunction(function):
        return True
    returned = str(own_annotations(function).get("return", ""))
    return "Awaitable[" in returned or "Coroutine[" in returned


@functools.lru_cache(maxsize=256)
def _declared(protocol: type, method: str) -> Any:
    from .methods import methods_of

    return next((m.returns for m in methods_of(protocol) if m.name == method), None)
