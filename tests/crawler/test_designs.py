"""`scrapy crawl openverse` against a source that misbehaves: what is good is stored, looked at and grouped."""

import asyncio
import copy
import json

import pytest
from aiohttp import web

from crawler.core.store import DesignQuery, open_store
from tests.aside import serving
from tests.demo_world import environ, scrapy
from tests.pictures import encoded, jpeg_header, photo
from tests.reading import FIXTURES

pytestmark = pytest.mark.slow
ITEM = json.loads((FIXTURES / "openverse/normal/page.json").read_text())["results"][0]
PICTURES = {
    "a": encoded(photo(1)),
    "copy": encoded(photo(1, 450, 300), quality=60),
    "b": encoded(photo(2), "WEBP"),
    "html": b"<html>gone</html>",
    "half": encoded(photo(3))[:4000],
    "bomb": jpeg_header(50_000, 50_000),
}


async def _picture(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    if name == "cut":
        response = web.StreamResponse(headers={"Content-Length": "50000"})
        await response.prepare(request)
        await response.write(PICTURES["a"][:1000])
        request.transport.abort()
        return response
    if name == "busy":
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "0"})
    if name not in PICTURES:
        raise web.HTTPNotFound
    return web.Response(body=PICTURES[name], content_type="image/jpeg")


def _app(asked: list[str]) -> web.Application:
    async def images(request: web.Request) -> web.Response:
        asked.append(request.headers.get("User-Agent", ""))
        base = f"http://{request.host}"
        names = [*PICTURES, "missing", "cut", "busy", "away"]
        results = []
        for n, name in enumerate(names):
            host = "http://127.0.0.1:9" if name == "away" else base
            results.append(
                copy.deepcopy(ITEM)
                | {
                    "id": name,
                    "title": f"Room {n}",
                    "thumbnail": f"{host}/pic/{name}",
                    "url": f"{base}/full/{name}.jpg",
                    "width": 600 if name == "copy" else 1200,
                    "height": 400 if name == "copy" else 800,
                }
            )
        return web.json_response({"result_count": len(results), "page_count": 1, "page": 1, "results": results})

    async def robots(_: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow: /\n")

    app = web.Application()
    app.router.add_get("/images/", images)
    app.router.add_get("/pic/{name}", _picture)
    app.router.add_get("/robots.txt", robots)
    return app


@pytest.fixture
def source():
    asked = []
    with serving(_app(asked)) as port:
        yield port, asked


def stored(data_dir):
    async def find():
        store = open_store(f"sqlite:///{data_dir / 'homefeed.db'}")
        await store.open()
        found, _ = await store.find_designs(DesignQuery(canonical=False, limit=100))
        await store.close()
        return {d.id.partition(":")[2]: d for d in found}

    return asyncio.run(find())


def crawl(source, tmp_path, **more):
    port, _ = source
    env = environ({"openverse": port, "away": 9}, tmp_path, HOMEFEED_PACE="0", **more)
    return scrapy("crawl", "openverse", "-a", "query=sofa", env=env)


def test_a_crawl_of_pictures(source, tmp_path):
    done = crawl(source, tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    designs = stored(tmp_path)
    assert designs.keys() == {"a", "copy", "b", "cut", "busy", "away"}, done.stderr[-6000:]
    assert {name: d.group for name, d in designs.items()} == {
        "a": None,
        "copy": "openverse:a",
        "b": None,
        "cut": None,
        "busy": None,
        "away": None,
    }
    assert {name for name, d in designs.items() if d.phash} == {"a", "copy", "b"}
    assert all(0 < d.quality <= 1 for d in designs.values())
    assert "Traceback" not in done.stderr
    for reason, count in {"not_a_picture": 1, "broken": 1, "too_many_pixels": 1, "gone": 1}.items():
        assert f"'homefeed/dropped/{reason}': {count}" in done.stderr


def test_without_verify_no_picture_is_fetched(source, tmp_path):
    done = crawl(source, tmp_path, HOMEFEED_VERIFY="false")
    assert done.returncode == 0
    assert len(stored(tmp_path)) == len(PICTURES) + 4
    assert "homefeed/pictures" not in done.stderr
    assert "'downloader/request_count': 1," in done.stderr
