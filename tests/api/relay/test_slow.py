"""One client that takes nothing delays nobody, is kept the newest values, and is sent away to resume."""

import asyncio
import socket

import pytest
import websockets
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from api.relay import backlog, protocol
from api.relay.backlog import Backlog
from api.relay.messages import Burst, Message
from tests.api.relay.live import change, changes, heard, said, serving, subscribed, until

SUBSCRIBE = b'{"type":"subscribe","channels":["retailer:oak"]}'


class Deaf:
    """A client that subscribes and then reads nothing until it is told to."""

    def __init__(self, port):
        self.port, self.protocol = port, ClientProtocol(parse_uri(f"ws://127.0.0.1:{port}/v1/ws"), max_size=None)

    async def __aenter__(self):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.setblocking(False)
        self.loop = asyncio.get_running_loop()
        await self.loop.sock_connect(self.socket, ("127.0.0.1", self.port))
        self.protocol.send_request(self.protocol.connect())
        await self.flush()
        self.protocol.receive_data(await self.loop.sock_recv(self.socket, 2048))
        self.protocol.send_text(SUBSCRIBE)
        await self.flush()
        await self.loop.sock_recv(self.socket, 2048)
        return self

    async def __aexit__(self, *_):
        self.socket.close()

    async def flush(self):
        await self.loop.sock_sendall(self.socket, b"".join(self.protocol.data_to_send()))

    async def rest(self):
        """Everything the server still sends, to its close: the texts and the close code."""
        while data := await self.loop.sock_recv(self.socket, 1 << 16):
            self.protocol.receive_data(data)
            if self.protocol.close_rcvd:
                break
        texts = [bytes(event.data) for event in self.protocol.events_received() if getattr(event, "opcode", 0) == 1]
        return texts, self.protocol.close_rcvd.code


async def flood(live, rounds):
    """Long changes of twenty products, until the slow client's buffers are full many times over."""
    for n in range(rounds):
        await live.publish(*(change(f"{n}-{p}", product=str(p), new=f"{n:010000d}") for p in range(20)))


async def test_a_client_that_stays_slow_is_closed_to_resume_and_the_others_go_on(live, monkeypatch):
    monkeypatch.setattr(protocol, "HIGH", 64 << 10)
    monkeypatch.setattr(protocol, "SLOW_S", 0.5)
    async with live.client(max_size=None) as quick, Deaf(live.port) as deaf:
        await subscribed(quick, "retailer:oak")
        await until(lambda: len(live.hub._channels["retailer:oak"]) == 2)
        reading = asyncio.create_task(changes(quick, 60 * 20))
        async with asyncio.timeout(10):
            await flood(live, 60)
            assert len(await reading) == 1_200
        await until(lambda: len(live.hub._channels["retailer:oak"]) == 1 or closed(live))
        assert (await deaf.rest())[1] == protocol.RESUME
    await until(lambda: not live.hub._channels)


def closed(live):
    return any(s._outlet.close_sent for s in live.hub._channels["retailer:oak"])


def message(n, key):
    return Message(str(n).encode(), key)


def test_a_backlog_gives_everything_while_it_is_short():
    log = Backlog(5)
    assert log.add([message(n, "price") for n in range(5)])
    assert [m.payload for m in log.take()] == [b"0", b"1", b"2", b"3", b"4"]
    assert log.take() == []


def test_a_long_backlog_keeps_the_newest_of_each_value_in_order():
    log = Backlog(5)
    assert log.add([message(n, "ab"[n % 2]) for n in range(9)])
    assert log.add([message(9, "a")])
    assert [m.payload for m in log.take()] == [b"7", b"8", b"9"]


def test_what_has_no_newer_value_overflows():
    log = Backlog(5)
    assert log.add([message(n, None) for n in range(5)])
    assert not log.add([message(5, None)])


async def test_a_client_that_catches_up_in_time_gets_the_newest_values_in_order(live, monkeypatch):
    monkeypatch.setattr(protocol, "HIGH", 64 << 10)
    monkeypatch.setattr(backlog, "MOST", 60)
    monkeypatch.setattr(Backlog.__init__, "__defaults__", (60,))
    async with Deaf(live.port) as deaf:
        await until(lambda: "retailer:oak" in live.hub._channels)
        await flood(live, 60)
        positions = await live.publish(*(change(f"last-{p}", product=str(p), new="1.00") for p in range(20)))
        await live.hub.reached(positions[-1])
        (session,) = live.hub._channels["retailer:oak"]
        assert 0 < len(session._outlet._backlog) <= 60
        resting = asyncio.create_task(deaf.rest())
        await until(lambda: session._outlet._backlog is None)
        session._outlet.close(1000, "enough")
        texts, code = await asyncio.wait_for(resting, 10)
        assert code == 1000
        last = [t for t in texts if b'"last-' in t or b"oak-last-" in t]
        assert len(last) == 20
        assert texts[-20:] == last
        assert len(texts) < 60 * 20


def test_the_same_bytes_go_to_every_socket():
    burst = Burst([message(1, None), message(2, None)])
    assert burst.plain is burst.plain
    assert burst.packed == burst.plain


async def test_a_client_that_does_not_answer_pings_is_closed(tmp_path, valkey):
    options = {"ws_ping_interval": 0.1, "ws_ping_timeout": 0.3}
    async with serving(tmp_path, valkey, **options) as live, Deaf(live.port) as deaf, live.client() as well:
        await subscribed(well, "retailer:oak")
        assert (await asyncio.wait_for(deaf.rest(), 5))[1] == 1011
        await asyncio.sleep(0.3)
        await said(well, type="ping")
        assert await heard(well) == {"type": "pong"}


async def test_the_server_going_down_says_come_again(tmp_path, valkey):
    async with serving(tmp_path, valkey) as live, live.client() as ws:
        await subscribed(ws, "retailer:oak")
        for connection in list(live.server.server_state.connections):
            connection.shutdown()
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await heard(ws)
        assert closed.value.rcvd.code == 1012
