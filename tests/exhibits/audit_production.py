"""Broken audit loggers that are right where they were written, and wrong in production."""

from __future__ import annotations

from .audit_base import Logger, breaks

# -- AL-SEC-02 ------------------------------------------------------------------------------


@breaks("AL-SEC-02", "0 alerts")
class ComparesWithIs(Logger):
    """Equal literals are one object in Python, until the word comes with a request."""

    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        critical = "critical"
        given = "critical" if severity is critical else "warning"
        super().log_security_event(event_type, given, message, details)


# -- PUR-01 -----------------------------------------------------------------------------------


@breaks("PUR-01", "the extension changed an argument", masks=("password",))
class ScrubsInPlace(Logger):
    """Masks secrets in a copy, which is one level deep."""

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        masked = self.scrub(dict(details or {}))
        super().log_event(event_type, actor, resource, action, outcome, masked)

    def scrub(self, details: dict) -> dict:
        for key, value in details.items():
            if key == "password":
                details[key] = "***"
            elif isinstance(value, dict):
                self.scrub(value)
        return details
