"""Coroutines: state that is read before an await and written after it."""

from __future__ import annotations

import asyncio

from .model import Race


class AsyncLost:
    def __init__(self):
        self.total = 0

    async def track(self, tokens):
        before = self.total
        await asyncio.sleep(0)
        self.total = before + tokens

    async def summary(self):
        return self.total


class AsyncKept(AsyncLost):
    def __init__(self):
        super().__init__()
        self._lock = asyncio.Lock()

    async def track(self, tokens):
        async with self._lock:
            await super().track(tokens)


class AsyncScratch:
    def __init__(self):
        self.current = None

    async def get_filter(self, tenant):
        self.current = tenant
        await asyncio.sleep(0.01)
        return {"tenant_id": self.current}


class AsyncArgument(AsyncScratch):
    async def get_filter(self, tenant):
        await asyncio.sleep(0.01)
        return {"tenant_id": tenant}


class AsyncInverted:
    def __init__(self):
        self._one = asyncio.Lock()
        self._two = asyncio.Lock()

    async def left(self):
        async with self._one:
            await asyncio.sleep(0)
            async with self._two:
                return "left"

    async def right(self):
        async with self._two:
            await asyncio.sleep(0)
            async with self._one:
                return "right"


class AsyncOrdered(AsyncInverted):
    async def right(self):
        async with self._one, self._two:
            return "right"


RACES = [
    Race("asyncio-lost-update", AsyncLost, AsyncKept, (("track", 5), "summary")),
    Race("asyncio-scratch", AsyncScratch, AsyncArgument,
         (("get_filter", "a"), ("get_filter", "b"))),
    Race("asyncio-lock-order", AsyncInverted, AsyncOrdered, ("left", "right"), ("deadlock",),
         observers=()),
]  # fmt: skip
