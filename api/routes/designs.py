"""Designs: found, one, its look-alikes, and that a person uses it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.convertors import PathConvertor, register_url_convertor

from api.answers import answer
from api.caller import TheCaller
from api.designs.arrivals import Arrivals, arrivals
from api.designs.query import DesignParams
from api.designs.similar import similar_designs
from api.designs.use import use
from api.errors import missing, wrong
from api.fields import Id, Nothing, Once, Whole
from api.house import House, TheHouse
from api.lists import link, listing, pages, url
from api.schemas.common import problems
from api.schemas.designs import DesignList, DesignShape, SimilarDesigns, UseShape
from api.searches.ensure import Searched, ensure, progress_json, searchable
from api.searches.found import known_ids
from crawler.core.cache import tags
from crawler.core.errors import BusAway
from crawler.core.models import Design
from crawler.core.public import design_json
from crawler.core.searches import folded
from crawler.core.store import DesignQuery, Store


class DesignConvertor(PathConvertor):
    """Any id, but for the one path that is not to be read: so a GET of it is a 405."""

    regex = ".*(?<!/use)"


register_url_convertor("design", DesignConvertor())
router = APIRouter(prefix="/v1/designs", tags=["designs"], dependencies=[Once])


class SimilarParams(Nothing):
    limit: Whole = Field(12, ge=1, le=50)


@router.get("", operation_id="listDesigns", response_model=DesignList, responses=problems(410))
async def list_designs(
    request: Request, params: Annotated[DesignParams, Query()], house: TheHouse, caller: TheCaller
) -> Response:
    """What is stored, at once, duplicates left out. While a search runs, `next` goes through what it finds in the
    order it comes (`search_id` and `cursor`), each design once; with `page` or another sort, through what is stored."""
    store, query = await house.store(), params.query()
    if params.search_id:
        queue = await house.queue()
        found = await arrivals(queue, store, params.search_id, int(params.cursor or 0), query)
        names = found.job.sources or await searchable(queue, "designs")
        return await _arrived(request, store, query, found, progress_json(found.job, names))
    if params.cursor:
        raise wrong("cursor", "needs the search_id it came with")
    return await _stored(request, params, query, house, caller)


@router.get("/{id:path}/similar", operation_id="listSimilarDesigns", response_model=SimilarDesigns,
            responses=problems(404))  # fmt: skip
async def similar(request: Request, id: Id, params: Annotated[SimilarParams, Query()], house: TheHouse) -> Response:
    """Pictures that look alike (perceptual hash, colours) or are about the same, most alike first; copies of the same
    picture are left out."""
    design = await _one(await house.store(), id)
    found = await similar_designs(house, design, params.limit)
    content = listing([design_json(other) | {"similarity": likeness} for other, likeness in found])
    return answer(request, content, tags=[tags.DESIGNS])


@router.post("/{id:path}/use", operation_id="useDesign", response_model=UseShape, responses=problems(404))
async def use_design(
    request: Request, id: Id, params: Annotated[Nothing, Query()], house: TheHouse, caller: TheCaller
) -> Response:
    """A person uses this picture: kept, and told to its source where the source's terms ask for that."""
    return answer(request, await use(house, await _one(await house.store(), id), caller))


@router.get("/{id:design}", operation_id="getDesign", response_model=DesignShape, responses=problems(404))
async def one(request: Request, id: Id, params: Annotated[Nothing, Query()], house: TheHouse) -> Response:
    design = await _one(await house.store(), id)
    return answer(request, design_json(design), tags=[tags.DESIGNS])


async def _stored(request: Request, params: DesignParams, query: DesignQuery, house: House, caller: str) -> Response:
    store = await house.store()
    designs, total = await _find(store, params, query)
    searched = await _search(house, params, caller)
    if searched.search_id and params.page is None and params.sort == "relevance":
        found = await _first(house, store, searched.search_id, query)
        if found and (found.designs or not designs):
            return await _arrived(
                request, store, query, found, searched.sources, stale=searched.stale and bool(designs)
            )
    return _page(request, params, designs, total, searched)


async def _first(house: House, store: Store, search_id: str, query: DesignQuery) -> Arrivals | None:
    """None when Redis went away meanwhile: what is stored is served then."""
    try:
        return await arrivals(await house.queue(), store, search_id, 0, query)
    except BusAway:
        return None


def _page(request: Request, params: DesignParams, designs: list[Design], total: int, searched: Searched) -> Response:
    relations = pages(request, params.page or 1, params.per_page, total)
    content = listing(
        [design_json(design) for design in designs], page=params.page or 1, per_page=params.per_page, total=total,
        next_url=relations.get("next"), sources=searched.sources, stale=searched.stale and bool(designs),
        search_id=searched.search_id,
    )  # fmt: skip
    found = [tags.DESIGNS, tags.query(params.q)] if searched.settled else None
    return answer(request, content, headers=link(relations), tags=found, lasts_s=searched.lasts_s)


async def _arrived(
    request: Request,
    store: Store,
    query: DesignQuery,
    found: Arrivals,
    sources: list[dict[str, Any]],
    *,
    stale: bool = False,
) -> Response:
    """`total` is what is stored by now; it grows while results arrive."""
    _, total = await store.find_designs(query)
    following = None if found.cursor is None else url(request, page=None, search_id=found.job.id, cursor=found.cursor)
    content = listing(
        [design_json(design) for design in found.designs], per_page=query.limit, total=total, next_url=following,
        sources=sources, stale=stale, search_id=found.job.id,
    )  # fmt: skip
    return answer(request, content, headers=link({"next": following}) if following else {})


async def _find(store: Store, params: DesignParams, query: DesignQuery) -> tuple[list[Design], int]:
    """A query of signs alone finds nothing rather than everything."""
    return ([], 0) if params.q.strip() and not query.terms else await store.find_designs(query)


async def _search(house: House, params: DesignParams, caller: str) -> Searched:
    known = await known_ids(await house.store(), "designs", params.q) if folded(params.q) else []
    sources = [params.source] if params.source else []
    return await ensure(house, "designs", params.q, {}, params.refresh, caller, sources=sources, known=known)


async def _one(store: Store, design_id: str) -> Design:
    design = (await store.designs([design_id])).get(design_id)
    if design is None:
        raise missing(f"no design {design_id!r} is stored")
    return design
