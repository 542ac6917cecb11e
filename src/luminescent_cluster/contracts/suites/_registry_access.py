"""What the registry's clauses work with: a registry in OSS mode, and what is put into its slots."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import MagicMock

from luminescent_cluster.extensions.registry import SLOTS

from ..clauses import Violation
from ..engine.case import Case, Refused
from ..engine.show import show, show_error

__all__ = ["EXTENSIONS", "assign", "elsewhere", "oss_registry", "status_of"]

_Thread = threading.Thread  # taken at import: an extension may patch it


class _Falsy:
    """An extension that counts as false; registering it registers it all the same."""

    def __bool__(self) -> bool:
        return False


class _Empty:
    def __len__(self) -> int:
        return 0


EXTENSIONS: dict[str, Callable[[], object]] = {
    "an object": object,
    "a MagicMock": MagicMock,
    "a falsy extension": _Falsy,
    "an extension of length 0": _Empty,
}


@contextmanager
def oss_registry(case: Case) -> Iterator[Any]:
    """Give the registry class in OSS mode; what was registered is put back afterwards."""
    given = case.subject.extension
    registry: Any = given if isinstance(given, type) else type(given)
    case.looked()
    before = {slot: getattr(registry.get(), slot, None) for slot in SLOTS}
    registry.reset()
    try:
        yield registry
    finally:
        registry.reset()
        for slot, extension in before.items():
            if extension is not None:
                setattr(registry.get(), slot, extension)


def status_of(case: Case, registry: Any) -> dict[str, Any]:
    """Give what get_status() says.

    Raises:
        Violation: it raised, or gave no dict.
    """
    try:
        status = case.perform("get().get_status()", lambda: registry.get().get_status(), 5.0)
    except Refused as refusal:
        raise Violation(f"get_status() raised {show_error(refusal.error)}") from refusal.error
    if not isinstance(status, dict):
        raise Violation(f"get_status() -> {show(status)}, which is no dict")
    return status


def assign(
    case: Case, registry: Any, slot: str, extension: object, kind: str = "an object"
) -> None:
    """Put something into a slot.

    Raises:
        Violation: the registry refuses it; a slot takes any object.
    """
    text = f"get().{slot} = {kind}"
    try:
        case.perform(text, lambda: setattr(registry.get(), slot, extension), 5.0)
    except Refused as refusal:
        raise Violation(
            f"{text} raised {show_error(refusal.error)}", "a slot takes any object, mocks included"
        ) from refusal.error


def elsewhere(case: Case, text: str, action: Callable[[], Any]) -> Any:
    """Give what an action comes to in another thread.

    Raises:
        Violation: it raised there.
    """
    found: list[Any] = []
    raised: list[Exception] = []

    def work() -> None:
        try:
            found.append(action())
        except Exception as error:
            raised.append(error)

    def wait() -> None:
        thread = _Thread(target=work, daemon=True)
        thread.start()
        thread.join()

    case.perform(f"{text} in another thread", wait, 5.0)
    if raised:
        raise Violation(f"{text} raised {show_error(raised[0])} in another thread") from raised[0]
    return found[0]
