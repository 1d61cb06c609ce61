"""The page's files over HTTP: types, compression, what may be kept, what may be loaded."""

import gzip
import re

import pytest

from api.assets import STATIC, assets
from api.routes.page import POLICY

FILES = sorted(path.name for path in STATIC.iterdir() if path.name != "index.html")
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@pytest.mark.parametrize("name", FILES)
async def test_each_file_is_served_whole_and_as_what_it_is(api, name):
    client, _ = api
    answer = await client.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer.content == (STATIC / name).read_bytes()
    assert answer.headers["content-type"] == TYPES[f".{name.rpartition('.')[2]}"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_may_load_nothing_foreign_but_pictures(api):
    client, _ = api
    answer = await client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == POLICY
    assert POLICY.startswith("default-src 'self'; img-src 'self' https: http: data:")
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", answer.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


async def test_what_the_page_names_may_be_kept_for_good_and_is_there(api):
    client, _ = api
    named = set(re.findall(r'"(/static/[^"]+)"', (await client.get("/")).text))
    assert {path.rpartition("/")[2] for path in named} == set(FILES) - {"hooks.js", "reference.css"}
    for path in named:
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_every_module_is_loaded_ahead(api):
    """A module that is only found inside another costs the page a round trip."""
    text = (await api[0].get("/")).text
    ahead = set(re.findall(r'modulepreload" href="[^"]*/([\w.]+)"', text))
    imported = {name for path in STATIC.glob("*.js") if path.name != "hooks.js"
                for name in re.findall(r'from "\./([\w.]+)"', path.read_text())}  # fmt: skip
    assert ahead == imported


async def test_the_page_and_plain_addresses_are_asked_again(api):
    client, _ = api
    for path in ("/", "/static/client.js", "/static/0123456789ab/client.js"):
        assert (await client.get(path)).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/static/client.js", "/static/icon.svg"])
async def test_a_known_file_is_not_sent_again(api, path):
    client, _ = api
    etag = (await client.get(path)).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = await client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_compressed_for_those_who_take_it(api):
    client, _ = api
    plain = await client.get("/static/client.js", headers={"Accept-Encoding": "identity"})
    async with client.stream("GET", "/static/client.js", headers={"Accept-Encoding": "br, gzip;q=0.8"}) as packed:
        raw = b"".join([chunk async for chunk in packed.aiter_raw()])
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    refusing = await client.get("/static/client.js", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refusing.headers


async def test_head_tells_without_the_body(api):
    answer = await api[0].head("/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 1_000


@pytest.mark.parametrize(
    "path", ["/static/nothing.js", "/static/index.html", "/static/..%2Fassets.py", "/static/1/..%2f.."]
)
async def test_what_is_not_there_is_a_problem(api, path):
    answer = await api[0].get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_changed_file_has_another_address():
    assert len(assets().version) == 12
    assert assets().files["index.html"].body.count(assets().version.encode()) >= 20


def test_all_of_it_is_small():
    sent = sum(len(asset.packed or asset.body) for name, asset in assets().files.items() if name != "hooks.js")
    assert sent < 60_000
