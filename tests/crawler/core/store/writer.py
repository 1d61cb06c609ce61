"""Another process at the same store: `python -m tests.crawler.core.store.writer pages|count URL NAME TIMES`.

`pages` writes TIMES pages of new products and prints each page's number once it is acknowledged; `count` adds 1 to the
quality of product oak:1, TIMES times.
"""

import asyncio
import sys

import msgspec

from crawler.core.store import open_store

from .making import change, following, record

PAGE = 40


def page(name, number):
    return [record(f"{name}-{number}-{k}", outbox=[change(f"{name}-{number}-{k}")]) for k in range(PAGE)]


async def pages(store, name, times):
    for number in range(times):
        assert await store.write(page(name, number)) == set()
        print(number, flush=True)


async def count(store, _name, times):
    await store.write([record(quality=0.0)])
    while times:
        known = (await store.records(["oak:1"]))["oak:1"]
        product = msgspec.structs.replace(known.product, quality=known.product.quality + 1)
        times -= not await store.write([following(known, product=product)])


async def main(what, url, name, times):
    store = open_store(url)
    await store.open()
    await {"pages": pages, "count": count}[what](store, name, int(times))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
