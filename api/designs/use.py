"""A person uses a picture: kept in the store, and told to the source that asks for it (its "download ping")."""

import time
from typing import Any

import httpx2

from api.house import House
from crawler.core.errors import BusAway, ConfigError, GuardError
from crawler.core.guard import Guard, Target
from crawler.core.models import Design
from crawler.core.public import iso

KIND = "use"  # of small document
KEPT_S = 400 * 86_400.0
PING_S = 5.0


async def use(house: House, design: Design, client: str) -> dict[str, Any]:
    """What came of it; of each client its last use of a design is kept. It counts even where its source could not be
    told. Raises StoreError."""
    now = time.time()
    kept = {"design_id": design.id, "client": client, "at": now}
    await (await house.store()).put(KIND, f"{design.id}/{client}", kept, ttl=KEPT_S)
    reason = await _tell(house, design)
    return {"design_id": design.id, "used_at": iso(now), "pinged": not reason, "reason": reason}


async def _tell(house: House, design: Design) -> str:
    """Empty when the source was told, else why not."""
    if design.ping is None:
        return await _unasked(house, design)
    guard = Guard(house.config.names("guard_allow"))
    try:
        return await ping(await guard.resolve_and_check(design.ping, "ping"))
    except GuardError as error:
        return f"its address may not be asked: {error}"


async def _unasked(house: House, design: Design) -> str:
    try:
        told = {source.name: source for source in await (await house.queue()).sources()}.get(design.source)
    except (BusAway, ConfigError):
        return "Redis does not answer: what its source asks for is not known"
    if told is None:
        return "no worker has told what its source asks for"
    if told.terms.get("ping"):
        return "its source asks for a ping, but this design was stored without an address for it"
    return "its source does not ask for it"


async def ping(target: Target) -> str:
    """Asks the very address that was checked, whatever DNS says by now. Empty, or why it failed."""
    url = httpx2.URL(target.url)
    pinned = url.copy_with(host=target.addresses[0]) if target.addresses else url
    headers = {"Host": url.netloc.decode("ascii")}
    try:
        async with httpx2.AsyncClient(timeout=PING_S, follow_redirects=False, trust_env=False) as client:
            answer = await client.get(pinned, headers=headers, extensions={"sni_hostname": target.host})
    except httpx2.HTTPError as error:
        return f"its source does not answer: {type(error).__name__}"
    return "" if answer.status_code < 400 else f"its source answers with status {answer.status_code}"
