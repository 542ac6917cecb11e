"""Running one program once under one chooser, on a fresh instance."""

from __future__ import annotations

import contextvars
import functools
import gc
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Any

from .adding import found_before, keep_what_is_new, left_behind
from .choosing import Chooser
from .controller import Controller, Limits
from .helping import may_help
from .model import Call, Program, message_of
from .outcome import kept
from .patches import Patches, library_roots
from .points import Points
from .processor import keep_to_one
from .real import REAL
from .runs import Raised, Run, SetupFailed, arguments, read_on, where_all_stand
from .scope import Scope, module_of
from .tasks import MAIN, PROGRAM, TASKS, Stop, Task, Wait
from .teardown import tear_down_aside
from .tracing import Tracer, make_tracer
from .watchdog import end_strays, watch

__all__ = ["Session"]


class Session:
    """Everything that stays the same over the runs of one exploration.

    A context manager: patches and tracing are in place while it is open, and nowhere else.
    ``factory`` makes the subject; ``extension_of`` gives the extension inside it; ``observers``
    are asked after the calls; ``teardown`` gets the subject at the end of every run;
    ``normalise`` maps what was answered to what is compared.
    """

    def __init__(
        self,
        factory: Callable[[], Any],
        observers: Sequence[Any] = (),
        extension_of: Callable[[Any], Any] | None = None,
        teardown: Callable[[Any], Any] | None = None,
        run_seconds: float = 5.0,
        normalise: Callable[[Any], Any] | None = None,
    ) -> None:
        self.factory = factory
        self.observers = list(observers)
        self.extension_of = extension_of or (lambda subject: subject)
        self.reads_on = False
        self.waiting: set[str] = set()
        self.teardown = teardown
        self.run_seconds = run_seconds
        self.normalise = normalise
        self.scope = Scope([factory, *(o for o in observers if callable(o))])
        self.points = Points(self.scope)
        self.limits = Limits()
        self.notes: list[str] = []
        self.remarks: list[str] = []
        self.count = 0
        self.reset: Callable[[], None] | None = None
        self._tracer: Tracer = make_tracer(self.points)
        self._patches = Patches(self.scope.has_module)
        self._rooted: set[type] = set()
        self._epoch = REAL.time()
        self._context = contextvars.copy_context()
        self._spread: Callable[[], None] | None = None
        self._gc = False
        self.parked = 0
        """Threads that nothing could end; they sleep for good."""
        self.growing: list[Call] = []
        """Calls that only read, asked before the program too where runs are judged by growth."""
        self.by_growth = False
        self._left: dict[int, list[Any]] = {}
        self._before: dict[int, list[Any]] = {}
        """Lists that observers gave at the end of this run, and of the one before."""
        self.asynchronous = False
        """True once a call returned something to await: programs then run as coroutines."""

    # ---- open and close -----------------------------------------------------------------

    def __enter__(self) -> Session:
        self._gc = gc.isenabled()
        self._spread = keep_to_one()
        try:
            self._patches.__enter__()
            self._tracer.open()
            self.notes += self._tracer.notes
            self._patches.extend([self.factory, *self.observers, *library_roots()])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *details: object) -> None:
        for _ in range(20):
            if not TASKS or not end_strays():
                break
            REAL.sleep(0.005)
        try:
            self._tracer.close()
        finally:
            try:
                self._patches.__exit__()
            finally:
                if self._gc:
                    gc.enable()
                if self._spread is not None:
                    self._spread()

    def freeze(self) -> None:
        """End of the warm-up: from now on every code object keeps its switch points."""
        self.points.freeze()
        self._tracer.refresh()

    # ---- one run ------------------------------------------------------------------------

    def run(self, program: Program, chooser: Chooser, recorder: Any = None) -> Run:
        """Run ``program`` once. Raises SetupFailed when the factory raises."""
        self.count += 1
        if self.reset is not None:
            self.reset()
        if self.count % 500 == 0 and self._gc:
            gc.enable()
            gc.collect(1)
        if TASKS:
            end_strays()
        gc.disable()
        self._before, self._left = self._left, {}
        run = Run([[] for _ in program.threads], [[] for _ in program.threads])
        controller = Controller(
            chooser,
            self.limits,
            self._tracer.trace,
            self._tracer.untrace,
            self._epoch,
            shift=self.count * 0.001237,
        )
        controller.recorder = recorder
        controller.on_failure = where_all_stand
        controller.helped = functools.partial(may_help, self.scope.has_module)
        main: list[Task] = []

        def body() -> None:
            self._context.copy().run(self._main, controller, main[0], program, run)

        main.append(controller.add(MAIN, body))
        controller.begin(main[0])
        try:
            watch(controller, self.run_seconds)
            subject, run.subject = run.subject, None
            if self.teardown is not None and subject is not None and not run.torn_down:
                tear_down_aside(self.teardown, subject)
            if TASKS:
                end_strays()
        finally:
            controller.pools.release()
            if self._gc:
                gc.enable()
        if run.failure is None:
            run.failure = controller.failure
        run.log = controller.log
        run.taken = controller.taken
        run.steps = {task.id: task.n for task in controller.tasks}
        run.outside = controller.went_outside
        run.background += sum(1 for task in controller.tasks if task.kind not in (MAIN, PROGRAM))
        run.thread_errors = controller.thread_errors
        self.parked += controller.parked
        self._patches.free_abandoned()
        if run.failure is None:
            if run.found:
                self._left = left_behind(run.finals)
                keep_what_is_new(program, run, len(self.observers), self.growing)
            if self.normalise is not None:
                run.results = [[self._normal(v) for v in values] for values in run.results]
                run.finals = [self._normal(v) for v in run.finals]
        if run.setup_error is not None:
            raise SetupFailed(
                f"the factory failed: {type(run.setup_error).__name__}: "
                f"{message_of(run.setup_error)}"
            ) from run.setup_error
        return run

    def _main(self, controller: Controller, task: Task, program: Program, run: Run) -> None:
        try:
            if self.asynchronous:
                from .aio import run_async

                run_async(self, controller, task, program, run)
                return
            try:
                subject = run.subject = self.factory()
                extension = self.extension_of(subject)
            except Stop:
                raise
            except BaseException as error:
                if not controller.aborting:
                    run.setup_error = error
                return
            self.root(extension)
            if self.by_growth:
                for at, asked in enumerate(self.asked):
                    ask = functools.partial(self._observe, controller, asked, subject, extension)
                    run.found.append(found_before(self._before.get(at), ask))
            for call in program.before:
                answer = self._observe(controller, call, subject, extension, run.before)
                run.before.append((call, answer))
            if program.before:
                controller.settle(task)
            for at, calls in enumerate(program.threads):
                self._thread(controller, at, calls, extension, run)
            if program.threads:
                controller.block(task, Wait("programs"))
            controller.settle(task)
            for observer in self.observers:
                run.finals.append(self._observe(controller, observer, subject, extension))
            if self.teardown is not None:
                run.torn_down = True
                self.teardown(subject)
        except Stop:
            pass
        finally:
            controller.end()

    def root(self, extension: Any) -> None:
        """Look into an extension's class and module the first time it is seen."""
        cls = extension if isinstance(extension, type) else type(extension)
        if cls in self._rooted or cls is object:
            return
        self._rooted.add(cls)
        self.scope.add(extension)
        if module_of(cls) != "builtins":
            module = sys.modules.get(module_of(cls))
            self._patches.extend([cls, *([module] if module else []), extension])

    @property
    def asked(self) -> list[Any]:
        """What is asked before the program where runs are judged by growth."""
        return [*self.observers, *self.growing]

    def _normal(self, value: Any) -> Any:
        if self.normalise is None or isinstance(value, Raised):
            return value
        return self.normalise(value)

    def stray(self) -> int:
        """How many threads of finished runs are still alive, blocked in the outside world."""
        return len(TASKS)

    def modules(self) -> list[str]:
        """The names of the modules under test that have run, or define what has."""
        files = {code.co_filename for code in self.points.met.values()}
        found = set(filter(self.scope.has_module, map(module_of, self._rooted)))
        for name, module in list(sys.modules.items()):
            if getattr(module, "__file__", None) in files:
                found.add(name)
        return sorted(found)

    def _thread(
        self, controller: Controller, at: int, calls: Sequence[Call], extension: Any, run: Run
    ) -> None:
        results, spans = run.results[at], run.spans[at]
        prepared = [(call, *arguments(call, run.before)) for call in calls]
        context = self._context.copy()

        def perform() -> None:
            for index, (call, args, kwargs) in enumerate(prepared):
                if index:
                    controller.boundary(task)
                controller.clock += 1
                began = controller.clock
                task.call = index
                if controller.recorder is not None:
                    controller.recorder.note("call", task, call)
                result: Any
                try:
                    result = call.perform(extension, args, kwargs)
                    if self.reads_on and call.name not in self.waiting:
                        read_on(result)
                except Stop:
                    raise
                except BaseException as error:
                    if controller.aborting:
                        raise Stop from None
                    result = Raised(error)
                controller.come_back(task)
                if inspect.iscoroutine(result):
                    self.asynchronous = True
                    result.close()
                task.call = -1
                controller.clock += 1
                results.append(kept(result))
                spans.append((began, controller.clock))
                if controller.recorder is not None:
                    controller.recorder.note("result", task, result)

        task = controller.add(PROGRAM, lambda: context.run(perform))

    def _observe(
        self,
        controller: Controller,
        observer: Any,
        subject: Any,
        extension: Any,
        answered: Sequence[tuple[Call, Any]] = (),
    ) -> Any:
        try:
            if isinstance(observer, Call):
                args, kwargs = arguments(observer, answered)
                value = observer.perform(extension, args, kwargs)
            else:
                value = observer(subject)
            if inspect.iscoroutine(value):  # from now on programs run on an event loop
                self.asynchronous = True
                value.close()
            return value
        except Stop:
            raise
        except BaseException as error:
            if controller.aborting:
                raise Stop from None
            return Raised(error)
