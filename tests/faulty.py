"""`homefeed up` on the demo's sites, its processes by name, a wire to its Redis that can fail, and clients that come
back."""

import asyncio
import json
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx2
import websockets

from tests.demo_world import environ
from tests.serving import Demo

AWAY = (httpx2.HTTPError, websockets.WebSocketException, OSError, TimeoutError)


class Up(Demo):
    module = ("crawler.cli", "up")

    def __init__(self, data_dir: Path, sites: dict[str, int], **settings: str):
        world = environ(sites, data_dir, HOMEFEED_SPIDERS="crawler.demo.spiders", HOMEFEED_EXTRA_SPIDERS="")
        quiet = {"HOMEFEED_LOG_LEVEL": "WARNING", "HOMEFEED_VERIFY": "0"}
        super().__init__(data_dir, **(world | quiet | settings))

    def pid(self, name: str) -> int:
        """Of "api", "scheduler", "worker 1" or "valkey"."""
        if name == "valkey":
            return json.loads((self.data_dir / "valkey/server.json").read_text())["pid"]
        return int((self.data_dir / f"up/{name}.child").read_text())

    def kill(self, name: str) -> None:
        os.kill(self.pid(name), signal.SIGKILL)

    def client(self) -> httpx2.AsyncClient:
        limits = httpx2.Limits(max_connections=None)
        return httpx2.AsyncClient(base_url=self.url, timeout=60, limits=limits, trust_env=False)

    async def ready(self, within: float = 30.0) -> None:
        """Everything answers, and a new search ends well."""
        until = time.monotonic() + within
        async with self.client() as client:
            while not await _searches(client):
                assert time.monotonic() < until, "".join(self.lines[-30:])
                await asyncio.sleep(0.2)


async def _searches(client: httpx2.AsyncClient) -> bool:
    with suppress(*AWAY):
        if (await client.get("/readyz")).is_success:
            ask = {"kind": "products", "query": f"sofa {time.time_ns()}", "wait_ms": 5000}
            answer = await client.post("/v1/searches", json=ask)
            return answer.is_success and answer.json()["state"] == "done"
    return False


class Wire:
    """A port that leads to another one: `cut` refuses, `stall` accepts and never answers, `mend` ends both."""

    def __init__(self, target: int):
        self._target, self._writers = target, set[asyncio.StreamWriter]()
        self._loop, self._flows = asyncio.new_event_loop(), asyncio.Event()
        self._flows.set()
        self.port = 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._listen())

    def cut(self) -> None:
        self._do(self._cut())

    def stall(self) -> None:
        self._loop.call_soon_threadsafe(self._flows.clear)

    def mend(self) -> None:
        self._loop.call_soon_threadsafe(self._flows.set)
        if not self._server.is_serving():
            self._do(self._listen())

    def close(self) -> None:
        self.mend()
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _do(self, work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            with suppress(OSError):
                while data := await reader.read(65_536):
                    await self._flows.wait()
                    writer.write(data)
                    await writer.drain()
        finally:
            self._writers.discard(writer)
            writer.close()


class Search:
    """Started once, followed to its end over any number of lost connections; `ids` in the order they were told."""

    def __init__(self, client: httpx2.AsyncClient, query: str):
        self._client, self._query = client, query
        self.id, self.ids, self.end = "", list[str](), dict[str, str]()
        self._place = ""
        self.halfway = asyncio.Event()  # once alder's first page was told

    async def run(self) -> None:
        answer = await self._client.post("/v1/searches", json={"kind": "products", "query": self._query, "pages": 3})
        self.id = answer.json()["id"]
        while not self.end:
            with suppress(*AWAY):
                await self._listen()
            await asyncio.sleep(0.1)

    async def _listen(self) -> None:
        headers = {"Last-Event-ID": self._place} if self._place else {}
        async with self._client.stream("GET", f"/v1/searches/{self.id}/events", headers=headers) as answer:
            place = kind = ""
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    place = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    self._place = place
                    self._hear(kind, json.loads(value))

    def _hear(self, kind: str, data: dict) -> None:
        if kind == "item":
            self.ids += [item["id"] for item in data["items"]]
            if any(id_.startswith("alder:") for id_ in self.ids):
                self.halfway.set()
        elif kind == "done":
            self.end = data


class Follower:
    """A WebSocket client that is cut off now and then and comes back from where it was."""

    def __init__(self, url: str, channel: str, place: dict[str, str]):
        self._url, self._channel, self._place = url, channel, place
        self.got, self.connections = list[str](), 0

    async def run(self, cut_after) -> None:
        """Until cancelled; `cut_after()` gives the seconds of one connection."""
        while True:
            with suppress(*AWAY):
                async with asyncio.timeout(cut_after()):
                    await self._listen()
            await asyncio.sleep(0.05)

    async def _listen(self) -> None:
        async with websockets.connect(self._url, close_timeout=0.1, proxy=None) as socket:
            await socket.send(json.dumps({"type": "subscribe", "channels": [{"channel": self._channel} | self._place]}))
            async for message in socket:
                self._hear(json.loads(message))

    def _hear(self, told: dict) -> None:
        if told["type"] == "subscribed":
            [channel] = told["channels"]
            assert channel["recovered"]
            self.connections += 1
        elif told["type"] == "change":
            self.got.append(told["data"]["id"])
            self._place["after"] = told["position"]
