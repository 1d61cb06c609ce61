"""A message as it goes over the wire: framed once, compressed at most once, the same bytes for every socket."""

import struct
import zlib
from collections.abc import Hashable, Sequence
from functools import cached_property

import orjson

from crawler.core.models import Change
from crawler.core.public import change_json

WORTH = 1024  # bytes; a shorter message is never compressed
WINDOW_BITS = 12  # what clients accept most widely; also all that a compressor may look back
EVERYTHING = "*"  # the channel of those who follow every change; no client may name it on a socket


class Message:
    """`payload` is its JSON. Two messages with the same `key` are values of one thing, of which only the newest
    matters to a client that can't keep up; None is never left out."""

    def __init__(self, payload: bytes, key: Hashable = None, position: str = "", channel: str = ""):
        self.payload, self.key, self.position, self.channel = payload, key, position, channel

    @cached_property
    def plain(self) -> bytes:
        """A WebSocket text frame."""
        return _frame(0x81, self.payload)

    @cached_property
    def packed(self) -> bytes:
        """The same compressed where that is worth it, for sockets that negotiated permessage-deflate."""
        if len(self.payload) <= WORTH:
            return self.plain
        packer = zlib.compressobj(wbits=-WINDOW_BITS, memLevel=6)
        return _frame(0xC1, (packer.compress(self.payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4])


class Burst:
    """Messages that go to the same subscribers one after the other, written at once."""

    def __init__(self, messages: Sequence[Message]):
        self.messages = messages

    @cached_property
    def plain(self) -> bytes:
        return b"".join([m.plain for m in self.messages])

    @cached_property
    def packed(self) -> bytes:
        return b"".join([m.packed for m in self.messages])


def note(**fields: object) -> Message:
    """A message to one client."""
    return Message(orjson.dumps(fields))


def channels(change: Change) -> tuple[str, str, str]:
    return EVERYTHING, f"retailer:{change.retailer}", f"product:{change.product_id}"


def of_change(change: Change, channel: str) -> Message:
    """As a follower of the channel sees it; one of everything sees it on the product's channel."""
    position = change.position or ""
    shown = f"product:{change.product_id}" if channel == EVERYTHING else channel
    payload = {"type": "change", "channel": shown, "position": position, "data": change_json(change)}
    key = (channel, change.product_id, change.field, change.variant, change.seller, change.location)
    return Message(orjson.dumps(payload), key, position, channel)


def _frame(first: int, body: bytes) -> bytes:
    if len(body) < 126:
        return struct.pack("!BB", first, len(body)) + body
    if len(body) < 65_536:
        return struct.pack("!BBH", first, 126, len(body)) + body
    return struct.pack("!BBQ", first, 127, len(body)) + body
