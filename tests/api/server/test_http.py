"""What a connection may do before there is a request to answer, and how ready answers are written."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import uvicorn
from uvicorn.server import ServerState

from api.front.give import Answer
from api.server import http
from api.server.http import Http

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def app(scope, receive, send):
    await asyncio.sleep(0.3)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


class Hits:
    """Has /hit/… at once; the rest takes the long way."""

    def at_once(self, scope):
        if not scope["path"].startswith("/hit/"):
            return None
        body = b"" if scope["method"] == "HEAD" else scope["raw_path"]
        return Answer(200, b"content-length: %d\r\nx-cache: hit\r\n" % len(scope["raw_path"]), body)

    async def __call__(self, scope, receive, send):
        await app(scope, receive, send)


@asynccontextmanager
async def connection(app=app):
    config = uvicorn.Config(app, http=Http, log_config=None, access_log=False)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: Http(config, state, {}), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        yield reader, writer
        writer.close()


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(http, "HEAD_S", 0.15)


@pytest.mark.parametrize("said", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: local"])
async def test_who_never_says_all_of_it_is_let_go(said):
    async with connection() as (reader, writer):
        writer.write(said)
        assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_a_byte_now_and_then_holds_nothing_open():
    async with connection() as (reader, writer):
        answer = asyncio.create_task(reader.read())
        async with asyncio.timeout(5):
            while not answer.done():
                writer.write(b"\r\n")
                await asyncio.sleep(0.02)
        assert answer.result() == b""


async def test_who_waits_for_a_slow_answer_is_not_let_go():
    async with connection() as (reader, writer):
        writer.write(REQUEST)
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 204")


async def test_after_an_answer_the_time_runs_again():
    async with connection() as (reader, writer):
        writer.write(REQUEST)
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        writer.write(b"\r\n")
        assert await asyncio.wait_for(reader.read(), 3) == b""


@pytest.mark.parametrize("target", [b"http://evil.example/v1/stats", b"http://localhost/", b"localhost:80"])
async def test_a_whole_url_names_no_second_host(target):
    async with connection() as (reader, writer):
        writer.write(REQUEST.replace(b" / ", b" " + target + b" "))
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 400")


async def said(reader) -> tuple[bytes, bytes]:
    """(head, body) of the next answer."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    size = [line.partition(b": ")[2] for line in head.split(b"\r\n") if line.startswith(b"content-length")]
    return head, await reader.readexactly(int(size[0])) if size else b""


def get(path: bytes, *headers: bytes, method: bytes = b"GET", version: bytes = b"1.1") -> bytes:
    return b"\r\n".join([b"%b %b HTTP/%b" % (method, path, version), b"Host: localhost", *headers, b"", b""])


async def test_hits_and_others_are_answered_in_the_order_they_were_asked():
    paths = [b"/hit/1", b"/hit/2", b"/slow", *(b"/hit/%d" % n for n in range(900))]
    async with connection(Hits()) as (reader, writer):
        writer.write(b"".join(map(get, paths)))
        bodies = [(await said(reader))[1] for _ in paths]
    assert bodies == [path if path.startswith(b"/hit") else b"" for path in paths]


async def test_a_hit_has_the_servers_headers_and_its_own():
    async with connection(Hits()) as (reader, writer):
        writer.write(get(b"/hit/x"))
        head, _ = await said(reader)
        assert head.startswith(b"HTTP/1.1 200")
        assert b"\r\nx-cache: hit\r\n" in head
        assert b"connection: close" not in head


@pytest.mark.parametrize("asked", [get(b"/hit/x", version=b"1.0"), get(b"/hit/x", b"Connection: close")])
async def test_a_hit_for_who_asks_once_ends_the_connection(asked):
    async with connection(Hits()) as (reader, writer):
        writer.write(asked)
        assert b"\r\nconnection: close\r\n" in (await said(reader))[0]
        assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_a_head_of_a_hit_has_no_body():
    async with connection(Hits()) as (reader, writer):
        writer.write(get(b"/hit/x", method=b"HEAD") + get(b"/hit/next"))
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert (await said(reader))[1] == b"/hit/next"


async def test_who_leaves_before_the_hit_is_written_harms_nobody():
    async with connection(Hits()) as (_, writer):
        writer.write(get(b"/hit/x"))
        writer.transport.abort()
        await asyncio.sleep(0.05)
    async with connection(Hits()) as (reader, writer):
        writer.write(get(b"/hit/y"))
        assert (await said(reader))[1] == b"/hit/y"
