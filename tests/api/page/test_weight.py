"""What a visit costs: nothing moves, little is sent, pictures come when they are needed."""

import pytest

from .world import holds

SHIFTS = """
window.shifts = [];
const told = ({ node, previousRect: was, currentRect: is }) =>
  `${node?.outerHTML?.slice(0, 60)} ${[was.x, was.y, was.width, was.height]} -> ${[is.x, is.y, is.width, is.height]}`;
const keep = (one) => window.shifts.push([one.value, one.sources.map(told)]);
new PerformanceObserver((list) => list.getEntries().forEach(keep))
  .observe({ type: 'layout-shift', buffered: true });
"""
SEEN = """[...document.images].filter(image => image.checkVisibility())
  .filter(image => image.getBoundingClientRect().top < innerHeight && image.getBoundingClientRect().bottom > 0)
  .every(image => image.complete)"""
SENT = """performance.getEntriesByType('resource').filter(entry => entry.name.includes('/static/'))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""
FRAMES = """[...document.querySelectorAll('.frame')].map(frame => {
  const image = frame.querySelector('img');
  const ratio = image.getAttribute('height') / image.getAttribute('width');
  return [frame.clientWidth * ratio - frame.clientHeight, getComputedStyle(frame).backgroundColor];
})"""
SIZED = "[...document.querySelectorAll('.card img')].every(i => i.loading === 'lazy' && i.width && i.height)"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/?q=sofa", "/?q=sofa&view=designs", "/?q=table", "/?q=corner&view=designs"])
def test_nothing_moves(browse, path, options):
    """Also while a search that nobody made before brings its results, and while one scrolls; but for the list of what
    changed, which grows at its top when that search finds a known product changed."""
    page = browse(path, before=lambda page: page.add_init_script(SHIFTS), **options)
    holds(page, "document.querySelector('.source') && !document.querySelector('.source[data-status=running]')")
    page.evaluate("scrollBy(0, 1500)")
    holds(page, SEEN)
    shifts = page.evaluate("window.shifts")
    moved = [(value, what) for value, what in shifts if not all(one.startswith('<li class="news">') for one in what)]
    assert sum(value for value, _ in moved) < 0.02, moved


def test_little_is_sent_and_nothing_is_asked_of_others(browse, world):
    asked = []
    page = browse("/?q=sofa", before=lambda page: page.on("requestfinished", lambda r: asked.append(r)))
    holds(page, "performance.getEntriesByType('resource').length > 20")
    own = [r for r in asked if r.resource_type in ("document", "script", "stylesheet")]
    assert len(own) > 10
    assert sum(r.sizes()["responseBodySize"] for r in own) < 60_000
    hosts = {r.url.split("/")[2] for r in asked if not r.url.startswith("data:")}
    assert hosts <= {f"127.0.0.1:{port}" for port in (world.port, *world.ports.values())}
    pictures = [r.url for r in asked if r.resource_type == "image"]
    assert pictures
    assert not any("-1200" in url for url in pictures)


def test_pictures_wait_until_they_are_near(browse):
    page = browse("/?q=sofa", viewport={"width": 900, "height": 500})
    page.mouse.wheel(0, 20_000)
    holds(page, "document.querySelectorAll('.card').length >= 30")
    assert page.evaluate(SIZED)


def test_far_pictures_are_not_loaded(browse):
    page = browse("/?q=sofa&view=designs", viewport={"width": 700, "height": 400})
    page.wait_for_selector(".design img")
    holds(page, "document.querySelector('.design img').complete")
    assert page.evaluate("[...document.querySelectorAll('.design img')].some(i => !i.currentSrc)")


def test_a_second_visit_asks_for_no_file_again(browse):
    page = browse("/?q=sofa")
    page.reload()
    page.wait_for_selector("[data-id]")
    sent = page.evaluate(SENT)
    assert sent == 0


def test_designs_hold_their_place_before_their_picture_is_there(browse):
    page = browse("/?q=sofa&view=designs", before=lambda page: page.route("**/photos/**", lambda route: route.abort()))
    frames = page.evaluate(FRAMES)
    assert len(frames) >= 10
    assert all(abs(off) < 1.5 for off, _ in frames)
    assert len({color for _, color in frames}) > 2
    page.said.errors = [error for error in page.said.errors if "ERR_FAILED" not in error]
