"""A bounded queue between the hub and a coroutine that sends at its client's pace: SSE, long-poll, and WebSocket
servers that offer no raw socket."""

import asyncio
from collections.abc import Callable, Sequence

from api.relay.backlog import Backlog
from api.relay.messages import Burst, Message
from crawler.core import metrics

LOW = 50  # messages that wait when whoever replays goes on


class Feed:
    """`next` gives what waits. It is `over` when the client was too slow, the stream was lost, or somebody ended it."""

    def __init__(self) -> None:
        self._backlog = Backlog()
        self._changed = asyncio.Event()
        self.over = False

    def deliver(self, burst: Burst) -> None:
        if not self._backlog.add(burst.messages) and not self.over:
            metrics.cut("overflow")
            self._backlog.take()
            self.end()
        self._changed.set()

    def lost(self, channels: Sequence[str]) -> None:
        self.end()

    def end(self) -> None:
        self.over = True
        self._changed.set()

    async def drained(self) -> None:
        await self._until(lambda: len(self._backlog) < LOW)

    async def next(self) -> list[Message]:
        """What came since; empty when nothing more will come."""
        await self._until(lambda: len(self._backlog) > 0)
        taken = self._backlog.take()
        self._changed.set()
        return taken

    async def _until(self, true: Callable[[], bool]) -> None:
        while not (true() or self.over):
            self._changed.clear()
            await self._changed.wait()
