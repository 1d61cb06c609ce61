"""Where a query may lead when robots.txt forbids the search: through the real crawler against a shop of our own."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.bases.flipkart.categories import CATEGORIES
from crawler.core.errors import InputError
from crawler.spiders.retailers.flipkart import FlipkartSpider
from tests.demo_world import environ, scrapy
from tests.reading import FIXTURES

RULES = "User-agent: *\nDisallow: /search?\nDisallow: *page=*\n"
LAMP = "/luma-cane-lamp/p/itm8aaaaaaaaaaa1?pid=LMPH8LUMA0000001"


def test_a_query_names_its_category_by_the_longest_name():
    assert FlipkartSpider(query="Grey sofa beds").shelf == CATEGORIES["sofa bed"]
    assert FlipkartSpider(query="mattresses").shelf == CATEGORIES["mattress"]
    assert FlipkartSpider(query="cane lamp").wanted() == ["search", "sitemap"]
    assert FlipkartSpider(query="sofa").wanted() == ["search", "category", "sitemap"]


def test_a_category_is_a_path_or_one_of_the_names():
    spider = FlipkartSpider(category="/home-decor/clocks/pr?sid=arb,4ad&x=1")
    assert spider.wanted() == ["category"]
    assert spider.route_url("category") == "https://www.flipkart.com/home-decor/clocks/pr?sid=arb,4ad&x=1"
    assert FlipkartSpider(category="wardrobes").route_url("category", 2).endswith("/wardrobes/pr?sid=wwe%2Cfc3&page=2")
    with pytest.raises(InputError, match="category"):
        FlipkartSpider(category="spaceships")


@pytest.fixture
def shop():
    """(port, paths asked for, answers by path): a shop that forbids to search."""
    asked, answers = [], {}

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            kind, body = answers.get(self.path, ("text/plain", None))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    answers["/robots.txt"] = "text/plain", RULES.encode()
    yield server.server_port, asked, answers
    server.shutdown()
    server.server_close()
    thread.join(5)


def page(case):
    return "text/html; charset=utf-8", (FIXTURES / "flipkart" / case / "page.html").read_bytes()


def crawl(port, tmp_path, *args, **more):
    out = tmp_path / "out.jsonl"
    quick = {"HOMEFEED_PACE": "0", "HOMEFEED_VERIFY": "0", **more}
    done = scrapy(
        "crawl", "flipkart", *args, "-O", str(out), env=environ({"flipkart": port}, tmp_path / "data", **quick)
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line)["id"] for line in out.read_text().splitlines()], done.stderr


@pytest.mark.slow
def test_a_forbidden_search_leads_to_the_category_and_a_forbidden_next_page_to_nothing(shop, tmp_path):
    port, asked, answers = shop
    answers["/furniture/sofas/pr?sid=wwe,c3z"] = page("search_grid")
    found, log = crawl(port, tmp_path, "-a", "query=sofa", "-a", "pages=2")
    assert len(found) == 6
    assert not [path for path in asked if "page=" in path]
    assert "Spider closed (finished)" in log


@pytest.mark.slow
def test_without_a_category_the_sitemaps_are_looked_through(shop, tmp_path):
    port, asked, answers = shop
    site = f"http://127.0.0.1:{port}"
    answers["/robots.txt"] = "text/plain", f"{RULES}Sitemap: {site}/sitemap_p_index.xml\n".encode()
    answers["/sitemap_p_index.xml"] = (
        "text/xml",
        f"<sitemapindex><sitemap><loc>{site}/p1.xml.gz</loc></sitemap></sitemapindex>".encode(),
    )
    locs = "".join(f"<url><loc>{site}{path}</loc></url>" for path in (LAMP, "/oak-bed/p/itm8aaaaaaaaaab1"))
    answers["/p1.xml.gz"] = "application/gzip", gzip.compress(f"<urlset>{locs}</urlset>".encode())
    answers[LAMP] = page("product_old_dom")
    found, _ = crawl(port, tmp_path, "-a", "query=cane lamps")
    assert found == ["flipkart:DCHH3WREN0000001"]
    assert next(path for path in asked if "/p/" in path) == LAMP
    assert not [path for path in asked if path.startswith("/oak-bed")]


@pytest.mark.slow
def test_a_shop_that_forbids_every_way_is_left_alone(shop, tmp_path):
    port, asked, answers = shop
    rules = f"User-agent: *\nDisallow: /\nSitemap: http://127.0.0.1:{port}/s.xml\n"
    answers["/robots.txt"] = "text/plain", rules.encode()
    found, log = crawl(port, tmp_path, "-a", "query=sofa")
    assert (found, set(asked)) == ([], {"/robots.txt"})
    assert "Spider closed (robots)" in log
