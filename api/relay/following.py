"""The channels of one client: told how things are, then every change from there on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.relay.catch_up import Client, catch_up
from api.relay.commands import MOST, Want
from api.relay.hub import Hub
from api.relay.messages import Burst, note
from api.relay.relay import Relay
from api.relay.searches import START, Searches, job_json
from api.relay.snapshots import Snapshots
from crawler.core.positions import order

AT_ONCE = 25  # channels told in one message
SEARCH = "search:"


@dataclass(frozen=True)
class Sources:
    """Where all that clients follow comes from; one for the whole process."""

    relay: Relay
    searches: Searches
    snapshots: Snapshots


class Following:
    __slots__ = ("_channels", "_client", "_closed", "_sources")

    def __init__(self, sources: Sources, client: Client):
        self._sources, self._client = sources, client
        self._channels: set[str] = set()
        self._closed = False

    def room(self, wants: Iterable[Want]) -> bool:
        return len(self._channels.union(w.channel for w in wants)) <= MOST

    async def start(self, wants: Sequence[Want], *, lost: bool = False) -> None:
        """Each is answered in its order: resumed from its place, or else begun with a snapshot. `lost` says that what
        went before can't be told any more. Raises BusAway, StoreError."""
        hub = await self._sources.relay.ready()
        mark, head = hub.mark, hub.head
        since = self._leave(hub, wants)
        resumed = await self._resumable(wants)
        for want in wants:
            place = want.after if want.after and want in resumed else head
            since[want.channel] = min(since.get(want.channel, place), place, key=order)
        self._channels.update(since)
        for i in range(0, len(wants), AT_ONCE):
            await self._tell(wants[i : i + AT_ONCE], resumed, head, mark[0], lost=lost)
        if since and not await catch_up(self._sources.relay, self._client, since, mark):
            await self.afresh(list(since))
        self._undo_if_closed(since)

    async def afresh(self, channels: Sequence[str]) -> None:
        """The stream was lost under these. Raises BusAway, StoreError."""
        await self.start([Want(c) for c in channels if c in self._channels], lost=True)

    async def search(self, want: Want) -> bool:
        """False when no such search is known. Raises BusAway."""
        id_ = want.channel.removeprefix(SEARCH)
        job = await self._sources.searches.job(id_)
        if job is None:
            return False
        self.drop([want.channel])
        self._channels.add(want.channel)
        epoch = (await self._sources.relay.ready()).epoch
        resumed = want.after is not None and want.epoch in (None, epoch)
        after = want.after if resumed and want.after else START
        reply = {"channel": want.channel, "snapshot": None if resumed else job_json(job), "position": after,
                 "epoch": epoch, "recovered": resumed or want.after is None}  # fmt: skip
        self._client.deliver(Burst([note(type="subscribed", channels=[reply])]))
        await self._sources.searches.join(id_, self._client, after)
        self._undo_if_closed([want.channel])
        return True

    def drop(self, channels: Iterable[str]) -> None:
        for channel in self._channels.intersection(channels):
            self._channels.discard(channel)
            self._let_go(channel)

    def close(self) -> None:
        self._closed = True
        self.drop(tuple(self._channels))

    def _let_go(self, channel: str) -> None:
        if channel.startswith(SEARCH):
            self._sources.searches.leave(channel.removeprefix(SEARCH), self._client)
        else:
            self._sources.relay.hub.leave(channel, self._client)

    def _undo_if_closed(self, joined: Iterable[str]) -> None:
        """A cancellation may come too late to keep a client that went from being joined once more."""
        if self._closed:
            for channel in joined:
                self._let_go(channel)

    def _leave(self, hub: Hub, wants: Sequence[Want]) -> dict[str, str]:
        """Where those that are followed already go on from."""
        known = self._channels.intersection(w.channel for w in wants)
        for channel in known:
            hub.leave(channel, self._client)
        return dict.fromkeys(known, hub.head)

    async def _resumable(self, wants: Sequence[Want]) -> set[Want]:
        asked = [w for w in wants if w.after is not None]
        if not asked:
            return set()
        reach = await (await self._sources.relay.bus()).reach()
        return {w for w in asked if w.after and reach.covers(w.after, w.epoch)}

    async def _tell(self, wants: Sequence[Want], resumed: set[Want], head: str, epoch: str, *, lost: bool) -> None:
        snapshots = await self._sources.snapshots([w.channel for w in wants if w not in resumed])
        replies = [
            {"channel": w.channel, "snapshot": snapshots.get(w.channel),
             "position": w.after if w in resumed else head, "epoch": epoch,
             "recovered": w in resumed or (w.after is None and not lost)}
            for w in wants
        ]  # fmt: skip
        self._client.deliver(Burst([note(type="subscribed", channels=replies)]))
        await self._client.drained()
