"""AuditLogger: who did what to which resource, and how it ended."""

from typing import Optional, Protocol

__all__ = ["AUDIT_LOGGER_VERSION", "AuditLogger"]

AUDIT_LOGGER_VERSION = "1.0.0"


class AuditLogger(Protocol):
    """Enterprise audit logging for compliance.

    A class satisfies the protocol by having these methods; there is nothing to inherit.
    """

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: Optional[dict] = None,  # type: ignore[type-arg]  # noqa: UP045 - the guide's exact signature
    ) -> None:
        """Record an auditable event.

        Args:
            event_type: kind of event, for instance ``"data_access"``.
            actor: who acted.
            resource: what was acted on.
            action: what was done.
            outcome: how it ended.
            details: anything else worth keeping.
        """
        ...

    def log_security_event(
        self,
        event_type: str,
        severity: str,
        message: str,
        details: Optional[dict] = None,  # type: ignore[type-arg]  # noqa: UP045 - the guide's exact signature
    ) -> None:
        """Record a security event; ``"critical"`` also alerts the security team.

        Args:
            event_type: kind of event.
            severity: ``"info"``, ``"warning"`` or ``"critical"``.
            message: what happened, for a person.
            details: anything else worth keeping.
        """
        ...
