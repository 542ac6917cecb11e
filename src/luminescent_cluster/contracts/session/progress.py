"""Which clause takes long, and how far it is: on a terminal that a person looks at, and only there.

The status stands on the line below the cursor, which never moves for it: whatever is written next
finds the cursor where it was, and the status gone. Nothing of it reaches a file or a pipe.
"""

from __future__ import annotations

import os
import re
from _thread import allocate_lock
from collections.abc import Mapping
from typing import Any, TextIO

from ..engine.originals import monotonic, sleep, start_new_thread

__all__ = ["Progress", "is_wanted", "progress_of"]

PATIENCE = 3.0
"""Seconds that a clause may take before anything is shown."""
EVERY = 1.0
"""Seconds between two looks."""

_CLAUSE = re.compile(
    r"(?:.*::)?(?P<name>[^:]+)::(?P<clause>[A-Z]{2,3}(?:-[A-Z]{3})?-\d\d(?:\[.*\])?)(?:@.*)?\Z"
)
# Make sure that there is a line below, remember the cursor, and go to that line's beginning.
_BELOW = b"\x1bD\x1b[A\x1b7\x1b[B\r"
_BACK = b"\x1b[K\x1b8"


def is_wanted(stream: Any, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a person looks at a stream: a terminal, no CI, and nobody asked for plain text.

    Args:
        stream: what is written to.
        environ: the environment.
    """
    plain = environ.get("NO_COLOR") or environ.get("TERM", "dumb") == "dumb"
    in_ci = environ.get("CI", "").lower() not in ("", "0", "false")
    try:
        return os.name == "posix" and not plain and not in_ci and stream.isatty()
    except (AttributeError, ValueError):  # no stream at all, or one that is closed
        return False


def progress_of(config: Any) -> Progress | None:
    """Give the progress of a pytest run, on its terminal; None where nobody looks.

    Args:
        config: pytest's, once its terminal is set up and before its capture begins.
    """
    reporter = config.pluginmanager.getplugin("terminalreporter")
    writer: Any = getattr(reporter, "_tw", None)
    file: Any = getattr(writer, "_file", None)
    quiet = config.get_verbosity() < 0 or config.getoption("capture", "fd") == "no"
    if quiet or not is_wanted(file):
        return None
    try:
        found = Progress(os.dup(file.fileno()))
    except (OSError, ValueError):
        return None
    writer._file = found.over(file)
    return found


class Progress:
    """Shows the clauses under way that take long. Its hooks are pytest's, on the controller.

    Args:
        terminal: a file descriptor of the terminal; closed at the end.
    """

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._lock = allocate_lock()
        self._running: dict[str, tuple[str, float]] = {}
        self._seen: dict[str, Any] = {}
        self._shown = False
        self._looking = False
        self._paused = False

    def start(self, key: str, label: str) -> None:
        """A clause begins."""
        self._running[key] = (label, monotonic())
        if not self._looking:
            self._looking = True
            start_new_thread(self._look, ())

    def watch(self, key: str, seen: Any) -> None:
        """Take what counts a clause's ``examples`` and ``calls``."""
        self._seen[key] = seen

    def stop(self, key: str) -> None:
        """A clause has ended."""
        self._running.pop(key, None)
        self._seen.pop(key, None)
        if not self._running:
            self.hide()

    def hide(self) -> None:
        """Take the status away, until the next look."""
        with self._lock:
            self._hide()

    def over(self, file: TextIO) -> Any:
        """Give a file that takes the status away before anything is written."""
        return _Over(file, self)

    def close(self) -> None:
        """End it."""
        self._running.clear()
        with self._lock:
            self._hide()
            if self._terminal >= 0:
                os.close(self._terminal)
            self._terminal = -1

    # -- hooks ------------------------------------------------------------------------------

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        match = _CLAUSE.match(nodeid)
        if match is not None:
            self.start(nodeid, f"{match['clause']} of {match['name']}")

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.stop(nodeid)

    def pytest_enter_pdb(self) -> None:
        self._paused = True
        self.hide()

    def pytest_leave_pdb(self) -> None:
        self._paused = False

    def pytest_unconfigure(self) -> None:
        self.close()

    # -- the terminal -----------------------------------------------------------------------

    def _look(self) -> None:
        while self._terminal >= 0:
            sleep(EVERY)
            with self._lock:
                text = "" if self._paused else self._text()
                if text:
                    self._put(_BELOW + text.encode("utf-8", "replace") + _BACK)
                    self._shown = True

    def _text(self) -> str:
        now = monotonic()
        running = sorted((since, key, label) for key, (label, since) in [*self._running.items()])
        long = [(now - since, key, label) for since, key, label in running]
        long = [one for one in long if one[0] >= PATIENCE]
        parts = [f"{label}: {_told(took, self._seen.get(key))}" for took, key, label in long]
        try:
            room = (os.get_terminal_size(self._terminal).columns or 80) - 1
        except OSError:
            room = 79
        line = "".join(c if c.isprintable() else "?" for c in "; ".join(parts))
        return line if len(line) <= room else line[: max(room - 1, 0)] + "…"

    def _hide(self) -> None:
        if self._shown:
            self._put(_BELOW + _BACK)
            self._shown = False

    def _put(self, data: bytes) -> None:
        try:
            os.write(self._terminal, data)
        except OSError:  # the terminal is gone
            self._terminal = -1


def _told(took: float, seen: Any) -> str:
    parts = [f"{took:.0f} s"]
    for name in ("examples", "calls"):
        number = getattr(seen, name, 0)
        if number:
            parts.append(f"{number} {name if number > 1 else name[:-1]}")
            break
    return ", ".join(parts)


class _Over:
    """A terminal's file; writing takes the status away first."""

    def __init__(self, file: TextIO, progress: Progress) -> None:
        self._file = file
        self._progress = progress

    def write(self, text: str) -> int:
        self._progress.hide()
        return self._file.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
