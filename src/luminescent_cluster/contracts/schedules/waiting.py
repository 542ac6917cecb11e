"""Waiting for a socket hands the turn on at once.

A wait in C is otherwise noticed by the watchdog, a few milliseconds later each time. Most waits for
sockets are Python calls, which can be seen coming.
"""

from __future__ import annotations

import functools
import selectors
import socket
from collections.abc import Callable, Iterator
from typing import Any

from .tasks import Task, current_task

__all__ = ["replacements"]

_RECEIVING = (
    "recv",
    "recv_into",
    "recvfrom",
    "recvfrom_into",
    "recvmsg",
    "recvmsg_into",
    "_accept",
)


def _receiving(real: Any) -> Any:
    @functools.wraps(real)
    def receive(self: socket.socket, *args: Any, **kwargs: Any) -> Any:
        task = current_task()
        if task is None or self.gettimeout() == 0:
            return real(self, *args, **kwargs)
        # Also where an answer is there already: how quick it was must not show in the schedule.
        return _outside(task, _listens(self), lambda: real(self, *args, **kwargs))

    return receive


def _selecting(real: Any) -> Any:
    @functools.wraps(real)
    def select(self: Any, timeout: float | None = None) -> Any:
        task = current_task()
        if task is None or (timeout is not None and timeout <= 0):
            return real(self, timeout)
        sources = [key.fileobj for key in self.get_map().values()]
        idle = bool(sources) and all(map(_listens, sources))
        return _outside(task, idle, lambda: real(self, timeout))

    return select


def _outside(task: Task, idle: bool, wait: Callable[[], Any]) -> Any:
    task.controller.leave(task, idle)
    try:
        return wait()
    finally:
        task.idle = False
        task.controller.come_back(task)
        task.controller.gather(task)


def _listens(source: Any) -> bool:
    """Is it a socket at which others call? Nothing comes of waiting there unless they do."""
    if not isinstance(source, socket.socket):
        return False
    try:
        return bool(source.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except (OSError, AttributeError):
        return False


def replacements() -> Iterator[tuple[type, str, Any]]:
    """(class, name, replacement) for what waits for sockets."""
    for name in _RECEIVING:
        real = getattr(socket.socket, name, None)
        if real is not None:
            yield socket.socket, name, _receiving(real)
    for kind in {
        cls
        for found in vars(selectors).values()
        if isinstance(found, type) and issubclass(found, selectors.BaseSelector)
        for cls in found.__mro__
    }:
        if "select" in vars(kind) and kind is not selectors.BaseSelector:
            yield kind, "select", _selecting(vars(kind)["select"])
