"""Coroutines: concurrent tasks on one event loop, switched at awaits by the same strategies."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .aio_loop import Loop
from .controller import Controller
from .model import Call, Program
from .outcome import kept
from .runs import Raised, arguments
from .tasks import BACKGROUND, MAIN, PROGRAM, Stop, Task

if TYPE_CHECKING:
    from .execute import Session
    from .runs import Run

__all__ = ["run_async"]


async def _result(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def run_async(
    session: Session, controller: Controller, owner: Task, program: Program, run: Run
) -> None:
    """Run ``program`` as tasks of one event loop in the calling (controlled) thread."""
    loop = Loop(controller, owner)
    try:
        asyncio._set_running_loop(None)
        asyncio.set_event_loop(loop)
        main = loop.create_task(_main(session, controller, loop, program, run))
        loop.adopt(main, Task(controller, "m", MAIN, 0))
        loop.run_until_complete(main)
    finally:
        _close(loop)


def _close(loop: Loop) -> None:
    pending = [task for task in asyncio.all_tasks(loop) if not task.done()]
    for task in pending:
        coroutine: Any = task.get_coro()
        with contextlib.suppress(BaseException):
            coroutine.close()
        task._log_destroy_pending = False  # type: ignore[attr-defined]
    asyncio._set_running_loop(None)
    asyncio.set_event_loop(None)
    loop._ready.clear()  # type: ignore[attr-defined]
    with contextlib.suppress(Exception):
        loop.close()


async def _main(
    session: Session, controller: Controller, loop: Loop, program: Program, run: Run
) -> None:
    try:
        subject = run.subject = await _result(session.factory())
        extension = session.extension_of(subject)
    except Stop:
        raise
    except BaseException as error:
        run.setup_error = error
        return
    session.root(extension)
    if session.by_growth:
        for one in session.asked:
            first = kept(await _observe(one, subject, extension))
            run.found.append((first, kept(await _observe(one, subject, extension))))
    for call in program.before:
        run.before.append((call, await _observe(call, subject, extension, run.before)))
    await loop.settle()
    tasks = []
    for at, calls in enumerate(program.threads):
        strand = Task(controller, chr(97 + at), PROGRAM, 1 + at)
        task = loop.create_task(_thread(controller, strand, calls, extension, run, at))
        loop.adopt(task, strand)
        tasks.append(task)
    loop._last = None
    if tasks:
        await asyncio.wait(tasks)
    await loop.settle()
    for observer in session.observers:
        run.finals.append(await _observe(observer, subject, extension))
    run.background = sum(1 for strand in loop._strands.values() if strand.kind == BACKGROUND)
    if session.teardown is not None:
        run.torn_down = True
        await _result(session.teardown(subject))


async def _thread(
    controller: Controller, strand: Task, calls: Sequence[Call], extension: Any, run: Run, at: int
) -> None:
    for index, call in enumerate(calls):
        if index:
            await asyncio.sleep(0)
        args, kwargs = arguments(call, run.before)
        controller.clock += 1
        began = controller.clock
        strand.call = index
        if controller.recorder is not None:
            controller.recorder.note("call", strand, call)
        result: Any
        try:
            result = await _result(call.perform(extension, args, kwargs))
        except (Stop, GeneratorExit):
            raise
        except BaseException as error:
            result = Raised(error)
        strand.call = -1
        controller.clock += 1
        run.results[at].append(kept(result))
        run.spans[at].append((began, controller.clock))
        if controller.recorder is not None:
            controller.recorder.note("result", strand, result)
    strand.state = "done"


async def _observe(
    observer: Any, subject: Any, extension: Any, answered: Sequence[tuple[Call, Any]] = ()
) -> Any:
    try:
        if isinstance(observer, Call):
            args, kwargs = arguments(observer, answered)
            return await _result(observer.perform(extension, args, kwargs))
        return await _result(observer(subject))
    except (Stop, GeneratorExit):
        raise
    except BaseException as error:
        return Raised(error)
