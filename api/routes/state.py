"""How the sources do, and how homefeed itself does."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.answers import answer
from api.fields import Nothing, Once
from api.house import House, TheHouse
from api.schemas.common import problems
from api.schemas.state import SourcesShape, StatsShape
from api.state.probes import within
from api.state.sources import alarm_json, source_health
from crawler.core import metrics
from crawler.core.breaker import Breaker, State, Terms
from crawler.core.drift.alarms import alarms
from crawler.core.models.jobs import SourceInfo, WorkerInfo
from crawler.core.public import iso
from crawler.core.timings import TIMINGS

router = APIRouter(prefix="/v1", tags=["state"], dependencies=[Once])


@router.get("/sources", operation_id="listSources", response_model=SourcesShape, responses=problems())
async def sources(request: Request, params: Annotated[Nothing, Query()], house: TheHouse) -> Response:
    """Every source that a worker told of or that ever ran: its terms, its fees, its last run, whether a worker can
    crawl it, whether its pages look as ever and its hosts are asked; and the last alarms."""
    told, waiting, rung = await asyncio.gather(within(_told(house)), within(_waiting(house)), within(_alarms(house)))
    circuits = None if told is None else await within(_circuits(house, told))
    results = await source_health(await house.store(), told, circuits)
    return answer(request, {"results": results, "alarms": rung, "waiting": waiting})


@router.get("/stats", operation_id="getStats", response_model=StatsShape, responses=problems())
async def stats(request: Request, params: Annotated[Nothing, Query()], house: TheHouse) -> Response:
    """Latency by route, hit rates, followers; the line, the workers and what is stored."""
    waiting, workers, store = await asyncio.gather(within(_waiting(house)), within(_workers(house)),
                                                   within(_counts(house)))  # fmt: skip
    content = {
        "routes": TIMINGS.routes(),
        "cache": _cache(),
        "relay": _relay(),
        "waiting": waiting,
        "workers": workers,
        "store": store,
    }
    return answer(request, content, headers={"Cache-Control": "no-store"})


async def _alarms(house: House) -> list[dict[str, Any]]:
    return [alarm_json(alarm) for alarm in await alarms(await house.shared.redis_url())]


async def _circuits(house: House, told: Sequence[SourceInfo]) -> dict[str, State]:
    breaker = Breaker(house.redis, Terms(house.config.breaker_s))
    return await breaker.states(dict.fromkeys(host for source in told for host in source.hosts))


async def _told(house: House) -> Sequence[SourceInfo]:
    return await (await house.queue()).sources()


async def _waiting(house: House) -> int:
    return await (await house.queue()).waiting()


async def _workers(house: House) -> list[dict[str, Any]]:
    return [_worker(worker) for worker in await (await house.queue()).workers()]


async def _counts(house: House) -> dict[str, int]:
    return await (await house.store()).counts()


def _worker(worker: WorkerInfo) -> dict[str, Any]:
    fields = {f: getattr(worker, f) for f in WorkerInfo.__struct_fields__}
    return fields | {"started_at": iso(worker.started_at), "seen_at": iso(worker.seen_at)}


def _cache() -> dict[str, Any]:
    counts = metrics.CACHE
    asked = counts["hit"] + counts["stale"] + counts["miss"]
    return counts | {"hit_rate": round((counts["hit"] + counts["stale"]) / asked, 4) if asked else None}


def _relay() -> dict[str, Any]:
    followers = {sample.labels["kind"]: int(sample.value) for family in metrics.FOLLOWERS.collect()
                 for sample in family.samples}  # fmt: skip
    return {
        "followers": followers,
        "deliveries": int(metrics.REGISTRY.get_sample_value("homefeed_deliveries_total") or 0),
    }
