"""Deadlines for calls into an extension that may never come back.

An extension that patches `time` or `threading` changes nothing about its deadline: everything used
here is an original.
"""

from __future__ import annotations

import signal
import sys
import traceback
import weakref
from pathlib import Path
from threading import main_thread
from types import FrameType
from typing import Any

from .frames import current_frames
from .originals import get_ident, monotonic, real_exit, sleep, start_new_thread

__all__ = ["Overdue", "can_interrupt", "deadline", "where"]

_HERE = str(Path(__file__).parent)
_REPEAT = 0.5  # seconds between further alarms, for code that swallows the first
_GRACE = 20.0  # seconds after the deadline until the process is given up
_setitimer = getattr(signal, "setitimer", None)
_SIGALRM: Any = getattr(signal, "SIGALRM", None)
_ITIMER_REAL: Any = getattr(signal, "ITIMER_REAL", None)
_signal: Any = getattr(signal.signal, "__wrapped__", signal.signal)
"""Without the enums that the module wraps around it, which cost more than the call."""


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


_due: list[tuple[float, str]] = []  # deadlines under way, innermost last, for the last resort
_guarding = False


def _last_resort() -> None:
    """End the process when a hung call swallowed every alarm, rather than hang for ever."""
    while True:
        sleep(1.0)
        due = _due[-1:]  # the main thread may take it off at any moment
        if due and monotonic() > due[0][0] + _GRACE:
            frame = current_frames().get(main_thread().ident or 0)
            stood = "\n    ".join(where(frame, 12))
            sys.__stderr__ and print(
                f"\nluminescent: {due[0][1]} did not come back, and swallowed the interruptions; "
                f"the run ends here, INCOMPLETE. The main thread stands at\n    {stood}",
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


class deadline:  # noqa: N801 - reads as a word in `with deadline(…)`, as suppress() does
    """Raise :class:`Overdue` inside the block once it has run for ``seconds``.

    Needs :func:`can_interrupt`; elsewhere the block runs without a limit, and the caller watches
    it from another thread. A class, since it is entered for every call of every example, and a
    generator takes twice the time.

    Args:
        seconds: the limit.
        what: the call, for the message of the last resort.
    """

    __slots__ = ("_active", "_former", "_interval", "_left", "_seconds", "_started", "_what")

    def __init__(self, seconds: float, what: str) -> None:
        self._seconds = seconds
        self._what = what
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
        self._former = _signal(_SIGALRM, self._ring)
        self._left, self._interval = _setitimer(_ITIMER_REAL, self._seconds, _REPEAT)
        _due.append((self._started + self._seconds, self._what))

    def _ring(self, signum: int, frame: FrameType | None) -> None:
        if self._active and not _raises_into_nothing(frame):
            raise Overdue(self._seconds, where(frame))

    def __exit__(self, *exc_info: object) -> None:
        if not self._active or _setitimer is None:
            return
        self._active = False
        _due.pop()
        _setitimer(_ITIMER_REAL, 0)
        _signal(_SIGALRM, self._former if self._former is not None else signal.SIG_DFL)
        if self._left:  # somebody else's alarm (another timeout plugin) goes on where it was
            remaining = self._left - (monotonic() - self._started)
            _setitimer(_ITIMER_REAL, max(remaining, 0.001), self._interval)
