import gzip

import pytest

from crawler.bases import sitemap
from crawler.bases.sitemap import Listed, Walk, chosen, likely, listed, matching, words

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SHOP = "https://shop.example"
URLS = [f"{SHOP}/oak-corner-sofa/p/1", f"{SHOP}/oak-sofas/pr?sid=a", f"{SHOP}/cane-lamp/p/2", f"{SHOP}/p/3?q=sofa"]


def urlset(urls):
    return f"<?xml version='1.0'?><urlset {NS}>{''.join(f'<url><loc>{u}</loc></url>' for u in urls)}</urlset>".encode()


def index(urls):
    return f"<sitemapindex {NS}>{''.join(f'<sitemap><loc>{u}</loc></sitemap>' for u in urls)}</sitemapindex>".encode()


def test_robots_txt_names_sitemaps():
    body = b"User-agent: *\nDisallow: /search?\nSitemap: https://shop.example/a.xml\nsitemap: /b.xml\n"
    assert listed(f"{SHOP}/robots.txt", body) == Listed("maps", [f"{SHOP}/a.xml", f"{SHOP}/b.xml"])


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_index_and_a_sitemap_also_gzipped(pack):
    assert listed(f"{SHOP}/s.xml", pack(index([f"{SHOP}/a.xml"]))) == Listed("maps", [f"{SHOP}/a.xml"])
    assert listed(f"{SHOP}/a.xml.gz", pack(urlset(URLS))) == Listed("pages", URLS)


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Are you a human?</body></html>", b"not xml", b"\x1f\x8b\x08broken", b"<rss/>"]
)
def test_what_is_no_sitemap(body):
    assert listed(f"{SHOP}/s.xml", body) is None
    assert chosen(f"{SHOP}/s.xml", body, "sofa", 5) is None


def test_a_cut_sitemap_gives_what_it_has():
    assert chosen(f"{SHOP}/a.xml", urlset(URLS)[:-90], "sofa", 9) == Listed("pages", URLS[:2])


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(sitemap, "LIMIT", 1000)
    assert listed(f"{SHOP}/a.xml.gz", gzip.compress(urlset(URLS * 100))) is None


def test_words_are_told_in_the_singular():
    assert words("Sofas, mattresses & TV-benches") == {"sofa", "mattress", "tv", "bench"}
    assert words("/glass-shelves/bus%20stops") == {"glass", "shelve", "bus", "stop"}


def test_only_the_path_is_matched_and_no_more_than_wanted():
    assert matching(URLS, "sofa", 9) == URLS[:2]
    assert matching(URLS, "corner sofas", 9) == URLS[:1]
    assert matching(URLS, "sofa", 1) == URLS[:1]
    assert matching(URLS, "bed", 9) == []


def test_sitemaps_are_looked_at_in_a_likely_order():
    maps = [f"{SHOP}/{n}.xml" for n in ("blog", "s1", "product_1", "sofa_reviews", "sofas")]
    assert likely(maps, "sofa") == [f"{SHOP}/sofas.xml", f"{SHOP}/product_1.xml", f"{SHOP}/s1.xml"]


def test_a_walk_is_bounded():
    walk = Walk(pages=3, maps=4)
    assert walk.take(Listed("maps", ["a", "b", "c"])) == ["a", "b", "c"]
    assert walk.take(Listed("pages", ["1", "2"])) == ["1", "2"]
    assert walk.take(Listed("maps", ["d", "e"])) == ["d"]
    assert walk.take(Listed("pages", ["3", "4"])) == ["3"]
    assert walk.take(Listed("pages", ["5"])) == []


def test_no_sitemap_is_worth_a_look_once_there_are_pages_enough():
    walk = Walk(pages=1)
    walk.take(Listed("pages", ["1"]))
    assert walk.take(Listed("maps", ["a"])) == []


def test_a_walk_ends_when_its_every_sitemap_is_refused():
    walk = Walk(pages=3)
    walk.take(Listed("maps", ["a", "b"]))
    assert [walk.refuse(), walk.refuse()] == [False, True]
