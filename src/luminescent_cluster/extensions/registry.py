"""The process-wide place where extensions are registered and looked up."""

from _thread import allocate_lock  # `threading` would cost a third of this package's import
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Literal, TypedDict

    from .protocols.audit_logger import AuditLogger
    from .protocols.tenant_provider import TenantProvider
    from .protocols.usage_tracker import UsageTracker

    class RegistryStatus(TypedDict):
        """What :meth:`ExtensionRegistry.get_status` answers."""

        tenant_provider: bool
        usage_tracker: bool
        audit_logger: bool
        mode: Literal["oss", "cloud"]


__all__ = ["SLOTS", "ExtensionRegistry"]

SLOTS = ("tenant_provider", "usage_tracker", "audit_logger")


class ExtensionRegistry:
    """One registry per process; an empty one is OSS mode.

    The slots are plain attributes: assigning registers, assigning None deregisters, and a reader
    sees the old object or the new one. Extensions that several threads use must be thread-safe
    themselves.

    Attributes:
        tenant_provider: the registered TenantProvider, or None.
        usage_tracker: the registered UsageTracker, or None.
        audit_logger: the registered AuditLogger, or None.
    """

    # No values here: beside one on the class, CPython reads the instance's half as fast.
    tenant_provider: "TenantProvider | None"
    usage_tracker: "UsageTracker | None"
    audit_logger: "AuditLogger | None"

    _instance: "ExtensionRegistry | None" = None
    _lock = allocate_lock()

    def __new__(cls, *args: Any, **kwargs: Any) -> "ExtensionRegistry":
        registry = super().__new__(cls)
        for slot in SLOTS:  # empty, also where a subclass sets none of them
            setattr(registry, slot, None)
        return registry

    def __init__(
        self,
        tenant_provider: "TenantProvider | None" = None,
        usage_tracker: "UsageTracker | None" = None,
        audit_logger: "AuditLogger | None" = None,
    ) -> None:
        self.tenant_provider = tenant_provider
        self.usage_tracker = usage_tracker
        self.audit_logger = audit_logger

    def __delattr__(self, name: str) -> None:
        """Empty a slot that is deleted."""
        if name in SLOTS:
            setattr(self, name, None)
        else:
            super().__delattr__(name)

    @classmethod
    def get(cls) -> "ExtensionRegistry":
        """Give the process-wide registry, creating it on first use.

        Double-checked locking: the first look takes no lock, :meth:`_create` looks again under
        it. Safe to call from any thread.
        """
        return cls._instance or cls._create()

    @classmethod
    def _create(cls) -> "ExtensionRegistry":
        with ExtensionRegistry._lock:
            instance = ExtensionRegistry._instance
            if instance is None:
                instance = ExtensionRegistry._instance = cls()
            return instance

    @classmethod
    def reset(cls) -> None:
        """Forget the registry, so that the next :meth:`get` gives a fresh one in OSS mode.

        Meant for tests. Whoever still holds the old registry keeps it unchanged.
        """
        with ExtensionRegistry._lock:
            ExtensionRegistry._instance = None

    @classmethod
    def override(cls, **extensions: Any) -> "_Override":
        """Register extensions for the length of a ``with`` block; meant for tests.

        Args:
            extensions: the slots to set, by name; None empties a slot for the block.

        Returns:
            A context manager that gives the registry and puts the former extensions back.

        Raises:
            TypeError: a name is not a slot.
        """
        unknown = sorted(set(extensions) - set(SLOTS))
        if unknown:
            raise TypeError(
                f"override() got {', '.join(unknown)}, which is no slot of the registry; "
                f"the slots are {', '.join(SLOTS)}"
            )
        return _Override(cls, extensions)

    def is_multi_tenant(self) -> bool:
        """Tell whether a tenant provider is registered."""
        return self.tenant_provider is not None

    def is_metered(self) -> bool:
        """Tell whether a usage tracker is registered."""
        return self.usage_tracker is not None

    def is_audited(self) -> bool:
        """Tell whether an audit logger is registered."""
        return self.audit_logger is not None

    def get_status(self) -> "RegistryStatus":
        """Say which slots are taken, at one instant.

        Returns:
            A new dict: each slot's name to a bool, and ``mode``, which is ``"cloud"`` as soon as
            any slot is taken and ``"oss"`` otherwise.
        """
        # Copying the instance dict is one uninterruptible step, with or without a GIL; three
        # attribute reads are three, and could mix two states.
        now = self.__dict__.copy()
        tenant_provider = now.get("tenant_provider") is not None
        usage_tracker = now.get("usage_tracker") is not None
        audit_logger = now.get("audit_logger") is not None
        return {
            "tenant_provider": tenant_provider,
            "usage_tracker": usage_tracker,
            "audit_logger": audit_logger,
            "mode": "cloud" if tenant_provider or usage_tracker or audit_logger else "oss",
        }

    def __repr__(self) -> str:
        now = self.__dict__.copy()
        taken = (
            f"{slot}={type(now[slot]).__qualname__}" for slot in SLOTS if now.get(slot) is not None
        )
        return f"<{type(self).__name__} {' '.join(taken) or 'oss'}>"


class _Override:
    """Context manager of :meth:`ExtensionRegistry.override`; may be entered again."""

    def __init__(self, registry_class: type[ExtensionRegistry], extensions: dict[str, Any]) -> None:
        self._registry_class = registry_class
        self._extensions = extensions
        self._saved: list[tuple[ExtensionRegistry, dict[str, Any]]] = []

    def __enter__(self) -> ExtensionRegistry:
        registry = self._registry_class.get()
        self._saved.append((registry, {slot: getattr(registry, slot) for slot in self._extensions}))
        for slot, extension in self._extensions.items():
            setattr(registry, slot, extension)
        return registry

    def __exit__(
        self,
        exc_type: "type[BaseException] | None",
        exc: BaseException | None,
        traceback: "TracebackType | None",
    ) -> None:
        registry, former = self._saved.pop()
        for slot, extension in former.items():
            setattr(registry, slot, extension)
