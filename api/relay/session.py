"""One client of `WS /v1/ws`: its commands are carried out one after the other; what it follows reaches its outlet
without passing here."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from api.relay import commands
from api.relay.commands import Command, Lost, Ping, Subscribe, Unsubscribe, Want
from api.relay.following import Following, Sources
from api.relay.messages import Burst, note
from crawler.core import metrics
from crawler.core.errors import BusAway, InputError, StoreError

INBOX = 16  # commands that may wait; then the socket is not read
OFFENCES = 5
RESUME = 4000  # too slow: connect again and go on from the last positions
OFFENDED = 1008
TRY_LATER = 1013

log = logging.getLogger(__name__)


class Outlet(Protocol):
    """The way to one client. `deliver` never waits; `close` may be called more than once."""

    def deliver(self, burst: Burst) -> None: ...

    async def drained(self) -> None: ...

    def close(self, code: int, reason: str) -> None: ...

    def listen(self, on: bool) -> None:
        """Whether more is read of what the client says."""


class Session:
    """`said` and `gone` are called by the outlet's owner, `lost` by the hub; `left` is called once, in `gone`."""

    __slots__ = ("_following", "_inbox", "_left", "_offences", "_outlet", "_task", "deliver")

    def __init__(self, sources: Sources, outlet: Outlet, left: Callable[[], None]):
        self._outlet, self._left = outlet, left
        self.deliver: Callable[[Burst], None] = outlet.deliver
        self._following = Following(sources, self)
        self._inbox: deque[Command | Lost] | None = None
        self._task: asyncio.Task[None] | None = None
        self._offences = 0
        metrics.followers("websocket", 1)

    async def drained(self) -> None:
        await self._outlet.drained()

    def said(self, text: bytes) -> None:
        try:
            self._do(commands.read(text))
        except InputError as error:
            self._offended(error)

    def lost(self, channels: Sequence[str]) -> None:
        self._do(Lost(list(channels)))

    def gone(self) -> None:
        """The connection is over."""
        metrics.followers("websocket", -1)
        self._left()
        if self._task is not None:
            self._task.cancel()
        self._following.close()

    def _do(self, command: Command | Lost) -> None:
        if self._task is None:
            self._inbox = deque([command])
            self._task = asyncio.create_task(self._work(self._inbox))
            return
        assert self._inbox is not None
        self._inbox.append(command)
        if len(self._inbox) == INBOX:
            self._outlet.listen(False)

    async def _work(self, inbox: deque[Command | Lost]) -> None:
        try:
            while inbox:
                await self._carry_out(inbox.popleft())
                if len(inbox) == INBOX - 1:
                    self._outlet.listen(True)
            self._task = self._inbox = None
        except (BusAway, StoreError) as error:
            log.warning("a client must come again later: %s", error)
            self._outlet.close(TRY_LATER, "try again later")
        except Exception:
            log.exception("a command of a client failed")
            self._outlet.close(1011, "internal error")

    async def _carry_out(self, command: Command | Lost) -> None:
        match command:
            case Subscribe():
                await self._subscribe(command.wants())
            case Unsubscribe():
                self._following.drop(command.names())
                self.deliver(Burst([note(type="unsubscribed", channels=command.names())]))
            case Ping():
                self.deliver(Burst([note(type="pong")]))
            case Lost():
                await self._following.afresh(command.channels)

    async def _subscribe(self, wants: list[Want]) -> None:
        """What can't be followed is refused one by one; the rest goes on."""
        streams, searches = list[Want](), list[Want]()
        for want in wants:
            try:
                (searches if commands.kind_of(want) == "search" else streams).append(want)
            except InputError as error:
                self._refuse(want.channel, error)
        if not self._following.room(streams + searches):
            for want in streams + searches:
                self._refuse(want.channel, InputError("channels", f"at most {commands.MOST} on one connection"))
            return
        for want in searches:
            if not await self._following.search(want):
                self._refuse(want.channel, InputError("channel", "no such search is known"))
        if streams:
            await self._following.start(streams)

    def _refuse(self, channel: str, error: InputError) -> None:
        detail = str(error).removeprefix(f"{error.field}: ")
        self.deliver(Burst([note(type="error", channel=channel, field=error.field, detail=detail)]))

    def _offended(self, error: InputError) -> None:
        detail = str(error).removeprefix(f"{error.field}: ")
        self.deliver(Burst([note(type="error", field=error.field, detail=detail)]))
        self._offences += 1
        if self._offences >= OFFENCES:
            metrics.cut("offence")
            self._outlet.close(OFFENDED, "too many messages that can't be read")
