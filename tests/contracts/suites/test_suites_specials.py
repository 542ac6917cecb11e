"""TYP-01 calls what `with`, `len()` and `for` call, where a protocol asks for it."""

from collections.abc import AsyncIterator, Iterator
from typing import Protocol

import pytest
from typing_extensions import Self

from luminescent_cluster.contracts import Status, run


class Cursor(Protocol):
    def fetch(self) -> list[int]: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[int]: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *failure: object) -> bool | None: ...


class Rows:
    def __init__(self) -> None:
        self.open = True

    def fetch(self) -> list[int]:
        if not self.open:
            raise ValueError("the cursor is closed")
        return [1, 2]

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 2

    def __iter__(self) -> Iterator[int]:
        return iter(self.fetch())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> bool | None:
        self.open = False
        return None


class EntersNothing(Rows):
    def __enter__(self):
        self.open = True


class IteratesAList(Rows):
    def __iter__(self):
        return self.fetch()


class SaysYesOnTheWayOut(Rows):
    def __exit__(self, *failure):
        return "yes"


class Stream(Protocol):
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *failure: object) -> None: ...
    def __aiter__(self) -> AsyncIterator[int]: ...


class Numbers:
    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        return None

    async def __aiter__(self) -> AsyncIterator[int]:
        yield 1


class EntersNothingLater(Numbers):
    async def __aenter__(self):
        return None


@pytest.mark.parametrize(
    ("protocol", "factory", "call"),
    [
        (Cursor, EntersNothing, "__enter__()"),
        (Cursor, IteratesAList, "__iter__()"),
        (Cursor, SaysYesOnTheWayOut, "__exit__(None, None, None)"),
        (Stream, EntersNothingLater, "__aenter__()"),
    ],
)
def test_wrong_type_for_a_statement_is_found(protocol, factory, call):
    """`with extension as it` needs what the protocol says it gets."""
    result = run(protocol, factory, clauses=["TYP-01"])["TYP-01"]
    assert result.status is Status.FAILED, result
    assert call in result.message


@pytest.mark.parametrize(("protocol", "factory"), [(Cursor, Rows), (Stream, Numbers)])
def test_right_type_for_a_statement_is_accepted(protocol, factory):
    """What is closed by leaving it refuses later calls, and may."""
    result = run(protocol, factory, clauses=["TYP-01"])["TYP-01"]
    assert result.status is Status.PASSED, result
