"""Crawl speed with the full pipeline, beside Scrapy + parsel with no pipeline and Crawlee's ParselCrawler with no store.

    python bench/crawl.py [--pages 600] [--rounds 3]

Same pages, same run, one fresh process per contender and round, contenders in turn. homefeed runs its real settings
(verdict, dedupe, quality, SQLite store, change stream on Valkey; URL and picture checks off). `homefeed` and its rivals
crawl a shop of 64 pages over and over, the clock running from the 64th page on, so that products are known by then;
`homefeed all new` meets forty new products on every page: each is written, and told on the stream.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import PY, Child, child_json, cpu_s, emit, free_port, header, log, peak_mb, ratios, spread, wait_port

CONCURRENCY = 64
SKIPPED = 64  # pages before the clock starts


class Meter:
    def __init__(self) -> None:
        self.pages = self.items = 0
        self.wall = self.cpu = 0.0

    def page(self, items: int) -> None:
        self.pages += 1
        self.items += items
        if self.pages == SKIPPED:
            self.wall, self.cpu = time.perf_counter(), cpu_s()

    def report(self) -> None:
        counted = self.pages - SKIPPED
        wall, cpu = time.perf_counter() - self.wall, cpu_s() - self.cpu
        emit({"pages": self.pages, "items": self.items, "pages_per_s": counted / wall,
              "cpu_s_per_1000_pages": cpu / counted * 1000, "peak_mb": peak_mb()})  # fmt: skip


def urls(port: int, pages: int, kind: str = "p") -> list[str]:
    return [f"http://127.0.0.1:{port}/{kind}/{n}" for n in range(pages)]


def parse_parsel(selector: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": p.attrib["data-id"],
            "title": p.css("h3.product__title a::text").get(),
            "url": p.css("h3.product__title a::attr(href)").get(),
            "img": p.css("img.product__img::attr(src)").get(),
            "price": float(p.css("span.price::attr(content)").get()),
            "old": p.css("s.price-old::text").get(),
            "stars": float(p.css("div.rating::attr(data-stars)").get()),
            "reviews": p.css("div.rating span.sr::text").get(),
        }
        for p in selector.css("li.product")
    ]


def run_scrapy(port: int, pages: int) -> None:
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    meter = Meter()

    class Shop(scrapy.Spider):
        name = "shop"

        async def start(self):
            for url in urls(port, pages):
                yield scrapy.Request(url)

        def parse(self, response):
            rows = parse_parsel(response)
            meter.page(len(rows))
            yield from rows

    process = AsyncCrawlerProcess({
        "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "ROBOTSTXT_OBEY": False,
        "CONCURRENT_REQUESTS": CONCURRENCY, "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY, "DOWNLOAD_DELAY": 0,
    })  # fmt: skip
    process.crawl(Shop)
    process.start()
    meter.report()


def run_crawlee(port: int, pages: int) -> None:
    from crawlee.configuration import Configuration
    from crawlee.crawlers import ParselCrawler
    from crawlee.storage_clients import MemoryStorageClient

    logging.disable(logging.CRITICAL)
    meter = Meter()

    async def main() -> None:
        crawler = ParselCrawler(
            storage_client=MemoryStorageClient(), configure_logging=False, configuration=Configuration()
        )

        @crawler.router.default_handler
        async def handle(context: Any) -> None:
            rows = parse_parsel(context.selector)
            meter.page(len(rows))
            await context.push_data(rows)

        await crawler.run(urls(port, pages))

    asyncio.run(main())
    meter.report()


def run_homefeed(port: int, pages: int, kind: str = "p") -> None:
    from crawler.core.config import preset

    preset(
        HOMEFEED_GUARD_ALLOW=f"127.0.0.1:{port}", HOMEFEED_PACE="0", HOMEFEED_VERIFY="false",
        HOMEFEED_CONCURRENCY=str(CONCURRENCY), HOMEFEED_LOG_LEVEL="WARNING",
    )  # fmt: skip
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()
    settings.setdict({"CONCURRENT_REQUESTS": CONCURRENCY, "SPIDER_MODULES": ["bench.spiders"]})
    process = AsyncCrawlerProcess(settings)
    meter = Meter()
    crawler = process.create_crawler("bench_shop")
    process.crawl(crawler, urls=urls(port, pages, kind), meter=meter)
    process.start()
    assert crawler.stats.get_value("item_scraped_count") == meter.items, crawler.stats.get_stats()
    meter.report()


RUN = {
    "scrapy+parsel": run_scrapy,
    "crawlee": run_crawlee,
    "homefeed": run_homefeed,
    "homefeed all new": partial(run_homefeed, kind="new"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child")
    parser.add_argument("--port", type=int)
    args = parser.parse_args()
    if args.child:
        RUN[args.child](args.port, args.pages)
        return
    header("crawl", pages=args.pages, rounds=args.rounds, concurrency=CONCURRENCY)
    port = free_port()
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in RUN}
    with Child([PY, "-m", "bench.shop", "--port", port, "--pages", args.pages], cwd=Path(__file__).parents[1]):
        wait_port(port)
        for number in range(args.rounds):
            for name in RUN:
                argv = [PY, __file__, "--child", name, "--port", port, "--pages", args.pages]
                with tempfile.TemporaryDirectory() as folder:
                    row = child_json(argv, env={"HOMEFEED_DATA_DIR": folder})
                log(number, name, row)
                if "error" in row:
                    raise SystemExit(f"{name}: {row['error']}")
                rows[name].append(row)
    for name, found in rows.items():
        speed = [r["pages_per_s"] for r in found]
        emit({
            "contender": name, "pages_per_s": spread(speed),
            "cpu_s_per_1000_pages": spread([r["cpu_s_per_1000_pages"] for r in found]),
            "peak_mb": spread([r["peak_mb"] for r in found]),
            "ratio_to_scrapy_parsel": ratios(speed, [r["pages_per_s"] for r in rows["scrapy+parsel"]]),
            "ratio_to_crawlee": ratios(speed, [r["pages_per_s"] for r in rows["crawlee"]]),
        })  # fmt: skip


if __name__ == "__main__":
    main()
