"""A site that drifts is told: in the log, as a metric, and in `homefeed:alarms`, a short Redis Stream whose entries are
published on the channel `alarms` too. Cached lists that show the source are dropped, for they may be stale now."""

import logging
from typing import Any

import msgspec

from crawler.core import metrics
from crawler.core.cache import tags
from crawler.core.drift.memory import LEVELS, Alarm
from crawler.core.errors import BusAway, ConfigError
from crawler.core.models import encode
from crawler.core.redis_client import away, connect
from crawler.core.shared import Shared, outdate

STREAM = "homefeed:alarms"
CHANNEL = "alarms"
LENGTH = 1_000

log = logging.getLogger(__name__)
_alarm = msgspec.json.Decoder(Alarm)


async def sound(shared: Shared, alarm: Alarm) -> None:
    """Never raises for Redis: the state itself is in the store."""
    _log(alarm)
    metrics.drift(alarm.source, alarm.site, alarm.state, LEVELS.index(alarm.state))
    try:
        await _publish(await shared.redis_url(), alarm)
    except (BusAway, ConfigError) as error:
        log.warning("the alarm is told here only: %s", error)
        metrics.away("redis")
    await outdate(shared, [tags.site(alarm.site)])


async def alarms(url: str, limit: int = 50) -> list[Alarm]:
    """Newest first. Raises BusAway."""
    redis = connect(url)
    try:
        with away():
            entries: Any = await redis.xrevrange(STREAM, count=limit)
    finally:
        await redis.aclose()
    return [_alarm.decode(fields[b"data"]) for _, fields in entries]


async def _publish(url: str, alarm: Alarm) -> None:
    redis, told = connect(url), encode(alarm)
    try:
        with away():
            async with redis.pipeline() as pipe:
                pipe.xadd(STREAM, {"data": told}, maxlen=LENGTH, approximate=True)
                pipe.publish(CHANNEL, told)
                await pipe.execute()
    finally:
        await redis.aclose()


def _log(alarm: Alarm) -> None:
    reasons = "; ".join(alarm.reasons) or "its pages are as ever again"
    worse = LEVELS.index(alarm.state) > LEVELS.index(alarm.was)
    level = logging.ERROR if alarm.state == "held" else logging.WARNING if worse else logging.INFO
    log.log(level, "%s (%s) is %s, was %s: %s", alarm.source, alarm.site, alarm.state, alarm.was, reasons)
