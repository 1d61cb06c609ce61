"""Forward proxies on loopback for tests, each with a temper:

good      passes on, also by CONNECT        blocks   answers 403 with a block page, also to CONNECT
locked    passes on with the right password, else 407
drops     hangs up                          slow     never answers
gateway   answers 502, as if the site could not be reached
"""

import asyncio
import base64
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from crawler.demo.faults import BLOCK
from tests.aside import aside

USER = "user:geheim"
REFUSED_PORT = 1  # nobody listens there


class Proxy:
    """`asked`: requests it got; `hosts`: where they were to go; `heads`: what they said."""

    def __init__(self, temper: str = "good"):
        self.temper, self.asked, self.port = temper, 0, 0
        self.hosts: list[str] = []
        self.heads: list[bytes] = []
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task] = set()

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{USER}@{self.name}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, OSError):
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked += 1
                self.heads.append(head)
                await self._answer(head, reader, writer)
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, _ = head.split(b" ", 2)
        host = target.decode() if method == b"CONNECT" else urlsplit(target.decode()).netloc
        self.hosts.append(host)
        if self.temper == "slow":
            await asyncio.sleep(3600)
        elif self.temper == "blocks":
            writer.write(_page(b"403 Forbidden", BLOCK.encode()))
        elif self.temper == "gateway":
            writer.write(_page(b"502 Bad Gateway", b"no route to host"))
        elif self.temper == "locked" and base64.b64encode(USER.encode()) not in head:
            writer.write(_page(b"407 Proxy Authentication Required", b"who are you?"))
        elif self.temper != "drops":
            await self._pass_on(method, target.decode(), head, reader, writer)

    async def _pass_on(self, method, target, head, reader, writer) -> None:
        if method == b"CONNECT":
            host, _, port = target.rpartition(":")
            there, back = await asyncio.open_connection(host, int(port))
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
            return
        parts = urlsplit(target)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = head.split(b"\r\n")[1:]
        kept = [line for line in lines if not line.lower().startswith((b"proxy-", b"connection:"))]
        there, back = await asyncio.open_connection(parts.hostname, parts.port or 80)
        back.write(b"\r\n".join([b" ".join([method, path.encode(), b"HTTP/1.1"]), b"Connection: close", *kept]))
        with suppress(OSError):
            writer.write(await asyncio.wait_for(there.read(), 10))
        back.close()


def _page(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def proxies(*tempers: str) -> Iterator[list[Proxy]]:
    """One running proxy per temper, on a loop of their own."""
    found = [Proxy(temper) for temper in tempers]
    with aside() as do:
        for proxy in found:
            do(proxy.start())
        yield found
        for proxy in found:
            do(proxy.stop())
