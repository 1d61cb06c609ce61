"""What the gate does to a page that was found odd."""

from types import SimpleNamespace

import pytest

from crawler.core import shared as shared_module
from crawler.core.config import Config
from crawler.core.drift.ledger import ledger, save
from crawler.core.models import Design, License, Page
from crawler.core.shared import Shared
from crawler.pipelines.gate import GatePipeline
from tests.crawler.core.drift.sites import grown, page, tiles


class Crawler:
    spider = SimpleNamespace(name="oak", base_url="https://oak.test")


@pytest.fixture
async def gate(monkeypatch, tmp_path):
    crawler, sharing = Crawler(), Shared(Config(data_dir=tmp_path, redis_url="redis://127.0.0.1:1"))
    monkeypatch.setitem(shared_module._by_owner, crawler, sharing)
    gate = GatePipeline(crawler)
    await save(await sharing.store(), grown())
    await gate.open_spider()
    yield gate
    await gate.close_spider()


async def test_a_good_page_passes_untouched(gate):
    good = await gate.process_item(page(1, 1001))
    assert (good.verdict, len(good.products), good.dropped) == ("ok", 1, {})


async def test_a_page_in_another_currency_is_emptied(gate):
    odd = await gate.process_item(page(1, 1001, currency="USD"))
    assert (odd.verdict, odd.products) == ("drifted", [])
    assert "USD" in odd.reason


async def test_a_list_of_one_is_partial(gate):
    odd = await gate.process_item(tiles(1))
    assert (odd.verdict, odd.products, odd.reason) == ("partial", [], "1 of usually 40 items")


async def test_one_odd_product_leaves_its_list(gate):
    odd = await gate.process_item(tiles(price=lambda sku: 10 if sku == 7 else 1000 + sku))
    assert (odd.verdict, len(odd.products), odd.dropped) == ("ok", 39, {"strange_prices": 1})
    assert "oak:7" not in {p.id for p in odd.products}


@pytest.mark.parametrize(
    "other",
    [
        Page("oak", "https://oak.test/p/1", "blocked", "status 403"),
        Page("lumen", "https://lumen.test", "ok", designs=[Design("lumen:1", "lumen", "u", [], License("cc0-1.0"))]),
    ],
)
async def test_walls_and_pictures_are_not_its_business(gate, other):
    before = (other.verdict, other.reason, len(other))
    passed = await gate.process_item(other)
    assert (passed.verdict, passed.reason, len(passed)) == before


async def test_what_is_remembered_of_the_spiders_site_is_read_before_its_first_page(gate, monkeypatch):
    [reading] = ledger(gate.crawler)._expected.values()
    await reading
    with monkeypatch.context() as patched:
        patched.setattr(await shared_module.shared(gate.crawler).store(), "get", None)
        good = await gate.process_item(page(1, 1001))
    assert good.verdict == "ok"
