"""Whether a thread that nobody controls may still wake those who wait.

A worker that an extension keeps for all its instances runs outside the explorer. Who waits for it
is not in a deadlock. Who waits for what that worker cannot even reach is.
"""

from __future__ import annotations

import functools
import gc
import sys
import threading
import weakref
from collections.abc import Callable, Collection, Iterator
from types import FrameType, FunctionType, ModuleType
from typing import Any

from .scope import module_of
from .tasks import TASKS

__all__ = ["may_help"]

_MOST = 50_000
_HERE = __name__.rpartition(".")[0]


def may_help(has_module: Callable[[str], bool], wanted: Collection[object]) -> bool:
    """Can a thread outside control, of code under test, reach one of ``wanted``?

    Looks at what the threads' frames hold, and the modules of the code that they run. True where
    that is too much to tell.
    """
    goals = {id(thing) for thing in wanted}
    seen: set[int] = set()
    open_: list[object] = list(_roots(has_module))
    while open_:
        thing = open_.pop()
        if id(thing) in goals:
            return True
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if len(seen) > _MOST:
            return True
        open_ += _inside(thing, has_module)
    return False


def _roots(has_module: Callable[[str], bool]) -> Iterator[object]:
    frames = sys._current_frames()
    # Not enumerate(): it takes a lock, which may be a switch point.
    for ident, thread in list(threading._active.items()):  # type: ignore[attr-defined]
        if ident in TASKS or thread is threading.main_thread():
            continue
        module = _module_of(thread)
        if not has_module(module):
            continue
        yield thread
        yield from _data(vars(sys.modules[module]) if module in sys.modules else {})
        frame: FrameType | None = frames.get(ident)
        while frame is not None:
            yield from frame.f_locals.values()
            frame = frame.f_back


def _module_of(thread: threading.Thread) -> str:
    work = vars(thread).get("_target") or type(thread).run
    while isinstance(work, functools.partial):
        work = work.func
    return str(getattr(work, "__module__", None) or "")


def _inside(thing: object, has_module: Callable[[str], bool]) -> list[Any]:
    kind = type(thing)
    if kind is FunctionType:
        function: Any = thing
        return [function.__closure__, function.__defaults__, function.__kwdefaults__]
    if issubclass(kind, type):
        known: Any = thing
        return list(_data(vars(known))) if has_module(module_of(known)) else []
    if issubclass(kind, weakref.ref):
        reference: Any = thing
        return [reference()]
    if issubclass(kind, (ModuleType, FrameType)) or module_of(kind).startswith(_HERE):
        return []
    return gc.get_referents(thing)


def _data(namespace: Any) -> Iterator[object]:
    """The values of a namespace that are no modules; functions give what they keep.

    Not ``__loader__`` and its like: what imported the module knows the whole process.
    """
    for name, value in list(namespace.items()):
        if not (isinstance(value, ModuleType) or name.startswith("__")):
            yield value
