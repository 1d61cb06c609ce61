"""A MongoDB database by the few plain operations the store needs, with errors a user can act on."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from bson.errors import BSONError
from pymongo import AsyncMongoClient, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, ConnectionFailure, PyMongoError

from crawler.core.errors import InputError, SchemaError, StoreAway, StoreError
from crawler.core.store.mongo_documents import INDEXES, Document

T = TypeVar("T")
AWAY = 3_000  # ms until a server that does not answer counts as away
SLOW = 20_000  # ms one answer may take
BATCH = 40  # updates in one command: FerretDB 1.24 holds a connection for each and stops for good at 100
DUPLICATE = 11000


class Database:
    """Built by `open`, on the loop that uses it. Raises StoreAway, StoreError and InputError, not the driver's."""

    def __init__(self, url: str):
        self._url = url
        self._client: AsyncMongoClient[Document] | None = None

    async def open(self, version: int) -> None:
        try:
            self._client = AsyncMongoClient(self._url, appname="homefeed", connectTimeoutMS=AWAY, socketTimeoutMS=SLOW,
                                            serverSelectionTimeoutMS=AWAY)  # fmt: skip
        except (PyMongoError, ValueError) as error:
            raise StoreError(f"HOMEFEED_STORE_URL can't be used: {error}") from error
        try:
            await self._prepare(version)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    def of(self, name: str) -> AsyncCollection[Document]:
        if self._client is None:
            raise StoreAway("the MongoDB store is not open")
        return self._client.get_default_database("homefeed")[name]

    async def find(
        self, name: str, wanted: Document, order: Any = None, offset: int = 0, limit: int = 0, fields: Any = None
    ) -> list[Document]:
        return await answer(self.of(name).find(wanted, fields, skip=offset, limit=limit, sort=order).to_list())

    async def count(self, name: str, wanted: Document) -> int:
        return await answer(self.of(name).count_documents(wanted))

    async def insert(self, name: str, fresh: list[Document]) -> set[str]:
        """Ids that were there already."""
        if not fresh:
            return set()
        try:
            await answer(self.of(name).insert_many(fresh, ordered=False))
        except StoreError as error:
            return {fresh[index]["_id"] for index in _duplicates(error)}
        return set()

    async def update(self, name: str, updates: list[UpdateOne]) -> int:
        """How many of them found their document."""
        found = 0
        for start in range(0, len(updates), BATCH):
            batch = updates[start : start + BATCH]
            found += (await answer(self.of(name).bulk_write(batch, ordered=False))).matched_count
        return found

    async def upsert(self, name: str, newest: dict[str, Document]) -> None:
        known = await self.insert(name, list(newest.values()))
        await self.update(name, [UpdateOne({"_id": id_}, {"$set": newest[id_]}) for id_ in known])

    async def _prepare(self, version: int) -> None:
        await self._check(version)
        for name, keys in INDEXES.items():
            for key in keys:
                await answer(self.of(name).create_index(key))

    async def _check(self, version: int) -> None:
        if not await self.insert("meta", [{"_id": "schema", "version": version}]):
            return
        found = (await self.find("meta", {"_id": "schema"}))[0]["version"]
        if found != version:
            raise SchemaError(f"the store has schema {found}, this homefeed speaks {version}: run the one that "
                              "wrote it, or name another database in HOMEFEED_STORE_URL")  # fmt: skip


async def answer(asked: Awaitable[T]) -> T:
    """The server's answer, or what a user can act on."""
    try:
        return await asked
    except ConnectionFailure as error:
        raise StoreAway(f"MongoDB does not answer: {error}; see HOMEFEED_STORE_URL") from error
    except PyMongoError as error:
        raise StoreError(f"MongoDB refused: {error}") from error
    except (BSONError, UnicodeEncodeError, OverflowError) as error:
        raise InputError("document", f"can't be kept: {error}") from error


def _duplicates(error: StoreError) -> list[int]:
    """Which documents of an `insert_many` were there already; any other trouble is raised again."""
    cause = error.__cause__
    failures = cause.details["writeErrors"] if isinstance(cause, BulkWriteError) and cause.details else []
    if not failures or any(failure["code"] != DUPLICATE for failure in failures):
        raise error
    return [failure["index"] for failure in failures]
