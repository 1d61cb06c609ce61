"""Searching on the page: what it shows, what its address says, and how sources answer."""

from .conftest import CARDS
from .world import holds, until


def shops(page):
    return {text.split("\n")[0].strip() for text in page.locator(".card .shop").all_inner_texts()}


def test_products_of_every_shop_are_there(browse):
    page = browse("/")
    page.fill("#q", "sofa")
    page.keyboard.press("Enter")
    holds(page, "document.title.startsWith('sofa')")
    page.wait_for_selector(CARDS)
    holds(
        page,
        "document.querySelectorAll('#sources .source[data-status=ok], #sources [data-status=cached]').length === 3",
    )
    assert page.url.endswith("/?q=sofa")
    holds(page, "document.querySelectorAll('.card').length >= 24")
    page.mouse.wheel(0, 20_000)
    holds(page, "document.querySelectorAll('.card').length >= 30")
    assert shops(page) == {"Alder", "Birch", "Cedar"}
    card = page.locator(CARDS).first
    assert card.locator(".price").inner_text().startswith("₹")
    assert card.locator(".stock").inner_text() in ("In stock", "Sold out")
    assert card.locator("time").get_attribute("datetime")
    assert page.locator(".card .verified").count()


def test_a_new_search_shows_results_while_it_runs(browse):
    """Nothing is stored of it; the sources' states and their results arrive without a reload."""
    page = browse("/?q=chair")
    holds(page, "document.querySelectorAll('.card').length >= 15")
    holds(page, "!document.querySelector('.source[data-status=running]')")
    assert page.locator(".source").count() == 3
    assert "products" in page.inner_text("#summary")
    assert "asking" not in page.inner_text("#summary")


def test_what_arrives_is_put_at_the_end(browse, world):
    """Some sofas of this cloth are stored; the search it starts finds the lamps and tables of it too."""
    stored = [p["id"] for p in world.get("/v1/products?q=velvet&refresh=never&per_page=100")["results"]]
    page = browse("/?q=velvet")
    until(lambda: page.locator(CARDS).count() > len(stored))
    ids = page.locator(CARDS).evaluate_all("all => all.map(card => card.dataset.id)")
    assert ids[: len(stored)] == stored
    assert page.is_hidden("#arrived")


def test_what_arrives_in_a_sorted_list_waits_for_a_click(browse, world):
    page = browse("/?q=linen&sort=price")
    page.wait_for_selector("#arrived:not([hidden])")
    holds(page, "!document.querySelector('.source[data-status=running]')")
    stored = page.locator(CARDS).count()
    waiting = int(page.inner_text("#arrived").split()[0])
    page.click("#arrived")
    until(lambda: page.locator(CARDS).count() >= min(24, stored + waiting))
    assert page.is_hidden("#arrived")
    prices = [float(p["price"]) for p in world.get("/v1/products?q=linen&sort=price&refresh=never")["results"]]
    shown = [float(text.strip("₹").replace(",", "")) for text in page.locator(".price").all_inner_texts()]
    assert shown[: len(prices)] == prices[: len(shown)]


def test_what_does_not_exist_is_said_plainly(browse):
    page = browse("/?q=zebra", wait="#empty:not([hidden])")
    holds(page, "document.getElementById('empty').innerText.includes('Nothing fits')")
    page.click("#empty >> text=floor lamp")
    page.wait_for_selector(CARDS)
    assert "q=floor+lamp" in page.url


def test_the_address_carries_the_search_and_back_goes_back(browse, world):
    page = browse("/?q=sofa")
    page.select_option("select[name=retailer]", "cedar")
    until(lambda: shops(page) == {"Cedar"})
    page.select_option("select[name=sort]", "price")
    page.wait_for_url("**/?q=sofa&retailer=cedar&sort=price")
    page.wait_for_selector(CARDS)
    stored = world.get("/v1/products?q=sofa&retailer=cedar&sort=price&refresh=never")["results"]
    assert page.locator(CARDS).evaluate_all("all => all.map(card => card.dataset.id)")[: len(stored)] == [
        p["id"] for p in stored
    ]
    page.go_back()
    page.go_back()
    page.wait_for_url("**/?q=sofa")
    assert page.input_value("select[name=retailer]") == ""
    holds(page, "new Set([...document.querySelectorAll('.card .shop')].map(e => e.innerText.trim())).size === 3")
    page.reload()
    page.wait_for_selector(CARDS)
    assert page.input_value("#q") == "sofa"


def test_designs_are_credited_once_each_and_endless(browse):
    page = browse("/?q=sofa&view=designs")
    total = int(page.inner_text("#summary").split()[0])
    holds(page, "document.querySelectorAll('.design').length >= 20")
    page.mouse.wheel(0, 20_000)
    holds(page, f"document.querySelectorAll('.design').length === {total}")
    ids = page.locator(CARDS).evaluate_all("all => all.map(card => card.dataset.id)")
    assert len(ids) == len(set(ids))
    credits = page.locator(".design .by").all_inner_texts()
    assert all(credit.count(" · ") == 2 for credit in credits)
    licence = page.locator(".design .by a[rel~=license]").first
    assert licence.get_attribute("href").startswith("https://creativecommons.org/")


def test_a_blocked_shop_is_told_and_its_goods_stay(browse, world):
    with world.fault("cedar", "block"):
        world.search("sofa")
    page = browse("/?q=sofa&in_stock=true")
    page.wait_for_selector(".source[data-status=blocked]")
    page.mouse.wheel(0, 20_000)
    holds(page, "[...document.querySelectorAll('.card .shop')].some(e => e.innerText.startsWith('Cedar'))")


def test_an_api_that_fails_is_said_and_can_be_asked_again(browse):
    problem = {
        "status": 503,
        "content_type": "application/problem+json",
        "body": '{"detail": "the store does not answer; try again"}',
    }

    def before(page):
        page.route("**/v1/products?*", lambda route: route.fulfill(**problem))

    page = browse("/?q=sofa", wait="#empty:not([hidden])", before=before)
    assert "the store does not answer" in page.inner_text("#empty")
    page.unroute("**/v1/products?*")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(CARDS)
    page.said.errors = [error for error in page.said.errors if "503" not in error]
