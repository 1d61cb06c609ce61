"""The whole app on a real port, and clients that speak to it over real sockets."""

import asyncio
import json
from contextlib import asynccontextmanager

import uvicorn
import websockets

from api.app import asgi
from api.relay.protocol import SETTINGS, Socket
from crawler.core.config import load
from crawler.core.models import Change

QUIET = 0.15  # seconds without a message after which nothing more is expected


def change(n, shop="oak", product=None, field="price", new="9.00"):
    return Change(id=f"{shop}-{n}", product_id=f"{shop}:{product or n}", field=field, old="10.00", new=new,
                  currency="INR", observed_at=1.5, confirmed="high_confidence")  # fmt: skip


class Live:
    def __init__(self, house, server):
        self.server, self.house = server, house
        self.port = server.servers[0].sockets[0].getsockname()[1]

    @property
    def hub(self):
        return self.house.relay.hub

    async def publish(self, *changes):
        return await (await self.house.bus()).publish(list(changes))

    def client(self, **options):
        """Its queue is not bounded: a client of this library that stopped reading takes 10 s to close."""
        return websockets.connect(f"ws://127.0.0.1:{self.port}/v1/ws", **({"max_queue": None} | options))


@asynccontextmanager
async def serving(folder, redis_url="", ws=Socket, **settings):
    environ = {"HOMEFEED_DATA_DIR": str(folder), "HOMEFEED_REDIS_URL": redis_url}
    front = asgi(load(environ, folder / "no.env"))
    options = SETTINGS | {"ws": ws, "lifespan": "on", "log_level": "warning"} | settings
    server = uvicorn.Server(uvicorn.Config(front, port=0, timeout_graceful_shutdown=3, **options))
    task = asyncio.create_task(server._serve())
    while not server.started:
        assert not task.done(), task.result()
        await asyncio.sleep(0.01)
    try:
        yield Live(front.house, server)
    finally:
        front.house.closing.set()
        server.should_exit = True
        await task


async def heard(ws, seconds=5.0):
    return json.loads(await asyncio.wait_for(ws.recv(), seconds))


async def said(ws, **message):
    await ws.send(json.dumps(message))


async def subscribed(ws, *channels):
    """The reply to each channel, which are names or {"channel", "after", "epoch"}."""
    await said(ws, type="subscribe", channels=list(channels))
    replies = []
    while len(replies) < len(channels):
        message = await heard(ws)
        assert message["type"] == "subscribed", message
        replies += message["channels"]
    return replies


async def changes(ws, count):
    """The next `count` changes as (channel, id)."""
    got = [await heard(ws) for _ in range(count)]
    assert {m["type"] for m in got} <= {"change"}, got
    return [(m["channel"], m["data"]["id"]) for m in got]


async def quiet(ws):
    """Nothing more comes."""
    try:
        message = await heard(ws, QUIET)
    except TimeoutError:
        return
    raise AssertionError(f"unexpected: {message}")


async def until(true, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)
