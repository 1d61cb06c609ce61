"""Many light WebSocket clients in one process, for `bench/realtime.py`: they subscribe to a channel, then count frames.

    python bench/ws/clients.py --port N --clients 1000 --channel retailer:bench

Prints one JSON line when all are subscribed; then for each number N on standard input one line `{"armed": N}` and, when
N changes have come in all, one line of figures. A change carries the time it was published in `data.old`, in ns."""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.common import emit

HELLO = (b"GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")  # fmt: skip
STAMP = b'"old":"'


class Count:
    def __init__(self, clients: int):
        self.left, self.ready = clients, asyncio.Event()
        self.wanted, self.done = 0, asyncio.Event()
        self.waits: list[int] = []
        self.last = 0

    def up(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.ready.set()

    def arm(self, wanted: int) -> None:
        self.wanted, self.waits = wanted, []
        self.done.clear()

    def change(self, stamp: int, now: int) -> None:
        self.waits.append(now - stamp)
        if len(self.waits) >= self.wanted:
            self.last = now
            self.done.set()


class Client(asyncio.Protocol):
    def __init__(self, count: Count, subscribe: bytes | None):
        self.count, self.subscribe, self.buffer, self.open = count, subscribe, b"", False

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.write(HELLO)

    def data_received(self, data: bytes) -> None:
        now = time.time_ns()
        data = self.buffer + data if self.buffer else data
        if not self.open:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self.buffer = head
                return
            self.greeted(head)
        self.buffer = data[self.frames(data, now) :]

    def greeted(self, head: bytes) -> None:
        assert head.startswith(b"HTTP/1.1 101"), head
        self.open = True
        if self.subscribe is None:
            self.count.up()
        else:
            self.transport.write(self.subscribe)

    def frames(self, data: bytes, now: int) -> int:
        """Counts each whole frame; how many bytes they were."""
        at, end = 0, len(data)
        while end - at >= 4:
            size, body = data[at + 1], at + 2
            if size == 126:
                size, body = data[at + 2] << 8 | data[at + 3], at + 4
            if end - body < size:
                break
            self.frame(data, body, now)
            at = body + size
        return at

    def frame(self, data: bytes, body: int, now: int) -> None:
        if data.startswith(b'{"type":"c', body):
            stamp = data.index(STAMP, body) + len(STAMP)
            self.count.change(int(data[stamp : stamp + 19]), now)
        elif data.startswith(b'{"type":"s', body):
            self.count.up()


def masked(text: bytes) -> bytes:
    assert len(text) < 126
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text


async def main(args: argparse.Namespace) -> None:
    loop, count = asyncio.get_running_loop(), Count(args.clients)
    channels = json.dumps({"type": "subscribe", "channels": [args.channel]}).encode()
    subscribe = None if args.silent else masked(channels)
    for _ in range(0, args.clients, 50):
        dial = (loop.create_connection(lambda: Client(count, subscribe), "127.0.0.1", args.port) for _ in range(50))
        await asyncio.gather(*dial)
    await asyncio.wait_for(count.ready.wait(), 60)
    emit({"clients": args.clients})
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        count.arm(int(line))
        emit({"armed": count.wanted})
        try:
            await asyncio.wait_for(count.done.wait(), args.timeout)
        except TimeoutError:
            count.last = time.time_ns()
        waits = sorted(count.waits)
        emit({"got": len(waits), "last_ns": count.last, "p50_ms": waits[len(waits) // 2] / 1e6,
              "p99_ms": waits[len(waits) * 99 // 100] / 1e6, "max_ms": waits[-1] / 1e6} if waits else {"got": 0})  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clients", type=int, default=1_000, help="a multiple of 50")
    parser.add_argument("--channel", default="retailer:bench")
    parser.add_argument("--silent", action="store_true", help="a server that needs no subscribe message")
    parser.add_argument("--timeout", type=float, default=60)
    import uvloop

    uvloop.run(main(parser.parse_args()))
