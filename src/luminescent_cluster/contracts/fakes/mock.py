"""`contract_mock`: a mock of a protocol that takes and gives only what the protocol declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock, MagicMock, NonCallableMagicMock

if TYPE_CHECKING:
    from .signatures import MethodChecks

__all__ = ["contract_mock"]

_UNSET: Any = object()
_INTERNALS = frozenset({"Protocol", "Generic", "object"})


def contract_mock(protocol: type, /, **attributes: Any) -> Any:
    """Make a mock of `protocol`, sync and async methods alike.

    It has the members of the protocol and no others, and is an instance of the protocol for
    `isinstance`. Calls, arguments and results are checked against the signatures and annotations.
    Set `return_value` or `side_effect` of its methods as on every mock; a method that was told
    nothing returns None where the protocol permits None, and refuses otherwise.

    Args:
        protocol: the protocol class.
        attributes: initial values of data members and properties.

    Raises:
        TypeError: for `attributes` of a wrong type. Later, from the mock: for a call that the
            protocol does not permit, or a result that it does not declare.
        AttributeError: for a member that the protocol does not have.
    """
    from .signatures import MethodChecks, bound_to, mismatch, resolved_hints

    methods: dict[str, MethodChecks] = {}
    data: dict[str, Any] = {}
    for owner in reversed(protocol.__mro__):
        if owner.__name__ in _INTERNALS:
            continue
        data |= {name: hint for name, hint in resolved_hints(owner).items() if _is_member(name)}
        for name, raw in vars(owner).items():
            if not _is_member(name) and name != "__call__":
                continue
            method = bound_to(raw, protocol)
            if method is not None:
                methods[name] = MethodChecks(name, *method)
            elif isinstance(raw, property):
                data[name] = resolved_hints(raw.fget).get("return", Any)

    class ContractMock(NonCallableMagicMock):
        __class__ = property(lambda self: protocol)

        def __setattr__(self, name: str, value: Any) -> None:
            problem = mismatch(value, data[name]) if name in data else None
            if problem:
                raise TypeError(f"{protocol.__name__}.{name}: {problem}")
            super().__setattr__(name, value)

        def __getattr__(self, name: str) -> Any:
            if name in data:
                raise AttributeError(
                    f"{protocol.__name__}.{name} has no value yet; set it on the mock"
                )
            return super().__getattr__(name)

    if "__call__" in methods:  # looked up on the class; told what to return on mock.__call__
        ContractMock.__call__ = _method(methods.pop("__call__"))
    mock = ContractMock(spec_set=[*methods, *data], name=protocol.__name__)
    for name, checks in methods.items():
        setattr(mock, name, _method(checks))
    for name, value in attributes.items():
        setattr(mock, name, value)
    return mock


def _method(checks: MethodChecks) -> Any:
    kind = _AsyncMethod if checks.is_async else _Method
    mock = kind(spec=checks.bound, return_value=_UNSET)
    mock.__dict__["_contract_checks"] = checks
    return mock


class _Method(MagicMock):
    """A mocked method that checks its arguments before, and its result after, the call counts."""

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        checks: MethodChecks = self.__dict__["_contract_checks"]
        checks.check_arguments(args, kwargs)
        return _checked(checks, super().__call__(*args, **kwargs))

    def _get_child_mock(self, /, **kwargs: Any) -> Any:
        return MagicMock(**kwargs)


class _AsyncMethod(AsyncMock):
    """The same for an async method: arguments at the call, the result when it is awaited."""

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        checks: MethodChecks = self.__dict__["_contract_checks"]
        checks.check_arguments(args, kwargs)
        return _awaited(checks, super().__call__(*args, **kwargs))

    def _get_child_mock(self, /, **kwargs: Any) -> Any:
        return AsyncMock(**kwargs)


async def _awaited(checks: MethodChecks, result: Any) -> Any:
    return _checked(checks, await result)


def _checked(checks: MethodChecks, value: Any) -> Any:
    if value is not _UNSET:
        checks.check_result(value)
        return value
    try:
        checks.check_result(None)
    except TypeError:
        raise TypeError(
            f"{checks.name}() was not told what to return; the protocol declares "
            f"{checks.returns}: set {checks.name}.return_value"
        ) from None
    return None


def _is_member(name: str) -> bool:
    return not name.startswith(("__", "_abc_", "_is_"))
