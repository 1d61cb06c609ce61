"""The store in MongoDB, for many machines. Plain operators only, so that servers which speak its protocol serve too:
no `$push`, no transactions, no filters inside nested arrays."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import msgspec
from pymongo import UpdateOne

from crawler.core.models import Design, Record, Seen
from crawler.core.store import RUNS_KEPT, SCHEMA_VERSION, DesignQuery, PricePoint, ProductQuery, SourceRun
from crawler.core.store import mongo_documents as documents
from crawler.core.store.facets import firsts
from crawler.core.store.mongo_db import Database, answer
from crawler.core.store.mongo_documents import INDEXES, Document

NEWEST = [("finished_at", -1), ("_id", -1)]


class MongoStore:
    """`crawler.core.store.Store` on a MongoDB database, `homefeed` unless the address names another."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time):
        self._db, self._clock = Database(url), clock

    async def open(self) -> None:
        await self._db.open(SCHEMA_VERSION)

    async def close(self) -> None:
        await self._db.close()

    async def seen(self, ids: list[str]) -> dict[str, Seen]:
        found = await self._db.find("products", {"_id": {"$in": ids}}, fields=["rev", "digest"])
        return {d["_id"]: Seen(d["rev"], d["digest"]) for d in found}

    async def records(self, ids: list[str]) -> dict[str, Record]:
        return {d["_id"]: documents.record(d) for d in await self._db.find("products", {"_id": {"$in": ids}})}

    async def by_url(self, urls: list[str]) -> dict[str, str]:
        return {d["url"]: d["_id"] for d in await self._db.find("products", {"url": {"$in": urls}}, fields=["url"])}

    async def write(self, records: list[Record]) -> set[str]:
        """An id may be named although its write stood for a moment, when another writer was faster still."""
        unique, again = firsts(records)
        fresh = [documents.record_document(r) for r in unique if r.rev == 1]
        newer = [documents.record_document(r) for r in unique if r.rev > 1]
        return again | await self._db.insert("products", fresh) | await self._update(newer)

    async def touch(self, ids: list[str], at: float) -> None:
        older = {"_id": {"$in": ids}, "last_seen": {"$lt": at}}
        await answer(self._db.of("products").update_many(older, {"$set": {"last_seen": at}}))

    async def outbox(self, limit: int = 500) -> list[Record]:
        waiting = await self._db.find("products", {"pending": {"$gte": 0}}, [("pending", 1), ("_id", 1)], limit=limit)
        return [documents.record(d) for d in waiting]

    async def clear_outbox(self, relayed: dict[str, list[str]], points: Sequence[PricePoint] = ()) -> None:
        """The rev moves too: a writer that still holds the relayed changes must read again."""
        await self._db.insert("price_points", [documents.point_document(point) for point in points])
        while updates := await self._forget(relayed):
            if await self._db.update("products", updates) == len(updates):
                return

    async def price_points(self, product_id: str, since: float = 0.0) -> list[PricePoint]:
        wanted = {"product_id": product_id, "at": {"$gte": since}}
        return [documents.point(d) for d in await self._db.find("price_points", wanted, [("at", 1), ("_id", 1)])]

    async def find_products(self, query: ProductQuery) -> tuple[list[Record], int]:
        wanted, order = documents.product_filter(query), documents.PRODUCT_SORT[query.sort]
        page = await self._db.find("products", wanted, order, query.offset, query.limit)
        return [documents.record(d) for d in page], await self._db.count("products", wanted)

    async def designs(self, ids: list[str]) -> dict[str, Design]:
        return {d["_id"]: documents.design(d) for d in await self._db.find("designs", {"_id": {"$in": ids}})}

    async def write_designs(self, designs: list[Design]) -> None:
        newest = {design.id: documents.design_document(design) for design in designs}
        await self._db.upsert("designs", newest)

    async def find_designs(self, query: DesignQuery) -> tuple[list[Design], int]:
        wanted, order = documents.design_filter(query), documents.DESIGN_SORT[query.sort]
        page = await self._db.find("designs", wanted, order, query.offset, query.limit)
        return [documents.design(d) for d in page], await self._db.count("designs", wanted)

    async def hashes(self) -> list[tuple[str, str]]:
        found = await self._db.find("designs", {"phash": {"$gt": ""}}, fields=["phash"])
        return [(d["_id"], d["phash"]) for d in found]

    async def add_run(self, run: SourceRun) -> None:
        await answer(self._db.of("runs").insert_one(documents.run_document(run)))
        old = await self._db.find("runs", {"source": run.source}, NEWEST, RUNS_KEPT, fields=["_id"])
        if old:
            await answer(self._db.of("runs").delete_many({"_id": {"$in": [d["_id"] for d in old]}}))

    async def runs(self, source: str | None = None, limit: int = 20) -> list[SourceRun]:
        wanted = {} if source is None else {"source": source}
        newest = await self._db.find("runs", wanted, NEWEST, limit=limit)
        return [documents.run(d) for d in newest]

    async def get(self, kind: str, key: str, of: Any = Any) -> Any | None:
        found = await self._db.find("small", {"_id": documents.small_id(kind, key)})
        return msgspec.json.decode(found[0]["value"], type=of) if found and self._alive(found[0]) else None

    async def put(self, kind: str, key: str, value: Any, ttl: float | None = None) -> None:
        small = documents.small_document(kind, key, value, None if ttl is None else self._clock() + ttl)
        await self._drop_expired()
        await self._db.upsert("small", {small["_id"]: small})

    async def delete(self, kind: str, key: str) -> bool:
        found = await answer(self._db.of("small").find_one_and_delete({"_id": documents.small_id(kind, key)}))
        return found is not None and self._alive(found)

    async def count(self, kind: str, prefix: str = "") -> int:
        await self._drop_expired()
        return await self._db.count("small", documents.small_filter(kind, prefix))

    async def counts(self) -> dict[str, int]:
        return {name: await self._db.count(name, {}) for name in INDEXES}

    async def _drop_expired(self) -> None:
        """Plainer than a filter on a field that may be null: not every server takes that inside an `$or`."""
        await answer(self._db.of("small").delete_many({"expires": {"$lte": self._clock()}}))

    def _alive(self, small: Document) -> bool:
        return small["expires"] is None or bool(small["expires"] > self._clock())

    async def _update(self, newer: list[Document]) -> set[str]:
        """Ids whose rev had moved. The mark of this call tells which, when the server's count says that some had."""
        if not newer:
            return set()
        mark, ids = uuid4().hex, {d["_id"] for d in newer}
        if await self._db.update("products", [_next_rev(d, mark) for d in newer]) == len(newer):
            return set()
        written = await self._db.find("products", {"_id": {"$in": list(ids)}, "write": mark}, fields=["_id"])
        return ids - {d["_id"] for d in written}

    async def _forget(self, relayed: dict[str, list[str]]) -> list[UpdateOne]:
        found = await self._db.find("products", {"_id": {"$in": list(relayed)}}, fields=["rev", "outbox"])
        updates = []
        for d in found:
            left = [change for change in d["outbox"] if change["id"] not in relayed[d["_id"]]]
            if len(left) < len(d["outbox"]):
                pending = left[0]["observed_at"] if left else None
                change = {"outbox": left, "pending": pending, "rev": d["rev"] + 1}
                updates.append(UpdateOne({"_id": d["_id"], "rev": d["rev"]}, {"$set": change}))
        return updates

    async def list(self, kind: str, prefix: str = "", after: str = "", limit: int = 100) -> list[tuple[str, Any]]:
        await self._drop_expired()
        wanted = documents.small_filter(kind, prefix, after)
        found = await self._db.find("small", wanted, [("key", 1)], limit=limit)
        return [(d["key"], msgspec.json.decode(d["value"])) for d in found]


def _next_rev(document: Document, mark: str) -> UpdateOne:
    """`last_seen` only moves forward, as `touch` may have been here meanwhile."""
    changed = {k: v for k, v in document.items() if k not in ("_id", "last_seen")} | {"write": mark}
    change = {"$set": changed, "$max": {"last_seen": document["last_seen"]}}
    return UpdateOne({"_id": document["_id"], "rev": document["rev"] - 1}, change)
