"""A small store to ask: products of two shops, designs of two sources."""

from crawler.core.models import License, SourceProgress
from crawler.core.models.jobs import Job, SourceInfo
from crawler.core.searches import remember
from crawler.core.store import SourceRun
from tests.crawler.core.store.making import design, record


async def products(house, count=7, **fields):
    """Sofas 1 to `count` at `n`00.00 rupees, the best last."""
    fields = {"title": "Green sofa", "currency": "INR", "availability": "in_stock"} | fields
    await (await house.store()).write(
        [record(n, price=n * 10_000, quality=n / 100, **fields) for n in range(1, count + 1)]
    )


async def designs(house, count=7, **fields):
    fields = {"title": "Green sofa", "license": License("cc0-1.0")} | fields
    await (await house.store()).write_designs([design(n, quality=n / 100, **fields) for n in range(1, count + 1)])


async def searched(house, kind, query, at, sources=(), args=None, **statuses):
    """As if a search had ended at that time."""
    progress = {name: SourceProgress(name, status, 3) for name, status in statuses.items()}
    job = Job("j1", kind, query, list(sources), args or {}, finished_at=at, progress=progress)
    await remember(await house.store(), job)


async def told(house, *names, kind="products", **fields):
    await (await house.queue()).tell_sources(
        [SourceInfo(name, kind, f"https://{name}.test", **fields) for name in names]
    )


def run(source="oak", at=10.0, **fields):
    return SourceRun(source, at - 2, at, **({"status": "ok"} | fields))


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [thing["id"] for thing in answer.json()["results"]]
