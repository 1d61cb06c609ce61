"""The real process on a real socket: one line with its address, no foreign page, no secret in its log, an orderly
end."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from api.server.serve import serve
from crawler.core.config import load
from crawler.core.errors import ConfigError

pytestmark = pytest.mark.slow
KEYS = "web:read:s3cret-read,ops:read+write:s3cret-write"


class Process:
    def __init__(self, folder, *args, **settings):
        environ = {name: value for name, value in os.environ.items() if not name.startswith("HOMEFEED_")}
        environ |= {"HOMEFEED_PORT": "0", "HOMEFEED_DATA_DIR": str(folder), "HOMEFEED_LOG_LEVEL": "DEBUG"} | settings
        self.log = (folder / "log.txt").open("w+")
        command, pipe = [sys.executable, "-m", "crawler.cli", "api", *args], subprocess.PIPE
        self.process = subprocess.Popen(
            command, env=environ, cwd=folder, stdin=pipe, stdout=pipe, stderr=self.log, text=True
        )
        self.first = self.process.stdout.readline()

    def said(self):
        self.log.seek(0)
        return self.log.read()


@pytest.fixture
def run(tmp_path):
    started = []

    def run(*args, **settings):
        started.append(Process(tmp_path, *args, **settings))
        return started[-1]

    yield run
    for one in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.process.terminate()
            one.process.wait(10)
        one.process.kill()
        one.process.wait()
        one.process.stdin.close()
        one.process.stdout.close()
        one.log.close()


def raw(url, *lines):
    """What the server says to these bytes, whole."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall("\r\n".join((*lines, "", "")).encode("latin-1"))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        head = f"HTTP/1.1 {answer.status} {answer.reason}\r\n{answer.headers}"
        return f"{head.strip()}\r\n\r\n{answer.read().decode()}"


async def refused(url, status, **kwargs):
    with pytest.raises(InvalidStatus) as error:
        await connect(url, **kwargs)
    assert error.value.response.status_code == status
    assert json.loads(error.value.response.body)["status"] == status


async def test_a_foreign_page_gets_nowhere_over_a_real_socket(run):
    served = run("--json", HOMEFEED_API_KEYS=KEYS)
    url = json.loads(served.first)["url"]
    port = url.rpartition(":")[2]
    ws = url.replace("http", "ws") + "/v1/ws"
    key = {"Authorization": "Bearer s3cret-read"}

    assert " 200 " in raw(url, "GET /healthz HTTP/1.1", f"Host: localhost:{port}")
    for host in (
        "Host: evil.example",
        "Host: evil.example:" + port,
        "Host:",
        "X-No-Host: 1",
        "Host: localhost\r\nHost: evil",
    ):
        answer = raw(url, "GET /healthz HTTP/1.1", host)
        assert answer.split(" ")[1] in ("400", "403", "422"), host
    assert " 400 " in raw(url, "GET http://evil.example/healthz HTTP/1.1", f"Host: localhost:{port}")
    for origin in ("null", "https://evil.example", f"http://localhost:{int(port) + 1}"):
        assert " 403 " in raw(url, "GET /v1/products HTTP/1.1", f"Host: localhost:{port}", f"Origin: {origin}")
        await refused(ws, 403, additional_headers=key, origin=origin)
    await refused(ws, 401)
    await refused(ws, 401, additional_headers={"Authorization": "Bearer s3cret-raed"})
    await refused(ws + "?ticket=nope", 401)
    async with connect(ws, additional_headers=key, origin=url) as socket_:
        await socket_.send('{"type":"ping"}')
        assert await socket_.recv()

    async with httpx2.AsyncClient(base_url=url) as client:
        ticket = (await client.post("/v1/tickets", headers=key)).json()["ticket"]
        async with connect(f"{ws}?ticket={ticket}") as socket_:
            await socket_.send('{"type":"ping"}')
            assert await socket_.recv()
        await refused(f"{ws}?ticket={ticket}", 401)
        stream = (await client.post("/v1/tickets", headers=key)).json()["ticket"]
        async with client.stream("GET", f"/v1/changes/stream?ticket={stream}") as answer:
            assert answer.status_code == 200
        spent = await client.get(f"/v1/changes?ticket={stream}")
        assert spent.status_code == 401
        long = f"GET /v1/products?q={'x' * (1 << 20)} HTTP/1.1"
        assert " 414 " in await asyncio.to_thread(raw, url, long, "Host: localhost")
        assert (await client.post("/v1/searches", headers=key, content=b"x" * (2 << 20))).status_code in (403, 413)
        await client.get(f"/v1/products?nope=1&ticket={ticket}")
        figures = (await client.get("/metrics", headers=key)).text

    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(10) == 0
    for secret in ("s3cret", ticket, stream, "Bearer"):
        assert secret not in served.said()
        assert secret not in figures


async def test_what_is_no_request_is_a_problem_and_has_an_end(run):
    url = run().first.split()[-1]
    for status, lines in (
        (400, ["nonsense"]),
        (400, ["GET /é HTTP/1.1", "Host: localhost"]),
        (414, [f"GET /v1/products?q={'x' * (70 << 10)} HTTP/1.1", "Host: localhost"]),
        (414, [f"GET /v1/products?q={'x' * (20 << 10)} HTTP/1.1", "Host: localhost"]),
        (403, ["GET / HTTP/1.0"]),
    ):
        answer = await asyncio.to_thread(raw, url, *lines)
        head, _, told = answer.partition("\r\n\r\n")
        assert "application/problem+json" in head, lines[0][:40]
        assert json.loads(told)["status"] == int(head.split()[1]) == status, lines[0][:40]
    many = [f"X-{n}: y" for n in range(50)]
    assert " 200 " in await asyncio.to_thread(raw, url, "GET / HTTP/1.1", "Host: localhost", *many)


async def test_an_endless_head_is_cut_off(run):
    url = run().first.split()[-1]
    _, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
    with pytest.raises(ConnectionError):
        await pour(writer)
    writer.close()


async def pour(writer):
    for _ in range(10_000):  # 640 MB, were they taken
        writer.write(b"x" * (64 << 10))
        await writer.drain()


async def test_attached_it_ends_with_its_parent(run):
    served = run("--attached")
    assert served.first.startswith("homefeed serves at http://127.0.0.1:")
    url = served.first.split()[-1]
    async with httpx2.AsyncClient(base_url=url) as client, client.stream("GET", "/v1/changes/stream") as answer:
        assert answer.status_code == 200
        begun = time.monotonic()
        served.process.stdin.close()
        assert await asyncio.to_thread(served.process.wait, 10) == 0
        assert time.monotonic() - begun < 8
    assert "Traceback" not in served.said()


async def test_one_that_is_killed_leaves_nothing_the_next_stumbles_over(run):
    first = run()
    port = first.first.strip().rpartition(":")[2]
    first.process.kill()
    first.process.wait()
    second = run(HOMEFEED_PORT=port)
    assert second.first.strip().endswith(f":{port}")
    async with httpx2.AsyncClient(base_url=second.first.split()[-1]) as client:
        assert (await client.get("/readyz")).status_code == 200


def test_a_taken_port_is_one_clear_line(run, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        served = run(HOMEFEED_PORT=str(port))
        assert served.process.wait(20) == 2
        assert served.first == ""
        assert served.said().startswith(f"homefeed: HOMEFEED_PORT: {port} is taken by another program; choose another")
        assert served.said().count("\n") == 1


def test_an_open_api_without_keys_is_one_clear_line(run):
    served = run(HOMEFEED_HOST="0.0.0.0")
    assert served.process.wait(20) == 2
    assert served.said().startswith("homefeed: HOMEFEED_API_KEYS: needs a key when HOMEFEED_HOST is 0.0.0.0")
    assert served.said().count("\n") == 1


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.name.invalid"])
def test_an_address_that_is_not_ours_names_the_setting(tmp_path, host):
    settings = load({"HOMEFEED_HOST": host, "HOMEFEED_PORT": "0", "HOMEFEED_API_KEYS": "a:read:b",
                     "HOMEFEED_DATA_DIR": str(tmp_path)}, tmp_path / "no.env")  # fmt: skip
    with pytest.raises(ConfigError, match="HOMEFEED_HOST: can't listen at"):
        serve(settings, print)
