"""What goes over the wire of an event stream, and that nothing of it outlives its client or its server."""

import asyncio

import pytest

from api.seats import STREAMS
from api.sse import BEAT, RETRY, EventStream, beating, event


class Source:
    """Yields `chunks`, then waits until `more` is set; knows whether it was closed."""

    def __init__(self, *chunks, ends=False):
        self.chunks, self.ends, self.read, self.closed = chunks, ends, 0, asyncio.Event()

    async def run(self):
        try:
            for chunk in self.chunks:
                self.read += 1
                yield chunk
            if not self.ends:
                await asyncio.Event().wait()
        finally:
            self.closed.set()


async def taken(stream, many):
    return [await asyncio.wait_for(anext(stream), 2) for _ in range(many)]


def test_an_event_is_lines_and_a_blank_one():
    assert event("item", {"a": 'b\n"c'}, "1-0") == b'id: 1-0\nevent: item\ndata: {"a":"b\\n\\"c"}\n\n'
    assert event("done", b"{}") == b"event: done\ndata: {}\n\n"


async def test_what_the_source_yields_and_then_the_end():
    source = Source(b"a", b"b", ends=True)
    assert [chunk async for chunk in beating(source.run(), asyncio.Event())] == [RETRY, b"a", b"b"]
    assert source.closed.is_set()


async def test_it_beats_while_the_source_is_silent_and_loses_nothing():
    go = asyncio.Event()

    async def late():
        await go.wait()
        yield b"late"

    stream = beating(late(), asyncio.Event(), 0.01)
    assert await taken(stream, 3) == [RETRY, BEAT, BEAT]
    go.set()
    assert b"late" in [chunk async for chunk in stream]


async def test_it_ends_when_the_server_stops():
    source, closing = Source(b"a"), asyncio.Event()
    stream = beating(source.run(), closing)
    assert await taken(stream, 2) == [RETRY, b"a"]
    asyncio.get_running_loop().call_later(0.01, closing.set)
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(stream), 2)
    assert source.closed.is_set()


async def test_nothing_is_read_ahead_of_a_slow_client():
    source = Source(b"a", b"b", b"c")
    stream = beating(source.run(), asyncio.Event())
    assert await taken(stream, 2) == [RETRY, b"a"]
    await asyncio.sleep(0)
    assert source.read == 1
    await stream.aclose()


async def test_an_error_of_the_source_is_told_and_leaves_no_task():
    async def broken():
        yield b"a"
        raise OSError("gone")

    before = asyncio.all_tasks()
    stream = beating(broken(), asyncio.Event())
    assert await taken(stream, 2) == [RETRY, b"a"]
    with pytest.raises(OSError, match="gone"):
        await anext(stream)
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("raises", [True, False])
async def test_a_client_that_goes_closes_the_source(raises):
    source, gone, sent = Source(b"a"), asyncio.Event(), []

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        if gone.is_set() and raises:
            raise OSError
        sent.append(message)
        if message.get("body") == b"a":
            gone.set()

    scope = {"type": "http", "headers": []}
    before = asyncio.all_tasks()
    answering = asyncio.create_task(EventStream(source.run(), asyncio.Event(), 0.01)(scope, receive, send))
    await asyncio.wait({answering}, timeout=2)
    assert answering.done()
    assert source.closed.is_set()
    assert asyncio.all_tasks() == before
    assert (b"x-accel-buffering", b"no") in sent[0]["headers"]
    assert [m["body"] for m in sent[1:]] == [RETRY, b"a"]
    answering.exception()


async def test_one_access_holds_so_many_streams(monkeypatch):
    monkeypatch.setattr(STREAMS, "most", 1)
    first, sent = asyncio.Event(), []

    async def stay():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)
        first.set()

    source, other = Source(b"a"), Source(b"b")
    one = asyncio.create_task(EventStream(source.run(), asyncio.Event())({"type": "http"}, stay, send))
    await asyncio.wait_for(first.wait(), 2)
    sent.clear()
    await EventStream(other.run(), asyncio.Event())({"type": "http"}, stay, send)
    assert (sent[0]["status"], other.read) == (429, 0)
    one.cancel()
    await asyncio.wait([one])
    sent.clear()
    await EventStream(Source(b"c", ends=True).run(), asyncio.Event())({"type": "http"}, stay, send)
    assert sent[0]["status"] == 200
