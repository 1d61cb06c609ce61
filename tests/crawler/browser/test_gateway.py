"""The browser's only way out: to public places, with the password, through the proxy that was named."""

import asyncio
import base64

import pytest
from aiohttp import web

from crawler.browser.gateway import Gateway
from crawler.core.guard import Guard
from tests.local_proxies import proxies


@pytest.fixture
async def site():
    async def page(request):
        return web.Response(text=f"{request.method} {request.path_qs} {await request.text()}")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def build(site):
    opened = []

    async def build(*addresses, allow=True):
        names = {address.rpartition("@")[2].removeprefix("http://"): address for address in addresses}
        gateway = Gateway(Guard([site] if allow else []), names)
        await gateway.open()
        opened.append(gateway)
        return gateway

    yield build
    for gateway in opened:
        await gateway.close()


async def ask(gateway, head, name=None, password=None, then=b""):
    """The whole answer. `then` is sent once a tunnel is open."""
    settings = gateway.settings(name)
    pair = f"{settings['username']}:{password or settings['password']}"
    line = b"Proxy-Authorization: Basic " + base64.b64encode(pair.encode()) + b"\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", int(settings["server"].rpartition(":")[2]))
    async with asyncio.timeout(5):
        first, _, rest = head.partition(b"\r\n")
        writer.write(first + b"\r\n" + line + rest)
        answer = b""
        if then:
            answer = await reader.readuntil(b"\r\n\r\n")
            writer.write(then)
        answer += await reader.read()
    writer.close()
    return answer


def get(site, path="/p?q=1"):
    return f"GET http://{site}{path} HTTP/1.1\r\nHost: {site}\r\n\r\n".encode()


def connect(site):
    return f"CONNECT {site} HTTP/1.1\r\nHost: {site}\r\n\r\n".encode()


INSIDE = b"GET /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def test_plain_and_tunnelled(build, site):
    gateway = await build()
    assert (await ask(gateway, get(site))).endswith(b"GET /p?q=1 ")
    assert (await ask(gateway, connect(site), then=INSIDE)).endswith(b"GET /in ")
    post = f"POST http://{site}/p HTTP/1.1\r\nHost: {site}\r\nContent-Length: 5\r\n\r\nhello".encode()
    assert (await ask(gateway, post)).endswith(b"POST /p hello")


@pytest.mark.parametrize(
    "place", ["127.0.0.1:1", "169.254.169.254:80", "localhost:80", "10.0.0.1:443", "[::1]:80", "x@y:1"]
)
async def test_nobody_goes_inside(build, site, place):
    gateway = await build()
    for head in (get(place), connect(place)):
        assert (await ask(gateway, head)).startswith(b"HTTP/1.1 403")
    assert gateway.refused == 2


async def test_what_is_not_allowed_is_refused_also_behind_a_proxy(build, site):
    with proxies("good") as (good,):
        gateway = await build(good.url, allow=False)
        assert (await ask(gateway, get(site), good.name)).startswith(b"HTTP/1.1 403")
        assert good.asked == 0


async def test_a_stranger_is_asked_for_a_password_and_learns_nothing(build, site):
    gateway = await build()
    answer = await ask(gateway, get(site), password="guess")
    assert answer.startswith(b"HTTP/1.1 407")
    assert b"GET" not in answer


async def test_behind_the_proxy_that_was_named(build, site):
    with proxies("locked", "locked") as (first, second):
        gateway = await build(first.url, second.url)
        assert (await ask(gateway, get(site), second.name)).endswith(b"GET /p?q=1 ")
        assert (await ask(gateway, connect(site), second.name, then=INSIDE)).endswith(b"GET /in ")
        assert (first.asked, second.asked) == (0, 2)
        assert gateway._password.encode() not in b"".join(second.heads)


@pytest.mark.parametrize("temper", ["blocks", "drops", "gateway"])
async def test_a_proxy_that_opens_no_tunnel_is_a_bad_gateway(build, site, temper):
    with proxies(temper) as (proxy,):
        gateway = await build(proxy.url)
        assert (await ask(gateway, connect(site), proxy.name)).startswith(b"HTTP/1.1 502")


async def test_a_proxy_that_keeps_us_waiting_for_its_tunnel_is_left(build, site, monkeypatch):
    monkeypatch.setattr("crawler.browser.gateway.CONNECT_S", 0.2)
    ended = asyncio.Event()

    async def silent(reader, writer):
        await reader.read()
        writer.close()
        ended.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as proxy:
        name = f"127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        gateway = await build(f"http://{name}")
        assert (await ask(gateway, connect(site), name)).startswith(b"HTTP/1.1 502")
        await asyncio.wait_for(ended.wait(), 5)


@pytest.mark.parametrize("junk", [b"\r\n\r\n", b"GET\r\n\r\n", b"CONNECT \xff:1 HTTP/1.1\r\n\r\n", b"A" * 200_000])
async def test_junk_ends_its_own_connection_only(build, site, junk):
    gateway = await build()
    await asyncio.gather(ask(gateway, junk), return_exceptions=True)
    assert (await ask(gateway, get(site))).endswith(b"GET /p?q=1 ")


async def test_closed_it_leaves_nothing_behind(build, site):
    with proxies("slow") as (slow,):
        gateway = await build(slow.url)
        waiting = asyncio.ensure_future(ask(gateway, get(site), slow.name))
        while not slow.asked:
            await asyncio.sleep(0.01)
        await gateway.close()
        assert await waiting == b""
        assert not gateway._serving
