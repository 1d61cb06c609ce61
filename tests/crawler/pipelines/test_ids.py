"""The stage that keeps ids: goods of the spider for any shop only, before any other stage."""

from types import SimpleNamespace

import pytest

from crawler import settings
from crawler.core.config import Config
from crawler.core.shared import Shared
from crawler.pipelines.ids import IdsPipeline
from crawler.pipelines.store import keep
from tests.crawler.core.test_addresses import HOST, good, page


@pytest.mark.parametrize(("source", "id_"), [("shop", f"{HOST}:OS-1"), ("oak", f"{HOST}:OS-2")])
async def test_a_known_address_keeps_its_id(tmp_path, monkeypatch, source, id_):
    crawl = Shared(Config(redis_url="redis://127.0.0.1:1/0", data_dir=tmp_path))
    monkeypatch.setattr("crawler.pipelines.ids.shared", lambda _: crawl)
    stage = IdsPipeline.from_crawler(SimpleNamespace())
    await stage.open_spider()
    try:
        await keep(await crawl.store(), [page(good("OS-1"))])
        again = page(good("OS-2"), at=2.0)
        again.source = source
        assert [p.id for p in (await stage.process_item(again)).products] == [id_]
    finally:
        await stage.close_spider()


def test_the_stage_stands_before_those_that_ask_for_a_good_by_its_id():
    assert min(settings.ITEM_PIPELINES, key=settings.ITEM_PIPELINES.get) == "crawler.pipelines.ids.IdsPipeline"
