"""Likes, saves, carts and folders: collections of a client. Every call may be repeated."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.answers import answer
from api.caller import TheCaller
from api.clients.collections import Collections
from api.errors import missing
from api.fields import Id, Nothing, Once, Paged
from api.house import TheHouse
from api.lists import link, listing, pages
from api.schemas.collections import CollectionList, KeptList, KeptShape
from api.schemas.common import problems

Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", examples=["likes"])]
NoQuery = Annotated[Nothing, Query()]

router = APIRouter(prefix="/v1/collections", tags=["collections"], dependencies=[Once])


@router.get("", operation_id="listCollections", response_model=CollectionList, responses=problems())
async def names(request: Request, _: NoQuery, house: TheHouse, caller: TheCaller) -> Response:
    """Your collections that hold something."""
    return answer(request, listing(await Collections(await house.store(), caller).names()))


@router.get("/{name}", operation_id="getCollection", response_model=KeptList, responses=problems())
@router.get("/{name}/items", operation_id="listItems", response_model=KeptList, responses=problems())
async def items(
    name: Name, page: Annotated[Paged, Query()], request: Request, house: TheHouse, caller: TheCaller
) -> Response:  # fmt: skip
    """What is in it, newest first. A collection nobody has put anything into is empty."""
    mine = Collections(await house.store(), caller)
    results, total = await mine.page(name, (page.page - 1) * page.per_page, page.per_page)
    relations = pages(request, page.page, page.per_page, total)
    shown = listing(results, page=page.page, per_page=page.per_page, total=total, next_url=relations.get("next"))
    return answer(request, shown, headers=link(relations))


@router.get("/{name}/items/{id:path}", operation_id="getItem", response_model=KeptShape, responses=problems(404))
async def read(
    name: Name, id: Id, _: NoQuery, request: Request, house: TheHouse, caller: TheCaller
) -> Response:  # fmt: skip
    """Is it in there, and since when?"""
    kept = await Collections(await house.store(), caller).get(name, id)
    if kept is None:
        raise missing(f"{id} is not in collection {name}")
    return answer(request, kept.json(name))


PUT = problems(404, 409) | {
    200: {"model": KeptShape, "description": "It was there already"},
    201: {"model": KeptShape, "description": "Added"},
}


@router.put("/{name}/items/{id:path}", operation_id="putItem", response_model=KeptShape, responses=PUT)
async def put(
    name: Name, id: Id, _: NoQuery, request: Request, house: TheHouse, caller: TheCaller
) -> Response:  # fmt: skip
    """Put a product or design into it."""
    kept, new = await Collections(await house.store(), caller).put(name, id)
    return answer(request, kept.json(name), status=201 if new else 200)


@router.delete("/{name}/items/{id:path}", operation_id="deleteItem", status_code=204, responses=problems())
async def delete(name: Name, id: Id, _: NoQuery, house: TheHouse, caller: TheCaller) -> Response:
    """Take it out; nothing happens when it is not in there."""
    await Collections(await house.store(), caller).delete(name, id)
    return Response(status_code=204)
