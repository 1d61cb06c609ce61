"""One crawl of a demo spider against a shop that a test serves itself, and what it left in the store."""

import asyncio
from pathlib import Path

from crawler.core.models import Record
from crawler.core.store import ProductQuery, open_store
from tests.demo_world import environ, scrapy


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
