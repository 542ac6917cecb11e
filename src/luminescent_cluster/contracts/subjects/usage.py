"""The subject of a usage tracker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, Literal

from .base import Subject

__all__ = ["UsageSubject"]

_Interruption = Callable[[], AbstractContextManager[Any]] | AbstractContextManager[Any]
_METHODS = ("track", "check_quota", "get_usage_summary")


class UsageSubject(Subject):
    """A usage tracker, and what its author lets the kit see and do.

    Args:
        extension: the tracker that core would register.
        tenants: ids of tenants that exist, or a function that gives them, where the tracker knows
            its tenants (a directory, ids of a certain form). Nobody else is then taken for a
            tenant; name at least two.
        metadata_for: builds the metadata of an event of a tenant. Where omitted,
            ``{"tenant_id": tenant}`` is tried, and the guide's ``{"x-tenant-id": tenant}``.
        flush: waits until everything tracked before it shows in summaries. Where omitted, the kit
            waits for that, ``settles_within`` seconds at most.
        recorded: gives every event in the books, as mappings with ``tenant_id``, ``operation`` and
            ``tokens``.
        set_quota: ``set_quota(tenant, limit, operation)`` limits what a tenant may use in the
            current period; one with two parameters limits all operations together.
        quota_counts: what a limit counts: ``"tokens"``, or ``"events"``.
        clock: sets the tracker's time: an object with ``set(when)`` or ``move_to(when)``, or a
            function of an aware datetime.
        break_backend: a context manager, or a function that gives one, during which the backend
            fails.
        stall_backend: the same, during which the backend does not answer.
        dropped: gives what the tracker reports as dropped: a number of events, or
            ``{tenant: tokens}``, or ``{tenant: {"tokens": …}}``.
        policy: what ``check_quota`` answers while the backend is down: ``"open"`` allows,
            ``"closed"`` does not.
        latency: seconds within which ``track`` has to return while the backend stalls.
        resolution: precision of stored times, in seconds; ranges are judged give or take that.
        settles_within: seconds after which what was tracked must show, where there is no flush.
        options: what every :class:`Subject` takes. In ``varies``, a name that is no method is a key
            of the summary that may differ from one reading to the next (a time of generation).
    """

    probe_help: ClassVar[Mapping[str, str]] = {
        "tenants": 'UsageSubject(extension, tenants=["acme", "globex"])\n'
        "# ids of tenants that exist in this fixture, at least two",
        "metadata_for": "UsageSubject(extension, metadata_for=lambda tenant: {\n"
        '    "subscription_item_id": item_of[tenant],\n'
        "})  # the metadata of an event of that tenant",
        "flush": "UsageSubject(extension, flush=extension.flush)\n"
        "# waits until everything tracked so far shows in summaries",
        "recorded": "UsageSubject(extension, recorded=store.events)\n"
        '# gives every event: [{"tenant_id": …, "operation": …, "tokens": …}, …]',
        "set_quota": "UsageSubject(extension, set_quota=extension.set_quota)\n"
        "# set_quota(tenant, limit, operation) limits what the tenant may use in this period",
        "clock": "UsageSubject(extension, clock=clock)\n"
        "# clock.set(when), or clock(when), makes it that time for the tracker; when is aware",
        "break_backend": "UsageSubject(extension, break_backend=server.outage)\n"
        "# a function that gives a context manager: inside, every call to the backend fails",
        "stall_backend": "UsageSubject(extension, stall_backend=server.stall)\n"
        "# a function that gives a context manager: inside, the backend does not answer",
        "dropped": "UsageSubject(extension, dropped=lambda: extension.dropped_events)\n"
        "# what the tracker reports as dropped: a number of events, or {tenant: tokens}",
        "policy": 'UsageSubject(extension, policy="closed")\n'
        '# what check_quota answers while the backend is down: "open" allows, "closed" does not',
    }

    def __init__(
        self,
        extension: object,
        *,
        tenants: Iterable[str] | Callable[[], Iterable[str]] | None = None,
        metadata_for: Callable[[str], dict[Any, Any]] | None = None,
        flush: Callable[[], Any] | None = None,
        recorded: Callable[[], Iterable[Any]] | None = None,
        set_quota: Callable[..., Any] | None = None,
        quota_counts: Literal["tokens", "events"] = "tokens",
        clock: Any = None,
        break_backend: _Interruption | None = None,
        stall_backend: _Interruption | None = None,
        dropped: Callable[[], Any] | None = None,
        policy: Literal["open", "closed"] | None = None,
        latency: float = 0.25,
        resolution: float = 1.0,
        settles_within: float = 2.0,
        **options: Any,
    ) -> None:
        super().__init__(extension, **options)
        if quota_counts not in ("tokens", "events"):
            raise ValueError(f'quota_counts={quota_counts!r}: give "tokens" or "events"')
        if policy not in ("open", "closed", None):
            raise ValueError(f'policy={policy!r}: give "open" or "closed"')
        for name, value in (
            ("latency", latency),
            ("resolution", resolution),
            ("settles_within", settles_within),
        ):
            if not value > 0:
                raise ValueError(f"{name}={value!r}: give seconds, more than 0")
        for name, hook in (
            ("metadata_for", metadata_for),
            ("flush", flush),
            ("recorded", recorded),
            ("set_quota", set_quota),
            ("dropped", dropped),
        ):
            if hook is not None and not callable(hook):
                raise TypeError(f"{name}={hook!r}: give a function\n{self.probe_help[name]}")
        self.give(
            tenants=_listed(tenants),
            metadata_for=metadata_for,
            flush=flush,
            recorded=recorded,
            set_quota=set_quota,
            clock=_time_setter(clock),
            break_backend=_interruption("break_backend", break_backend, self.probe_help),
            stall_backend=_interruption("stall_backend", stall_backend, self.probe_help),
            dropped=dropped,
            policy=None if policy is None else lambda: policy,
        )
        self.quota_counts = quota_counts
        self.policy = policy
        self.latency = latency
        self.resolution = resolution
        self.settles_within = settles_within

    @property
    def varying_keys(self) -> frozenset[str]:
        """Keys of the summary that may differ from one reading to the next."""
        names = (name.removeprefix("get_usage_summary.") for name in self.varies)
        return frozenset(name for name in names if name not in _METHODS)

    def known_tenants(self) -> list[str]:
        """Give the declared tenants; none where the author says nothing, and any id will do.

        Raises:
            TypeError: the author's function gives something that is no list of ids.
        """
        if not self.has("tenants"):
            return []
        found: list[str] = self.probe("tenants")()
        return found

    def default_arguments(self) -> Mapping[str, Any]:
        """Plain usage: known tenants, metadata as a request context has it, ranges around today.

        Values in the same place of their lists go together: the metadata and the id of a tenant,
        the beginning and the end of a range in which something is.
        """
        tenants = self.known_tenants() or ["acme", "globex"]
        build = self.probe("metadata_for") if self.has("metadata_for") else _guess_metadata
        now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        past, recent, future = (
            now - timedelta(days=40),
            now - timedelta(hours=1),
            now + timedelta(days=1),
        )
        return {
            "tenant_id": tenants,
            "operation": ["query", "store", "embed"],
            "tokens": [0, 1, 7, 1000],
            "metadata": [
                {**build(tenant), **more}
                for more in ({}, {"x-request": {"headers": {"accept": "text/html"}, "tags": ["a"]}})
                for tenant in tenants
            ],
            "start_date": [None, past, recent, future],
            "end_date": [None, recent, future, past],
        }

    def declarations(self) -> Mapping[str, Any]:
        """As every subject; also the outage policy, and what quotas count."""
        declared = dict(super().declarations())
        if self.policy is not None:
            declared["policy"] = self.policy
        if self.quota_counts != "tokens":
            declared["quota_counts"] = self.quota_counts
        declared["resolution"] = self.resolution
        return declared


def _guess_metadata(tenant: str) -> dict[str, Any]:
    return {"tenant_id": tenant}


def _listed(given: Any) -> Callable[[], list[str]] | None:
    """Give a function that lists the tenants, checked."""
    if given is None:
        return None

    def checked(found: Any) -> list[str]:
        items = None if isinstance(found, (str, bytes)) else list(found)
        if not items or not all(isinstance(item, str) for item in items):
            raise TypeError(f'tenants={found!r}: give a list of ids, tenants=["acme", "globex"]')
        return list(dict.fromkeys(items))

    if callable(given):
        return lambda: checked(given())
    items = checked(given)
    return lambda: list(items)


def _time_setter(clock: Any) -> Callable[[datetime], Any] | None:
    """Give the function that sets the tracker's time."""
    if clock is None:
        return None
    for name in ("set", "move_to", "set_time"):
        setter = getattr(clock, name, None)
        if callable(setter):
            return setter  # type: ignore[no-any-return]
    if callable(clock):
        return clock  # type: ignore[no-any-return]
    raise TypeError(
        f"clock={clock!r}: give an object with set(when), or a function of an aware datetime"
    )


def _interruption(name: str, given: Any, remedies: Mapping[str, str]) -> Callable[[], Any] | None:
    """Give a function that gives a context manager."""
    if given is None or (callable(given) and not hasattr(type(given), "__enter__")):
        return given  # type: ignore[no-any-return]
    if hasattr(type(given), "__enter__"):
        return lambda: given
    raise TypeError(f"{name}={given!r}: give a context manager\n{remedies[name]}")
