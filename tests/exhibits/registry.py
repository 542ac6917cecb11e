"""Registries that break one promise each, and others that keep them all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from luminescent_cluster.extensions import ExtensionRegistry

SLOTS = ("tenant_provider", "usage_tracker", "audit_logger")


class Exhibit(NamedTuple):
    """A broken registry, the clause that must reject it, and words that the message must hold."""

    clause: str
    factory: Callable[[], object]
    words: tuple[str, ...]


EXHIBITS: list[Exhibit] = []


def rejected_by(clause: str, *words: str) -> Callable[[type], type]:
    """Put the decorated class on the list."""

    def add(registry: type) -> type:
        EXHIBITS.append(Exhibit(clause, lambda: registry, words))
        return registry

    return add


class Base:
    """The guide's interface, in the plainest way; every subclass has a slot of its own for it."""

    _instance: ClassVar[Base | None] = None
    _lock: ClassVar[Any] = threading.Lock()

    def __init__(self) -> None:
        self.tenant_provider: Any = None
        self.usage_tracker: Any = None
        self.audit_logger: Any = None

    def __init_subclass__(cls) -> None:
        cls._instance = None

    @classmethod
    def get(cls) -> Any:
        if cls._instance is None:
            with cls._lock:
                if cls._instance is None:
                    cls._instance = cls()
        return cls._instance

    @classmethod
    def reset(cls) -> None:
        with cls._lock:
            cls._instance = None

    def is_multi_tenant(self) -> bool:
        return self.tenant_provider is not None

    def is_metered(self) -> bool:
        return self.usage_tracker is not None

    def is_audited(self) -> bool:
        return self.audit_logger is not None

    def get_status(self) -> dict:
        taken = {slot: getattr(self, slot) is not None for slot in SLOTS}
        return {**taken, "mode": "cloud" if any(taken.values()) else "oss"}


class Right(Base):
    """Keeps every promise."""


@rejected_by("RG-ONE-01", "registries")
class NewEachTime(Base):
    @classmethod
    def get(cls) -> Any:
        return cls()


@rejected_by("RG-ONE-01", "not there at the next get()")
class Copies(Base):
    """get() gives the same object, and forgets what was assigned."""

    @classmethod
    def get(cls) -> Any:
        registry = super().get()
        registry.tenant_provider = None
        return registry


@rejected_by("RG-ONE-01", "another thread")
class PerThread(Base):
    """Start-up registers in one, requests look into another."""

    _kept: ClassVar[Any] = threading.local()

    @classmethod
    def get(cls) -> Any:
        if not hasattr(cls._kept, "instance"):
            cls._kept.instance = cls()
        return cls._kept.instance

    @classmethod
    def reset(cls) -> None:
        cls._kept.__dict__.clear()


@rejected_by("RG-REG-01", "another thread then reads None")
class SlotsPerThread(Base):
    def __init__(self) -> None:
        self.__dict__["slots"] = threading.local()

    def __getattr__(self, name: str) -> Any:
        if name not in SLOTS:
            raise AttributeError(name)
        return getattr(self.slots, name, None)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.slots, name, value)


@rejected_by("RG-REG-02", "tenant_provider = an object raised TypeError", "mocks included")
class ChecksTypes(Base):
    def __setattr__(self, name: str, value: Any) -> None:
        if name == "tenant_provider" and value is not None and not hasattr(value, "get_tenant_id"):
            raise TypeError("this is no tenant provider")
        super().__setattr__(name, value)


@rejected_by("RG-STA-01", "get_status() raised AttributeError")
class DescribesItsExtensions(Base):
    def get_status(self) -> dict[str, Any]:
        return super().get_status() | {"auditor": self.audit_logger and self.audit_logger.name}


@rejected_by("RG-RST-01", "from before")
class KeepsInstance(Base):
    @classmethod
    def reset(cls) -> None:
        registry = cls.get()
        for slot in SLOTS:
            setattr(registry, slot, None)


@rejected_by("RG-RST-01", "audit_logger")
class RemembersOne(Base):
    """The class itself remembers the logger, across resets."""

    _logger: ClassVar[Any] = None

    @property
    def audit_logger(self) -> Any:  # type: ignore[override]
        return type(self)._logger

    @audit_logger.setter
    def audit_logger(self, value: Any) -> None:
        if value is not None or not hasattr(self, "_made"):
            self._made = True
            if value is not None:
                type(self)._logger = value


@rejected_by("RG-REG-02", "something else")
class Wraps(Base):
    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value if value is None else lambda: value)


@rejected_by("RG-REG-02", "None")
class RefusesNone(Base):
    """Once registered, an extension stays."""

    def __setattr__(self, name: str, value: Any) -> None:
        if value is not None or name not in self.__dict__:
            super().__setattr__(name, value)


@rejected_by("RG-STA-01", "a falsy extension")
class AsksForTruth(Base):
    def get_status(self) -> dict:
        taken = {slot: bool(getattr(self, slot)) for slot in SLOTS}
        return {**taken, "mode": "cloud" if any(taken.values()) else "oss"}


@rejected_by("RG-STA-01", "expected")
class CloudWhenComplete(Base):
    """mode is cloud only when all three are there."""

    def get_status(self) -> dict:
        status = super().get_status()
        full = all(status[slot] for slot in SLOTS)
        return {**status, "mode": "cloud" if full else "oss"}


@rejected_by("RG-STA-01", "changes the next one")
class SharesStatus(Base):
    def __init__(self) -> None:
        super().__init__()
        self._status: dict = {}

    def get_status(self) -> dict:
        fresh = super().get_status()
        if self._status.keys() != fresh.keys() or any(
            self._status[slot] is not fresh[slot] for slot in SLOTS
        ):
            self._status = fresh
        return self._status


@rejected_by("RG-STA-02", "is_metered()")
class HelperAsksForTruth(Base):
    def is_metered(self) -> bool:
        return bool(self.usage_tracker)


@rejected_by("RG-STA-02", "is_audited()")
class HelpersSwapped(Base):
    def is_audited(self) -> bool:
        return self.tenant_provider is not None


@rejected_by("RG-OSS-01", "no extension")
class NullObjects(Base):
    """An empty slot is a truthy null object, and the handler calls it."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        return object() if name in SLOTS and value is None else value

    def get_status(self) -> dict:
        return {**dict.fromkeys(SLOTS, False), "mode": "oss"}


@rejected_by("RG-OSS-01", "usage_tracker")
class HidesTracker(Base):
    """Without a tenant provider the tracker is not shown."""

    def __getattribute__(self, name: str) -> Any:
        if name == "usage_tracker" and super().__getattribute__("tenant_provider") is None:
            return None
        return super().__getattribute__(name)


def loaded_twice() -> type:
    """The same source file under a second module name: two registries."""
    import importlib.util
    import sys

    from luminescent_cluster.extensions import registry as module

    name = "second_name_of_registry"
    spec = importlib.util.spec_from_file_location(
        f"luminescent_cluster.extensions.{name}", module.__file__
    )
    assert spec is not None
    assert spec.loader is not None
    twin = importlib.util.module_from_spec(spec)
    sys.modules[f"luminescent_cluster.extensions.{name}"] = twin
    spec.loader.exec_module(twin)
    return ExtensionRegistry


EXHIBITS.append(Exhibit("RG-ONE-03", loaded_twice, ("another registry",)))


class SaysMore(Base):
    def get_status(self) -> dict[str, Any]:
        return super().get_status() | {"version": "1.2"}


LEGITIMATE: dict[str, Callable[[], object]] = {
    "more in its status": lambda: SaysMore,
    "ours": lambda: ExtensionRegistry,
    "our instance": ExtensionRegistry.get,
    "another": lambda: Right,
}


@rejected_by("RG-ONE-02", "register_in")
class UnlockedFirst(Base):
    """The first look is the only one."""

    @classmethod
    def get(cls) -> Any:
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance


@rejected_by("RG-REG-01", "audit_logger")
class TwoFields(Base):
    """The object and its mark are stored one after the other, and read together."""

    _mark: Any = None
    _object: Any = None

    @property
    def audit_logger(self) -> Any:  # type: ignore[override]
        return self._object if self._mark is not None else None

    @audit_logger.setter
    def audit_logger(self, value: Any) -> None:
        self._object = None
        self._mark = value
        self._object = value


@rejected_by("RG-STA-03", "mode")
class ReadsTwice(Base):
    """The slots are read once for themselves and once more for the mode."""

    def get_status(self) -> dict:
        taken = {slot: getattr(self, slot) is not None for slot in SLOTS}
        registered = any(getattr(self, slot) is not None for slot in SLOTS)
        return {**taken, "mode": "cloud" if registered else "oss"}
