"""kill -9 of a real `scrapy crawl`, or of the embedded Valkey under it, at random moments, ten times over. Afterwards
every product stands once, and the stream tells every change once, in order, with none missing."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
from redis import Redis

from crawler.core.bus import Bus
from crawler.core.config import Config
from crawler.core.money import decimal
from crawler.core.store import ProductQuery, open_store
from crawler.core.valkey import acquire
from crawler.demo import shops
from crawler.demo.world import Good, in_stock, price
from tests.demo_world import ROOT, environ

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

STRIKES = ("anywhere", "streamed", "valkey", "streamed", "anywhere") * 2
GOODS = {f"C{n}": Good("cedar", f"C{n}", "sofa", f"Sofa number {n}", "Quill", 900 + 7 * n, 4.5, 12) for n in range(200)}
PAGES = len(GOODS) // shops.PER_PAGE


class Shop(ThreadingHTTPServer):
    """The demo's cedar with more goods; prices and stock move with `tick`, `served` counts its listing pages."""

    daemon_threads = True
    tick = served = 0

    def page(self, path):
        parts = urlsplit(path)
        if parts.path == "/search":
            self.served += 1
            asked = parse_qs(parts.query)
            return shops.SEARCH["cedar"]("sofa", int(asked["page"][0]), list(GOODS.values()), self.tick)
        good = GOODS.get(parts.path.removeprefix("/p/"))
        return shops.PRODUCT["cedar"](good, self.tick) if good else None


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        page = self.server.page(self.path)
        body = (page or "").encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def shop():
    server = Shop(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def valkey(tmp_path):
    """The lease of a bystander, who hears of each change the moment it is in the stream."""
    lease = acquire(Config(data_dir=tmp_path))
    yield lease
    lease.release()


def crawl(shop, data_dir):
    env = environ({"cedar": shop.server_address[1]}, data_dir, HOMEFEED_VERIFY="0", HOMEFEED_LOG_LEVEL="WARNING")
    command = [sys.executable, "-m", "scrapy", "crawl", "cedar", "-a", "query=sofa", "-a", "pages=99"]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(child):
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 0, errors.decode()[-3000:]


def kill_valkey(data_dir):
    os.kill(json.loads((data_dir / "valkey/server.json").read_text())["pid"], signal.SIGKILL)


def wait_for_page(shop, child, rnd):
    page = shop.served + rnd.randrange(1, PAGES)
    while shop.served < page and child.poll() is None:
        time.sleep(0.002)


def strike(shop, data_dir, valkey, rnd, where):
    """One crawl with a kill somewhere in its run; True when the crawl was still running. `where`: at any moment, just
    when a change was streamed and is not yet out of the outbox, or in the Valkey below."""
    with Redis.from_url(valkey.revive()) as redis, redis.pubsub() as told:
        told.subscribe("prices.cedar")
        child = crawl(shop, data_dir)
        wait_for_page(shop, child, rnd)
        if where == "streamed":
            while told.get_message(timeout=0):
                pass
            told.get_message(timeout=1)
        else:
            time.sleep(rnd.uniform(0, 0.05))
        running = child.poll() is None
        if where == "valkey":
            kill_valkey(data_dir)
            finish(child)
        else:
            child.kill()
            child.communicate()
    return running


async def look(data_dir, valkey):
    """(records, stream, price points by product id) as they stand."""
    store = open_store(f"sqlite:///{data_dir / 'homefeed.db'}")
    await store.open()
    records, total = await store.find_products(ProductQuery(limit=1000))
    assert total == len(records)
    points = {r.product.id: await store.price_points(r.product.id) for r in records}
    waiting = await store.outbox()
    await store.close()
    bus = Bus(valkey.url)
    batch = await bus.read("0-0", 100_000)
    await bus.close()
    assert waiting == []
    assert batch.recovered
    return {r.product.id: r for r in records}, batch.changes, points


def check_stream(records, changes):
    """Replaying the stream gives exactly what is stored: nothing lost, repeated or out of order."""
    assert len({c.id for c in changes}) == len(changes)
    told = defaultdict(dict)
    for change in changes:
        field = "price" if change.field == "new" else change.field
        assert (change.field == "new") == (change.product_id not in told), change
        assert change.old == told[change.product_id].get(field, change.old), change
        told[change.product_id][field] = change.new
    assert told.keys() == records.keys()
    for product_id, fields in told.items():
        offer = records[product_id].product.offer
        assert fields["price"] == decimal(offer.price, "INR")
        assert fields.get("availability", offer.availability) == offer.availability


def check_history(changes, points):
    moments = {(c.product_id, c.observed_at) for c in changes}
    kept = [(p.product_id, p.at) for some in points.values() for p in some]
    assert len(kept) == len(set(kept))
    assert set(kept) == moments


def flaps(record):
    """Whether a value that goes back and forth is held until it stands."""
    return any(candidate.reason == "flapping" for candidate in record.candidates.values())


@pytest.mark.long
def test_kills_at_random_moments_lose_and_repeat_nothing(shop, tmp_path, valkey):
    rnd, hits = Random(), 0
    for n, where in enumerate(STRIKES):
        shop.tick = n
        hits += strike(shop, tmp_path, valkey, rnd, where)
    assert hits >= len(STRIKES) // 2
    for _ in range(2):  # the second run repeats what the first one could not yet believe
        finish(crawl(shop, tmp_path))
    records, changes, points = asyncio.run(look(tmp_path, valkey))
    assert len(records) == len(GOODS)
    steady = {i: r.product.offer for i, r in records.items() if not flaps(r)}  # ten ticks a minute: some go to and fro
    assert len(steady) > 0.8 * len(GOODS)
    for sku, good in GOODS.items():
        if offer := steady.get(f"cedar:{sku}"):
            assert (offer.price, offer.availability == "in_stock") == (
                price(good, shop.tick) * 100,
                in_stock(good, shop.tick),
            )
    assert len(changes) > len(GOODS)
    check_stream(records, changes)
    check_history(changes, points)
