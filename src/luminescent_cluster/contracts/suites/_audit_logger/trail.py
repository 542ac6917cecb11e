"""The trail of one clause: sends events, waits until they settle, and finds them in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any

from ...clauses import Inconclusive, NoInstance, Violation
from ...engine.case import Case, Refused
from ...engine.originals import monotonic, sleep
from ...engine.show import show, show_call, show_error
from ...subjects.audit import AuditSubject
from .additions import added
from .comparison import details_differ
from .events import OMITTED, SECURITY, Event, free_fields, marks_in
from .index import Index
from .records import Record, rendering

__all__ = ["Trail", "describe"]


_LONGEST = 10  # times the patience, as long as more records arrive


class Trail:
    """What was sent and what is stored, example by example.

    Attributes:
        case: the clause under way.
        sent: the events of the example that the extension took.
        refusal: the last one that :meth:`took` saw.
        flush_waits: whether `flush` was seen to wait for the end of an outage.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.sent: list[Event] = []
        self.refusal: Refused | None = None
        self.flush_waits = False
        self._marks = 0
        self._old: dict[str, list[Any]] = {}
        self._slowest = 0.0
        self._impatient = False

    @property
    def subject(self) -> AuditSubject:
        """The subject of the example under way."""
        subject = self.case.subject
        if not isinstance(subject, AuditSubject):
            raise NoInstance(
                f"this protocol's clauses need an AuditSubject, not a {type(subject).__name__}"
            )
        return subject

    def begin(self) -> None:
        """Start an example: what is stored already is none of its business."""
        if "mark-0001" not in rendering("mark-0001", self.subject):
            raise Inconclusive(
                "renders gives texts in which nothing is found again; let recorded show them as "
                "they came"
            )
        self.sent = []
        self._marks = 0
        self.flush()
        self._old = {}
        for probe in self.probes():
            with suppress(NoInstance):  # a file may not be there before the first event
                self._old[probe] = self._read(probe)

    def marked(self, event: Event) -> Event:
        """Give the event with the next mark of the example."""
        self._marks += 1
        return event.marked(f"mark-{self._marks:04d}", free_fields(self.case, event.method))

    def send(self, event: Event) -> Event:
        """Send an event and remember it.

        Raises:
            Refused: the extension raised; the event is not remembered.
        """
        event.call(self.case)
        self.sent.append(event)
        return event

    def took(self, event: Event) -> bool:
        """Send an event; tell whether the extension took it, rather than refused."""
        try:
            self.send(event)
        except Refused as refusal:
            self.refusal = refusal
            return False
        return True

    def flush(self) -> None:
        """Bring what is under way to the store, where the author says how."""
        subject = self.subject
        if subject.has("flush"):
            flush = subject.probe("flush")
            self._probe("flush()", flush)

    # -- reading ----------------------------------------------------------------------------

    def new(self, method: str | None = None) -> list[Record]:
        """Give the records that the example added, oldest first.

        Args:
            method: only those in the store of this kind of event; of all stores where None.

        Raises:
            Violation: the store was readable before the example and no longer is.
        """
        probes = self.probes() if method is None else (self._probe_of(method),)
        found = []
        for probe in probes:
            try:
                now = self._read(probe)
            except NoInstance as error:
                if probe not in self._old:
                    raise
                raise Violation(
                    f"{probe}() could be read before these events, and no longer: {error}"
                ) from error
            found += [Record(raw, self.subject) for raw in added(self._old.get(probe, []), now)]
        return found

    def settled(
        self, enough: Callable[[list[Record]], bool], method: str | None = None
    ) -> list[Record]:
        """Give the example's records once they are enough, or once there is no hope left."""
        self.flush()
        began = monotonic()
        waited = last = 0.0  # pauses count, not what the clock says: a busy machine is late
        patience = 0.05 if self.subject.has("flush") else self.subject.settles_within
        if self._impatient:  # a violation is being made smaller, and the extension's pace is known
            patience = min(patience, max(0.02, 5 * self._slowest))
        pause, seen = 0.001, -1
        while True:
            found = self.new(method)
            now = monotonic()
            if len(found) > seen:  # as long as more arrive, there is hope
                seen, last = len(found), waited
            if enough(found):
                if not self._impatient:
                    self._slowest = max(self._slowest, now - began)
                return found
            if waited - last >= patience or now - began >= _LONGEST * max(patience, 0.2):
                self._impatient = True
                return found
            sleep(pause)
            waited += pause
            pause = min(2 * pause, 0.05)

    def probes(self) -> tuple[str, ...]:
        """Give the names of the probes that show records."""
        if self.subject.has("security_recorded"):
            return ("recorded", "security_recorded")
        return ("recorded",)

    def _probe_of(self, method: str) -> str:
        return self.probes()[-1] if method == SECURITY else "recorded"

    def _read(self, probe: str) -> list[Any]:
        read = self.subject.probe(probe)
        given = self._probe(f"{probe}()", read)
        if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
            raise NoInstance(f"the probe {probe} gave a {type(given).__name__}, not a list")
        found = self._probe(f"{probe}()", lambda: list(given))
        if any(item is None for item in found):
            raise NoInstance(f"the probe {probe} gave None among the records")
        return list(found)

    def _probe(self, text: str, action: Callable[[], Any]) -> Any:
        limit = 10 * self.subject.deadline
        try:
            return self.case.perform(text, action, limit, counts=False)
        except Refused as refusal:
            raise NoInstance(f"the probe {text} raised {show_error(refusal.error)}") from refusal

    # -- judging ----------------------------------------------------------------------------

    def faults(
        self, event: Event, record: Record, ignoring: frozenset[str] = frozenset()
    ) -> list[str]:
        """Say in what a record differs from an event; nothing where it is that event."""
        subject = self.subject
        found = []
        for name, value in event.values.items():
            if name in ignoring:
                continue
            stored = record.field(name)
            if stored != value and (
                not isinstance(stored, str) or stored != rendering(value, subject)
            ):
                found.append(f"{name} is {show(stored, 120)}, not {show(value, 120)}")

        def of_another(text: str) -> bool:
            return bool(marks_in(text) - {event.mark})

        differing = details_differ(event.sent, record.field("details"), subject, of_another)
        if differing:
            found.append(differing)
        return found

    def copies(
        self, event: Event, records: Index, ignoring: frozenset[str] = frozenset()
    ) -> list[Record]:
        """Give the records that say exactly what an event said, but for some arguments."""
        return [r for r in records.about(event) if not self.faults(event, r, ignoring)]

    def expected(self, event: Event) -> int:
        """Tell how often an event was sent, counting those that are equal to it."""
        if event.shows_mark():
            return sum(one.mark == event.mark for one in self.sent)
        return sum(
            one.method == event.method and one.values == event.values and one.sent == event.sent
            for one in self.sent
        )

    def require_recorded(self, events: Iterable[Event] | None = None, *, most: bool = True) -> None:
        """Check that events are stored exactly once each, or at least once.

        Args:
            events: those to look for; all that were sent where None.
            most: whether further copies are a fault.

        Raises:
            Violation: one is missing, altered or there too often.
        """
        wanted = list(self.sent if events is None else events)
        counts = {id(event): self.expected(event) for event in wanted}

        def all_there(records: list[Record]) -> bool:
            index = Index(records)
            return all(len(self.copies(e, index)) >= counts[id(e)] for e in wanted)

        found = self.settled(all_there)
        index = Index(found)
        for event in wanted:
            copies = len(self.copies(event, index))
            expected = counts[id(event)]
            if copies < expected or (most and copies > expected):
                raise Violation(*self._evidence(event, found, copies, expected))

    def _evidence(
        self, event: Event, found: list[Record], copies: int, expected: int
    ) -> tuple[str, ...]:
        lines = [describe(event)]
        if copies > expected:
            lines.append(f"is stored {copies} times, sent {expected}")
            return tuple(lines)
        lines.append(f"is stored {copies} times, sent {expected}" if copies else "is not stored")
        candidates = Index(found).about(event) or found
        near = min(candidates, key=lambda record: len(self.faults(event, record)), default=None)
        if near is not None and not copies:
            faults = self.faults(event, near)
            carries = bool(event.mark) and event.mark in near.text()
            if carries or len(faults) < len(event.values):
                lines.append(f"nearest: {near.brief()}")
                lines += faults[:3]
                if any(" is absent" in fault for fault in faults):
                    lines.append("(records that name a field otherwise: AuditSubject(fields=…))")
        if not copies and not found:
            waited = "after flush()" if self.subject.has("flush") else "in time"
            lines.append(f"recorded() shows nothing new {waited}")
            if not self.subject.has("flush"):
                lines.append("(give flush= where events settle later)")
        return tuple(lines)

    # -- breaking ---------------------------------------------------------------------------

    def outage(self, probe: str) -> AbstractContextManager[Any]:
        """Give the context manager of ``break_backend`` or ``break_alerts``, ready to enter."""
        hook: Any = self.subject.probe(probe)
        if not hasattr(hook, "__enter__"):
            hook = self._probe(f"{probe}()", hook)
        if not hasattr(hook, "__enter__"):
            raise Inconclusive(
                f"{probe} gave a {type(hook).__name__}, not a context manager; give it like this:\n"
                + self.subject.probe_help[probe]
            )
        self.case.history.append(f"…  # from here on with {probe}():")
        manager: AbstractContextManager[Any] = hook
        return manager


def describe(event: Event) -> str:
    """Give an event's call as one line."""
    values: dict[str, Any] = dict(event.values)
    if event.details is not OMITTED:
        values["details"] = event.sent
    return show_call(event.method, (), values)
