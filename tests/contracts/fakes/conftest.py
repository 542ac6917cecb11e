"""Every fake in both kinds of store, fresh for each test and closed after it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from luminescent_cluster.contracts.fakes import (
    InMemoryAuditLogger,
    InMemoryTenantProvider,
    InMemoryUsageTracker,
    SqliteAuditLogger,
    SqliteTenantProvider,
    SqliteUsageTracker,
)

Make = Callable[..., Any]


def _maker(stack: ExitStack, in_memory: Make, on_file: Make, kind: str, folder: Path) -> Make:
    count = iter(range(1_000_000))

    def make(*args: Any, **settings: Any) -> Any:
        if kind == "memory":
            fake = in_memory(*args, **settings)
        else:
            fake = on_file(folder / f"store-{next(count)}.db", *args, **settings)
        stack.callback(fake.close)
        return fake

    return make


@pytest.fixture(params=["memory", "sqlite"])
def make_provider(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as stack:
        yield _maker(stack, InMemoryTenantProvider, SqliteTenantProvider, request.param, tmp_path)


@pytest.fixture(params=["memory", "sqlite"])
def make_tracker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as stack:
        yield _maker(stack, InMemoryUsageTracker, SqliteUsageTracker, request.param, tmp_path)


@pytest.fixture(params=["memory", "sqlite"])
def make_logger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as stack:
        yield _maker(stack, InMemoryAuditLogger, SqliteAuditLogger, request.param, tmp_path)
