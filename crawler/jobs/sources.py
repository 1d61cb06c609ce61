"""The sources this process can crawl: what the queue is told of them, and which of them a job asks."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from crawler.core.config import config
from crawler.core.errors import InputError
from crawler.core.models.jobs import Job, SourceInfo

# What a job may ask of a spider, beside its query.
ARGUMENTS = ("pages", "location", "category", "url", "country", "details", "enrich", "checks")
SINGLE = ("recheck", "crawl")  # kinds of job that ask one source

Spiders = Mapping[str, type[Any]]


def spiders(settings: BaseSettings) -> dict[str, type[Any]]:
    """Every spider class by name, as `scrapy list` finds them."""
    loader = get_spider_loader(settings)
    return {name: loader.load(name) for name in sorted(loader.list())}


def describe(spider: type[Any]) -> SourceInfo:
    terms, keyed = getattr(spider, "terms", None), getattr(spider, "keyed", False)
    routes = list(getattr(spider, "routes", {}))
    moved = config().base_url(spider.name)
    return SourceInfo(
        name=spider.name, kind="designs" if terms else "products",
        home=terms.home if terms else getattr(spider, "home", spider.base_url), hosts=_hosts(spider, moved),
        routes=routes or ["api"], searchable=bool(terms) or any(route != "category" for route in routes),
        robots="terms" if terms or keyed else "ignored" if spider.name in config().names("robots_ignore") else "obeyed",
        key=_key(spider.name, needed=bool(terms and terms.keyed) or keyed), pace=getattr(spider, "pace", None),
        currency=getattr(spider, "currency", None), terms=msgspec.to_builtins(terms) if terms else {},
        fees=dict(getattr(spider, "fees", {})),
    )  # fmt: skip


def _hosts(spider: type[Any], moved: str | None) -> list[str]:
    """Where its pages live; `hosts` of a spider whose goods have their pages elsewhere."""
    known = [urlsplit(url).netloc for url in (spider.base_url, moved) if url]
    return list(dict.fromkeys([*known, *getattr(spider, "hosts", ())]))


def _key(name: str, *, needed: bool) -> Any:
    if config().api_key(name):
        return "set"
    return "missing" if needed else "none"


def asked(job: Job, known: Mapping[str, SourceInfo]) -> list[str]:
    """The sources of a job. Raises InputError when it names one that is not known, or asks none."""
    for name in job.sources:
        if name not in known:
            raise InputError("sources", f"no source is called {name!r}")
    if job.kind in SINGLE:
        if len(job.sources) != 1:
            raise InputError("sources", f"a {job.kind} names one source")
        return list(job.sources)
    kind = "products" if job.kind == "compare" else job.kind
    found = [s.name for s in known.values() if s.kind == kind and s.searchable]
    wanted = [name for name in found if not job.sources or name in job.sources]
    if not wanted:
        raise InputError("sources", f"none of these can be searched for {job.kind}")
    return wanted


def arguments(job: Job, enrich: int = 0) -> dict[str, str]:
    """What each spider is given; a search for products reads `enrich` product pages too, unless it says otherwise.
    Raises InputError for an argument a job may not set."""
    for name in job.args:
        if name not in ARGUMENTS:
            raise InputError("args", f"{name!r} is none of {', '.join(ARGUMENTS)}")
    usual = {"enrich": str(enrich)} if job.kind == "products" and enrich else {}
    return {"query": job.query, **usual, **job.args}
