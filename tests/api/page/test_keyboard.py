"""The page without a mouse."""

from .world import holds

FOCUSED = "document.activeElement.closest('[data-id]')?.dataset.id"


def test_search_walk_and_like_by_keys_alone(browse):
    page = browse("/?q=sofa")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("lamp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=lamp")
    holds(page, "document.querySelectorAll('.card').length >= 12")
    page.keyboard.press("ArrowDown")
    first = page.evaluate(FOCUSED)
    assert first == page.locator("[data-id]").first.get_attribute("data-id")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED) == page.locator("[data-id]").nth(1).get_attribute("data-id")
    page.keyboard.press("ArrowDown")
    below = page.evaluate(FOCUSED)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(FOCUSED) == first != below
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.kind") == "likes"
    page.keyboard.press("Space")
    page.wait_for_selector("button[data-kind=likes][aria-pressed=true]:not(.pending)")
    page.keyboard.press("Space")
    page.wait_for_selector("[data-id]:first-child button[data-kind=likes][aria-pressed=false]:not(.pending)")


def test_enter_opens_the_product_at_its_shop(browse):
    page = browse("/?q=sofa")
    page.focus("#q")
    page.keyboard.press("ArrowDown")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    assert "/p/" in opened.value.url


def test_escape_closes_the_changes_and_gives_the_focus_back(browse):
    page = browse("/?q=sofa", viewport={"width": 800, "height": 800})
    page.focus("#news-toggle")
    page.keyboard.press("Enter")
    holds(page, "getComputedStyle(document.getElementById('changes')).visibility === 'visible'")
    page.keyboard.press("Escape")
    holds(page, "getComputedStyle(document.getElementById('changes')).visibility === 'hidden'")
    assert page.evaluate("document.activeElement.id") == "news-toggle"


def test_the_skip_link_comes_first(browse):
    page = browse("/?q=sofa")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
