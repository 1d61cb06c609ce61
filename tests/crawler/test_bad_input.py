"""`scrapy crawl` against a shop and a picture source that send rubbish and bombs: what is good is kept, what is bad is
counted with a reason and never stored as fact; nothing crashes, nothing takes long or much memory."""

import asyncio
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.core.store import DesignQuery, ProductQuery, open_store
from crawler.settings import ITEM_PIPELINES
from tests import bad_pages
from tests.aside import serving
from tests.demo_world import ROOT, environ

pytestmark = pytest.mark.slow
PRICE = 4999_00
MOST_MEMORY, MOST_SECONDS = 400, 40  # MB, seconds
# Without the gate: a shop as bad as this one would be held as a whole.
STAGES = {stage: at for stage, at in ITEM_PIPELINES.items() if not stage.endswith(".GatePipeline")}
ONE_BY_ONE = f"ITEM_PIPELINES={json.dumps(STAGES)}"
UNPRICED = {*(f"price{name}" for name in bad_pages.PRICES), *(f"shown{name}" for name in bad_pages.SHOWN)}


class Crawl(NamedTuple):
    code: int
    log: str
    rows: list[dict]
    seconds: float
    peak: int  # MB; 0 where the system does not tell
    data_dir: Path

    def counted(self, prefix: str) -> dict[str, int]:
        found = re.findall(rf"'homefeed/{prefix}/([^']+)': (\d+)", self.log)
        return {name: int(count) for name, count in found}

    def stored(self):
        return asyncio.run(_stored(self.data_dir))


async def _stored(data_dir):
    store = open_store(f"sqlite:///{data_dir / 'homefeed.db'}")
    await store.open()
    products, _ = await store.find_products(ProductQuery(limit=500))
    designs, _ = await store.find_designs(DesignQuery(canonical=False, limit=100))
    runs = await store.runs()
    await store.close()
    return {r.product.sku: r.product for r in products}, {d.id: d for d in designs}, runs


def crawl(spider: str, port: int, folder: Path, *args: str) -> Crawl:
    out, log = folder / "out.jsonl", folder / "log"
    env = environ({spider: port}, folder, HOMEFEED_PACE="0")
    command = [
        sys.executable, "-m", "scrapy", "crawl", spider, "-a", "query=sofa", *args, "-O", str(out), "-s", ONE_BY_ONE
    ]  # fmt: skip
    started, peak = time.monotonic(), 0
    with log.open("w") as sink, subprocess.Popen(command, cwd=ROOT, env=env, stderr=sink, stdout=sink) as process:
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            if time.monotonic() - started > MOST_SECONDS:
                process.kill()
            time.sleep(0.02)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    return Crawl(process.returncode, log.read_text(), rows, time.monotonic() - started, peak, folder)


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


@pytest.fixture(scope="module")
def port():
    with serving(bad_pages.app()) as port:
        yield port


@pytest.fixture(scope="module")
def shop(port, tmp_path_factory):
    return crawl("alder", port, tmp_path_factory.mktemp("shop"), "-a", "details=99")


@pytest.fixture(scope="module")
def source(port, tmp_path_factory):
    return crawl("lumen", port, tmp_path_factory.mktemp("source"))


@pytest.fixture(params=["shop", "source"])
def done(request) -> Crawl:
    return request.getfixturevalue(request.param)


def test_nothing_crashes(done):
    assert done.code == 0, done.log[-3000:]
    assert "'finish_reason': 'finished'" in done.log
    assert not re.findall(r"^.*(?:Traceback|\] (?:ERROR|CRITICAL):).*$", done.log, re.M)


def test_it_takes_neither_long_nor_much_memory(done):
    assert done.seconds < MOST_SECONDS
    assert done.peak < MOST_MEMORY


def test_only_good_pages_give_a_price(shop):
    products, _, _ = shop.stored()
    good = {sku for sku in bad_pages.products() if sku.startswith("good")}
    assert {sku for sku, p in products.items() if p.offer and p.offer.price is not None} == good
    assert {(products[sku].offer.price, products[sku].offer.currency) for sku in good} == {(PRICE, "INR")}
    assert {r["price"] for r in shop.rows if r["sku"] not in good} == {None}


def test_a_page_without_a_believable_price_is_read_all_the_same(shop):
    products, _, _ = shop.stored()
    assert {products[sku].title for sku in UNPRICED} == {bad_pages.TITLE}


def test_a_wrong_charset_never_garbles_a_title(shop):
    products, _, _ = shop.stored()
    for sku in ("goodlatin", "goodunknown", "goodlying"):
        assert products[sku].title == bad_pages.TITLE
    assert products["mixed"].title == "Tile mixed", "the tile's title stands, the garbled one does not"


def test_a_page_that_is_no_page_leaves_what_its_tile_said(shop):
    products, _, _ = shop.stored()
    read = {sku for sku in products if sku.startswith("good")} | UNPRICED
    assert {sku: p.title for sku, p in products.items() if sku not in read} == {
        sku: f"Tile {sku}" for sku in bad_pages.products() if sku not in read
    }


def test_every_bad_page_is_counted_with_a_reason(shop):
    assert shop.counted("dropped") == {
        "absurd": 6, "garbled": 1, "nan": 3, "negative": 4, "no_id": 6, "unreadable": 4, "zero": 2,
    }  # fmt: skip
    verdicts = shop.counted("verdict")
    assert verdicts.pop("ok") == 1 + len(bad_pages.products()) - sum(verdicts.values())
    assert verdicts == {"drifted": 6, "empty": 2, "error": 7, "partial": 2}
    assert shop.counted("reason") == {
        "no_product_block": 6, "no_body": 2, "not_text": 2, "too_large": 3, "BadGzipFile": 1, "error": 1,
        "never_closed": 2,
    }  # fmt: skip
    assert shop.stored()[2][0].verdicts.items() >= verdicts.items()


def test_only_good_pictures_are_kept(source):
    _, designs, _ = source.stored()
    assert designs.keys() == {"lumen:good", "lumen:large0", "lumen:large1", "lumen:large2"}
    assert all(d.verified.image for d in designs.values())


def test_every_bad_picture_is_counted_with_a_reason(source):
    reasons = {"broken": 1, "empty": 1, "not_a_picture": 2, "too_many_bytes": 2, "too_many_pixels": 2}
    assert source.counted("dropped") == reasons
    assert source.counted("pictures") == reasons | {"ok": 4}
