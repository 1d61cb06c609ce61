"""Likes, saves and watches: at once, kept, and taken back when refused."""

from .conftest import CARDS
from .world import until

HELD = "async route => {}"


def button(page, kind, n=0):
    return page.locator(CARDS).nth(n).locator(f"button[data-kind={kind}]")


def pressed(one):
    return one.get_attribute("aria-pressed") == "true"


def test_a_like_shows_before_the_answer_and_stays(browse, world):
    page = browse("/?q=sofa")
    waiting = []
    page.route("**/v1/collections/**", lambda route: waiting.append(route))
    button(page, "likes").click()
    until(lambda: waiting)
    assert pressed(button(page, "likes"))
    assert "pending" in button(page, "likes").get_attribute("class")
    waiting[0].continue_()
    page.wait_for_selector("button[data-kind=likes][aria-pressed=true]:not(.pending)")
    page.unroute("**/v1/collections/**")
    name = page.locator(CARDS).first.get_attribute("data-id")
    assert name in [item["id"] for item in world.get("/v1/collections/likes/items")["results"]]
    page.reload()
    page.wait_for_selector(f'[data-id="{name}"] button[data-kind=likes][aria-pressed=true]')


def test_a_refused_like_is_taken_back_with_a_word(browse):
    page = browse("/?q=sofa")
    problem = {
        "status": 503,
        "content_type": "application/problem+json",
        "body": '{"detail": "the store does not answer; try again"}',
    }
    page.route("**/v1/collections/saves/**", lambda route: route.fulfill(**problem))
    button(page, "saves", 1).click()
    page.wait_for_selector("#notes [role=alert]")
    assert "the store does not answer" in page.inner_text("#notes")
    assert not pressed(button(page, "saves", 1))
    page.said.errors = [error for error in page.said.errors if "503" not in error]


def test_quick_clicks_end_as_the_last_one(browse, world):
    page = browse("/?q=sofa")
    for _ in range(5):
        button(page, "likes", 2).click()
    page.wait_for_selector(f"{CARDS}:nth-child(3) button[data-kind=likes][aria-pressed=true]:not(.pending)")
    name = page.locator(CARDS).nth(2).get_attribute("data-id")
    assert name in [item["id"] for item in world.get("/v1/collections/likes/items")["results"]]


def test_saved_things_have_their_own_view(browse):
    page = browse("/?q=sofa")
    button(page, "saves", 3).click()
    page.wait_for_selector("button[data-kind=saves][aria-pressed=true]:not(.pending)")
    name = page.locator(CARDS).nth(3).get_attribute("data-id")
    page.click("nav >> text=Designs")
    page.wait_for_selector(".design")
    page.locator(".design").first.hover()
    page.locator(".design button[data-kind=saves]").first.click()
    page.wait_for_selector("button[data-kind=saves][aria-pressed=true]:not(.pending)")
    page.click("nav >> text=Saved")
    page.wait_for_selector(f'.saved [data-id="{name}"]')
    assert page.locator(".saved .design").count() == 1


def test_a_watch_is_made_and_ended(browse, world):
    page = browse("/?q=sofa")
    name = page.locator(CARDS).nth(4).get_attribute("data-id")
    watched = lambda: [w["product_id"] for w in world.get("/v1/watches")["results"]]  # noqa: E731
    button(page, "watches", 4).click()
    until(lambda: name in watched())
    page.wait_for_selector("button[data-kind=watches][aria-pressed=true]:not(.pending)")
    button(page, "watches", 4).click()
    until(lambda: name not in watched())
    assert not pressed(button(page, "watches", 4))
