"""The hostile reviewer's second visit: narrower defects, and more ways to be right."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

from exhibits.redteam import (
    Case,
    _Trail,
    _trail,
)
from luminescent_cluster.contracts import AuditSubject
from luminescent_cluster.extensions import AuditLogger


def _writes(name: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> type[_Trail]:
    def put(self: _Trail, fields: dict[str, Any], details: Any) -> None:
        changed = change({**fields, "details": details or {}})
        if changed is not None:
            _Trail.put(self, changed, changed.pop("details"))

    return type(name, (_Trail,), {"put": put})


_KNOWN = ("info", "warning", "critical")
_WRITING: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any] | None]]] = {
    "system_is_noise": ("AL-EVT-02", lambda r: None if r.get("actor") == "system" else r),
    "known_outcomes": (
        "AL-EVT-02",
        lambda r: {**r, "outcome": "failure"} if r.get("outcome") == "timeout" else r,
    ),
    "no_query_string": (
        "AL-EVT-02",
        lambda r: {**r, "resource": r["resource"].split("?")[0]} if "resource" in r else r,
    ),
    "sorted_lists": (
        "AL-EVT-02",
        lambda r: {
            **r,
            "details": {
                k: sorted(set(map(str, v))) if isinstance(v, list) and len(v) == 4 else v
                for k, v in r["details"].items()
            },
        },
    ),
    "on_behalf_of": (
        "AL-EVT-05",
        lambda r: {**r, "actor": r["details"].get("on_behalf_of", r.get("actor"))},
    ),
    "cuts_surrogates": (
        "AL-EVT-05",
        lambda r: {
            k: v.encode("utf-8", "ignore").decode() if isinstance(v, str) else v
            for k, v in r.items()
        },
    ),
    "drops_the_huge": ("AL-EVT-07", lambda r: None if len(str(r["details"])) > 90_000 else r),
    "unknown_is_info": (
        "AL-SEC-03",
        lambda r: {**r, "severity": "info"} if r.get("severity", "info") not in _KNOWN else r,
    ),
    "unknown_is_notice": (
        "AL-SEC-03",
        lambda r: {**r, "severity": "notice"} if r.get("severity", "info") not in _KNOWN else r,
    ),
}


class SlowLane(_Trail):
    """Large events take another queue."""

    def __init__(self) -> None:
        super().__init__()
        self.large: list[dict[str, Any]] = []

    def put(self, fields: dict[str, Any], details: Any) -> None:
        super().put(fields, details)
        if len(str(details)) > 200:
            self.large.append(self.records.pop())

    def flush(self) -> None:
        self.records += self.large
        self.large = []


class Pager(_Trail):
    """Alerts for critical events; ``muted`` says which not."""

    def __init__(self, muted: Callable[[Pager, str, dict], bool] = lambda *_: False) -> None:
        super().__init__()
        self.sent: list[str] = []
        self.muted = muted

    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        super().log_security_event(event_type, severity, message, details)
        if severity == "critical" and not self.muted(self, message, details or {}):
            self.sent.append(message)


def _pager(muted: Callable[[Any, str, dict], bool]) -> Callable[[], AuditSubject]:
    def factory() -> AuditSubject:
        pager = Pager(muted)
        return AuditSubject(pager, recorded=lambda: pager.records, alerts=lambda: pager.sent)

    return factory


def _slow_lane() -> AuditSubject:
    trail = SlowLane()
    return AuditSubject(trail, recorded=lambda: trail.records, flush=trail.flush)


class AsText(_Trail):
    """Legitimate: details as text, what is huge cut with a remark, lone surrogates escaped."""

    def put(self, fields: dict[str, Any], details: Any) -> None:
        text = repr(details or {})
        if len(text) > 4_000:
            text = f"{text[:4_000]}… [truncated, {len(text)} characters]"
        clean = {k: v.encode("utf-8", "backslashreplace").decode() for k, v in fields.items()}
        super().put(clean, None)
        self.records[-1]["details"] = text.encode("utf-8", "backslashreplace").decode()


class TwoFiles:
    """Legitimate and durable: events in one file, security events in another."""

    def __init__(self, folder: str) -> None:
        self.folder, self.lock = folder, threading.Lock()

    def _put(self, name: str, record: dict[str, Any]) -> None:
        line = json.dumps({"timestamp": datetime.now(timezone.utc).isoformat(), **record})
        with self.lock, open(f"{self.folder}/{name}", "a", encoding="ascii") as file:
            file.write(f"{line}\n")

    def read(self, name: str) -> list[Any]:
        try:
            with open(f"{self.folder}/{name}", encoding="ascii") as file:
                return [json.loads(line) for line in file]
        except FileNotFoundError:
            return []

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        fields = {"event_type": event_type, "actor": actor, "resource": resource}
        self._put("events", {**fields, "action": action, "outcome": outcome, "details": details})

    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        fields = {"event_type": event_type, "severity": severity, "message": message}
        self._put("security", {**fields, "details": details})


def _two_files() -> Iterator[AuditSubject]:
    from functools import partial
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        trail = TwoFiles(folder)
        yield AuditSubject(
            trail,
            recorded=lambda: trail.read("events"),
            security_recorded=lambda: trail.read("security"),
            durable=True,
            reopen=partial(TwoFiles, folder),
        )


BROKEN: dict[str, Case] = {
    **{
        name: (AuditLogger, clause, _trail(_writes(name, change)))
        for name, (clause, change) in _WRITING.items()
    },
    "slow_lane": (AuditLogger, "AL-EVT-03", _slow_lane),
    "ten_alerts": (AuditLogger, "AL-SEC-02", _pager(lambda self, m, d: len(self.sent) >= 10)),
    "muted_by_details": (AuditLogger, "AL-SEC-02", _pager(lambda self, m, d: "silent" in d)),
}

LEGITIMATE: dict[str, Case] = {
    "text_details": (AuditLogger, "AL-EVT-02", _trail(AsText)),
    "text_forging": (AuditLogger, "AL-EVT-05", _trail(AsText)),
    "text_odd_details": (AuditLogger, "AL-EVT-07", _trail(AsText)),
    "two_files": (AuditLogger, "AL-DUR-01", _two_files),
    "pager": (AuditLogger, "AL-SEC-02", _pager(lambda *_: False)),
}
