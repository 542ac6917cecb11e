"""A process that logs until it is killed."""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import IO, Any

from ...engine.originals import monotonic

__all__ = ["Victim", "VictimError"]

_DONE = b"done\n"


class VictimError(Exception):
    """The process could not do its work; the message says why."""


class Victim:
    """Calls a logger in a process of its own, and dies without a word.

    A fresh interpreter where ``reopen`` can be sent there (a class, a module-level function, a
    ``functools.partial`` of one); a forked copy of this process otherwise.
    """

    def __init__(self, reopen: Callable[[], Any], calls: list[tuple[str, dict[str, Any]]]) -> None:
        self._pid = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes]
        try:
            task = pickle.dumps((reopen, calls))
            pickle.loads(task)  # a lock or a connection fails here at the latest
        except Exception:
            self._fork(reopen, calls)
        else:
            self._spawn(task)

    def run(self, limit: float) -> list[int]:
        """Wait until it has made its calls.

        Args:
            limit: seconds.

        Returns:
            The numbers of the calls that returned.

        Raises:
            VictimError: it failed, or took too long.
        """
        due = monotonic() + limit
        acknowledged = []
        for line in self._lines(due):
            word, _, rest = line.decode("utf-8", "replace").rstrip("\n").partition(" ")
            if word == "ok":
                acknowledged.append(int(rest))
            elif word == "error":
                raise VictimError(rest)
            elif word == "done":
                return acknowledged
        raise VictimError(f"no answer within {limit:g} s, or it ended by itself")

    def _lines(self, due: float) -> Iterator[bytes]:
        pending = b""
        with selectors.DefaultSelector() as selector:  # select() ends at descriptor 1024
            selector.register(self._output, selectors.EVENT_READ)
            while (left := due - monotonic()) > 0 and selector.select(left):
                chunk = os.read(self._output.fileno(), 65_536)
                if not chunk:
                    return
                *lines, pending = (pending + chunk).split(b"\n")
                yield from lines

    def kill(self) -> None:
        """Send SIGKILL and wait for the end."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        elif self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
        self._output.close()

    def _spawn(self, task: bytes) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise VictimError("no pipe to the process")
        self._output = stdout
        with contextlib.suppress(BrokenPipeError):
            stdin.write(task)
            stdin.close()

    def _fork(self, reopen: Callable[[], Any], calls: list[tuple[str, dict[str, Any]]]) -> None:
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # other threads stay behind
            pid = os.fork()
        if pid == 0:
            os.close(reading)
            with contextlib.suppress(BaseException):
                _log(reopen, calls, writing)
            os.kill(os.getpid(), signal.SIGKILL)
        os.close(writing)
        self._pid = pid
        self._output = os.fdopen(reading, "rb", buffering=0)


def main() -> None:
    """Do in a fresh interpreter what arrives on standard input; never return."""
    output = os.dup(1)
    os.dup2(2, 1)  # what the extension prints is no answer
    try:
        reopen, calls = pickle.load(sys.stdin.buffer)
    except Exception as error:
        os.write(output, f"error the factory cannot be imported there: {error!r}\n".encode())
        return
    _log(reopen, calls, output)


def _log(reopen: Callable[[], Any], calls: list[tuple[str, dict[str, Any]]], output: int) -> None:
    """Make the calls, acknowledging each that returned, and wait to be killed."""
    from ...subjects import Subject

    try:
        made = reopen()
        extension = made.extension if isinstance(made, Subject) else made
        for number, (method, kwargs) in enumerate(calls):
            try:
                getattr(extension, method)(**kwargs)
            except Exception:
                continue
            os.write(output, f"ok {number}\n".encode())
        os.write(output, _DONE)
    except Exception as error:
        os.write(output, f"error {type(error).__name__}: {error}\n".replace("\n", " ").encode())
        os.write(output, b"\n")
        return
    while True:
        signal.pause()
