"""How an event finds its tenant: what the author says, or what a trial shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from ...clauses import NoInstance, Unverified
from ...engine.case import Case, Raised
from ...engine.show import show, show_error
from ...subjects.usage import UsageSubject
from .flushing import not_for_want_of_a_flush
from .patience import Patience
from .reading import read_total, tenants_of, typed
from .watched import Watched

__all__ = ["REFUSALS", "Ways", "takes_any_tenant", "ways_of"]

REFUSALS = (ValueError, TypeError, LookupError, PermissionError)

"""Ordinary exceptions with which an id is refused that is none here."""

_KEYS = ("tenant_id",)

_GUIDE_KEYS = ("tenant_id", "x-tenant-id")

_TRIALS = 3  # events; an extension may lose the first of a tenant, which is UT-TRK-02's to tell

_TOKENS = 7


@dataclass
class Ways:
    """What a clause knows about the tracker's ways.

    Attributes:
        keys: metadata keys that name the tenant, where the author gives no ``metadata_for``.
        isolated: every fresh subject starts with empty books.
        lost: why nothing that is tracked can show; empty where it does.
        patience: how long to wait for late events.
    """

    keys: tuple[str, ...] = _KEYS
    isolated: bool = False
    lost: tuple[str, ...] = ()
    patience: Patience = field(default_factory=Patience)

    def metadata(self, case: Case, subject: UsageSubject, tenant: str) -> dict[Any, Any]:
        """Build the metadata of an event of a tenant.

        Raises:
            Refused: the author's ``metadata_for`` raises.
        """
        if not subject.has("metadata_for"):
            return dict.fromkeys(self.keys, tenant)
        build = subject.probe("metadata_for")
        made = case.perform(
            f"metadata_for({show(tenant)})", lambda: build(tenant), subject.deadline, counts=False
        )
        if not isinstance(made, dict):
            raise NoInstance(f"the probe metadata_for gave {show(made)}; let it give a dict")
        return made


_known: WeakKeyDictionary[Case, Ways | Unverified] = WeakKeyDictionary()


def ways_of(case: Case) -> Ways:
    """Find out how events are attributed, once for each clause under way.

    Raises:
        Unverified: the tracker looks for the tenant where nobody but the author knows.
    """
    ways = _known.get(case)
    if ways is None:
        history = list(case.history)
        try:
            ways = _try_out(case)
        except Unverified as missing:
            ways = missing
        _known[case] = ways
        case.history[:] = history
    if isinstance(ways, Unverified):
        raise Unverified(ways.probe, str(ways))
    return ways


def takes_any_tenant(case: Case) -> bool:
    """Tell whether ids of plain tenants may be made up: the tracker took one's usage.

    Otherwise it may know its tenants, and be right to refuse all others.
    """
    if tenants_of(typed(case.subject)):
        return False
    try:
        ways_of(case)
    except Unverified:
        return False
    return True


def _try_out(case: Case) -> Ways:
    subject = typed(case.subject)
    ways = Ways()
    if not subject.has("metadata_for"):
        _find_keys(case, ways)
    ways.isolated = subject.fresh == "example" and not ways.lost and _starts_empty(case, ways)
    return ways


def _find_keys(case: Case, ways: Ways) -> None:
    def found(keys: tuple[str, ...], full: bool = False) -> bool:
        return _trial(case, ways, dict, keys, full).shown

    if found(_KEYS):
        return
    watched = _trial(case, ways, Watched, _GUIDE_KEYS)
    seen = watched.metadata
    missing = tuple(key for key in seen.asked if isinstance(key, str) and key not in _GUIDE_KEYS)
    # It refused, or looked for the tenant where the guide does not have it: nothing will come.
    hopeless = bool(watched.refusal) or (
        bool(missing) and not any(key in seen.asked for key in _GUIDE_KEYS)
    )
    for keys in (_GUIDE_KEYS, _GUIDE_KEYS + missing):
        if found(keys, full=not missing and not hopeless):
            ways.keys = keys
            case.note(f"events find their tenant by {', '.join(keys)} of the metadata")
            return
    if not hopeless and not ways.patience.in_vain and found(_KEYS, full=True):
        return
    if watched.refusal or missing or seen.listed:
        says = f"track raised {watched.refusal}" if watched.refusal else "it stays as it was"
        raise Unverified(
            "metadata_for",
            f"no usage of {watched.tenant!r} shows after events with the metadata "
            f"{dict(seen)!r} ({says}); say how an event names its tenant:\n"
            + UsageSubject.probe_help["metadata_for"]
            + "\nor which tenants there are:\n"
            + UsageSubject.probe_help["tenants"],
        )
    reason = _knows_its_tenants(case, watched.tenant)
    if reason:
        raise Unverified(
            "tenants",
            f"no usage of {watched.tenant!r} shows, and {reason}; perhaps it knows its tenants, "
            "so say which there are:\n" + UsageSubject.probe_help["tenants"],
        )
    ways.lost = (
        f'track("query", {_TOKENS}, {{"tenant_id": {watched.tenant!r}}}) was called {_TRIALS} '
        "times",
        f"get_usage_summary({watched.tenant!r}) still has the total it had before",
        "track looked the tenant up in the metadata, and found it"
        if seen.asked
        else "track never looked at the metadata, which alone says whose usage it is",
    )


_NAMES = ("acme", "globex", "tenant-1", "acme-corp", "tenant_a", "t1")


def _knows_its_tenants(case: Case, tenant: str) -> str:
    """Say what speaks for a directory in which the tenant is not; nothing where nothing does."""
    subject = typed(case.another())
    answer = case.attempt("get_usage_summary", tenant, _on=subject)
    if isinstance(answer, Raised) and isinstance(answer.error, REFUSALS):
        return f"get_usage_summary({tenant!r}) {answer}"
    quota = case.attempt("check_quota", tenant, "query", _on=subject)
    if isinstance(quota, Raised) and isinstance(quota.error, REFUSALS):
        return f"check_quota({tenant!r}, 'query') {quota}"
    if isinstance(quota, tuple) and quota[:1] == (False,):
        return f"check_quota({tenant!r}, 'query') denies it before any usage: {show(quota)}"
    for name in _NAMES:
        subject = typed(case.another())  # what is written in batches counts them over all tenants
        before = case.attempt("get_usage_summary", name, _on=subject)
        for _ in range(_TRIALS):
            case.attempt("track", "query", _TOKENS, dict.fromkeys(_GUIDE_KEYS, name), _on=subject)
        after = case.attempt("get_usage_summary", name, _on=subject)
        if isinstance(before, Raised) or isinstance(after, Raised):
            continue
        if read_total(before) != read_total(after):
            return f"that of {name!r} does"
    return ""


@dataclass
class _Outcome:
    tenant: str
    shown: bool
    refusal: str
    metadata: Any


def _trial(
    case: Case,
    ways: Ways,
    kind: Callable[[dict[str, str]], Any],
    keys: tuple[str, ...],
    full: bool = False,
) -> _Outcome:
    """Track some events, and see whether they show; wait for it only where that is asked."""
    subject = typed(case.another())
    tenant = (*tenants_of(subject), "acme-trial")[0]

    def total(of: UsageSubject = subject) -> int:
        answer = case.attempt("get_usage_summary", tenant, _on=of)
        return 0 if isinstance(answer, Raised) else read_total(answer)

    # Asked of another instance: a summary that is remembered wrongly is UT-TRK-02's to tell.
    before = total(typed(case.another()))
    metadata = kind(dict.fromkeys(keys, tenant))
    refusal = ""
    for _ in range(_TRIALS):
        outcome = case.attempt("track", "query", _TOKENS, metadata, _on=subject)
        if isinstance(outcome, Raised):
            refusal = show_error(outcome.error)
    if subject.has("flush"):
        case.perform("flush()", subject.probe("flush"), 30.0, counts=False)
    patience = ways.patience if full else Patience(in_vain=True)
    after = patience.wait(subject, total, lambda now: now != before)
    if full and after == before:
        not_for_want_of_a_flush(case, subject, total, lambda now: now != before)
    return _Outcome(tenant, after != before, refusal, metadata)


def _starts_empty(case: Case, ways: Ways) -> bool:
    """Tell whether a second fresh subject knows nothing of what the first one was told."""
    first, second = typed(case.another()), typed(case.another())
    if first is second:
        return False
    tenant = (*tenants_of(first), "acme-trial")[0]

    def total(of: UsageSubject) -> int:
        answer = case.attempt("get_usage_summary", tenant, _on=of)
        return -1 if isinstance(answer, Raised) else read_total(answer)

    case.attempt("track", "query", _TOKENS, ways.metadata(case, first, tenant), _on=first)
    if first.has("flush"):
        case.perform("flush()", first.probe("flush"), 30.0, counts=False)
    shown = ways.patience.wait(first, lambda: total(first), lambda seen: seen > 0)
    return bool(shown > 0) and total(second) == 0 == total(typed(case.another()))
