"""Where the gateway connects to: a checked target, or the operator's proxy before it."""

import asyncio
import base64
from urllib.parse import unquote, urlsplit

from crawler.core.guard import Target

END = b"\r\n\r\n"
_OF_PROXY = (b"proxy-", b"connection:")

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def plain(target: Target, proxy: str, head: bytes) -> Streams:
    """Connected, and the request sent on, of which nothing but its body is left to come."""
    first, *lines = head.removesuffix(END).split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(_OF_PROXY)] + [b"Connection: close"]
    method, url, version = first.split(b" ")
    if proxy:
        there, kept = await _to_proxy(proxy), [*kept, *_authorization(proxy)]
    else:
        there = await _to(target)
        parts = urlsplit(url)
        url = (parts.path or b"/") + (b"?" + parts.query if parts.query else b"")
    there[1].write(b"\r\n".join([b" ".join([method, url, version]), *kept]) + END)
    return there


async def tunnel(target: Target, proxy: str, writer: asyncio.StreamWriter) -> Streams:
    """Connected through to the target, and the browser told. Raises OSError, also when the proxy will not."""
    there = await (_to_proxy(proxy) if proxy else _to(target))
    if proxy:
        try:
            await _ask_for(target, proxy, there)
        except BaseException:  # also when it keeps us waiting for too long
            there[1].close()
            raise
    writer.write(b"HTTP/1.1 200 Connection established" + END)
    return there


async def _ask_for(target: Target, proxy: str, there: Streams) -> None:
    """The proxy is to open a tunnel to the target."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    place = f"{host}:{target.port}".encode()
    lines = [b"CONNECT " + place + b" HTTP/1.1", b"Host: " + place, *_authorization(proxy)]
    there[1].write(b"\r\n".join(lines) + END)
    answered = await there[0].readuntil(END)
    if answered.split(b" ")[1:2] != [b"200"]:
        raise ConnectionError("the proxy opens no tunnel")


async def _to(target: Target) -> Streams:
    return await asyncio.open_connection(next(iter(target.addresses), target.host), target.port)


async def _to_proxy(url: str) -> Streams:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    return await asyncio.open_connection(parts.hostname, parts.port or (443 if secure else 80), ssl=secure or None)


def _authorization(url: str) -> list[bytes]:
    parts = urlsplit(url)
    if not parts.username:
        return []
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return [b"Proxy-Authorization: Basic " + base64.b64encode(pair)]
