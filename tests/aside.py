"""Servers that a test's programs reach by real sockets, on a loop in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

WITHIN_S = 20.0


@contextmanager
def aside() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """What carries out a coroutine there and gives its result."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(WITHIN_S)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@contextmanager
def serving(app: web.Application) -> Iterator[int]:
    """The port it listens on."""
    with aside() as do:
        runner = do(listening(app, access_log=None))
        try:
            yield int(runner.addresses[0][1])
        finally:
            do(runner.cleanup())


async def listening(app: web.Application, **options: Any) -> web.AppRunner:
    """On a free port of loopback, the first of its `addresses`."""
    runner = web.AppRunner(app, **options)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner
