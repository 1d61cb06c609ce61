"""The captures served at their real paths and crawled by the real spiders into each store: what is stored is what a
shopper sees."""

import asyncio
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.utils.project import get_project_settings

from crawler.core.public import product_json
from crawler.core.store import ProductQuery, open_store
from tests.captures.crawl import middlewares
from tests.captures.test_captures import HERE
from tests.crawler.core.store import servers
from tests.demo_world import ROOT, environ
from tests.reading import CAPTURES, compare, load

SPIDERS = ["amazon_in", "flipkart", "ikea"]
BACKENDS = ["sqlite", pytest.param("mongo", marks=pytest.mark.mongo)]
pytestmark = [
    pytest.mark.captures,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not CAPTURES.exists(), reason="the private captures are not beside this checkout"),
]


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@contextmanager
def served(cases):
    """Address of a site that answers with the captures. A first page asked for by number is the page without one."""
    pages = {path_of(case["url"]): case for case in cases}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            case = pages.get(self.path) or pages.get(self.path.removesuffix("&page=1"))
            body = (CAPTURES / case["file"]).read_bytes() if case else b"not here"
            kind = "application/json" if case and case["file"].endswith("json") else "text/html; charset=utf-8"
            self.send_response(case.get("status", 200) if case else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield site.server_port
    site.shutdown()
    site.server_close()
    thread.join(5)


@pytest.fixture
def site(spider):
    cases = load(HERE / f"{spider}.json")
    with served(cases) as port:
        yield cases, port


@pytest.fixture
def stores(backend, tmp_path):
    """Address of the n-th store."""
    if backend == "sqlite":
        yield lambda n: f"sqlite:///{tmp_path}/{n}.db"
        return
    (tmp_path / "nx").mkdir()
    with servers.running(servers.nx_27017, tmp_path / "nx") as url:
        yield lambda n: f"{url.rstrip('/')}/crawl{n}"


def run(command, env):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr[-2000:]


def local(port, spider, data_dir):
    return environ({spider: port}, data_dir, HOMEFEED_PACE="0", HOMEFEED_VERIFY="0", HOMEFEED_LOG_LEVEL="WARNING")


async def stored(url, spider):
    """What a store says after one crawl, in the shape `compare` takes; the crawl's verdict from its run. Every change
    has been relayed."""
    store = open_store(url)
    await store.open()
    try:
        records, total = await store.find_products(ProductQuery(retailer=spider, limit=500))
        (ran,) = await store.runs(spider)
        assert (total, await store.outbox()) == (len(records), [])
    finally:
        await store.close()
    return {"verdict": " ".join(ran.verdicts), "items": [product_json(r.product) for r in records]}


def differences(got, case, port):
    """A page served here gives relative links this place; told as of the real one. A store keeps no requests."""
    real = "{0.scheme}://{0.netloc}".format(urlsplit(case["url"]))
    seen = json.loads(json.dumps(got).replace(f"http://127.0.0.1:{port}", real))
    return compare(seen, {field: value for field, value in case.items() if field != "requests"})


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("spider", SPIDERS)
def test_what_is_crawled_is_stored(spider, site, stores, tmp_path):
    cases, port = site
    jobs = [{"spider": spider, "url": f"http://127.0.0.1:{port}{path_of(case['url'])}", "store": stores(n)}
            for n, case in enumerate(cases)]  # fmt: skip
    (tmp_path / "jobs.json").write_text(json.dumps(jobs))
    run(["tests.captures.crawl", str(tmp_path / "jobs.json")], local(port, spider, tmp_path / "data"))
    wrong = {case["file"]: found for case, job in zip(cases, jobs, strict=True)
             if (found := differences(asyncio.run(stored(job["store"], spider)), case, port))}  # fmt: skip
    assert wrong == {}


QUERIES = {"amazon_in": "laptop", "flipkart": "CMF by Nothing Buds 2a", "ikea": "sofa"}


@pytest.mark.parametrize("spider", SPIDERS)
def test_a_search_from_the_command_line(spider, site, tmp_path):
    cases, port = site
    url, out = f"sqlite:///{tmp_path}/homefeed.db", tmp_path / "out.jsonl"
    env = local(port, spider, tmp_path / "data") | {"HOMEFEED_STORE_URL": url}
    at_home = f"DOWNLOADER_MIDDLEWARES={json.dumps(middlewares(get_project_settings()))}"
    run(["scrapy", "crawl", spider, "-s", at_home, "-a", f"query={QUERIES[spider]}", "-O", str(out)], env)
    got = asyncio.run(stored(url, spider))
    case = next(case for case in cases if [QUERIES[spider]] in parse_qs(urlsplit(case["url"]).query).values())
    assert differences(got, case, port) == []
    assert {json.loads(line)["id"] for line in out.read_text().splitlines()} == {item["id"] for item in got["items"]}
