"""The one reader of the change stream in this process: it feeds the hub and outlives every loss of Redis."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from api.relay.hub import Hub
from crawler.core.bus import Batch, Bus
from crawler.core.cache import tags
from crawler.core.errors import BusAway
from crawler.core.tasks import cancelled

RETRY_S = 0.5
READY_S = 5.0

log = logging.getLogger(__name__)


class Relay:
    """`bus` gives the opened stream, `revive` is called after Redis went away, `invalidate` gets the cache tags of
    what changed (None: anything may have), before any client hears of it."""

    def __init__(
        self, bus: Callable[[], Awaitable[Bus]], revive: Callable[[], Awaitable[None]],
        invalidate: Callable[[Iterable[str] | None], Awaitable[None]],
    ):  # fmt: skip
        self._bus, self._revive, self._invalidate = bus, revive, invalidate
        self.hub, self._away = Hub(), False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns at once; Redis may be away."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await cancelled(self._task)

    async def bus(self) -> Bus:
        """Raises BusAway."""
        return await self._bus()

    async def ready(self) -> Hub:
        """The hub, once it knows where the stream is. Raises BusAway after READY_S."""
        await self.reached("0-0")
        return self.hub

    async def reached(self, position: str) -> None:
        """Returns when everybody has been told up to there, or the stream was lost. Raises BusAway after READY_S."""
        try:
            async with asyncio.timeout(READY_S):
                await self.hub.reached(position)
        except TimeoutError:
            raise BusAway("Redis does not answer: the change stream is not being read") from None

    async def _run(self) -> None:
        while True:
            try:
                await self._follow()
            except BusAway as error:
                self._waits(error)
            except Exception:
                log.exception("the relay starts again")
            await asyncio.sleep(RETRY_S)
            await self._help()

    async def _follow(self) -> None:
        bus = await self._bus()
        async for batch in bus.tail(self.hub.head or None, self.hub.epoch or None):
            await self._invalidate(_touched(batch) if batch.recovered else None)
            self._tell(batch)

    def _tell(self, batch: Batch) -> None:
        self._away = False
        if batch.recovered:
            self.hub.advance(batch)
        else:
            log.warning("the change stream was lost; clients start afresh in epoch %s", batch.epoch)
            self.hub.lose(batch)

    async def _help(self) -> None:
        try:
            await self._revive()
        except BusAway as error:
            self._waits(error)

    def _waits(self, error: BusAway) -> None:
        """Said once for each time Redis goes."""
        if not self._away:
            log.warning("the relay waits for Redis: %s", error)
        self._away = True


def _touched(batch: Batch) -> set[str]:
    """The cache tags of what changed."""
    found = {tags.product(change.product_id) for change in batch.changes}
    return found | {tags.NEW} if any(change.field == "new" for change in batch.changes) else found
