"""A shop whose addresses do not all hold, asked by the real crawl."""

import asyncio
import json
import time
from types import SimpleNamespace

import pytest
from aiohttp import web
from scrapy.settings import Settings

from crawler.downloads import TIMEOUT
from crawler.extensions.glance import SPARE, Glance
from tests.aside import serving
from tests.crawler.extensions.crawls import crawled

pytestmark = pytest.mark.slow
GOODS = {"fine": "fine.jpg", "unseen": "none.jpg", "gone": "fine.jpg", "home": "page.jpg", "nohead": "nohead.jpg"}


def shop(asked: list[tuple[str, str]]) -> web.Application:
    async def search(request: web.Request) -> web.Response:
        base = f"http://{request.host}"
        items = [{"@type": "Product", "name": f"Sofa {sku}", "sku": sku, "url": f"{base}/p/{sku}",
                  "image": f"{base}/i/{image}", "offers": {"@type": "Offer", "price": "99.00", "priceCurrency": "INR"}}
                 for sku, image in GOODS.items()]  # fmt: skip
        data = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": item} for item in items]}
        ld = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        return web.Response(text=f"<html><head>{ld}</head><body>sofas</body></html>", content_type="text/html")

    async def other(request: web.Request) -> web.Response:
        asked.append((request.method, request.path))
        name = request.path.rpartition("/")[2]
        if name == "home":
            raise web.HTTPFound("/")
        if name == "gone" or name == "none.jpg":
            raise web.HTTPNotFound
        if name.startswith("nohead") and request.method == "HEAD":
            raise web.HTTPForbidden
        picture = name.endswith("jpg") and name != "page.jpg"
        return web.Response(body=b"x" * 4000, content_type="image/jpeg" if picture else "text/html")

    app = web.Application()
    app.router.add_get("/search", search)
    app.router.add_route("*", "/{path:.*}", other)
    return app


def test_what_was_found_is_said_and_believed(tmp_path):
    asked: list[tuple[str, str]] = []
    with serving(shop(asked)) as port:
        records, log = crawled("alder", port, tmp_path, HOMEFEED_CHECKS="9")
        found = {r.product.sku: (r.product.verified.url, r.product.verified.image) for r in records}
        assert found == {
            "fine": (True, True), "unseen": (True, False), "gone": (False, True), "home": (False, False),
            "nohead": (True, True),
        }, log  # fmt: skip
        assert ("GET", "/p/nohead") in asked
        assert ("GET", "/p/fine") not in asked
        asked.clear()
        again, _ = crawled("alder", port, tmp_path, HOMEFEED_CHECKS="9")
        assert [call for call in asked if call[1] != "/robots.txt"] == []
        assert {r.product.sku: (r.product.verified.url, r.product.verified.image) for r in again} == found


def test_only_so_many_are_checked(tmp_path):
    asked: list[tuple[str, str]] = []
    with serving(shop(asked)) as port:
        crawled("alder", port, tmp_path, HOMEFEED_CHECKS="1")
        assert {path for _, path in asked if path != "/robots.txt"} == {"/p/fine", "/i/fine.jpg"}
        crawled("alder", port, tmp_path, HOMEFEED_CHECKS="1")
        assert "/i/none.jpg" in {path for _, path in asked}
        asked.clear()
        crawled("alder", port, tmp_path, HOMEFEED_CHECKS="0")
        assert {path for _, path in asked} <= {"/robots.txt"}


def test_none_is_checked_where_nobody_would_hear_of_it(tmp_path):
    """Not by a crawl that must end soon, nor any further one by a crawl that ends already."""
    asked: list[tuple[str, str]] = []
    with serving(shop(asked)) as port:
        soon = f"DEADLINE={time.monotonic() + TIMEOUT - 0.5}"
        records, _ = crawled("alder", port, tmp_path, "-s", soon, HOMEFEED_CHECKS="9")
        assert len(records) == len(GOODS)
        assert {path for _, path in asked} <= {"/robots.txt"}
        crawled("alder", port, tmp_path, "-s", "CLOSESPIDER_ITEMCOUNT=1", HOMEFEED_CHECKS="9")
        assert len({path for _, path in asked if path.startswith("/p/")}) <= 1


async def test_a_glance_ends_before_its_crawl_must():
    class Engine:
        async def download_async(self, request):
            await asyncio.Event().wait()

    settings = Settings({"DEADLINE": time.monotonic() + SPARE + 0.1})
    crawler = SimpleNamespace(settings=settings, engine=Engine())
    async with asyncio.timeout(5):
        found = await Glance(crawler, {}).at("page", "https://oak.test/p/1")
    assert found.holds is None
