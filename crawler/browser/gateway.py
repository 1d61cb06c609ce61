"""The one way out of the browser: a forward proxy on loopback that lets only public addresses pass.

A page's scripts, frames and redirects ask for whatever they like, so the guard stands where every connection of the
browser must pass: the name is resolved here, and what was checked is what is connected to. Behind it, where wanted, is
one of the operator's proxies. Only our own browser knows the password.
"""

import asyncio
import base64
import hmac
import logging
import re
import secrets
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from typing import TypeVar

from crawler.browser.dialing import END, Streams, plain, tunnel
from crawler.core.errors import GuardError
from crawler.core.guard import Guard
from crawler.core.tasks import cancelled

HEAD = 65_536  # bytes
CONNECT_S = 15.0
IDLE_S = 60.0
CONNECTIONS = 256  # under way at once; more wait
CHUNK = 65_536
OWN_AFFAIRS = frozenset({  # of the browser; no page's
    b"content-autofill.googleapis.com", b"optimizationguide-pa.googleapis.com", b"update.googleapis.com",
    b"safebrowsing.googleapis.com", b"clients2.google.com", b"accounts.google.com",
})  # fmt: skip
_BASIC = re.compile(rb"\r\nproxy-authorization: basic (\S*)", re.I)

T = TypeVar("T")

log = logging.getLogger(__name__)


class Gateway:
    """`proxies`: address, with user and password, by name. `refused` counts what the guard did not let pass."""

    def __init__(self, guard: Guard, proxies: Mapping[str, str]):
        self._guard, self._proxies = guard, list(proxies.items())
        self._password = secrets.token_urlsafe(24)
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.refused = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD)

    async def close(self) -> None:
        if self._server:
            self._server.close()
        await cancelled(*self._serving)

    def settings(self, name: str | None) -> dict[str, str]:
        """What Playwright calls a proxy: this gateway, and behind it the proxy of that name, or none."""
        assert self._server
        host, port = self._server.sockets[0].getsockname()[:2]
        user = "-" if name is None else str([known for known, _ in self._proxies].index(name))
        return {"server": f"http://{host}:{port}", "username": user, "password": self._password}

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection that breaks is seen by the browser itself."""
        try:
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
                async with self._places:
                    await self._answer(await _soon(reader.readuntil(END)), reader, writer)
        finally:
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = self._way(head)
        if way is None:
            writer.write(_says("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="homefeed"\r\n'))
            return
        method, asked, _ = head.split(b" ", 2)
        if asked.partition(b":")[0] in OWN_AFFAIRS:
            writer.write(_says("403 Forbidden"))
            return
        url = f"https://{asked.decode()}/" if method == b"CONNECT" else asked.decode()
        try:
            target = await self._guard.resolve_and_check(url)
            there = await _soon(tunnel(target, way, writer) if method == b"CONNECT" else plain(target, way, head))
        except GuardError as error:
            self.refused += 1
            log.warning("the browser may not go there: %s", error)
            writer.write(_says("403 Forbidden"))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            writer.write(_says("502 Bad Gateway"))
        else:
            await _both((reader, writer), there)

    def _way(self, head: bytes) -> str | None:
        """The address of the proxy behind, "" for none, None for somebody who is not our browser."""
        given = _BASIC.search(head)
        user, _, password = base64.b64decode(given[1] if given else b"").decode("latin-1").partition(":")
        if not hmac.compare_digest(password.encode(), self._password.encode()):
            return None
        return "" if user == "-" else self._proxies[int(user)][1]


async def _both(here: Streams, there: Streams) -> None:
    """Bytes both ways until one side has said all."""
    ways = [asyncio.ensure_future(_pump(here[0], there[1])), asyncio.ensure_future(_pump(there[0], here[1]))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancelled(*ways)
        there[1].close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, TimeoutError):
        while data := await asyncio.wait_for(reader.read(CHUNK), IDLE_S):
            writer.write(data)
            await asyncio.wait_for(writer.drain(), IDLE_S)


async def _soon(work: Awaitable[T]) -> T:
    async with asyncio.timeout(CONNECT_S):
        return await work


def _says(status: str, more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
