"""State that is visible half-way, or that belongs to one caller and is seen by another."""

from __future__ import annotations

import contextvars
import threading

from .model import Race


class TornPair:
    def __init__(self):
        self.tokens = 0
        self.queries = 0

    def set(self, tokens, queries):
        self.tokens = tokens
        self.queries = queries

    def summary(self):
        return {"tokens": self.tokens, "queries": self.queries}


class WholePair:
    """One reference holds both: readers see the old pair or the new one."""

    def __init__(self):
        self._pair = (0, 0)

    def set(self, tokens, queries):
        self._pair = (tokens, queries)

    def summary(self):
        tokens, queries = self._pair
        return {"tokens": tokens, "queries": queries}


class Scratch:
    """Keeps the tenant of the current request on the instance."""

    def __init__(self):
        self._current = None

    def get_filter(self, tenant):
        self._current = tenant
        return self._build()

    def _build(self):
        return {"tenant_id": {"$eq": self._current}}


class LocalScratch(Scratch):
    def __init__(self):
        self._local = threading.local()

    def get_filter(self, tenant):
        self._local.current = tenant
        return self._build()

    def _build(self):
        return {"tenant_id": {"$eq": self._local.current}}


_tenant = contextvars.ContextVar("tenant", default=None)


class ContextScratch(Scratch):
    def get_filter(self, tenant):
        _tenant.set(tenant)
        return {"tenant_id": {"$eq": _tenant.get()}}


class SwappedBuffer:
    """Events appended between the copy and the clearing are lost."""

    def __init__(self):
        self.buffer = []
        self.sent = []

    def log(self, event):
        self.buffer.append(event)

    def flush(self):
        batch = list(self.buffer)
        self.sent.extend(batch)
        self.buffer.clear()

    def recorded(self):
        return sorted(self.sent + self.buffer)


class DrainedBuffer(SwappedBuffer):
    def flush(self):
        while True:
            try:
                self.sent.append(self.buffer.pop(0))
            except IndexError:
                return

    def recorded(self):
        self.flush()
        return sorted(self.sent)


class LockedBuffer(SwappedBuffer):
    def __init__(self):
        super().__init__()
        self._lock = threading.Condition()

    def log(self, event):
        with self._lock:
            super().log(event)

    def flush(self):
        with self._lock:
            super().flush()

    def recorded(self):
        with self._lock:
            return super().recorded()


class EarlyBird:
    """Published before it is complete."""

    def __init__(self):
        self._config = None

    def config(self):
        if self._config is None:
            self._config = {}
            self._config["limit"] = 10
        return self._config["limit"]


class Complete(EarlyBird):
    """May be built twice, which nobody can tell: the two are equal."""

    def config(self):
        if self._config is None:
            fresh = {}
            fresh["limit"] = 10
            self._config = fresh
        return self._config["limit"]


class EarlyRoles:
    """The one moment at which the set is there and empty stands among many that are harmless."""

    def __init__(self):
        self._rules = [("reader", "kb"), ("editor", "wiki"), ("admin", "all")] * 9
        self._bindings = [("alice", "acme", "reader"), ("bob", "acme", "editor")] * 4
        self._roles = {}

    def roles(self, user, tenant):
        found = self._roles.get((user, tenant))
        if found is None:
            found = self._roles[user, tenant] = set()
            for name, place, role in self._bindings:
                if (name, place) == (user, tenant):
                    found.add(role)
        return found

    def may(self, user, tenant, resource):
        wanted = [role for role, opened in self._rules if opened.lower() == resource.lower()]
        held = self.roles(user, tenant)
        return any(role in held for role in wanted)


class LateRoles(EarlyRoles):
    def roles(self, user, tenant):
        found = self._roles.get((user, tenant))
        if found is None:
            found = {r for u, t, r in self._bindings if (u, t) == (user, tenant)}
            self._roles[user, tenant] = found
        return found


class Holder:
    _instance = None

    def __init__(self):
        self.value = 7


class EarlyInstance:
    """`__new__` publishes the object before `__init__` has run."""

    def __init__(self):
        self._shared = None

    def read(self):
        if self._shared is None:
            self._shared = Holder.__new__(Holder)
            self._shared.__init__()
        return self._shared.value


class LateInstance(EarlyInstance):
    def read(self):
        if self._shared is None:
            self._shared = Holder()
        return self._shared.value


RACES = [
    Race("torn-fields", TornPair, WholePair, (("set", 1, 1), ("set", 2, 2), "summary")),
    Race("scratch-attribute", Scratch, LocalScratch, (("get_filter", "a"), ("get_filter", "b"))),
    Race("scratch-context", Scratch, ContextScratch, (("get_filter", "a"), ("get_filter", "b"))),
    Race("buffer-swap", SwappedBuffer, DrainedBuffer, (("log", "x"), "flush"),
         observers=(("recorded",),)),
    Race("buffer-swap-locked", SwappedBuffer, LockedBuffer, (("log", "x"), "flush", "recorded")),
    Race("early-publication", EarlyBird, Complete, ("config",), ("exception",)),
    Race("early-roles", EarlyRoles, LateRoles, (("may", "alice", "acme", "kb"),), schedules=30),
    Race("early-instance", EarlyInstance, LateInstance, ("read",), ("exception",)),
]  # fmt: skip
