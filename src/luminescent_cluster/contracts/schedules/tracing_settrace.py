"""Switch points through ``sys.settrace`` opcode events."""

from __future__ import annotations

import threading
from types import CodeType, FrameType
from typing import Any

from .points import Points
from .real import REAL
from .tasks import Task

__all__ = ["SettraceTracer"]


class SettraceTracer:
    """Sets a trace function in the explorer's own threads only."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self.notes: list[str] = []

    def open(self) -> None:
        if getattr(threading, "_trace_hook", None) is not None:
            self.notes.append(
                "another trace function (coverage, debugger) does not see the explored threads: "
                "on this Python there is room for one per thread"
            )

    def refresh(self) -> None:
        return

    def close(self) -> None:
        return

    def untrace(self) -> None:
        REAL.settrace(None)

    def trace(self, task: Task) -> None:
        controller = task.controller
        points = self._points
        slow = controller.slow
        recorder = controller.recorder
        functions: dict[int, Any] = {}

        def make(code: CodeType, frame: FrameType) -> Any:
            offsets = points.offsets(code, frame.f_globals.get("__name__", ""))
            if offsets is None:
                return None

            def at_access(frame: FrameType, event: str, arg: object) -> Any:
                if event == "opcode" and frame.f_lasti in offsets:
                    if recorder is not None:
                        recorder.point(task, frame, frame.f_lasti)
                    n = task.n = task.n + 1
                    if n == task.stop or controller.current is not task or controller.aborting:
                        slow(task)
                return at_access

            return at_access

        def on_call(frame: FrameType, event: str, arg: object) -> Any:
            code = frame.f_code
            key = id(code)
            if key in functions:
                function = functions[key]
            else:
                function = functions[key] = make(code, frame)
            if function is not None:
                frame.f_trace_opcodes = True
                frame.f_trace_lines = False
            return function

        REAL.settrace(on_call)
