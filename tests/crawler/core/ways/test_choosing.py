"""The cheapest way first; by another proxy, then by the next way; bounded, remembered, and back to the cheapest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.proxies.alone import Alone
from crawler.core.proxies.health import Health
from crawler.core.ways import KINDS, kind, proxy_of, refused
from crawler.core.ways.choosing import PROXIES, REFUSALS, Ask, Chooser
from crawler.core.ways.remembered import KEEP_S, Remembered

OAK = "oak.test"
NAMES = [f"p{n}.test:80" for n in range(8)]


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def chooser(clock, *allowed, names=NAMES, fallback=True):
    return Chooser(allowed or KINDS, names, fallback, Health(None, Alone(clock)), Remembered(None, clock))


async def chain(chooser, browser=True, reached=True, avoid=None):
    """All ways of a page that no way leads to."""
    ask = Ask(OAK, browser, avoid=avoid)
    way, tried, unreached = await chooser.first(ask), [], 0
    while way:
        tried.append(way)
        unreached += not reached and kind(way) == "proxy"
        ask = Ask(OAK, browser, tuple(tried[:-1]), unreached)
        way = await chooser.following(ask, way)
    return tried


async def test_direct_then_three_proxies_then_the_browser_behind_two(clock):
    tried = await chain(chooser(clock))
    assert [kind(way) for way in tried] == ["direct", "proxy", "proxy", "proxy", "browser", "browser"]
    assert len(set(tried)) == len(tried)


async def test_proxies_that_were_not_reached_do_not_count_as_the_shops_refusals(clock):
    tried = await chain(chooser(clock), browser=False, reached=False)
    assert [kind(way) for way in tried] == ["direct", *["proxy"] * PROXIES]


async def test_a_spider_without_browser_and_an_operator_without_proxies(clock):
    assert await chain(chooser(clock, names=[]), browser=False) == ["direct"]
    assert await chain(chooser(clock, names=[])) == ["direct", "browser"]


async def test_proxies_only_is_never_direct(clock):
    one = chooser(clock, "proxy")
    assert [kind(way) for way in await chain(one)] == ["proxy"] * REFUSALS
    for name in NAMES:
        await one.health.failed(OAK, name)
    assert await one.first(Ask(OAK)) is None


async def test_no_bare_browser_where_direct_is_not_allowed(clock):
    one = chooser(clock, "proxy", "browser")
    for name in NAMES:
        await one.health.failed(OAK, name)
    assert await chain(one) == []


async def test_when_all_rest_the_direct_way_is_the_last_resort(clock):
    for fallback in (True, False):
        one = chooser(clock, "proxy", "direct", fallback=fallback)
        for name in NAMES:
            await one.health.failed(OAK, name)
        assert await one.first(Ask(OAK)) == "direct"
    one = chooser(clock, "direct", "proxy", fallback=False)
    await one.remembered.keep(OAK, "proxy")
    for name in NAMES:
        await one.health.failed(OAK, name)
    assert await one.first(Ask(OAK)) is None


async def test_an_empty_page_goes_to_the_browser_at_once_and_nowhere_else(clock):
    one = chooser(clock)
    assert kind(await one.following(Ask(OAK, browser=True), "direct", "browser")) == "browser"
    assert await one.following(Ask(OAK), "direct", "browser") is None
    assert await one.following(Ask(OAK, browser=True), "browser:p0.test:80", "browser") is None
    assert await chooser(clock, "proxy", "direct").following(Ask(OAK), "proxy:p0.test:80", "browser") is None


async def test_the_way_that_works_is_remembered_and_after_an_hour_the_cheapest_is_tried(clock):
    one = chooser(clock)
    await one.remembered.keep(OAK, "proxy")
    assert kind(await one.first(Ask(OAK))) == "proxy"
    assert await one.first(Ask("elm.test")) == "direct"
    clock.now += KEEP_S + 1
    assert await one.first(Ask(OAK)) == "direct"


async def test_a_remembered_browser_is_none_for_requests_that_need_none(clock):
    one = chooser(clock)
    await one.remembered.keep(OAK, "browser")
    assert await one.first(Ask(OAK, browser=False)) == "direct"


@pytest.mark.parametrize(("names", "browser", "avoid", "kinds"), [
    (NAMES, False, "direct", ["proxy"]), ([], True, "direct", ["browser"]), ([], False, "direct", ["direct"]),
    (NAMES[:1], False, f"proxy:{NAMES[0]}", ["direct"]), (NAMES, False, f"proxy:{NAMES[0]}", ["direct", "proxy"]),
    ([], True, "browser", ["direct"]),
])  # fmt: skip
async def test_another_way_differs_where_it_can(clock, names, browser, avoid, kinds):
    one = chooser(clock, names=names)
    way = await one.first(Ask(OAK, browser, avoid=avoid))
    assert kind(way) in kinds
    assert way != avoid or kinds == ["direct"]


async def test_another_way_where_only_one_proxy_or_only_the_browser_works(clock):
    one = chooser(clock, "proxy", names=NAMES[:1])
    assert await one.first(Ask(OAK, avoid=f"proxy:{NAMES[0]}")) == f"proxy:{NAMES[0]}"
    one = chooser(clock, names=NAMES[:2])
    await one.remembered.keep(OAK, "browser")
    assert await one.first(Ask(OAK, True, avoid=f"browser:{NAMES[0]}")) == f"browser:{NAMES[1]}"


async def test_a_session_stays_with_its_proxy_while_that_is_well(clock):
    one = chooser(clock, "proxy")
    ask = Ask(OAK, sticky=NAMES[3])
    assert {await one.first(ask) for _ in range(5)} == {f"proxy:{NAMES[3]}"}
    await one.health.failed(OAK, NAMES[3])
    assert await one.first(ask) != f"proxy:{NAMES[3]}"


@given(st.permutations(KINDS), st.integers(1, 3), st.integers(0, 8), st.booleans(), st.booleans(), st.booleans(),
       st.sets(st.integers(0, 7)))  # fmt: skip
async def test_law_a_chain_ends_never_repeats_and_keeps_to_what_is_allowed(
    order, count, names, browser, fallback, reached, resting
):
    clock, allowed = Clock(), order[:count]
    one = chooser(clock, *allowed, names=NAMES[:names], fallback=fallback)
    for n in resting:
        await one.health.failed(OAK, NAMES[n])
    tried = await chain(one, browser, reached)
    assert len(tried) == len(set(tried)) <= 1 + PROXIES + 2
    usable = set(allowed) - (set() if browser else {"browser"}) - (set() if names else {"proxy"})
    assert {kind(way) for way in tried} <= (usable or {"proxy" if names else "direct"})
    assert not {proxy_of(way) for way in tried} & {NAMES[n] for n in resting}
    if "direct" not in allowed and names:
        assert all(map(proxy_of, tried))


@pytest.mark.parametrize(("verdict", "reason", "status", "turned_away"), [
    ("blocked", "status 403", 403, True), ("captcha", "says robot", 200, True),
    ("blocked", "Akamai (status 503)", 503, True),
    ("blocked", "status 503", 503, False), ("blocked", "status 429", 429, False), ("ok", "", 200, False),
    ("not_found", "status 404", 404, False), ("error", "status 500", 500, False),
])  # fmt: skip
def test_who_is_turned_away(verdict, reason, status, turned_away):
    from crawler.core.verdicts import Verdict

    assert refused(Verdict(verdict), reason, status) is turned_away
