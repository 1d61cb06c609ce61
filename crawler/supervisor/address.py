"""Where the API of this machine is found: a port that is free, the address people open, and whether it is ready."""

import asyncio
import errno
import json
import socket
import time

import httpx2

from crawler.core.errors import ConfigError

ASK_S = 2.0
STEP_S = 0.1
ANY = ("", "0.0.0.0", "::")  # noqa: S104 - recognised, not bound


def free_port(host: str, port: int) -> int:
    """`port` if nobody listens there, any free one for 0. Raises ConfigError naming the port or the host."""
    try:
        family, *_, where = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(
                "HOMEFEED_PORT", f"{port} is in use on {host}; set another or end what listens there"
            ) from error
        if error.errno == errno.EACCES:
            raise ConfigError("HOMEFEED_PORT", f"{port} may not be used here; set one above 1023") from error
        raise ConfigError("HOMEFEED_HOST", f"{host} is no address of this machine") from error


def address(host: str, port: int) -> str:
    """The page's URL as seen from this machine."""
    name = "127.0.0.1" if host in ANY else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


async def not_ready(url: str, within: float) -> str | None:
    """Wait until `<url>readyz` says 200: None, or after `within` seconds why it does not."""
    until, why = time.monotonic() + within, "no answer"
    async with httpx2.AsyncClient(timeout=ASK_S, trust_env=False) as client:
        while time.monotonic() < until:
            try:
                answer = await client.get(f"{url}readyz")
            except httpx2.TransportError as error:
                why = str(error) or type(error).__name__
            else:
                if answer.status_code == 200:
                    return None
                why = _detail(answer.text)
            await asyncio.sleep(STEP_S)
    return why


def _detail(body: str) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body[:200]
