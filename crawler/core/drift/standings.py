"""Which sites are not healthy, and how an operator takes one as it is."""

import time
from collections.abc import Sequence

import msgspec

from crawler.core.drift.ledger import save
from crawler.core.drift.memory import KIND, STANDING, Alarm, Memory, State, accepted, key
from crawler.core.drift.usual import Usual, usual
from crawler.core.store import Store

MOST = 1_000  # sites that are looked at


async def standings(store: Store, source: str = "") -> list[Alarm]:
    """Sites that are suspect or held, of one source or of all."""
    found = await store.list(STANDING, key(source) if source else "", limit=MOST)
    return [msgspec.convert(value, Alarm) for _, value in found]


async def held_sites(store: Store) -> frozenset[str]:
    return frozenset(standing.site for standing in await standings(store) if standing.state == "held")


async def accept(store: Store, source: str) -> list[str]:
    """Every site of the source that is not healthy is taken as it is now; returns them."""
    sites = []
    for standing in await standings(store, source):
        found = await store.get(KIND, key(source, standing.site), of=Memory)
        await save(store, accepted(found or Memory(source, standing.site), time.time()))
        sites.append(standing.site)
    return sites


async def usual_figures(store: Store, standing: Alarm) -> dict[str, dict[str, float]]:
    """What the site's good pages looked like, by depth: pages, items on a page, shares by field."""
    stored = await store.get(KIND, key(standing.source, standing.site), of=Memory)
    known = {depth: usual(depth, samples) for depth, samples in stored.samples.items()} if stored else {}
    return {depth: _figures(found) for depth, found in known.items() if found}


def _figures(found: Usual) -> dict[str, float]:
    shares = {field: share for field, (share, _) in found.coverage.items()}
    shares |= {"agreed": found.agreed, "disputed": found.disputed}
    return {"pages": found.pages, "per_page": found.per_page} | {f: round(share, 4) for f, share in shares.items()}


def worst(standings: Sequence[Alarm]) -> State:
    states = {standing.state for standing in standings}
    return "held" if "held" in states else "suspect" if states else "healthy"
