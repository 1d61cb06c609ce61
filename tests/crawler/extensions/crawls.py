"""One crawl of a demo spider against a shop that a test serves itself, and what it left in the store."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from crawler.core.models import Record
from crawler.core.store import ProductQuery, open_store
from tests.demo_world import environ, scrapy


@contextmanager
def serving(app: web.Application) -> Iterator[int]:
    """The port it listens on, on a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = web.AppRunner(app, access_log=None)

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return int(runner.addresses[0][1])

    try:
        yield asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def crawled(name: str, port: int, folder: Path, *args: str, **env: str) -> tuple[list[Record], str]:
    """(records by product, log) after a search for sofas."""
    done = scrapy("crawl", name, "-a", "query=sofa", *args, env=environ({name: port}, folder, **env))
    assert done.returncode == 0, done.stderr[-3000:]
    return asyncio.run(_stored(folder)), done.stderr


async def _stored(folder: Path) -> list[Record]:
    store = open_store(f"sqlite:///{folder / 'homefeed.db'}")
    await store.open()
    found, _ = await store.find_products(ProductQuery(limit=100))
    await store.close()
    return found
