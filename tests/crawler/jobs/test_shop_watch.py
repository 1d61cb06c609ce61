"""A page of a shop nobody wrote a spider for, watched by its address: read at once, read again, its change told."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from crawler.core.config import load
from crawler.core.shared import Shared
from crawler.jobs.schedule import Scheduler
from tests.api.served import served
from tests.crawler.jobs.workers import until, workers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

PAGE = """<html><head><title>Fern side table</title><script type="application/ld+json">{data}</script></head>
<body><h1>Fern side table</h1><p class="price">€{price}</p><button>Add to cart</button><p>{words}</p></body></html>"""


class Shelf:
    """One good at `price`."""

    def __init__(self):
        self.price, self.port = "499.00", 0

    async def page(self, request: web.Request) -> web.Response:
        offer = {"@type": "Offer", "price": self.price, "priceCurrency": "EUR", "availability": "InStock"}
        good = {"@type": "Product", "name": "Fern side table", "sku": "FS-7", "image": "/f.jpg", "offers": offer}
        words = "A table of ash wood, oiled by hand. " * 40
        body = PAGE.format(data=json.dumps(good), price=self.price, words=words)
        return web.Response(text=body, content_type="text/html")


@asynccontextmanager
async def shelf():
    shown = Shelf()
    app = web.Application()
    app.router.add_get("/p/7", shown.page)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    shown.port = runner.addresses[0][1]
    try:
        yield shown
    finally:
        await runner.cleanup()


@asynccontextmanager
async def scheduling(config):
    """A scheduler that finds every shop's turn twice a second."""
    shared, stop = Shared(config), asyncio.Event()
    await shared.enter()
    running = asyncio.create_task(Scheduler(shared, [], 0.5).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running
        await shared.leave()


async def test_a_watched_page_of_any_shop(tmp_path):
    retailers = {"HOMEFEED_SPIDERS": "crawler.spiders.retailers", "HOMEFEED_PACE": "0.05"}
    async with shelf() as shown, workers({"shelf": shown.port}, tmp_path, **retailers) as running:
        await running.start()
        config = load(running.env | {"HOMEFEED_REDIS_URL": running.url})
        url = f"http://127.0.0.1:{shown.port}/p/7"
        settings = {"HOMEFEED_GUARD_ALLOW": f"127.0.0.1:{shown.port}"}
        async with served(tmp_path, running.url, **settings) as (client, _):
            made = (await client.post("/v1/watches", json={"url": url, "rules": {"any": True}})).json()

            async def watch():
                return (await client.get(f"/v1/watches/{made['id']}")).json()

            async def watching():
                return (await watch())["state"] == "watching"

            async def fired():
                return bool((await watch())["hits"])

            await until(watching, 20)
            assert ((await watch())["retailer"], (await watch())["product_id"]) == ("shop", "127.0.0.1:FS-7")
            shown.price = "489.00"
            async with scheduling(config):
                await until(fired, 20)
            (hit,) = (await watch())["hits"]
            assert (hit["old"], hit["new"], hit["currency"]) == ("499.00", "489.00", "EUR")
            found = (await client.get("/v1/products", params={"retailer": "127.0.0.1"})).json()["results"]
            assert [(good["id"], good["price"]) for good in found] == [("127.0.0.1:FS-7", "489.00")]
            changes = (await client.get("/v1/changes")).json()["results"]
            assert [(c["product_id"], c["field"]) for c in changes] == [
                ("127.0.0.1:FS-7", "new"), ("127.0.0.1:FS-7", "price"),
            ]  # fmt: skip
