"""What a connection may do before there is a request to answer."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import uvicorn
from uvicorn.server import ServerState

from api.server import http
from api.server.http import Bounded

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def app(scope, receive, send):
    await asyncio.sleep(0.3)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@asynccontextmanager
async def connection():
    config = uvicorn.Config(app, http=Bounded, log_config=None, access_log=False)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: Bounded(config, state, {}), "127.0.0.1", 0)
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
