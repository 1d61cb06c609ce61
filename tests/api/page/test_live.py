"""Changes on an open page: within a second of the reading, and none lost when the API goes away."""

from datetime import datetime

from .conftest import CARDS
from .world import holds, moved, sold_out, until

WATCH = """(id) => {
  window.seen = [];
  const price = document.querySelector(`[data-id="${id}"] .price`);
  const tell = () => window.seen.push([Date.now(), price.textContent]);
  new MutationObserver(tell).observe(price, { childList: true, characterData: true, subtree: true });
}"""


def shown(page):
    return page.locator(CARDS).evaluate_all("all => all.map(card => card.dataset.id)")


def at(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


def stored(world, product_id: str):
    return world.get(f"/v1/products/{product_id}")


def test_a_price_change_shows_within_a_second(browse, world):
    page = browse("/?q=sofa")
    name, tick = moved(shown(page), world.now)
    before = page.inner_text(f'[data-id="{name}"] .price')
    page.evaluate(WATCH, name)
    world.tick(tick)
    world.search("sofa")
    holds(page, "window.seen.length > 0")
    seen_ms, text = page.evaluate("window.seen[0]")
    change = next(
        c for c in reversed(world.get("/v1/changes")["results"]) if c["product_id"] == name and c["field"] == "price"
    )
    assert seen_ms / 1000 - at(change["observed_at"]) < 1.0
    assert text != before
    assert float(text.strip("₹").replace(",", "")) == float(change["new"])
    card = page.locator(f'[data-id="{name}"]')
    assert "→" in card.locator(".changed").inner_text()
    page.wait_for_selector("#news .news")
    holds(page, "document.getElementById('announce').textContent.length > 10")
    assert page.url.endswith("/?q=sofa")


def test_a_stock_change_shows(browse, world):
    page = browse("/?q=sofa")
    page.mouse.wheel(0, 20_000)
    holds(page, "document.querySelectorAll('.card').length >= 30")
    name, tick = sold_out(shown(page), world.now)
    world.tick(tick)
    world.search("sofa")
    page.wait_for_selector(f'[data-id="{name}"] .stock[data-stock=out_of_stock]')
    assert page.inner_text(f'[data-id="{name}"] .stock') == "Sold out"


def test_nothing_is_lost_while_the_api_is_away(browse, world):
    page = browse("/?q=sofa")
    world.stop_api()
    page.wait_for_selector("#link[data-state=waiting], #link[data-state=connecting]")
    name, tick = moved(shown(page), world.now)
    page.evaluate(WATCH, name)
    world.tick(tick)
    world.start_api()
    world.search("sofa")
    page.wait_for_selector("#link[data-state=open]", timeout=40_000)
    holds(page, "window.seen.length > 0")
    price = stored(world, name)["price"]
    assert float(page.inner_text(f'[data-id="{name}"] .price').strip("₹").replace(",", "")) == float(price)
    assert len(page.evaluate("window.seen")) == 1
    page.said.errors.clear()  # the browser itself tells of the refused connections


def test_every_shown_price_is_the_stored_one(browse, world):
    page = browse("/?q=sofa")
    world.tick(world.now + 3)
    world.search("sofa")

    def same():
        prices = page.locator(CARDS).evaluate_all(
            "all => all.map(card => [card.dataset.id, card.querySelector('.price').textContent])"
        )
        return all(
            float(text.strip("₹").replace(",", "")) == float(stored(world, name)["price"]) for name, text in prices
        )

    until(same)
