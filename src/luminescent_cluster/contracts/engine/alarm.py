"""Deadlines for calls into an extension that may never come back.

An extension that patches `time` or `threading` changes nothing about its deadline: everything used
here is an original.
"""

from __future__ import annotations

import contextlib
import importlib
import signal
import sys
import traceback
import weakref
from collections.abc import Iterator
from pathlib import Path
from threading import main_thread
from types import FrameType
from typing import Any

from .frames import current_frames
from .originals import get_ident, monotonic, real_exit, sleep, start_new_thread

__all__ = ["Overdue", "can_interrupt", "deadline", "ready_to_ring", "where"]

_HERE = str(Path(__file__).parent)
_REPEAT = 0.5  # seconds between further alarms, for code that swallows the first
_GRACE = 20.0  # seconds after the deadline until the process is given up
_setitimer = getattr(signal, "setitimer", None)
_SIGALRM: Any = getattr(signal, "SIGALRM", None)
_ITIMER_REAL: Any = getattr(signal, "ITIMER_REAL", None)
_bare: Any = importlib.import_module("_signal")
"""Without the enums that `signal` wraps around it, which cost more than the calls."""
_signal, _getsignal = _bare.signal, _bare.getsignal


class Overdue(BaseException):
    """A call did not come back in time. A BaseException, so that no ``except Exception`` stops it.

    Attributes:
        stood_at: ``file:line in function``, innermost last, where the thread stood.
    """

    def __init__(self, seconds: float, stood_at: tuple[str, ...]) -> None:
        super().__init__(f"no answer within {seconds:g} s")
        self.seconds = seconds
        self.stood_at = stood_at


def can_interrupt() -> bool:
    """Tell whether a hung call can be interrupted in this thread (POSIX, main thread)."""
    return _setitimer is not None and get_ident() == main_thread().ident


def where(frame: FrameType | None, most: int = 6) -> tuple[str, ...]:
    """Say where a thread stands: its innermost frames, the innermost last."""
    summary = traceback.extract_stack(frame)
    outside = [f for f in summary if not f.filename.startswith(_HERE)]
    return tuple(f"{f.filename}:{f.lineno} in {f.name}" for f in outside[-most:])


_under_way: list[deadline] = []  # innermost last
_guarding = False


def _last_resort() -> None:
    """End the process when a hung call swallowed every alarm, rather than hang for ever."""
    while True:
        sleep(1.0)
        innermost = _under_way[-1:]  # the main thread may take it off at any moment
        if innermost and monotonic() > innermost[0].due + _GRACE:
            frame = current_frames().get(main_thread().ident or 0)
            stood = "\n    ".join(where(frame, 12))
            sys.__stderr__ and print(
                f"\nluminescent: {innermost[0].what} did not come back, and swallowed the "
                "interruptions; the run ends here, INCOMPLETE. The main thread stands at\n"
                f"    {stood}",
                file=sys.__stderr__,
                flush=True,
            )
            real_exit(70)


_WEAK = frozenset(
    kind.__init__.__code__.co_filename for kind in (weakref.WeakKeyDictionary, weakref.WeakSet)
)


def _raises_into_nothing(frame: FrameType | None) -> bool:
    """Tell whether a thread is in what the interpreter calls when an object dies.

    It ignores what is raised there, and complains; the next alarm follows soon.
    """
    code = frame.f_code if frame is not None else None
    return code is not None and code.co_name.endswith("remove") and code.co_filename in _WEAK


def _ring(signum: int, frame: FrameType | None) -> None:
    if not _under_way:
        if callable(_others):  # another timeout plugin's, between two calls
            _others(signum, frame)
        return
    innermost = _under_way[-1]
    left = innermost.due - monotonic()
    if left > 0:  # the author's code has set the one timer that there is
        _setitimer and _setitimer(_ITIMER_REAL, left, _REPEAT)
    elif not _raises_into_nothing(frame) and not _is_at_an_end(frame):
        raise Overdue(innermost.seconds, where(frame))


_others: Any = None


@contextlib.contextmanager
def ready_to_ring() -> Iterator[None]:
    """Keep what every :class:`deadline` inside the block would have to put in place, and back."""
    global _others
    if not can_interrupt():
        yield
        return
    former = _getsignal(_SIGALRM)
    if former is _ring:
        yield
        return
    _others = former
    _signal(_SIGALRM, _ring)
    try:
        yield
    finally:
        _signal(_SIGALRM, former if former is not None else signal.SIG_DFL)
        _others = None


def _is_at_an_end(frame: FrameType | None) -> bool:
    """Tell whether a thread is on its way into the block, or out of it.

    What is raised there leaves the deadline in place; the next alarm follows where it is inside.
    """
    ends = (deadline.__enter__.__code__, deadline.__exit__.__code__)
    return frame is not None and frame.f_code in ends


class deadline:  # noqa: N801 - reads as a word in `with deadline(…)`, as suppress() does
    """Raise :class:`Overdue` inside the block once it has run for ``seconds``.

    Needs :func:`can_interrupt`; elsewhere the block runs without a limit, and the caller watches
    it from another thread. A class, since it is entered for every call of every example, and a
    generator takes twice the time.

    Args:
        seconds: the limit.
        what: the call, for the message of the last resort.

    Attributes:
        due: when the block must have ended, on the monotonic clock.
    """

    __slots__ = ("_active", "_former", "_interval", "_left", "_started", "due", "seconds", "what")

    def __init__(self, seconds: float, what: str) -> None:
        self.seconds = seconds
        self.what = what
        self._active = False

    def __enter__(self) -> None:
        global _guarding
        if not can_interrupt() or _setitimer is None:
            return
        if not _guarding:
            _guarding = True
            start_new_thread(_last_resort, ())
        self._active = True
        self._started = monotonic()
        self.due = self._started + self.seconds
        self._former = _getsignal(_SIGALRM)
        if self._former is not _ring:
            _signal(_SIGALRM, _ring)
        _under_way.append(self)
        self._left, self._interval = _setitimer(_ITIMER_REAL, self.seconds, _REPEAT)

    def __exit__(self, *exc_info: object) -> None:
        if not self._active or _setitimer is None:
            return
        self._active = False
        _setitimer(_ITIMER_REAL, 0)
        del _under_way[_under_way.index(self) :]
        if _getsignal(_SIGALRM) is not self._former:
            _signal(_SIGALRM, self._former if self._former is not None else signal.SIG_DFL)
        if self._left:  # somebody else's alarm (another timeout plugin) goes on where it was
            remaining = self._left - (monotonic() - self._started)
            _setitimer(_ITIMER_REAL, max(remaining, 0.001), self._interval)
