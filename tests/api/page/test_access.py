"""For everybody: names, order, contrast, small screens, calm motion."""

import pytest

from .conftest import CARDS
from .world import holds

CONTROLS = """() => [...document.querySelectorAll('a[href], button, input, select')]
.filter(e => e.checkVisibility()).map(e => {
  const label = e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText;
  return [e.outerHTML.slice(0, 90), (label ?? '').trim()];
})"""

# The contrast of text with what is behind it, by WCAG's formula; transparent backgrounds are looked through.
CONTRAST = """(selector) => {
  const parse = (text) => {
    const [r, g, b, alpha = 1] = text.match(/[\\d.]+/g).map(Number);
    return text.startsWith('color(srgb') ? [r * 255, g * 255, b * 255, alpha] : [r, g, b, alpha];
  };
  const linear = (x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color[3] > 0.85) return color;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll(selector)].filter(e => e.checkVisibility() && e.textContent.trim());
  return texts.map(e => {
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
    return [e.textContent.trim().slice(0, 30), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
  });
}"""
TEXTS = (
    "h1, h2, #summary, .price, .list, .off, .stock, .age, .shop, nav a, #link-words, .source b, .source span, .quiet,"
    " .by, .by a, .values b, .values s, .why, .tick, select"
)

PLACE = """['.skip', '.brand', '#search', 'nav', '#filters', '#results']
  .find(place => document.activeElement.closest(place))"""
SMALL = """[...document.querySelectorAll('button, nav a, select, .amount, #q, .tick')].filter(e => e.checkVisibility())
  .map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 32 || box.height < 36).map(([html]) => html)"""
VIEWS = ["/?q=sofa", "/?q=sofa&view=designs"]


@pytest.mark.parametrize("path", VIEWS)
def test_every_control_has_a_name(browse, path):
    controls = browse(path).evaluate(CONTROLS)
    assert len(controls) > 40
    assert [html for html, name in controls if not name] == []


@pytest.mark.parametrize("path", VIEWS)
def test_structure_for_those_who_listen(browse, path):
    page = browse(path)
    assert page.locator("h1").count() == 1
    for role in ("banner", "main", "navigation", "search", "complementary"):
        assert page.get_by_role(role).count() == 1, role
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3')].filter(e => e.checkVisibility()).map(e => +e.tagName[1])"
    )
    assert levels[0] == 1
    assert set(levels) <= {1, 2}
    assert page.evaluate("[...document.images].every(image => image.hasAttribute('alt'))")
    assert page.evaluate("document.documentElement.lang") == "en"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", VIEWS)
def test_text_stands_out(browse, path, scheme):
    page = browse(path, color_scheme=scheme)
    found = page.evaluate(CONTRAST, TEXTS)
    assert len(found) > 60
    assert [(text, round(ratio, 2)) for text, ratio in found if ratio < 4.5] == []


def test_tab_goes_the_way_one_reads(browse):
    page = browse("/?q=sofa")
    places = []
    for _ in range(12):
        page.keyboard.press("Tab")
        places.append(page.evaluate(PLACE))
    in_order = [place for n, place in enumerate(places) if n == 0 or place != places[n - 1]]
    assert in_order == [".skip", ".brand", "#search", "nav", "#filters", "#results"]


@pytest.mark.parametrize("path", [*VIEWS, "/?view=saved", "/?q=zebra"])
@pytest.mark.parametrize("width", [320, 360, 768, 1100])
def test_nothing_sticks_out_sideways(browse, path, width):
    wait = CARDS if "sofa" in path else "#empty:not([hidden]), #results > [data-id]"
    page = browse(path, wait=wait, viewport={"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_finger_finds_every_button(browse):
    page = browse("/?q=sofa", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    small = page.evaluate(SMALL)
    assert small == []
    assert page.locator(f"{CARDS} button[data-kind=likes]").first.evaluate("e => getComputedStyle(e).opacity") == "1"


def test_changes_are_a_sheet_on_a_phone(browse):
    page = browse("/?q=sofa", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    assert not page.is_visible("#changes h2")
    page.tap("#news-toggle")
    page.wait_for_selector("#changes h2", state="visible")
    page.tap("#news-close")
    page.wait_for_selector("#changes h2", state="hidden")


def test_calm_for_those_who_ask_for_it(browse):
    page = browse("/?q=sofa", reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.locator(".picture img").first.evaluate("e => getComputedStyle(e).transitionDuration") == "0s"


def test_states_are_told_politely(browse):
    page = browse("/?q=sofa")
    assert page.locator("#announce").get_attribute("aria-live") == "polite"
    assert page.locator("#summary").get_attribute("role") == "status"
    holds(page, "document.getElementById('results').getAttribute('aria-busy') === null")
