"""Which proxy is well for which site, known to all workers: one that fails rests, each time twice as long.

Redis keys name proxies by host and port. While Redis is away, a process goes by what it saw itself.
"""

import random
from collections.abc import Callable, Sequence

import msgspec

from crawler.core.errors import BusAway
from crawler.core.optional_redis import OptionalRedis, micro, word
from crawler.core.proxies import lua
from crawler.core.proxies.alone import Alone

FIRST = 30.0  # seconds of the first rest
LONGEST = 3_600.0
KEEP_MS = int(2 * LONGEST * 1000)
SILENT = 3.0  # seconds without an answer after which a proxy is asked last
EVERYWHERE = "homefeed:proxies:*"
DROPPED = 60.0  # and after which that answer will not come any more
SITES = 3  # sites that rest a proxy, with no success between, are every site


class Rest(msgspec.Struct, frozen=True):
    """How a proxy does: seconds it still rests at every site, and the sites it failed at since it last worked."""

    everywhere_s: float
    sites: int


class Health:
    """`redis` None: this process alone. `share` draws how much of a rest is taken, so that proxies that fell together
    do not wake together."""

    def __init__(
        self, redis: OptionalRedis | None, alone: Alone | None = None,
        share: Callable[[], float] = lambda: random.uniform(0.75, 1.25),
    ):  # fmt: skip
        self._redis, self._alone, self._share = redis, alone or Alone(), share

    async def pick(self, site: str, names: Sequence[str]) -> str | None:
        """The one of `names` whose last use at the site is longest ago, those that keep an answer waiting last; None
        when all rest."""
        best = self._alone.pick(site, names, (SILENT, DROPPED))
        if self._redis and names:
            try:
                found = await self._redis.run(lua.PICK, _keys(site), [KEEP_MS, micro(SILENT), micro(DROPPED), *names])
            except BusAway:  # which has said so in the log and the metrics
                return best
            return word(found) or None
        return best

    async def failed(self, site: str, name: str, everywhere: bool = False) -> float:
        """Seconds it rests: at this site, or at every site when it can't be reached at all or this is the third site
        in a row. What was under way when it lay down does not lengthen its rest."""
        share = self._share()
        alone = self._alone.failed(site, name, everywhere, SITES, (FIRST, LONGEST, share))
        if self._redis is None:
            return alone
        arguments = [name, "1" if everywhere else "0", site, SITES, micro(FIRST), micro(LONGEST), share, KEEP_MS]
        try:
            return int(await self._redis.run(lua.FAILED, [*_keys(site), _sites_key(name)], arguments)) / 1e6
        except BusAway:
            return alone

    async def rests(self, names: Sequence[str]) -> dict[str, Rest]:
        """By name, as all workers know it; {} while nobody does. Raises BusAway."""
        if self._redis is None or not names:
            return {}
        keys = [EVERYWHERE, *map(_sites_key, names)]
        found = await self._redis.run(lua.RESTS, keys, list(names))
        return {name: Rest(int(micro) / 1e6, int(sites)) for name, (micro, sites) in zip(names, found, strict=True)}

    async def worked(self, site: str, name: str) -> None:
        """It is well again, here and everywhere."""
        self._alone.worked(site, name)
        if self._redis:
            try:
                await self._redis.run(lua.WORKED, [*_keys(site), _sites_key(name)], [name])
            except BusAway:
                return


def _keys(site: str) -> list[str]:
    return [f"homefeed:proxies:{site}", EVERYWHERE]


def _sites_key(name: str) -> str:
    return f"homefeed:proxy_sites:{name}"
