"""The rival of `bench/realtime.py`: `websockets.broadcast` to every client, fed by the changes' own Redis channel.

    python bench/ws/rival.py --port N --redis URL

It sends the very text that homefeed sends for a change, so both put the same bytes on the wire."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import msgspec
from redis.asyncio import Redis
from websockets.asyncio.server import ServerConnection, broadcast, serve

from api.relay.messages import of_change
from crawler.core.models import Change

CLIENTS: set[ServerConnection] = set()


async def hold(client: ServerConnection) -> None:
    CLIENTS.add(client)
    try:
        await client.wait_closed()
    finally:
        CLIENTS.discard(client)


async def relay(url: str, shop: str) -> None:
    decoder = msgspec.json.Decoder(Change)
    async with Redis.from_url(url, protocol=3) as redis, redis.pubsub() as told:
        await told.subscribe(f"prices.{shop}")
        async for message in told.listen():
            if message["type"] == "message":
                broadcast(CLIENTS, of_change(decoder.decode(message["data"]), f"retailer:{shop}").payload.decode())


async def main(port: int, url: str, shop: str) -> None:
    async with serve(hold, "127.0.0.1", port, compression=None, backlog=2048):
        await relay(url, shop)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--shop", default="bench")
    args = parser.parse_args()
    import uvloop

    uvloop.run(main(args.port, args.redis, args.shop))
