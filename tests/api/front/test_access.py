"""Who may come in: hosts, origins, keys, tickets. Nothing of a key or a ticket is ever shown."""

import asyncio
import logging

import pytest
from redis.asyncio import Redis

from api.app import asgi
from api.front.clients import Keys, scope_needed
from api.server.logs import Redacted
from crawler.core import metrics
from crawler.core.config import load
from crawler.core.errors import ConfigError
from tests.api.front.conftest import problem

KEYS = "web:read:k-read-1,ops:read+write+admin:k:all,put:write:k-write"
FOREIGN = "https://shop.example"


def key(value):
    return {"Authorization": f"Bearer {value}"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]:8000", "localhost.", "home.example:1"]
)
async def test_its_own_names_are_answered(start, host):
    client = await start(hosts="home.example:8443")
    assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8000",
        "localhost:x",
        "localhost@evil.example",
        "127.0.0.1 ",
        "[::1",
        "0.0.0.0",
        "0x7f.1",
        "a" * 5000,
    ],
)
async def test_other_names_are_refused_also_a_second_time(start, host):
    client = await start()
    for _ in range(2):
        for path in ("/healthz", "/", "/v1/products"):
            assert problem(await client.get(path, headers={"Host": host}))[:2] == (403, "forbidden")


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "http://localhost:3000",
        "file://",
        "",
        "http://127.0.0.1:8000.evil.example",
        "http://127.0.0.1",
    ],
)
async def test_foreign_origins_are_refused(start, origin):
    client = await start()
    for method, path in (("GET", "/v1/products"), ("POST", "/v1/searches"), ("OPTIONS", "/v1/searches"), ("GET", "/")):
        assert problem(await client.request(method, path, headers={"Origin": origin}))[:2] == (403, "forbidden")


async def test_its_own_page_may_use_it(start):
    client = await start()
    headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    answer = await client.post("/v1/tickets", headers=headers)
    assert answer.status_code == 201
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site", "odd"])
async def test_a_foreign_page_can_neither_fetch_nor_link_into_the_api(start, site):
    client = await start()
    quiet = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    frame = link | {"Sec-Fetch-Dest": "iframe"}
    assert problem(await client.get("/v1/products?refresh=force", headers=quiet))[0] == 403
    assert problem(await client.get("/v1/products?refresh=force", headers=link))[0] == 403
    assert problem(await client.post("/", headers=link))[0] == 403
    assert problem(await client.get("/", headers=frame))[0] == 403
    assert (await client.get("/", headers=link)).status_code == 200
    assert (await client.get("/v1/products", headers={"Sec-Fetch-Site": "none"})).status_code == 200


async def test_an_allowed_origin_may_ask_and_read(start):
    client = await start(origins=f"{FOREIGN}/, https://other.example")
    headers = {"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"}
    asked = await client.options(
        "/v1/watches",
        headers=headers | {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Private-Network": "true"},
    )
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == FOREIGN
    assert "DELETE" in asked.headers["access-control-allow-methods"]
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    assert asked.headers["access-control-allow-private-network"] == "true"
    for path in ("/v1/products", "/v1/products", "/v1/nothing"):
        answer = await client.get(path, headers=headers)
        assert answer.headers["access-control-allow-origin"] == FOREIGN
        assert "Origin" in answer.headers.get_list("vary", split_commas=True)
        assert "RateLimit" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in (await client.get("/v1/products")).headers


async def test_an_allowed_origin_reads_refusals_too_and_still_needs_a_key(start):
    client = await start(origins=FOREIGN, api_keys=KEYS)
    answer = await client.get("/v1/products", headers={"Origin": FOREIGN})
    assert problem(answer)[:2] == (401, "unauthorized")
    assert answer.headers["access-control-allow-origin"] == FOREIGN
    asked = await client.options("/v1/x", headers={"Origin": FOREIGN, "Access-Control-Request-Method": "GET"})
    assert asked.status_code == 204


async def test_keys_open_what_their_scopes_say(start):
    client = await start(api_keys=KEYS)
    assert (await client.get("/v1/products", headers=key("k-read-1"))).status_code == 200
    assert (await client.get("/v1/products", headers={"Authorization": "bearer  k:all "})).status_code == 200
    assert problem(await client.get("/v1/products", headers=key("k-write")))[:2] == (403, "forbidden")
    assert problem(await client.post("/v1/searches", headers=key("k-read-1")))[:2] == (403, "forbidden")
    assert (await client.post("/v1/tickets", headers=key("k-read-1"))).status_code == 201
    assert (await client.post("/v1/searches", headers=key("k-write"))).status_code == 422
    assert problem(await client.put("/v1/providers/x", headers=key("k-write")))[:2] == (403, "forbidden")
    assert problem(await client.put("/v1/providers/x", headers=key("k:all")))[:2] == (404, "not-found")


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nope",
        "Basic k-read-1",
        "k-read-1",
        "Bearer k-read-1x",
        "Bearer k",
        "Bearer \xff",
        "Bearer " + "k" * 100_000,
    ],
)
async def test_without_a_key_of_ours_there_is_a_401_that_does_not_repeat_it(start, told):
    client = await start(api_keys=KEYS)
    headers = {} if told is None else {"Authorization": told.encode("latin-1")}
    answer = await client.get("/v1/products", headers=headers)
    assert problem(answer)[:2] == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "nope" not in answer.text
    assert "k-read-1" not in answer.text


async def test_page_documents_and_health_need_no_key(start):
    client = await start(api_keys=KEYS)
    for path in ("/", "/docs", "/openapi.json", "/healthz", "/readyz", "/static/client.js"):
        assert (await client.get(path)).status_code == 200, path
    for path in ("/metrics", "/v1/sources", "/static", "/healthz/", "/v1/ws"):
        assert (await client.get(path)).status_code == 401, path
    assert (await client.post("/")).status_code == 401


async def test_a_client_is_its_key_and_what_it_calls_itself(start):
    client = await start(api_keys=KEYS, rate_read=1)
    mine, other = (key("k-read-1") | {"X-Homefeed-Client": name} for name in ("phone-1", "phone-2"))
    assert [(await client.get("/v1/products", headers=mine)).status_code for _ in range(2)] == [200, 429]
    assert (await client.get("/v1/products", headers=other)).status_code == 200
    for name in ("", "a/b", "x" * 65, "ä", "a b"):
        answer = await client.get("/v1/products", headers=key("k-read-1") | {"X-Homefeed-Client": name.encode()})
        assert problem(answer) == (422, "invalid", ["X-Homefeed-Client"])


@pytest.mark.parametrize("name", ["Host", "Origin", "Authorization", "X-Homefeed-Client", "Sec-Fetch-Site"])
async def test_a_header_that_may_come_once_comes_once(start, name):
    client = await start()
    answer = await client.get("/v1/products", headers=[(name, "localhost"), (name, "localhost")])
    assert problem(answer) == (422, "invalid", [name.lower()])


async def test_a_ticket_opens_once_with_the_scopes_of_its_key(start):
    one, two = await start(api_keys=KEYS), await start(api_keys=KEYS)
    answer = await one.post("/v1/tickets", headers=key("k-read-1") | {"X-Homefeed-Client": "tv"})
    ticket = answer.json()["ticket"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["expires_in_s"] == 30
    assert problem(await two.post(f"/v1/searches?ticket={ticket}"))[0] == 401
    assert (await two.get(f"/v1/products?page=1&ticket={ticket}")).status_code == 200
    for client in (one, two):
        again = await client.get(f"/v1/products?ticket={ticket}&page=1")
        assert problem(again)[:2] == (401, "unauthorized")
        assert ticket not in again.text
    for odd in ("", "x", "%00", "%ff", "a" * 4000):
        assert (await one.get(f"/v1/products?ticket={odd}")).status_code in (401, 422)
    write_only = (await one.post("/v1/tickets", headers=key("k:all"))).json()["ticket"]
    assert (await one.get(f"/v1/products?ticket={write_only}")).status_code == 200


async def test_a_ticket_is_good_once_also_when_two_use_it_at_the_same_time(start):
    one, two = await start(api_keys=KEYS), await start(api_keys=KEYS)
    for _ in range(5):
        ticket = (await one.post("/v1/tickets", headers=key("k-read-1"))).json()["ticket"]
        answers = await asyncio.gather(*(client.get(f"/v1/products?ticket={ticket}") for client in (one, two) * 4))
        assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7


async def test_without_redis_a_ticket_is_a_503(start):
    client = await start(redis_url="redis://127.0.0.1:1/0")
    assert problem(await client.post("/v1/tickets"))[:2] == (503, "redis-away")
    assert problem(await client.get("/v1/products?ticket=abc"))[:2] == (503, "redis-away")
    assert (await client.get("/v1/products?q=&refresh=never")).status_code == 200


async def test_redis_knows_no_ticket_and_metrics_no_secret(start, redis_url, caplog):
    caplog.set_level(logging.DEBUG)
    client = await start(api_keys=KEYS)
    ticket = (await client.post("/v1/tickets", headers=key("k-read-1"))).json()["ticket"]
    await client.get("/v1/nope?ticket=" + ticket)
    said = " ".join(record.getMessage() for record in caplog.records if record.name != "httpx2")
    async with Redis.from_url(redis_url) as redis:
        stored = b" ".join([key async for key in redis.scan_iter("*")])
    for shown in (
        stored.decode(),
        metrics.exposition().decode(),
        said,
        repr(client.house.config),
    ):
        assert ticket not in shown
        assert "k-read-1" not in shown


def test_a_ticket_in_a_log_line_is_redacted():
    record = logging.LogRecord("x", 30, "f", 1, "at %s", ("/v1/ws?a=1&ticket=abc-DEF_1&b=2",), None)
    assert Redacted("%(message)s").format(record) == "at /v1/ws?a=1&ticket=…&b=2"


@pytest.mark.parametrize(
    "setting",
    [
        "secret-1",
        "web:secret-1",
        "web:all:secret-1",
        "web:read:",
        ":read:secret-1",
        "web::secret-1",
        "a b:read:secret-1",
        "a/b:read:secret-1",
        "web:read:sécret-1",
    ],
)
def test_a_malformed_key_is_told_by_its_place(setting):
    with pytest.raises(ConfigError, match=r"^HOMEFEED_API_KEYS: entry 2 must be name:scope\+scope:key") as error:
        Keys(["ok:read:secret-0", setting])
    assert "cret-" not in str(error.value)


def test_two_names_for_one_key_are_refused():
    with pytest.raises(ConfigError, match="the same key"):
        Keys(["a:read:x", "b:write:x"])


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"HOMEFEED_HOST": "0.0.0.0"}, "HOMEFEED_API_KEYS"),
        ({"HOMEFEED_HOST": "::"}, "HOMEFEED_API_KEYS"),
        ({"HOMEFEED_HOST": "192.168.1.5"}, "HOMEFEED_API_KEYS"),
        ({"HOMEFEED_ORIGINS": "*"}, "HOMEFEED_ORIGINS"),
        ({"HOMEFEED_ORIGINS": "null"}, "HOMEFEED_ORIGINS"),
        ({"HOMEFEED_ORIGINS": "https://a.example/path"}, "HOMEFEED_ORIGINS"),
        ({"HOMEFEED_HOSTS": "*"}, "HOMEFEED_HOSTS"),
    ],
)
def test_an_api_that_would_be_open_does_not_start(tmp_path, settings, field):
    with pytest.raises(ConfigError) as error:
        asgi(load(settings | {"HOMEFEED_DATA_DIR": str(tmp_path)}, tmp_path / "no.env"))
    assert error.value.field == field


def test_with_keys_it_may_listen_anywhere(tmp_path):
    asgi(
        load(
            {"HOMEFEED_HOST": "0.0.0.0", "HOMEFEED_API_KEYS": KEYS, "HOMEFEED_DATA_DIR": str(tmp_path)}, tmp_path / "n"
        )
    )
    asgi(load({"HOMEFEED_HOST": "::1", "HOMEFEED_DATA_DIR": str(tmp_path)}, tmp_path / "n"))


def test_scopes():
    assert scope_needed("GET", "/v1/providers") == scope_needed("POST", "/v1/batch") == "read"
    assert scope_needed("DELETE", "/v1/watches/1") == scope_needed("POST", "/v1/searches") == "write"
    assert scope_needed("PUT", "/v1/providers/x") == scope_needed("PUT", "/v1/budgets") == "admin"
