"""A hit the server writes itself says what the way through ASGI says, and lets in nobody whom that way refuses."""

import asyncio

import pytest

from tests.api.stocked import products

PATH = "/v1/products"
KEYS = "web:read:k-read,put:write:k-write"
ASKED = {"host": "127.0.0.1:8000"}


def scope(headers, method="GET", query="q=x&refresh=never"):
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": PATH,
            "raw_path": PATH.encode(), "query_string": query.encode(), "headers": raw, "state": {}, "scheme": "http",
            "server": None, "client": None, "root_path": ""}  # fmt: skip


async def by_asgi(front, asked):
    """(status, headers, body)"""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    await front(asked, receive, send)
    return sent[0]["status"], sent[0]["headers"], b"".join(message.get("body", b"") for message in sent[1:])


async def warm(start, **settings):
    """A front that holds the answer to `scope`, asked with a key where there are keys."""
    client = await start(**settings)
    await products(client.house, 3)
    front = client._transport.app
    headers = ASKED | ({"authorization": "Bearer k-read"} if settings.get("api_keys") else {})
    async with asyncio.timeout(5):
        while not (client.house._listens and client.house.cache.hears):
            await asyncio.sleep(0.01)
    await by_asgi(front, scope(headers))
    _, told, _ = await by_asgi(front, scope(headers))
    assert (b"x-cache", b"hit") in told
    return front, dict(told)[b"etag"].decode()


@pytest.mark.parametrize("coding", [None, "gzip", "br", "gzip, br", "zstd"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("known", [False, True])
async def test_both_ways_say_the_same(start, coding, method, known):
    front, etag = await warm(start, origins="https://shop.example")
    headers = ASKED | {"origin": "https://shop.example"} | ({"accept-encoding": coding} if coding else {})
    headers |= {"if-none-match": etag} if known else {}
    answer = front.at_once(scope(headers, method))
    status, told, body = await by_asgi(front, scope(headers, method))
    written = [tuple(line.split(b": ", 1)) for line in answer.head.split(b"\r\n")[:-1]]
    assert answer.status == status == (304 if known else 200)
    assert answer.body == (b"" if method == "HEAD" else body)
    changing = (b"ratelimit",)  # one of them was asked after the other
    assert [pair for pair in written if pair[0] not in changing] == [pair for pair in told if pair[0] not in changing]
    assert b"ratelimit" in dict(written)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Bearer k-write"}, 403),
    ],
)
async def test_whoever_is_refused_gets_no_hit(start, headers, status):
    front, _ = await warm(start, api_keys=KEYS)
    asked = ASKED | {"authorization": "Bearer k-read"} | headers
    assert front.at_once(scope(ASKED | {"authorization": "Bearer k-read"})) is not None
    refused = scope(asked)
    assert front.at_once(refused) is None
    assert (await by_asgi(front, refused))[0] == status


async def test_hits_count_and_each_request_once(start):
    front, _ = await warm(start, rate_read=40, api_keys="counted:read:k-read")
    said, mine = [], ASKED | {"authorization": "Bearer k-read"}
    others = [scope(mine, query="q=other&refresh=never"), scope(mine | {"content-length": "0"})]
    for asked in [scope(mine), scope(mine), *others, scope(mine)]:
        answer = front.at_once(asked)
        head = answer.head if answer else b"ratelimit: " + dict((await by_asgi(front, asked))[1])[b"ratelimit"]
        said.append(int(head.split(b"r=")[1].split(b";")[0]))
    assert said == list(range(said[0], said[0] - 5, -1))


async def test_who_spent_the_minute_gets_no_hit(start):
    front, _ = await warm(start, rate_read=10, api_keys="spent:read:k-read")
    requests = [scope(ASKED | {"authorization": "Bearer k-read"}) for _ in range(12)]
    answers = [front.at_once(asked) or await by_asgi(front, asked) for asked in requests]
    assert answers[-1][0] == 429


async def test_what_is_not_held_or_has_a_body_takes_the_long_way(start):
    front, _ = await warm(start)
    assert front.at_once(scope(ASKED, query="q=never-asked")) is None
    assert front.at_once(scope(ASKED | {"content-length": "2"})) is None
    assert front.at_once(scope(ASKED, method="POST")) is None
