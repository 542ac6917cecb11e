"""The subject of an audit logger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from .base import Subject

__all__ = ["AuditSubject"]

_Outage = Callable[[], AbstractContextManager[Any]] | AbstractContextManager[Any]


class AuditSubject(Subject):
    """An audit logger, and what its author lets the kit see and do.

    Args:
        extension: the logger that core would register.
        recorded: gives the list of stored records, oldest first: dicts (or objects, or lines of
            JSON) with the names of the protocol's parameters.
        security_recorded: the same for security events, where they are stored elsewhere.
        alerts: gives the list of alerts that were sent, or their number.
        flush: brings everything that is under way to where ``recorded`` and ``alerts`` see it; also
            called in an outage, where it may raise or wait.
        settles_within: seconds to wait for that where there is no ``flush``.
        break_backend: a context manager, or a function that gives one, during which the store
            cannot be reached.
        break_alerts: the same for the alert channel.
        clock: gives the time that the logger sees, a datetime or seconds since 1970; the real time
            where omitted.
        durable: True where an event whose call returned survives the death of the process.
        reopen: gives a logger (or subject) on the same store, as after a restart. A class with
            ``functools.partial`` or a module-level function serves best: it is also called in the
            process that is killed.
        tamper_evident: the kinds of tampering that ``verify`` detects, of ``"change"``,
            ``"remove"``, ``"reorder"``, ``"truncate"`` and any that ``tamper`` knows.
        tamper: damages the stored records in the way it is told: ``tamper("change")``.
        verify: checks the stored records: gives True (or an empty list of problems) where they are
            intact; raises, or gives False or problems, where they are not.
        masks: keys of details whose values are masked, in any case of letters.
        renders: gives how a text is stored, where that is not as it came (escaped, say).
        resolution: precision of stored times, in seconds.
        fields: where records name things differently: the protocol's name to the record's (a
            dotted path for a nested one) or to a function of the record. ``"timestamp"`` is the
            record's time.
        options: what every :class:`Subject` takes.
    """

    probe_help: ClassVar[Mapping[str, str]] = {
        "recorded": "AuditSubject(extension, recorded=server.events)\n"
        "# a function that gives the stored records, oldest first, as dicts:\n"
        '# [{"event_type": …, "actor": …, …, "details": {…}, "timestamp": …}, …]',
        "security_recorded": "AuditSubject(extension, recorded=…, security_recorded=server.alarms)"
        "\n# the same for security events, where they are stored elsewhere",
        "alerts": "AuditSubject(extension, alerts=lambda: pager.sent)\n"
        "# a function that gives the alerts that were sent",
        "flush": "AuditSubject(extension, flush=extension.drain)\n"
        "# a function after which everything logged can be seen",
        "break_backend": "AuditSubject(extension, recorded=…, break_backend=server.outage)\n"
        "# a function that gives a context manager: inside, the store cannot be reached",
        "break_alerts": "AuditSubject(extension, recorded=…, break_alerts=pager.outage)\n"
        "# a function that gives a context manager: inside, alerts cannot be sent",
        "clock": "AuditSubject(extension, recorded=…, clock=fake_clock.now)\n"
        "# the time that the extension sees, where that is not the real one",
        "reopen": "AuditSubject(extension, durable=True, recorded=…,\n"
        "    reopen=functools.partial(CloudAuditLogger, path))\n"
        "# a logger on the same store, as after a restart",
        "tamper": 'AuditSubject(extension, tamper_evident=("change", "remove"), tamper=damage, …)\n'
        "# damage(kind) changes, removes, … stored records behind the extension's back",
        "verify": 'AuditSubject(extension, tamper_evident=("change",), verify=extension.verify, …)'
        "\n# True where the stored records are intact",
        "masks": 'AuditSubject(extension, masks=("password", "token"))\n'
        "# keys of details whose values are masked",
        "renders": "AuditSubject(extension, renders=lambda text: text.encode("
        '"unicode_escape").decode())\n# how a text is stored',
        "fields": 'AuditSubject(extension, fields={"actor": "who", "timestamp": "meta.at"})\n'
        "# the record's names for the protocol's",
    }

    def __init__(
        self,
        extension: object,
        *,
        recorded: Callable[[], Iterable[Any]] | None = None,
        security_recorded: Callable[[], Iterable[Any]] | None = None,
        alerts: Callable[[], Any] | None = None,
        flush: Callable[[], Any] | None = None,
        settles_within: float = 2.0,
        break_backend: _Outage | None = None,
        break_alerts: _Outage | None = None,
        clock: Callable[[], Any] | None = None,
        durable: bool = False,
        reopen: Callable[[], Any] | None = None,
        tamper_evident: Iterable[str] = (),
        tamper: Callable[..., Any] | None = None,
        verify: Callable[[], Any] | None = None,
        masks: Iterable[str] = (),
        renders: Callable[[str], str] | None = None,
        resolution: float = 0.001,
        fields: Mapping[str, str | Callable[[Any], Any]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(extension, **options)
        if isinstance(tamper_evident, str) or isinstance(masks, str):
            raise TypeError('tamper_evident and masks take several names: ("change", "remove")')
        if not settles_within >= 0 or not resolution >= 0:
            raise ValueError("settles_within and resolution are seconds, 0 or more")
        self.give(
            recorded=recorded,
            security_recorded=security_recorded,
            alerts=alerts,
            flush=flush,
            break_backend=break_backend,
            break_alerts=break_alerts,
            clock=clock,
            reopen=reopen,
            tamper=tamper,
            verify=verify,
            renders=renders,
        )
        self.settles_within = settles_within
        self.durable = durable
        self.tamper_evident = tuple(tamper_evident)
        self.masks = frozenset(key.casefold() for key in masks)
        self.resolution = resolution
        self.fields = dict(fields or {})

    def default_arguments(self) -> Mapping[str, Any]:
        """Values as core and a security scanner would log them."""
        return {
            "log_event.event_type": ["data_access", "login", "config_change", "permission_change"],
            "log_security_event.event_type": ["auth_failure", "intrusion", "key_rotation"],
            "actor": ["user-1", "alice", "service:indexer", "zoë@example.org", "Ops-Team"],
            "resource": ["knowledge_base", "kb/report-7", "tenant/acme"],
            "action": ["search", "read", "update", "delete"],
            "outcome": ["success", "failure", "denied"],
            "severity": ["info", "warning", "critical"],
            "message": ["three failed logins", "a key was used from a new address", "Zugriff"],
        }

    def declarations(self) -> Mapping[str, Any]:
        """As every subject; also what the records are judged through."""
        declared = dict(super().declarations())
        if self.durable:
            declared["durable"] = True
        if self.tamper_evident:
            declared["tamper_evident"] = list(self.tamper_evident)
        if self.masks:
            declared["masks"] = sorted(self.masks)
        if self.has("renders"):
            declared["renders"] = True
        return declared
