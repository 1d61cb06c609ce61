"""Results seen on a list only get their own page read, a few in each crawl."""

from types import SimpleNamespace

import pytest

from crawler.core.changes import decide
from crawler.core.models import Evidence, Page, Product
from crawler.extensions.details import KIND, DetailsExtension, lacking
from tests.crawler.extensions.crawls import crawled

pytestmark = pytest.mark.slow


def read_in_full(records) -> set[str]:
    return {r.product.sku for r in records if r.product.evidence.depth == "page"}


def test_a_few_more_with_each_crawl(demo, tmp_path):
    first, _ = crawled("alder", demo["alder"], tmp_path, "-a", "enrich=2")
    second, log = crawled("alder", demo["alder"], tmp_path, "-a", "enrich=2")
    assert len(read_in_full(first)) == 2
    assert read_in_full(first) < read_in_full(second)
    assert len(read_in_full(second)) == 4
    assert "'homefeed/details': 2" in log


def test_none_unless_asked(demo, tmp_path):
    records, log = crawled("alder", demo["alder"], tmp_path)
    assert records
    assert not read_in_full(records)
    assert "homefeed/details" not in log


@pytest.mark.parametrize(("most", "found"), [(2, [11, 12]), (9, [11, 12, 13, 14])])
async def test_the_first_that_lack_their_own_page_are_found_however_far_down(store, most, found):
    """Of fifteen the first ten were read in full, and one was asked for lately."""
    things = [tile(n, "page" if n < 10 else "list") for n in range(15)]
    await store.write([decide(None, thing, 1.0) for thing in things])
    await store.put(KIND, "oak:10", 1, ttl=60)
    assert await lacking(store, [thing.id for thing in things], most) == [f"oak:{n}" for n in found]


def tile(number, depth):
    return Product(
        f"oak:{number}", "oak", str(number), f"https://oak.test/{number}", title="Chair", evidence=Evidence(depth=depth)
    )


async def test_a_crawl_that_ends_asks_for_none():
    """It would be noted as asked for, and nobody would ask for it within a day."""
    engine = SimpleNamespace(running=True, _slot=SimpleNamespace(closing=object()))  # has no `crawl`
    extension = DetailsExtension(SimpleNamespace(engine=engine))
    extension.left = 1
    product = Product("oak:1", "oak", "1", "https://oak.test/1", evidence=Evidence(depth="list"))
    await extension.scraped(Page("oak", "https://oak.test/", "ok", products=[product]))
    assert extension.left == 1
