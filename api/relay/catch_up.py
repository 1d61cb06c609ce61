"""From an old position to the hub: what was missed is read from the stream, then the subscriber joins, without gap or
repeat. The seam: nothing is sent beyond the hub's head, and joining happens in the very step in which all up to the
head has been sent."""

from collections.abc import Mapping
from typing import Protocol

from api.relay.hub import Mark, Subscriber
from api.relay.messages import Burst, Message, channels, of_change
from api.relay.relay import Relay
from crawler.core.models import Change
from crawler.core.positions import order

AT_ONCE = 500


class Client(Subscriber, Protocol):
    async def drained(self) -> None:
        """Returns when the client has taken most of what it was sent."""


async def catch_up(relay: Relay, client: Client, since: Mapping[str, str], mark: Mark) -> bool:
    """`since` maps each channel to the last position its client knows, in the history that `mark` names. False when
    that does not reach back, or was lost on the way: then none of the channels has been joined. Raises BusAway."""
    hub, bus = relay.hub, await relay.bus()
    position = min(since.values(), key=order)
    await relay.reached(max(since.values(), key=order))  # another process may have told the client more than we know
    while hub.mark == mark and order(position) < order(hub.head):
        batch = await bus.read(position, AT_ONCE, hub.epoch)
        if not batch.recovered:
            return False
        known = [c for c in batch.changes if order(c.position or "") <= order(hub.head)]
        position = min(batch.next, hub.head, key=order)
        if messages := [m for change in known for m in _missed(change, since)]:
            client.deliver(Burst(messages))
            await client.drained()
    if hub.mark != mark:
        return False
    for channel in since:
        hub.join(channel, client)
    return True


def _missed(change: Change, since: Mapping[str, str]) -> list[Message]:
    place = order(change.position or "")
    return [of_change(change, c) for c in channels(change) if c in since and order(since[c]) < place]
