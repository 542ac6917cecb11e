"""What a clause may assume about a provider's tenants: what is declared, and what it shows."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import strategies as st

from ...clauses import NoInstance, Unverified
from ...engine.case import Case, Raised, Refused
from ...engine.show import show, show_error
from ...subjects.requests import USUAL_CONTEXTS
from ...subjects.tenant import TenantSubject
from .contexts import Path, places, rebuilt
from .ids import many_ids, plain_ids

__all__ = ["World"]

_PLAIN = ("acme", "globex")
_STRANGERS = ("no-such-tenant-5f1c", "no-such-tenant-5f1d")


class World:
    """The tenants of a clause under way.

    Attributes:
        case: the clause under way.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._places: list[Path] | None = None
        self._closed: bool | None = None
        self._usual = USUAL_CONTEXTS[0]
        self._answered = False

    @property
    def tenants(self) -> list[str]:
        """Ids that the subject of the example declares; empty where it declares none.

        Where it declares only what is allowed, those tenants exist, and they are all that is known
        of a provider that refuses others.
        """
        declared = self.listed("tenants")
        if not self.subject.has("tenants") and self._refuses_strangers():
            declared = [tenant for tenant, _, _ in self.listed("allowed")]
        return list(dict.fromkeys(declared))

    def _refuses_strangers(self) -> bool:
        if self._closed is None:
            self._closed = self.subject.has("allowed") and all(map(self.refuses, _STRANGERS))
        return self._closed

    def refuses(self, name: str) -> bool:
        """Tell whether the provider has no filter for a name: it is no tenant's id, then."""
        subject = self.subject
        try:
            self.case.perform(
                f"get_tenant_filter({show(name)})",
                lambda: subject.extension.get_tenant_filter(name),
                subject.deadline,
                counts=False,
            )
        except Refused:
            return True
        return False

    @property
    def subject(self) -> TenantSubject:
        """The subject of the example under way."""
        subject = self.case.subject
        if not isinstance(subject, TenantSubject):
            raise NoInstance(
                f"this protocol's clauses need a TenantSubject, not a {type(subject).__name__}"
            )
        return subject

    def listed(self, probe: str) -> list[Any]:
        """Give what ``tenants``, ``allowed`` or ``denied`` lists; nothing where it was not given.

        Raises:
            NoInstance: the author's function raises or gives something else.
        """
        try:
            return self.subject.listed(probe)
        except TypeError as error:
            raise NoInstance(f"the probe {probe}: {error}") from error
        except Exception as error:
            raise NoInstance(f"the probe {probe} raised {show_error(error)}") from error

    def picks(self) -> Any:
        """Give a strategy of tenants for :meth:`name`: declared ones, or plain ids.

        Declared ones are picked by number, because each fresh subject may declare its own.
        """
        declared = len(self.tenants)
        return st.integers(0, declared - 1) if declared else plain_ids()

    def name(self, pick: int | str) -> str:
        """Give the id of a tenant that was picked."""
        if isinstance(pick, str):
            return pick
        tenants = self.tenants
        return tenants[pick % len(tenants)]

    def many(self, count: int) -> list[str]:
        """Give many tenants: declared ones over and over, or as many plain ids."""
        tenants = self.tenants
        if not tenants:
            return many_ids(count)
        return (tenants * -(-count // len(tenants)))[: max(count, len(tenants))]

    # -- contexts ---------------------------------------------------------------------------

    def context(self, tenant: Any) -> Any:
        """Build the context of a request of a tenant.

        Raises:
            Refused: the author's ``context_for`` raises.
        """
        subject = self.subject
        build = subject.probe("context_for") if subject.has("context_for") else self._usual
        return self.case.perform(
            f"context_for({show(tenant)})", lambda: build(tenant), subject.deadline, counts=False
        )

    def ask(self, context: Any) -> Any:
        """Ask for the tenant of a context; the extension gets a copy of its own.

        Returns:
            What it answered, or :class:`Raised`.
        """
        return self.case.attempt("get_tenant_id", rebuilt(context))

    def come_by(self, tenant: str) -> None:
        """Let a request of a tenant be resolved, as core does before it asks for anything else.

        Where nobody knows what requests look like, none comes.
        """
        with contextlib.suppress(Refused, Unverified):
            self.require_contexts()
            self.ask(self.context(tenant))

    def require_contexts(self) -> None:
        """Go on only where contexts can be built that the extension answers to.

        Without ``context_for``, the usual shapes are tried: the guide's own counts where it says
        anything to the extension, another where the extension finds each tenant in it.

        Raises:
            Unverified: no usual context says anything to it.
        """
        if self._answered or self.subject.has("context_for"):
            return
        tenants = self.tenants or list(_PLAIN)
        for number, usual in enumerate(USUAL_CONTEXTS):
            self._usual = usual
            answers = [self.ask(self.context(tenant)) for tenant in tenants]
            if answers == tenants:
                self._answered = True
                return
            silent = all(answer is None or isinstance(answer, Raised) for answer in answers)
            if not number and not silent:
                return
        self._usual = USUAL_CONTEXTS[0]
        self.subject.probe("context_for")

    def tenant_places(self) -> list[Path]:
        """Find where the tenant stands in a context, by comparing those of two tenants."""
        if self._places is None:
            one, two = (*self.tenants, *_PLAIN, "umbrella")[:2]
            if two == one:
                two = "umbrella"
            try:
                found = places(self.context(one), self.context(one), self.context(two))
                self._places = [path for path in found if path]  # else it cannot be looked into
            except Refused:
                self._places = _holding(self.context(one), one, ())
        return self._places

    def example_context(self) -> Any:
        """Give a context of a known tenant."""
        return self.context((*self.tenants, *_PLAIN)[0])

    def probe_missing(self, probe: str) -> Unverified:
        """Give the outcome for a probe without which nothing more can be said."""
        try:
            self.subject.probe(probe)
        except Unverified as missing:
            return missing
        return Unverified(probe, f"the probe {probe} was given, and more of it is needed")

    # -- owners -----------------------------------------------------------------------------

    def owner_value(self, tenant: str) -> Any:
        """Give what the owner's column holds for a tenant."""
        subject = self.subject
        if not subject.has("owner_for"):
            return tenant
        build = subject.probe("owner_for")
        try:
            return self.case.perform(
                f"owner_for({show(tenant)})",
                lambda: build(tenant),
                subject.deadline,
                counts=False,
            )
        except Refused:
            if tenant in self.tenants:
                raise
            return tenant


def _holding(value: Any, tenant: str, path: Path) -> list[Path]:
    """Find the texts in a context that contain a tenant's id."""
    if type(value) is dict:
        return [p for key, part in value.items() for p in _holding(part, tenant, (*path, key))]
    if type(value) in (list, tuple):
        return [p for n, part in enumerate(value) for p in _holding(part, tenant, (*path, n))]
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return [path] if isinstance(value, str) and tenant in value else []
