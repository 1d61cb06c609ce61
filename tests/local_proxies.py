"""Forward proxies on loopback for tests: good ones, one that answers with a block page, one that refuses."""

import asyncio
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

from crawler.demo.faults import BLOCK


class Proxy:
    def __init__(self, good: bool):
        self.good, self.asked, self.server, self.port = good, 0, None, 0

    async def start(self) -> None:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            if self.good:
                await self._pass_on(head, writer)
            else:
                body = BLOCK.encode()
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nConnection: close\r\n")
                writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _pass_on(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        method, url, rest = head.split(b" ", 2)
        parts = urlsplit(url.decode())
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [line for line in rest.split(b"\r\n") if not line.lower().startswith((b"proxy-", b"connection:"))]
        there, back = await asyncio.open_connection(parts.hostname, parts.port)
        back.write(
            b" ".join([method, path.encode(), lines[0]]) + b"\r\nConnection: close\r\n" + b"\r\n".join(lines[1:])
        )
        writer.write(await asyncio.wait_for(there.read(), 10))
        back.close()


@contextmanager
def proxies(*good: bool):
    """One running proxy per argument, on a loop of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    found = [Proxy(g) for g in good]
    for proxy in found:
        asyncio.run_coroutine_threadsafe(proxy.start(), loop).result(5)
    yield found
    for proxy in found:
        loop.call_soon_threadsafe(proxy.server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
