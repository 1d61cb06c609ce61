"""Products: found, one, its prices, its offers, its look-alikes."""

import time
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.answers import answer
from api.caller import TheCaller
from api.errors import missing
from api.fields import Id, Nothing, Once, Whole
from api.house import House, TheHouse
from api.lists import link, listing, pages
from api.products.history import history_json
from api.products.query import ProductParams
from api.products.same import offers_of
from api.products.similar import similar_products
from api.schemas.common import problems
from api.schemas.products import OffersShape, PricesShape, ProductList, ProductShape, SimilarProducts
from api.searches.ensure import Searched, ensure
from crawler.core.cache import tags
from crawler.core.drift.memory import site
from crawler.core.drift.standings import held_sites
from crawler.core.models import Record
from crawler.core.public import record_json
from crawler.core.store import Store

router = APIRouter(prefix="/v1/products", tags=["products"], dependencies=[Once])


class PricesParams(Nothing):
    days: Whole = Field(365, ge=1, le=3650, description="How far back points and figures reach")


class SimilarParams(Nothing):
    limit: Whole = Field(12, ge=1, le=50)


@router.get("", operation_id="listProducts", response_model=ProductList, responses=problems())
async def list_products(
    request: Request, params: Annotated[ProductParams, Query()], house: TheHouse, caller: TheCaller
) -> Response:
    """What is stored, at once. Where that is missing or older than HOMEFEED_FRESH_S, a search starts: `search_id`."""
    store = await house.store()
    records, total = await _find(store, params, house.config.currency)
    results = await _shown(store, records)
    searched = await _search(house, params, caller)
    relations = pages(request, params.page, params.per_page, total)
    content = listing(
        results, page=params.page, per_page=params.per_page, total=total,
        next_url=relations.get("next"), sources=searched.sources, stale=_stale(searched, results),
        search_id=searched.search_id,
    )  # fmt: skip
    found = [tags.NEW, tags.query(params.q), *_tags(records)] if searched.settled else None
    return answer(request, content, headers=link(relations), tags=found, lasts_s=searched.lasts_s)


@router.get("/{id:path}/prices", operation_id="getPrices", response_model=PricesShape, responses=problems(404))
async def prices(request: Request, id: Id, params: Annotated[PricesParams, Query()], house: TheHouse) -> Response:
    """Every published price of each offer, with min, max, median and the lowest of the last 30 days."""
    store = await house.store()
    record, now = await _one(store, id), time.time()
    points = await store.price_points(id)
    content = history_json(record.product, points, now - params.days * 86_400, now)
    return answer(request, content, tags=_tags([record]))


@router.get("/{id:path}/offers", operation_id="getOffers", response_model=OffersShape, responses=problems(404))
async def offers(request: Request, id: Id, params: Annotated[Nothing, Query()], house: TheHouse) -> Response:
    """This product's offers now, then those of the same product in other shops: by GTIN, else by brand and MPN. What
    is only alike by title and picture is a suggestion, never merged."""
    store = await house.store()
    found, likely = await offers_of(store, await _one(store, id))
    shown = {tags.product(name) for name in (id, *(offer["product_id"] for offer in (*found, *likely)))}
    return answer(request, {"product_id": id, "results": found, "suggestions": likely}, tags=shown)


@router.get("/{id:path}/similar", operation_id="listSimilarProducts", response_model=SimilarProducts,
            responses=problems(404))  # fmt: skip
async def similar(request: Request, id: Id, params: Annotated[SimilarParams, Query()], house: TheHouse) -> Response:
    """Products that share title words and category, most alike first."""
    store = await house.store()
    record = await _one(store, id)
    found = await similar_products(store, record.product, params.limit)
    results = await _shown(store, [other for other, _ in found])
    content = listing(
        [shown | {"similarity": likeness} for shown, (_, likeness) in zip(results, found, strict=True)],
        stale=any(shown["stale"] for shown in results),
    )
    return answer(request, content, tags=_tags([record, *(other for other, _ in found)]))


@router.get("/{id:path}", operation_id="getProduct", response_model=ProductShape, responses=problems(404))
async def one(request: Request, id: Id, params: Annotated[Nothing, Query()], house: TheHouse) -> Response:
    store = await house.store()
    record = await _one(store, id)
    (shown,) = await _shown(store, [record])
    return answer(request, shown, tags=_tags([record]))


async def _find(store: Store, params: ProductParams, currency: str) -> tuple[list[Record], int]:
    """A query of signs alone finds nothing rather than everything."""
    query = params.query(currency)
    return ([], 0) if params.q.strip() and not query.terms else await store.find_products(query)


async def _search(house: House, params: ProductParams, caller: str) -> Searched:
    args = {"location": params.location} if params.location else {}
    sources = [params.retailer] if params.retailer else []
    return await ensure(house, "products", params.q, args, params.refresh, caller, sources=sources)


async def _one(store: Store, product_id: str) -> Record:
    record = (await store.records([product_id])).get(product_id)
    if record is None:
        raise missing(f"no product {product_id!r} is stored")
    return record


async def _shown(store: Store, records: Sequence[Record]) -> list[dict[str, Any]]:
    """Those of a site that is held are stale: what is shown is the last that was believed."""
    held = await held_sites(store)
    return [record_json(record, held) for record in records]


def _stale(searched: Searched, results: Sequence[dict[str, Any]]) -> bool:
    return bool(results) and (searched.stale or any(shown["stale"] for shown in results))


def _tags(records: Sequence[Record]) -> set[str]:
    sites = {tags.site(site(record.product.url)) for record in records}
    return sites | {tags.product(record.product.id) for record in records}
