"""The verify stage: odd data goes with a reason; pictures are looked at once, and only when asked to."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from scrapy import exceptions
from scrapy.http import Response

from crawler import downloads
from crawler.core import metrics
from crawler.core import shared as shared_module
from crawler.core.config import load
from crawler.core.models import Design, Evidence, License, Offer, Page, Product, Rendition, Verified
from crawler.core.pictures import MAX_BYTES
from crawler.core.pictures.looks import FRESH
from crawler.pipelines.verify import AT_ONCE, VerifyPipeline, verify_products
from tests.pictures import encoded, photo

PICTURE = encoded(photo(1))


class Engine:
    """Answers by url: bytes, a status or an error to raise."""

    def __init__(self, answers):
        self.answers, self.asked, self.busy, self.most = answers, [], 0, 0

    async def download_async(self, request):
        self.asked.append(request)
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(0.001)
        self.busy -= 1
        answer = self.answers.get(request.url, PICTURE)
        if isinstance(answer, Exception):
            raise answer
        return Response(request.url, 200, body=answer) if isinstance(answer, bytes) else Response(request.url, answer)


class Stats(Counter):
    def inc_value(self, name, count=1):
        self[name] += count


class Crawler:
    def __init__(self):
        self.engine, self.stats, self.spider = Engine({}), Stats(), None


@pytest.fixture
def crawler(tmp_path):
    made = Crawler()
    shared_module._by_owner[made] = shared_module.Shared(load({"HOMEFEED_DATA_DIR": str(tmp_path)}, Path("none")))
    return made


def design(n: int, **fields) -> Design:
    base = {
        "renditions": [Rendition(f"https://cdn.test/{n}.jpg", 1200, 800)],
        "license": License("cc0-1.0"),
        "thumbnail": f"https://cdn.test/{n}-s.jpg",
        "width": 1200,
        "height": 800,
    }
    return Design(f"p:{n}", "p", f"https://p.test/{n}", **(base | fields))


async def process(crawler, *designs, look=True, at=1000.0, keep=False):
    stage = VerifyPipeline(crawler, look)
    await stage.open_spider()
    page = await stage.process_item(Page("p", "https://p.test", "ok", designs=list(designs), fetched_at=at))
    if keep:
        await (await shared_module.shared(crawler).store()).write_designs(page.designs)
    await stage.close_spider()
    return page


async def test_a_picture_is_looked_at(crawler):
    page = await process(crawler, design(1))
    seen = page.designs[0]
    assert len(seen.phash) == 64
    assert seen.colors[0].startswith("#")
    assert seen.placeholder.startswith("data:image/webp")
    assert seen.verified == Verified(image=True, at=1000.0)
    assert seen.quality_parts.keys() == {"sharpness", "exposure", "contrast"}
    assert Rendition("https://cdn.test/1-s.jpg", 600, 400) in seen.renditions


async def test_the_request_is_bounded_and_has_a_slot_of_its_own(crawler):
    await process(crawler, design(1))
    meta = crawler.engine.asked[0].meta
    assert meta["download_slot"] == "pictures:cdn.test"
    assert meta["download_maxsize"] == MAX_BYTES
    assert meta["dont_obey_robotstxt"] is True
    assert meta["download_timeout"] <= 15


async def test_nothing_is_fetched_when_verify_is_off(crawler):
    page = await process(crawler, design(1), look=False)
    assert crawler.engine.asked == []
    assert page.designs[0].verified is None


async def test_few_pictures_are_under_way_at_once(crawler):
    await process(crawler, *map(design, range(30)))
    assert len(crawler.engine.asked) == 30
    assert crawler.engine.most == AT_ONCE


@pytest.mark.parametrize(
    ("answer", "reason"), [(404, "gone"), (410, "gone"), (b"<html>", "not_a_picture"), (b"", "empty")]
)
async def test_a_new_design_without_a_picture_is_dropped(crawler, answer, reason):
    crawler.engine.answers["https://cdn.test/1-s.jpg"] = answer
    page = await process(crawler, design(1), design(2))
    assert [d.id for d in page.designs] == ["p:2"]
    assert page.dropped == {reason: 1}


@pytest.mark.parametrize(
    "answer",
    [503, 429, 302, exceptions.IgnoreRequest("guard"), exceptions.DownloadTimeoutError(), ConnectionResetError()],
)
async def test_a_picture_that_cant_be_reached_now_stays_unverified(crawler, answer):
    crawler.engine.answers["https://cdn.test/1-s.jpg"] = answer
    page = await process(crawler, design(1))
    assert [(d.phash, d.verified) for d in page.designs] == [(None, None)]
    assert page.dropped == {}
    assert sum(crawler.stats.values()) == 1


@pytest.mark.parametrize(
    "error",
    [
        exceptions.DownloadCancelledError(
            "Received 9 bytes which is larger than download max size (8) in request <GET>."
        ),
        exceptions.IgnoreRequest("Ignored response because its body exceeded DOWNLOAD_MAXSIZE (8 B)"),
    ],
)
async def test_a_picture_given_up_for_its_size_is_dropped(crawler, error):
    crawler.engine.answers["https://cdn.test/1-s.jpg"] = error
    page = await process(crawler, design(1))
    assert (page.designs, page.dropped) == ([], {"too_many_bytes": 1})


async def test_a_slow_picture_is_given_up(crawler, monkeypatch):
    async def never(request):
        await asyncio.sleep(60)

    monkeypatch.setattr(downloads, "LONGEST", 0.01)
    crawler.engine.download_async = never
    assert (await process(crawler, design(1))).designs[0].verified is None


async def test_a_stored_picture_is_not_fetched_again(crawler):
    first = await process(crawler, design(1), keep=True)
    again = await process(crawler, design(1, title="Renamed"), at=2000.0)
    assert len(crawler.engine.asked) == 1
    assert again.designs[0].phash == first.designs[0].phash
    assert again.designs[0].verified.at == 1000.0
    assert again.designs[0].renditions == first.designs[0].renditions
    assert again.designs[0].title == "Renamed"


@pytest.mark.parametrize(
    ("at", "thumbnail"), [(1001.0 + FRESH, "https://cdn.test/1-s.jpg"), (2000.0, "https://cdn.test/other.jpg")]
)
async def test_an_old_look_or_another_address_is_looked_at_again(crawler, at, thumbnail):
    await process(crawler, design(1), keep=True)
    await process(crawler, design(1, thumbnail=thumbnail), at=at)
    assert len(crawler.engine.asked) == 2


async def test_a_stored_picture_that_went_away_says_so(crawler):
    await process(crawler, design(1), keep=True)
    crawler.engine.answers["https://cdn.test/1-s.jpg"] = 404
    page = await process(crawler, design(1), at=1001.0 + FRESH)
    assert page.designs[0].verified.image is False
    assert page.dropped == {}


async def test_unsized_pictures_take_the_shape_that_was_seen(crawler):
    bare = {"width": None, "height": None, "renditions": [Rendition("https://cdn.test/1.jpg")]}
    looked = await process(crawler, design(1, **bare))
    assert len(looked.designs) == 1
    unseen = await process(crawler, design(2, **bare), look=False)
    assert (unseen.designs, unseen.dropped) == ([], {"no_size": 1})


async def test_odd_designs_are_dropped_before_any_fetch(crawler):
    page = await process(crawler, design(1, renditions=[]), design(2, license=License("")), design(3))
    assert page.dropped == {"no_picture": 1, "no_license": 1}
    assert len(crawler.engine.asked) == 1


def product(disputed=(), **offer) -> Product:
    offers = [Offer(**({"price": 100, "currency": "INR"} | offer))]
    return Product(
        "s:1", "s", "1", "https://s.test/1", title="Sofa", offers=offers, evidence=Evidence(disputed=list(disputed))
    )


@pytest.mark.parametrize(
    ("reading", "holds"),
    [
        (product(), True),
        (product(disputed=["price"]), False),
        (product(disputed=["availability"]), True),
        (product(price=None), None),
        (product(price=-5), None),
        (product(currency=None), None),
    ],
)
def test_a_price_is_verified_when_it_is_in_range_and_undisputed(reading, holds):
    (seen,) = verify_products([reading], 5.0, Counter())
    assert seen.verified == Verified(url=True, price=holds, at=5.0)


def test_the_address_of_a_tile_is_not_verified_by_its_list():
    tile = product()
    tile.evidence.depth = "list"
    assert verify_products([tile], 5.0, Counter())[0].verified == Verified(price=True, at=5.0)


async def test_drop_counts_add_to_what_the_spider_dropped(crawler):
    stage = VerifyPipeline(crawler, False)
    page = Page(
        "s", "u", "ok", products=[product(), Product("s:2", "s", "2", "", title="x")], dropped={"nan": 1, "no_url": 1}
    )
    assert (await stage.process_item(page)).dropped == {"nan": 1, "no_url": 2}
    assert len(page.products) == 1


async def test_what_became_of_each_picture_is_counted(crawler):
    crawler.engine.answers = {"https://cdn.test/2-s.jpg": 404}

    def counted(outcome):
        return metrics.REGISTRY.get_sample_value("homefeed_pictures_total", {"source": "p", "outcome": outcome}) or 0

    before = counted("ok"), counted("gone")
    await process(crawler, design(1), design(2))
    assert (counted("ok"), counted("gone")) == (before[0] + 1, before[1] + 1)
    assert (crawler.stats["homefeed/pictures/ok"], crawler.stats["homefeed/pictures/gone"]) == (1, 1)
