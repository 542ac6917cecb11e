"""contract_mock: what a protocol does not declare, the mock neither takes nor gives."""

import asyncio
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, runtime_checkable
from unittest.mock import MagicMock, call

import pytest
from typing_extensions import Self

from luminescent_cluster.contracts.fakes import contract_mock
from luminescent_cluster.extensions import (
    AuditLogger,
    ExtensionRegistry,
    TenantProvider,
    UsageTracker,
)

if TYPE_CHECKING:
    from decimal import Decimal

T = TypeVar("T")


@runtime_checkable
class Store(Protocol[T]):
    name: str

    @property
    def size(self) -> int: ...

    def get(self, key: str, /, *more: str, default: "int | None" = None, **rest: bytes) -> T: ...

    @staticmethod
    def parse(text: str) -> dict[str, int]: ...

    @classmethod
    def open(cls, path: str) -> bool: ...

    def priced(self, key: str, price: "Decimal") -> int: ...


class Deep(Store[int], Protocol):
    async def fetch(self, key: str) -> bytes: ...

    async def close(self) -> None: ...


class Hook(Protocol):
    def __call__(self, text: str, times: int = 1) -> str: ...


class Box(Generic[T]): ...


def test_told_results_are_returned_and_calls_counted() -> None:
    """It is a mock: return_value, side_effect and the assertions work, by position or name."""
    mock = contract_mock(TenantProvider)
    mock.get_tenant_filter.side_effect = lambda tenant_id: {"tenant_id": {"$eq": tenant_id}}
    assert mock.get_tenant_filter(tenant_id="acme") == {"tenant_id": {"$eq": "acme"}}
    mock.get_tenant_filter.assert_called_once_with("acme")
    assert mock.mock_calls == [call.get_tenant_filter(tenant_id="acme")]


def test_guides_mock_test_works_with_it() -> None:
    """The guide's test of a mocked provider runs with the strict mock in place of MagicMock."""
    mock_provider = contract_mock(TenantProvider)
    mock_provider.get_tenant_id.return_value = "tenant-123"
    mock_provider.get_tenant_filter.return_value = {"tenant_id": {"$eq": "tenant-123"}}
    with ExtensionRegistry.override(tenant_provider=mock_provider):
        registry = ExtensionRegistry.get()
        assert registry.is_multi_tenant() is True
        assert registry.tenant_provider
        assert registry.tenant_provider.get_tenant_id({"x-tenant-id": "t"}) == "tenant-123"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda mock: mock.check_quota("acme"), "missing a required argument: 'operation'"),
        (lambda mock: mock.check_quota("acme", "query", 5), "too many positional"),
        (lambda mock: mock.check_quota(tenant="acme", operation="query"), "tenant"),
        (lambda mock: mock.check_quota(5, "query"), "argument tenant_id: int"),
        (lambda mock: mock.track("query", "5", {}), "argument tokens: str"),
        (lambda mock: mock.track("query", 5, None), "argument metadata: None"),
        (lambda mock: mock.get_usage_summary("acme", "2026"), "argument start_date: str"),
        (lambda mock: mock.track(MagicMock(), 5, {}), "argument operation: a mock without a spec"),
    ],
)
def test_wrong_calls_are_refused(wrong: Any, message: str) -> None:
    """A call that the protocol does not permit raises TypeError and does not count as a call."""
    mock = contract_mock(UsageTracker)
    mock.check_quota.return_value = (True, None)
    with pytest.raises(TypeError, match=message):
        wrong(mock)
    assert mock.mock_calls == []


@pytest.mark.parametrize(
    "result",
    [None, True, (True,), (True, 5), ("yes", None), [True, None], (True, None, 1), MagicMock()],
    ids=["None", "bool", "short", "int", "text", "list", "long", "mock"],
)
def test_wrong_results_are_refused(result: Any) -> None:
    """A mock that was told to return something else than declared raises when it should."""
    mock = contract_mock(UsageTracker)
    mock.check_quota.return_value = result
    with pytest.raises(TypeError, match=r"check_quota\(\) was told to return"):
        mock.check_quota("acme", "query")


def test_wrong_results_of_side_effects_are_refused() -> None:
    """Also when a function or a sequence gives them."""
    mock = contract_mock(TenantProvider)
    mock.validate_tenant_access.side_effect = [True, 1]
    assert mock.validate_tenant_access("acme", "ann", "kb") is True
    with pytest.raises(TypeError, match="validate_tenant_access"):
        mock.validate_tenant_access("acme", "ann", "kb")


def test_exceptions_of_side_effects_arrive() -> None:
    """A mock may raise what it was told to."""
    mock = contract_mock(AuditLogger)
    mock.log_event.side_effect = PermissionError("no")
    with pytest.raises(PermissionError, match="no"):
        mock.log_event("e", "a", "r", "x", "o")


def test_untold_methods_return_none_or_refuse() -> None:
    """None where the protocol permits it; never a mock that passes for anything."""
    assert contract_mock(AuditLogger).log_event("e", "a", "r", "x", "o") is None
    assert contract_mock(TenantProvider).get_tenant_id({}) is None
    with pytest.raises(TypeError, match=r"set get_tenant_filter\.return_value"):
        contract_mock(TenantProvider).get_tenant_filter("acme")


@pytest.mark.parametrize("name", ["get_tenant", "tenant_id", "close"])
def test_unknown_members_are_refused(name: str) -> None:
    """A misspelt name is an error, read or written."""
    mock = contract_mock(TenantProvider)
    with pytest.raises(AttributeError):
        getattr(mock, name)
    with pytest.raises(AttributeError):
        setattr(mock, name, 1)


def test_mock_is_true_and_an_instance() -> None:
    """Core's guard sees it, and so does isinstance with a runtime protocol."""
    mock = contract_mock(Store, name="books", size=3)
    assert mock
    assert isinstance(mock, Store)
    assert not callable(mock)


def test_every_kind_of_parameter_is_checked() -> None:
    """Positional-only, variadic and keyword-only parameters, static and class methods."""
    mock = contract_mock(Store)
    mock.get.return_value = object()
    mock.parse.return_value = {"a": 1}
    mock.open.return_value = True
    mock.get("a", "b", default=1, other=b"")
    mock.parse("a")
    mock.open(path="a")
    for wrong in (
        lambda: mock.get(key="a"),
        lambda: mock.get("a", 5),
        lambda: mock.get("a", default="1"),
        lambda: mock.get("a", other="text"),
        lambda: mock.parse(5),
        lambda: mock.open(5),
    ):
        with pytest.raises(TypeError):
            wrong()
    mock.parse.return_value = {"a": "1"}
    with pytest.raises(TypeError, match="parse"):
        mock.parse("a")


def test_unresolvable_annotation_leaves_the_others_checked() -> None:
    """A name that only type checkers import cannot be checked; its neighbours still are."""
    mock = contract_mock(Store)
    mock.priced.return_value = 1
    assert mock.priced("a", "anything") == 1
    with pytest.raises(TypeError, match="argument key"):
        mock.priced(5, "anything")
    mock.priced.return_value = "1"
    with pytest.raises(TypeError, match="priced"):
        mock.priced("a", "anything")


def test_data_members_are_checked() -> None:
    """Attributes and properties have values of their type, or none yet."""
    mock = contract_mock(Store, name="books")
    assert mock.name == "books"
    with pytest.raises(AttributeError, match=r"Store\.size has no value yet"):
        mock.size  # noqa: B018 - reading it is the test
    mock.size = 3
    assert mock.size == 3
    with pytest.raises(TypeError, match=r"Store\.size"):
        mock.size = "3"
    with pytest.raises(TypeError, match=r"Store\.name"):
        contract_mock(Store, name=5)


def test_async_methods_are_awaited_and_checked() -> None:
    """Arguments are checked at the call, results when awaited; inherited members are there."""
    mock = contract_mock(Deep)

    async def use() -> None:
        mock.fetch.return_value = b"data"
        assert await mock.fetch("a") == b"data"
        assert await mock.close() is None
        mock.fetch.assert_awaited_once_with(key="a")
        mock.fetch.return_value = "text"
        with pytest.raises(TypeError, match=r"fetch\(\) was told to return 'text'"):
            await mock.fetch("a")
        with pytest.raises(TypeError, match="argument key"):
            mock.fetch(5)

    asyncio.run(use())
    mock.parse.return_value = {}
    assert mock.parse("a") == {}


def test_callback_protocol_is_callable() -> None:
    """A protocol with __call__ gives a mock to call; it is told what to return on __call__."""
    mock = contract_mock(Hook)
    mock.__call__.return_value = "done"
    assert mock("a", times=2) == "done"
    mock.__call__.assert_called_once_with("a", 2)
    with pytest.raises(TypeError):
        mock(5)


class Builder(Protocol):
    def named(self, name: str) -> Self: ...
    def merged(self, other: Self) -> int: ...


def test_a_mock_stands_for_self():
    """It gives itself, and takes another."""
    builder = contract_mock(Builder)
    builder.named.return_value = builder
    builder.merged.return_value = 2
    assert builder.named("x") is builder
    assert builder.merged(contract_mock(Builder)) == 2
