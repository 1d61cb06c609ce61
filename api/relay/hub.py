"""Who follows which channel, and how far this process has told them."""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

from api.relay.messages import Burst, Message, channels, of_change
from crawler.core import metrics
from crawler.core.bus import Batch
from crawler.core.positions import order


class Subscriber(Protocol):
    """Neither method may wait: one that takes long delays everybody."""

    def deliver(self, burst: Burst) -> None: ...

    def lost(self, channels: Sequence[str]) -> None:
        """The stream went on elsewhere; the subscriber no longer follows these and must start afresh."""


Mark = tuple[str, int]  # epoch, losses: names one unbroken history
Subscribers = dict[Subscriber, None]


class Hub:
    """`head` is the position up to which every subscriber has been told, in `epoch`. A position taken under
    another `mark` says nothing."""

    def __init__(self) -> None:
        self.head, self.epoch, self._losses = "", "", 0
        self._channels: dict[str, Subscribers] = {}
        self._moved = asyncio.Event()

    @property
    def mark(self) -> Mark:
        return self.epoch, self._losses

    def join(self, channel: str, subscriber: Subscriber) -> None:
        """From the change after `head` on."""
        self._channels.setdefault(channel, {})[subscriber] = None

    def leave(self, channel: str, subscriber: Subscriber) -> None:
        subscribers = self._channels.get(channel)
        if subscribers is not None:
            subscribers.pop(subscriber, None)
            if not subscribers:
                del self._channels[channel]

    def advance(self, batch: Batch) -> None:
        """Tells everybody the batch's changes, in order."""
        count = sum(_tell(subscribers, messages) for subscribers, messages in self._bursts(batch))
        self._move(batch)
        if batch.changes:
            metrics.delivered(count, time.time() - order(batch.next)[0] / 1000)

    def lose(self, batch: Batch) -> None:
        """The history between `head` and here can't be told any more: everybody starts afresh."""
        told, self._channels = self._channels, {}
        self._losses += 1
        self._move(batch)
        theirs: dict[Subscriber, list[str]] = {}
        for channel, subscribers in told.items():
            for subscriber in subscribers:
                theirs.setdefault(subscriber, []).append(channel)
        for subscriber, lost in theirs.items():
            subscriber.lost(lost)

    async def reached(self, position: str) -> None:
        """Returns when `head` is there or beyond, or the stream was lost meanwhile."""
        mark = self.mark
        while not self.head or (mark == self.mark and order(self.head) < order(position)):
            await self._moved.wait()

    def _bursts(self, batch: Batch) -> list[tuple[Subscribers, list[Message]]]:
        """Neighbours that go to the same subscribers are one burst, so that a socket is written to once."""
        bursts: list[tuple[Subscribers, list[Message]]] = []
        for change in batch.changes:
            for channel in channels(change):
                subscribers = self._channels.get(channel)
                if subscribers is None:
                    continue
                if not bursts or bursts[-1][0] is not subscribers:
                    bursts.append((subscribers, []))
                bursts[-1][1].append(of_change(change, channel))
        return bursts

    def _move(self, batch: Batch) -> None:
        self.head, self.epoch = batch.next, batch.epoch
        self._moved.set()
        self._moved = asyncio.Event()


def _tell(subscribers: Subscribers, messages: list[Message]) -> int:
    burst = Burst(messages)
    for subscriber in tuple(subscribers):
        subscriber.deliver(burst)
    return len(messages) * len(subscribers)
