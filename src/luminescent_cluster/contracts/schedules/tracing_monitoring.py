"""Switch points through ``sys.monitoring`` instruction events (Python 3.12 and later)."""

from __future__ import annotations

import sys
import threading
from types import CodeType
from typing import Any

from .points import Points
from .real import REAL
from .tasks import TASKS, Task

__all__ = ["MonitoringTracer", "free_tool"]

_MONITORING: Any = getattr(sys, "monitoring", None)


def free_tool() -> int | None:
    """A tool id that nobody uses, or None."""
    for tool in (3, 4, 5, 2):
        if _MONITORING.get_tool(tool) is None:
            return tool
    return None


class MonitoringTracer:
    """Instruments the code under test once; other threads pay a dictionary look-up."""

    def __init__(self, points: Points, tool: int) -> None:
        self._points = points
        self._tool = tool
        self._codes: dict[int, CodeType] = {}
        self._open = False
        self.notes: list[str] = []

    def open(self) -> None:
        monitoring, points, tool = _MONITORING, self._points, self._tool
        events = monitoring.events
        disable = monitoring.DISABLE
        monitoring.use_tool_id(tool, "luminescent schedules")
        self._open = True
        codes = self._codes
        get_ident, tasks = REAL.get_ident, TASKS

        def on_start(code: CodeType, offset: int) -> Any:
            if not points.scope.watches(code.co_filename):
                return disable
            task = tasks.get(get_ident())
            if task is None or not task.traced:
                return None  # it may run under control later; what it rebinds counts only then
            module = sys._getframe(1).f_globals.get("__name__", "")
            if id(code) not in codes and points.offsets(code, module):
                codes[id(code)] = code
                monitoring.set_local_events(tool, code, events.INSTRUCTION)
            return disable

        def on_instruction(code: CodeType, offset: int) -> Any:
            task = tasks.get(get_ident())
            offsets = points.offsets(code)
            if offsets is None or offset not in offsets:
                return disable
            if task is None or not task.traced:
                return None
            controller = task.controller
            if controller.recorder is not None:
                controller.recorder.point(task, sys._getframe(1), offset)
            n = task.n = task.n + 1
            if n == task.stop or controller.current is not task or controller.aborting:
                controller.slow(task)
            return None

        monitoring.register_callback(tool, events.PY_START, on_start)
        monitoring.register_callback(tool, events.PY_RESUME, on_start)
        monitoring.register_callback(tool, events.INSTRUCTION, on_instruction)
        monitoring.set_events(tool, events.PY_START | events.PY_RESUME)
        monitoring.restart_events()  # what an earlier exploration switched off

    def refresh(self) -> None:
        for code in self._codes.values():
            _MONITORING.set_local_events(self._tool, code, 0)
        self._codes.clear()
        _MONITORING.restart_events()

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        monitoring, tool = _MONITORING, self._tool
        monitoring.set_events(tool, 0)
        for code in self._codes.values():
            monitoring.set_local_events(tool, code, 0)
        for event in ("PY_START", "PY_RESUME", "INSTRUCTION"):
            monitoring.register_callback(tool, getattr(monitoring.events, event), None)
        monitoring.free_tool_id(tool)

    def trace(self, task: Task) -> None:
        hook = getattr(threading, "_trace_hook", None)
        if hook is not None:  # coverage or a debugger sees these threads as any other
            REAL.settrace(hook)

    def untrace(self) -> None:
        if getattr(threading, "_trace_hook", None) is not None:
            REAL.settrace(None)
