"""What a client has put aside: one small document per thing, under `<client>/<collection>/<id of the thing>`."""

import time
from typing import Any, Literal

import msgspec

from api.clients.owned import family, key
from api.errors import Problem, missing
from api.searches.found import things
from crawler.core.public import iso
from crawler.core.store import Store

KIND = "collection"
MOST = 5_000  # things in one collection
NAMES = 100  # collections of one client
SHARED = 100_000  # things of all who share one access, whatever they call themselves
LAST = "\U0010ffff"  # comes after every id


class Kept(msgspec.Struct):
    """One thing in a collection. `added_at` in Unix seconds."""

    id: str
    kind: Literal["products", "designs"]
    added_at: float

    def json(self, name: str) -> dict[str, Any]:
        return {"collection": name, "id": self.id, "kind": self.kind, "added_at": iso(self.added_at)}


class Collections:
    """Those of one client. Every method raises StoreError."""

    def __init__(self, store: Store, client: str):
        self._store, self._client = store, client

    async def get(self, name: str, id_: str) -> Kept | None:
        found = await self._store.get(KIND, key(self._client, name, id_))
        return None if found is None else msgspec.convert(found, Kept)

    async def put(self, name: str, id_: str) -> tuple[Kept, bool]:
        """(the thing, whether it is new here). Raises Problem for a thing that is not stored, or a full collection."""
        if kept := await self.get(name, id_):
            return kept, False
        kept = Kept(id_, await self._kind(id_), time.time())
        await self._check_room(name)
        await self._store.put(KIND, key(self._client, name, id_), msgspec.to_builtins(kept))
        return kept, True

    async def _check_room(self, name: str) -> None:
        """Raises Problem 409."""
        held = await self._store.count(KIND, key(self._client, name, ""))
        if held >= MOST:
            raise Problem(409, "conflict", f"collection {name} is full: it holds {MOST} things; take one out first")
        if not held and len(await self.names()) >= NAMES:
            raise Problem(409, "conflict", f"you have {NAMES} collections; empty one first")
        if await self._store.count(KIND, family(self._client)) >= SHARED:
            raise Problem(409, "conflict", f"your collections hold {SHARED} things in all; take some out first")

    async def delete(self, name: str, id_: str) -> None:
        await self._store.delete(KIND, key(self._client, name, id_))

    async def page(self, name: str, offset: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """(things newest first, each with what is stored of it as `item`, how many there are)."""
        found = await self._store.list(KIND, key(self._client, name, ""), limit=MOST)
        kept = sorted((msgspec.convert(value, Kept) for _, value in found), key=lambda k: (-k.added_at, k.id))
        shown = kept[offset : offset + limit]
        items = await self._items(shown)
        return [k.json(name) | {"item": items.get(k.id)} for k in shown], len(kept)

    async def names(self) -> list[dict[str, Any]]:
        """Every collection that holds something, and how many."""
        mine, after, found = key(self._client, ""), "", list[dict[str, Any]]()
        while first := await self._store.list(KIND, mine, after, 1):
            name = first[0][0].removeprefix(mine).partition("/")[0]
            prefix = key(self._client, name, "")
            found.append({"name": name, "count": await self._store.count(KIND, prefix)})
            after = prefix + LAST
        return found

    async def _kind(self, id_: str) -> Literal["products", "designs"]:
        if await self._store.seen([id_]):
            return "products"
        if await self._store.designs([id_]):
            return "designs"
        raise missing(f"no product or design {id_} is stored")

    async def _items(self, kept: list[Kept]) -> dict[str, dict[str, Any]]:
        products = await things(self._store, "products", [k.id for k in kept if k.kind == "products"])
        designs = await things(self._store, "designs", [k.id for k in kept if k.kind == "designs"])
        return {item["id"]: item for item in products + designs}
