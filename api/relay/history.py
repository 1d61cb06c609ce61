"""The change stream as one HTTP client reads it: a page of it, or the next page as soon as there is one."""

import asyncio
import time

from api.relay.feed import Feed
from api.relay.messages import EVERYTHING, channels
from api.relay.relay import Relay
from crawler.core import metrics
from crawler.core.bus import Batch, Bus
from crawler.core.tasks import cancelled

AT_ONCE = 500
NEWEST = 2_000  # how far back is looked for the newest of one channel


async def read(bus: Bus, after: str | None, epoch: str | None, channel: str, limit: int) -> Batch:
    """Up to `limit` changes of the channel after the position; without one the newest. Oldest first. Raises BusAway."""
    if after is None:
        batch = await bus.read(None, limit if channel == EVERYTHING else NEWEST, epoch)
        batch.changes = [c for c in batch.changes if channel in channels(c)][-limit:]
        return batch
    found = Batch([], after, epoch or "")
    while (batch := await bus.read(found.next, AT_ONCE, found.epoch or None)).changes:
        found.epoch = batch.epoch
        for change in batch.changes:
            found.next = change.position or found.next
            if channel in channels(change):
                found.changes.append(change)
            if len(found.changes) == limit:
                return found
    if batch.recovered:
        batch.changes = found.changes
    return batch


async def wait(
    relay: Relay, after: str, epoch: str | None, channel: str, limit: int, wait_s: float, closing: asyncio.Event
) -> Batch:
    """As `read`, but when there is nothing yet, as soon as there is, or `wait_s` are over, or the server closes.
    Raises BusAway."""
    hub, feed = await relay.ready(), Feed()
    metrics.followers("poll", 1)
    hub.join(channel, feed)
    try:
        batch = await read(await relay.bus(), after, epoch, channel, limit)
        ends = time.monotonic() + wait_s
        while batch.recovered and not batch.changes and not closing.is_set() and time.monotonic() < ends:
            await _either(feed, closing, ends - time.monotonic())  # it may be told late what the client knows
            batch = await read(await relay.bus(), batch.next, batch.epoch, channel, limit)
        return batch
    finally:
        hub.leave(channel, feed)
        metrics.followers("poll", -1)


async def _either(feed: Feed, closing: asyncio.Event, wait_s: float) -> None:
    tasks = [asyncio.create_task(feed.next()), asyncio.create_task(closing.wait())]
    try:
        await asyncio.wait(tasks, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancelled(*tasks)
