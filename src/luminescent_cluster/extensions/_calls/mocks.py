"""How objects of ``unittest.mock`` answer a call, without importing it."""

from __future__ import annotations

from typing import Any, Literal

from .peek import instance_dict, is_mock

_CONFIGURED = ("_mock_side_effect", "_mock_wraps", "_mock_delegate")


def mock_flow(value: Any) -> Literal["sync", "coroutine", "unknown"]:
    """Return how a mock answers; ``unknown`` where the test says what it returns."""
    if any(k.__name__ == "AsyncMockMixin" for k in type(value).__mro__):
        return "coroutine"
    own = instance_dict(value)
    untouched = repr(own.get("_mock_return_value")) == "sentinel.DEFAULT"
    if untouched and all(own.get(name) is None for name in _CONFIGURED):
        return "sync"
    return "unknown"


def answers_by_configuration(extension: Any, value: Any) -> bool:
    """Return True for a function that ``create_autospec`` made for a method of a mock."""
    return is_mock(extension) and not is_mock(value)
