"""The demo's first steps, taken through the API as any client would: search, and watch a few of what was found."""

import asyncio
import time
from typing import Any

import httpx2
from rich.console import Console

from crawler.core.errors import HomefeedError
from crawler.core.public import iso
from crawler.demo import show

QUERY = "sofa"
PAGES = 4
WATCHED = 12
SEARCH_S = 60.0
KINDS = ("products", "designs")


async def first_steps(url: str, console: Console) -> None:
    """Prints what was found. What goes wrong is said and leaves the demo serving."""
    started = time.time()
    async with httpx2.AsyncClient(base_url=url, timeout=30.0, trust_env=False) as client:
        try:
            sources = await asyncio.gather(*(search(client, kind) for kind in KINDS))
            took = time.time() - started
            lists = [await get(client, f"/v1/{kind}", q=QUERY, per_page=100, refresh="never") for kind in KINDS]
            watched = await watch(client, lists[0]["results"])
            changes = (await get(client, "/v1/changes", limit=500))["results"]
        except (httpx2.HTTPError, HomefeedError) as error:
            console.print(f"The first search failed: {error}", style="red", markup=False)
            return
    console.print(show.source_table(dict(zip(KINDS, sources, strict=True))))
    console.print(show.summary(lists[0]["total"], lists[1]["total"], sources, took, watched), highlight=False)
    moved = [change for change in changes if change["observed_at"] >= iso(started) and change["field"] != "new"]
    if moved:
        console.print(show.change_table(moved))
    console.print(f"Open {url}", highlight=False)


async def search(client: httpx2.AsyncClient, kind: str) -> list[dict[str, Any]]:
    """How each source ended. Raises HomefeedError when the search does not end well in time."""
    body = {"kind": kind, "query": QUERY, "pages": PAGES}
    job = _json(await client.post("/v1/searches", json=body))
    async with asyncio.timeout(SEARCH_S):
        while job["state"] in ("waiting", "running"):
            await asyncio.sleep(0.1)
            job = await get(client, f"/v1/searches/{job['id']}")
    if job["state"] != "done":
        raise HomefeedError(f"{kind}: {job['state']}, {job['reason']}")
    return job["sources"]


async def watch(client: httpx2.AsyncClient, products: list[dict[str, Any]]) -> int:
    """Watch the first of these until a dozen are, those of last time among them; how many are."""
    known = {watched["product_id"] for watched in (await get(client, "/v1/watches"))["results"]}
    unwatched = [product["id"] for product in products if product["id"] not in known]
    wanted = unwatched[: max(0, WATCHED - len(known))]
    for product_id in wanted:
        _json(await client.post("/v1/watches", json={"product_id": product_id}))
    return len(known) + len(wanted)


async def get(client: httpx2.AsyncClient, path: str, **query: Any) -> Any:
    return _json(await client.get(path, params=query))


def _json(answer: httpx2.Response) -> Any:
    """Raises HomefeedError with the problem's own words."""
    if answer.is_success:
        return answer.json()
    raise HomefeedError(f"{answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
