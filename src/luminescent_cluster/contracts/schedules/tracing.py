"""Choosing how switch points are observed on this interpreter."""

from __future__ import annotations

import sys
from typing import Protocol

from .points import Points
from .tasks import Task

__all__ = ["Tracer", "make_tracer"]


class Tracer(Protocol):
    """Reports to the controller every time a controlled thread reaches a switch point."""

    notes: list[str]

    def open(self) -> None:
        """Called once before the first run."""

    def refresh(self) -> None:
        """Called when switch points may have changed."""

    def close(self) -> None:
        """Called once after the last run; undoes everything."""

    def trace(self, task: Task) -> None:
        """Start in the calling thread, which belongs to ``task``."""

    def untrace(self) -> None:
        """Stop in the calling thread."""


def make_tracer(points: Points) -> Tracer:
    """``sys.monitoring`` from 3.12 on, ``sys.settrace`` before.

    Trace functions lose events of a function's first execution in 3.12.1 and 3.13.0; before 3.12
    there is nothing else.
    """
    if sys.version_info >= (3, 12):
        from .tracing_monitoring import MonitoringTracer, free_tool

        tool = free_tool()
        if tool is not None:
            return MonitoringTracer(points, tool)
    from .tracing_settrace import SettraceTracer

    return SettraceTracer(points)
