"""uvicorn's WebSocket protocol with a short way out: what the hub framed once goes straight to the transport.

Handshake, access, pings and closing are uvicorn's and the ASGI app's. After it accepted, the app may hand the socket
over (`scope["extensions"][EXTENSION]`) and return: no task, scope or queue stays behind for an idle client.
"""

import asyncio
import logging
from typing import Any, Protocol, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from api.relay import deflate
from api.relay.backlog import Backlog
from api.relay.messages import Burst, Message
from api.relay.session import RESUME
from crawler.core import metrics

EXTENSION = "homefeed.socket"
HIGH = 1 << 20  # bytes the transport may hold before the client counts as not keeping up
SLOW_S = 10.0  # how long it may not keep up before it is sent away to resume
CLOSE_S = 5.0  # how long a closing handshake may take

# For uvicorn.Config: a ping every 25 s, its pong within 8 s, nothing over 1 MB.
SETTINGS: dict[str, Any] = {"ws_ping_interval": 25.0, "ws_ping_timeout": 8.0, "ws_max_size": 1 << 20}

log = logging.getLogger(__name__)
log.setLevel(logging.WARNING)  # an address may hold a ticket, and a client that comes or goes is no news


class Said(Protocol):
    """Whoever takes a socket over."""

    def said(self, text: bytes) -> None: ...

    def gone(self) -> None: ...


class _Nowhere:
    """Stands for the ASGI queue once nobody reads it."""

    def put_nowait(self, event: object) -> None: ...


class Socket(WebSocketsSansIOProtocol):
    """Pass it to uvicorn as `ws=`."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.conn.available_extensions = [deflate.OFFER]
        self.logger = self.conn.logger = log
        self._owner: Said | None = None
        self._backlog: Backlog | None = None
        self._slow: asyncio.TimerHandle | None = None
        self._packs = False

    def hand_over(self, owner: Said) -> None:
        """From now on `owner` hears what the client says and that it is gone."""
        self._owner = owner
        self._packs = deflate.understands(self.conn.extensions)
        self.transport.set_write_buffer_limits(HIGH)
        heard, self.queue = self.queue, cast(Any, _Nowhere())
        while not heard.empty():
            self._repeat(heard.get_nowait())
        self.listen(True)
        if self.disconnected:
            self._release()

    def _repeat(self, event: Any) -> None:
        if event["type"] == "websocket.receive" and self._owner is not None:
            self._owner.said(event.get("bytes") or event["text"].encode())

    def deliver(self, burst: Burst) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        if self._backlog is None:
            self.transport.write(burst.packed if self._packs else burst.plain)
        elif not self._backlog.add(burst.messages):
            self._cut("overflow")

    async def drained(self) -> None:
        await self.writable.wait()

    def listen(self, on: bool) -> None:
        if self.transport.is_closing() or self.read_paused is not on:
            return
        self.read_paused = not on
        if on:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    def close(self, code: int, reason: str) -> None:
        if not self.close_sent and self.conn.state is State.OPEN:
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.close_timer = self.loop.call_later(CLOSE_S, self.transport.abort)

    def _cut(self, reason: str) -> None:
        metrics.cut(reason)
        self.close(RESUME, "too slow: connect again and resume")

    def _release(self) -> None:
        owner, self._owner = self._owner, None
        self._keep_up()
        if owner is not None:
            owner.gone()

    def _keep_up(self) -> list[Message]:
        """What waited while the client did not keep up."""
        if self._slow is not None:
            self._slow.cancel()
        backlog, self._backlog, self._slow = self._backlog, None, None
        return backlog.take() if backlog is not None else []

    # what uvicorn and the transport call

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            cast(dict[str, Any], self.scope["extensions"])[EXTENSION] = self

    async def run_asgi(self) -> None:
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            return
        except Exception:
            self.logger.exception("Exception in ASGI application\n")
        if self._owner is not None:
            self.scope = self.request = self.response = cast(Any, None)
            return
        self.send_500_response()  # only where nothing was answered
        if self.close_timer is None:
            self.transport.close()

    def send_receive_event_to_app(self) -> None:
        if self._owner is None:
            super().send_receive_event_to_app()
            return
        said, self.frames = b"".join(self.frames), []
        if not self.close_sent:
            self._owner.said(said)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._owner is not None and self._backlog is None:
            self._backlog = Backlog()
            self._slow = self.loop.call_later(SLOW_S, self._cut, "slow")

    def resume_writing(self) -> None:
        super().resume_writing()
        if messages := self._keep_up():
            self.deliver(Burst(messages))

    def keepalive_timeout(self) -> None:
        metrics.cut("silent")
        super().keepalive_timeout()
        self._abort_later()

    def shutdown(self) -> None:
        super().shutdown()
        self._abort_later()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._release()

    def _abort_later(self) -> None:
        """A client that takes nothing any more would keep a closing transport open."""
        if self.close_timer is None:
            self.close_timer = self.loop.call_later(CLOSE_S, self.transport.abort)
