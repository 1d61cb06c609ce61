"""Is it alive, can it work, and its figures for Prometheus."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from api.answers import answer
from api.errors import Problem
from api.fields import Nothing, Once
from api.house import TheHouse
from api.schemas.common import problems
from api.schemas.state import AliveShape, ReadyShape
from api.state.probes import redis_answers, store_answers, within
from crawler.core import metrics

router = APIRouter(tags=["health"], dependencies=[Once])


@router.get("/healthz", operation_id="alive", response_model=AliveShape, responses=problems())
async def alive(request: Request, params: Annotated[Nothing, Query()]) -> Response:
    """This process answers; it says nothing of what it needs."""
    return answer(request, {"status": "ok"})


@router.get("/readyz", operation_id="ready", response_model=ReadyShape, responses=problems())
async def ready(request: Request, params: Annotated[Nothing, Query()], house: TheHouse) -> Response:
    """The store and Redis answer in time; else a 503 that names which does not."""
    store, redis = await asyncio.gather(within(store_answers(house)), within(redis_answers(house)))
    if store and redis:
        return answer(request, {"status": "ok", "store": "ok", "redis": "ok"})
    away = [name for name, there in (("the store", store), ("Redis", redis)) if not there]
    slug = "redis-away" if store else "store-away"
    raise Problem(503, slug, f"{' and '.join(away)} did not answer in time", headers={"Retry-After": "2"})


@router.get("/metrics", operation_id="metrics", response_class=PlainTextResponse, responses=problems())
async def figures(params: Annotated[Nothing, Query()]) -> Response:
    """Prometheus' text format; of this process."""
    return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)
