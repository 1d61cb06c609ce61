"""Watches: a product, or a page in a shop, looked at again and again until a rule fires."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import answer
from api.caller import TheCaller
from api.clients import watching
from api.fields import Nothing, Once, Paged, Shaped
from api.house import TheHouse
from api.lists import link, listing, pages
from api.schemas.common import problems
from api.schemas.watches import WatchAsk, WatchList, WatchShape

WatchId = Annotated[str, Shaped(r"^[0-9A-Za-z_-]{1,64}$", "is not one that a watch was given")]
NoQuery = Annotated[Nothing, Query()]
MADE = problems(404, 409) | {
    200: {"model": WatchShape, "description": "You watch this already, by these rules"},
    201: {"model": WatchShape, "description": "Made"},
}

router = APIRouter(prefix="/v1/watches", tags=["watches"], dependencies=[Once])


@router.post("", operation_id="makeWatch", status_code=201, response_model=WatchShape, responses=MADE)
async def make(ask: WatchAsk, _: NoQuery, request: Request, house: TheHouse, caller: TheCaller) -> Response:
    """Watch a product. Asking again for the same is the same watch."""
    rules = ask.rules.rules(house.config.currency)
    made, new = await watching.watch(house, caller, rules, ask.product_id, ask.url)
    shown = await watching.watch_json(await house.store(), made, await watching.expected_age(house))
    headers = {"Location": f"/v1/watches/{made.id}"}
    return answer(request, shown, status=201 if new else 200, headers=headers)


@router.get("", operation_id="listWatches", response_model=WatchList, responses=problems())
async def list_watches(
    page: Annotated[Paged, Query()], request: Request, house: TheHouse, caller: TheCaller
) -> Response:  # fmt: skip
    """Your watches, newest first, with what fired."""
    found, total = await watching.page(house, caller, (page.page - 1) * page.per_page, page.per_page)
    store, age = await house.store(), await watching.expected_age(house)
    relations = pages(request, page.page, page.per_page, total)
    shown = listing(
        [await watching.watch_json(store, watch, age) for watch in found],
        page=page.page, per_page=page.per_page, total=total, next_url=relations.get("next"),
    )  # fmt: skip
    return answer(request, shown, headers=link(relations))


@router.get("/{id}", operation_id="getWatch", response_model=WatchShape, responses=problems(404))
async def read(id: WatchId, _: NoQuery, request: Request, house: TheHouse, caller: TheCaller) -> Response:
    """One of your watches, with what fired."""
    watch = await watching.one(house, caller, id)
    return answer(request, await watching.watch_json(await house.store(), watch, await watching.expected_age(house)))


@router.delete("/{id}", operation_id="deleteWatch", status_code=204, responses=problems(404))
async def delete(id: WatchId, _: NoQuery, house: TheHouse, caller: TheCaller) -> Response:
    """Watch it no longer."""
    await watching.unwatch(house, caller, id)
    return Response(status_code=204)
