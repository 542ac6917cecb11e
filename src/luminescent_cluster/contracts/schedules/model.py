"""The words of the engine: calls, programs, budgets, findings and results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .timeline import Timeline

__all__ = ["PROMISES", "Answer", "Budget", "Call", "Finding", "Observer", "Program", "Result"]

PROMISES = ("linearizable", "regular", "per-caller", "settled")
"""What concurrent calls promise, strongest first.

linearizable: some sequential order explains every result and every answer afterwards, and keeps
calls that did not overlap in the order in which they really happened.
regular: the same, but a read that overlapped several other calls need not be a snapshot of them
(sharded counters, one lock per tenant). A read that overlapped one call is before or after it.
per-caller: only the order of each caller's own calls is kept.
settled: only what every reader answers afterwards is judged, and exceptions and deadlocks.
"""


@dataclass(frozen=True)
class Answer:
    """Stands among a call's arguments for what an earlier call answered: a token, an id, a version.

    The earlier call is made before the threads of a program start, once for all that take its
    answer: ``Call("release", (Answer(Call("acquire")),))``.
    """

    call: Call

    def __repr__(self) -> str:
        return f"<what {self.call} answered>"


@dataclass(frozen=True)
class Call:
    """One call of the extension: ``Call("track", ("query", 1, {}))``.

    ``method`` may also be a function, which gets the extension as its first argument. An argument
    may be an :class:`Answer`.
    """

    method: str | Callable[..., Any]
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        object.__setattr__(self, "args", tuple(self.args))

    def __str__(self) -> str:
        parts = [_short(value) for value in self.args]
        parts += [f"{name}={_short(value)}" for name, value in self.kwargs.items()]
        return f"{self.name}({', '.join(parts)})"

    @property
    def name(self) -> str:
        """The name of what is called."""
        if isinstance(self.method, str):
            return self.method
        return str(getattr(self.method, "__name__", None) or type(self.method).__name__)

    @property
    def takes(self) -> list[Call]:
        """The calls whose answers it takes."""
        given = (*self.args, *self.kwargs.values())
        return [value.call for value in given if isinstance(value, Answer)]

    def perform(self, extension: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make the call with the given (copied) arguments."""
        if isinstance(self.method, str):
            return getattr(extension, self.method)(*args, **kwargs)
        return self.method(extension, *args, **kwargs)


def _short(value: object) -> str:
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True)
class Program:
    """One tuple of calls per thread; ``before`` is called first, by nobody else's side.

    Calls whose answers are taken are made before, whether or not they are named there.
    """

    threads: tuple[tuple[Call, ...], ...]
    before: tuple[Call, ...] = ()

    def __post_init__(self) -> None:
        made: list[Call] = []
        for call in self.before:
            made += [*(other for other in call.takes if other not in made), call]
        for call in (call for calls in self.threads for call in calls):
            made += [other for other in call.takes if other not in made]
        object.__setattr__(self, "before", tuple(made))

    def __str__(self) -> str:
        threads = " || ".join("; ".join(map(str, calls)) for calls in self.threads)
        return f"{'; '.join(map(str, self.before))} then {threads}" if self.before else threads

    @property
    def size(self) -> int:
        """The number of concurrent calls."""
        return sum(len(calls) for calls in self.threads)


def message_of(error: BaseException, limit: int = 200) -> str:
    """The message of an exception on one line; an exception may fail to have one."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "(its message cannot be printed)"
    return text if len(text) <= limit else text[: limit - 3] + "..."


Observer = Call | Callable[[Any], Any] if TYPE_CHECKING else object
"""What is asked after all calls ended: a call of the extension, or a function of the subject."""


@dataclass(frozen=True)
class Budget:
    """How much an exploration may do; whatever is used up first ends it.

    ``preemptions`` is the context bound up to which schedules are enumerated; ``run_seconds``
    the real time after which one run counts as hanging. ``kinds`` names the kinds of finding that
    are looked for; all of them where it is None.
    """

    seconds: float = 5.0
    schedules: int = 20_000
    preemptions: int = 3
    threads: int = 3
    calls: int = 2
    run_seconds: float = 5.0
    findings: int = 1
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Finding:
    """One defect with its evidence.

    ``kind`` is exception, deadlock, lost wake-up, livelock, hang, outcome or order. ``message``
    says what happened in one paragraph, ``timeline`` how, ``token`` replays it.
    """

    kind: str
    message: str
    program: Program
    token: str
    timeline: Timeline | None = None
    switches: int = 0
    schedules: int = 0
    """Schedules tried until it was found."""

    def __str__(self) -> str:
        text = f"{self.kind}: {self.message}"
        if self.timeline is not None:
            text += "\n" + self.timeline.text()
        return f"{text}\nreplay: {self.token}"


@dataclass
class Result:
    """What an exploration did and found.

    ``pairs`` counts the schedules run for each pair of methods; ``bound`` says what was covered
    completely; ``uncontrolled`` what could not be controlled, ``notes`` what could not be judged.
    """

    findings: list[Finding] = field(default_factory=list)
    schedules: int = 0
    programs: int = 0
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    bound: str = ""
    preemption_bound: int | None = None
    switch_points: int = 0
    uncontrolled: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    judged: bool = True
    """False when no program could be judged: neither a finding nor a clean bill."""

    @property
    def ok(self) -> bool:
        """True when something was judged and nothing was found."""
        return self.judged and not self.findings

    def __bool__(self) -> bool:
        return self.ok


def as_call(value: Call | str | Callable[..., Any] | Sequence[Any]) -> Call:
    """Accept ``Call``, a method name, a function, or either with arguments in a sequence."""
    if isinstance(value, Call):
        return value
    if isinstance(value, str) or callable(value):
        return Call(value)
    return Call(value[0], tuple(value[1:]))


def as_program(value: Program | Sequence[Sequence[Any]]) -> Program:
    """Accept ``Program`` or one sequence of calls per thread."""
    if isinstance(value, Program):
        return value
    return Program(tuple(tuple(as_call(call) for call in thread) for thread in value))
