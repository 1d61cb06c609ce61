"""The watches of one client: made, listed, taken back, and shown with what fired."""

import hashlib
import math
import time
from typing import Any

import msgspec

from api.clients.owned import family, key
from api.errors import Problem, missing, wrong
from api.house import House
from crawler.core.errors import BusAway
from crawler.core.guard import Guard
from crawler.core.public import iso, money
from crawler.core.queue import Queue
from crawler.core.shop import SHOP
from crawler.core.shop import source_of as source_of_retailer
from crawler.core.store import Store
from crawler.core.watches import KIND, Hit, Rules, Watch, hits
from crawler.core.watching import settled, source_of

MOST = 1_000  # watches of one client
SHARED = 10_000  # of all who share one access, whatever they call themselves
HITS = 50


async def watch(house: House, client: str, rules: Rules, product_id: str | None, url: str | None) -> tuple[Watch, bool]:
    """(the watch, whether it is new). Raises Problem, StoreError; BusAway for a page that must be read first."""
    store, id_ = await house.store(), _id(product_id or url or "", rules)
    if known := await store.get(KIND, key(client, id_)):
        return msgspec.convert(known, Watch), False
    await _check_room(store, client)
    made = Watch(id_, client, "", rules, time.time(), product_id, url)
    await (_by_url(house, made, url) if url else _by_id(store, made, product_id or ""))
    await store.put(KIND, key(client, id_), msgspec.to_builtins(made))
    return made, True


async def _check_room(store: Store, client: str) -> None:
    """Raises Problem 409."""
    for prefix, most in ((key(client, ""), MOST), (family(client), SHARED)):
        if await store.count(KIND, prefix) >= most:
            raise Problem(409, "conflict", f"you have {most} watches; delete one first")


async def one(house: House, client: str, id_: str) -> Watch:
    """Raises Problem 404."""
    found = await (await house.store()).get(KIND, key(client, id_))
    if found is None:
        raise missing(f"you have no watch {id_}")
    return await _settled(house, key(client, id_), msgspec.convert(found, Watch))


async def page(house: House, client: str, offset: int, limit: int) -> tuple[list[Watch], int]:
    """(watches newest first, how many there are)."""
    found = await (await house.store()).list(KIND, key(client, ""), limit=MOST)
    watches = sorted((msgspec.convert(value, Watch) for _, value in found), key=lambda w: (-w.created_at, w.id))
    shown = watches[offset : offset + limit]
    return [await _settled(house, key(client, w.id), w) for w in shown], len(watches)


async def unwatch(house: House, client: str, id_: str) -> None:
    """Raises Problem 404."""
    if not await (await house.store()).delete(KIND, key(client, id_)):
        raise missing(f"you have no watch {id_}")


async def expected_age(house: House) -> float | None:
    """Seconds a reading of a watched product can be old: the pause between rechecks, and the time in line where every
    job takes as long as it may. None while Redis is away."""
    try:
        queue = await house.queue()
        waiting, workers = await queue.waiting(), max(1, len(await queue.workers()))
    except BusAway:
        return None
    turns = math.ceil(waiting / (workers * house.config.worker_jobs))
    return house.config.recheck_s + turns * house.config.search_s


async def watch_json(store: Store, shown: Watch, age: float | None) -> dict[str, Any]:
    points = await store.price_points(shown.product_id) if shown.product_id else []
    fired = hits(shown.rules, shown.created_at, points)[-HITS:]
    rules = msgspec.structs.asdict(shown.rules)
    return {
        "id": shown.id, "product_id": shown.product_id, "url": shown.url, "retailer": shown.retailer,
        "rules": rules | {"target_price": money(shown.rules.target_price, shown.rules.currency)},
        "state": "watching" if shown.product_id else "failed" if shown.reason else "reading", "reason": shown.reason,
        "created_at": iso(shown.created_at), "expected_age_s": age, "hits": [_hit_json(hit) for hit in fired[::-1]],
    }  # fmt: skip


def _hit_json(hit: Hit) -> dict[str, Any]:
    old, new = (money(v, hit.currency) if isinstance(v, int) else v for v in (hit.old, hit.new))
    return msgspec.structs.asdict(hit) | {"at": iso(hit.at), "old": old, "new": new}


def _id(target: str, rules: Rules) -> str:
    """The same wish has the same id, so that asking again is asking once."""
    return hashlib.blake2b(msgspec.json.encode([target, rules]), digest_size=12).hexdigest()


async def _by_id(store: Store, made: Watch, product_id: str) -> None:
    record = (await store.records([product_id])).get(product_id)
    if record is None:
        raise missing(f"no product {product_id} is stored; watch it by its url")
    made.retailer, made.url = source_of_retailer(record.product.retailer), record.product.url


async def _by_url(house: House, made: Watch, url: str) -> None:
    """The page is read at once; the watch learns its product from what that finds."""
    Guard(house.config.names("guard_allow")).check(url)
    queue = await house.queue()
    made.retailer = await _shop(queue, url)
    job, _ = await queue.submit("recheck", sources=[made.retailer], args={"url": url}, client=made.client)
    made.job_id = job.id


async def _shop(queue: Queue, url: str) -> str:
    """The source that reads this page: the shop's own spider, else the one for any shop."""
    sources = await queue.sources()
    if source := source_of(url, sources):
        return source.name
    if any(s.name == SHOP for s in sources):
        return SHOP
    shops = ", ".join(f"{s.name} ({s.hosts[0]})" for s in sources if s.kind == "products" and s.hosts)
    if not shops:
        raise wrong("url", "can't be read: no worker has told yet which shops it reads")
    raise wrong("url", f"is on no shop that is read here; use a page of {shops}")


async def _settled(house: House, name: str, shown: Watch) -> Watch:
    if shown.product_id or not shown.job_id:
        return shown
    try:
        return await settled(await house.store(), await house.queue(), name, shown)
    except BusAway:
        return shown
