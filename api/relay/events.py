"""Changes as Server-Sent Events. `subscribed` says where the stream begins and whether that is where the client was;
then one `change` each. The id of an event is `<epoch>/<position>`, so that `Last-Event-ID` resumes."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any, NamedTuple

from api.relay.catch_up import catch_up
from api.relay.feed import Feed
from api.relay.hub import Mark
from api.relay.relay import Relay
from api.sse import event
from crawler.core import metrics
from crawler.core.errors import BusAway, InputError
from crawler.core.positions import check
from crawler.core.tasks import cancelled


class Start(NamedTuple):
    position: str
    mark: Mark
    recovered: bool


def place_of(last_event_id: str) -> tuple[str, str]:
    """(epoch, position). Raises InputError."""
    epoch, slash, position = last_event_id.partition("/")
    if not (epoch and slash):
        raise InputError("Last-Event-ID", "must be <epoch>/<position>")
    return epoch, check(position, "Last-Event-ID")


async def start(relay: Relay, after: str | None, epoch: str | None) -> Start:
    """Raises BusAway."""
    hub = await relay.ready()
    mark, head = hub.mark, hub.head
    if after is None:
        return Start(head, mark, recovered=True)
    recovered = (await (await relay.bus()).reach()).covers(after, epoch)
    return Start(after if recovered else head, mark, recovered)


async def follow(relay: Relay, start: Start, channel: str) -> AsyncGenerator[bytes, None]:
    """Ends when the client is too slow or the stream was lost: it comes again with `Last-Event-ID` and is told."""
    feed, epoch = Feed(), start.mark[0]
    replay = asyncio.create_task(_replay(relay, feed, {channel: start.position}, start.mark))
    metrics.followers("sse", 1)
    try:
        first = {"position": start.position, "epoch": epoch, "recovered": start.recovered}
        yield event("subscribed", first, f"{epoch}/{start.position}")
        while messages := await feed.next():
            yield b"".join(event("change", m.payload, f"{epoch}/{m.position}") for m in messages)
    finally:
        relay.hub.leave(channel, feed)
        metrics.followers("sse", -1)
        await cancelled(replay)


async def _replay(relay: Relay, feed: Feed, since: Mapping[str, Any], mark: Mark) -> None:
    try:
        if not await catch_up(relay, feed, since, mark):
            feed.end()
    except BusAway:
        feed.end()
