"""What this process holds itself: bounded in bytes and entries, the least recently used goes first."""

import math
from collections import OrderedDict
from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

from crawler.core.cache.lua import EVERYTHING

T = TypeVar("T")


class Entry(msgspec.Struct, Generic[T], gc=False):
    """`value` until `fresh_till`, then stale until `gone_at` (seconds of the cache's clock). `size` in bytes,
    `tick` that of its computation."""

    value: T
    tick: float
    tags: tuple[str, ...]
    size: int
    fresh_till: float
    gone_at: float


class Memory(Generic[T]):
    def __init__(self, most_bytes: int, most_entries: int):
        self._most_bytes, self._most_entries = most_bytes, most_entries
        self._entries: OrderedDict[bytes, Entry[T]] = OrderedDict()
        self._by_tag: dict[str, set[bytes]] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: bytes) -> Entry[T] | None:
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def put(self, key: bytes, entry: Entry[T]) -> None:
        """One that alone would fill an eighth of the space is not held."""
        self.drop(key)
        if entry.size > self._most_bytes // 8:
            return
        self._entries[key] = entry
        self.bytes += entry.size
        for tag in entry.tags:
            self._by_tag.setdefault(tag, set()).add(key)
        while self.bytes > self._most_bytes or len(self._entries) > self._most_entries:
            self.drop(next(iter(self._entries)))

    def drop(self, key: bytes) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self.bytes -= entry.size
        for tag in entry.tags:
            keys = self._by_tag.get(tag, set())
            keys.discard(key)
            if not keys:
                self._by_tag.pop(tag, None)

    def clear(self) -> None:
        self._entries.clear()
        self._by_tag.clear()
        self.bytes = 0

    def forget(self, tags: Iterable[str], tick: float) -> None:
        """Drops what has one of the tags and was computed at or before `tick`."""
        tags = tuple(tags)
        if EVERYTHING in tags and tick == math.inf:
            self.clear()
        for key in {key for tag in tags for key in self._tagged(tag)}:
            if self._entries[key].tick <= tick:
                self.drop(key)

    def _tagged(self, tag: str) -> Iterable[bytes]:
        return self._entries if tag == EVERYTHING else self._by_tag.get(tag, ())
