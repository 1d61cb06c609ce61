"""Things that are opened when first asked for, once, and closed together."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, TypeVar, cast

from crawler.core.tasks import cancelled

T = TypeVar("T")


class Once:
    """`closing` takes what each opener wants done at the end; one that can't be closed keeps no other open."""

    def __init__(self) -> None:
        self.opened: dict[str, Any] = {}
        self._opening: dict[str, asyncio.Task[Any]] = {}
        self.closing = AsyncExitStack()

    async def get(self, name: str, opener: Callable[[], Awaitable[T]]) -> T:
        """Whoever asks while it is being opened hears how that ended: nobody waits for one time-out after another."""
        if name in self.opened:
            return cast(T, self.opened[name])
        opening = self._opening.get(name) or self._begin(name, opener)
        return cast(T, await asyncio.shield(opening))

    async def close(self) -> None:
        """All of them, newest first; they may be asked for again."""
        await cancelled(*self._opening.values())
        closing, self.closing, self.opened = self.closing, AsyncExitStack(), {}
        await closing.aclose()

    def _begin(self, name: str, opener: Callable[[], Awaitable[T]]) -> "asyncio.Task[T]":
        async def opened() -> T:
            try:
                self.opened[name] = await opener()
            finally:
                del self._opening[name]
            return cast(T, self.opened[name])

        opening = self._opening[name] = asyncio.create_task(opened())
        opening.add_done_callback(lambda task: task.cancelled() or task.exception())  # also when nobody waits any more
        return opening
