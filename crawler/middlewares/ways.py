"""How each request goes out: the cheapest way that works at its site. A page that turns us away is asked for again by
another proxy, then by the next way; the last answer stands, whatever it is."""

from collections import OrderedDict
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from crawler.browser import usable
from crawler.core import metrics
from crawler.core.config import Config, config
from crawler.core.shared import shared
from crawler.core.verdicts import Verdict
from crawler.core.ways import UNREAD, kind, proxy_of, refused
from crawler.core.ways.choosing import Ask, Chooser, Wanted
from crawler.middlewares.patience import left

NOT_ITS_FAULT = (IgnoreRequest, DownloadCancelledError)  # refused by us; too large
LEFT_BEHIND = ("proxy", "_auth_proxy", "_scheme_proxy", "_ban", "verdict")  # of the last try, in a request's meta
OF_ONE_CHAIN = ("tried", "unreached")  # which a retry begins anew
SESSIONS = 1_000  # of one crawl whose proxy is remembered


class NoWay(IgnoreRequest):
    """No way that is allowed is open now."""


class WaysMiddleware:
    """In a request's meta: `way`, and `tried`, the ways before it. `another_way` names the one an earlier reading came
    by, which this request should not take. A `glance` at an address is tried once."""

    def __init__(self, crawler: Crawler, settings: Config):
        self.crawler, self._config = crawler, settings
        self._chooser: Chooser | None = None
        self._sticky: OrderedDict[tuple[str, Any], str] = OrderedDict()
        self._sessions = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WaysMiddleware":
        return cls(crawler, config())

    async def process_request(self, request: Request) -> Any:
        if _by_itself(request) or _chosen(request):
            return None
        for name in OF_ONE_CHAIN:
            request.meta.pop(name, None)
        avoid, _, session = request.meta.get("another_way", "").partition("#")
        way = await (await self._choosing()).first(self._ask(request, avoid))
        if way is None:
            raise NoWay(f"every proxy rests at {_site(request)}, and going there directly is not allowed")
        if way == avoid and str(request.meta.get("cookiejar") or "") == session:
            self._sessions += 1
            request.meta["cookiejar"] = f"again-{self._sessions}"
        self._take(request, way)
        return None

    async def process_response(self, request: Request, response: Response) -> Any:
        if "way" not in request.meta or request.meta.get("glance"):
            return response
        way = request.meta["way"]
        verdict, reason = request.meta.get("verdict", (Verdict.ok, ""))
        if response.status == 407 and proxy_of(way):
            return await self._again(request, "failed") or response
        if refused(verdict, reason, response.status):
            return await self._again(request, "refused") or response
        metrics.way(self.crawler.spider.name, kind(way), "answered")
        if verdict in UNREAD:
            return await self._again(request, "unread", "browser") or response
        if verdict is Verdict.ok and request.meta.get("tried"):
            await (await self._choosing()).remembered.keep(_site(request), kind(way))
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Any:
        """A shop that does not answer us directly is a matter of retries."""
        way = request.meta.get("way", "direct")
        if way == "direct" or request.meta.get("glance") or isinstance(exception, NOT_ITS_FAULT):
            return None
        return await self._again(request, "failed")

    async def _again(self, request: Request, outcome: str, wanted: Wanted = "other") -> Request | None:
        """The request by the next way; None when there is none."""
        way, chooser = request.meta["way"], await self._choosing()
        if outcome != "unread":
            metrics.way(self.crawler.spider.name, kind(way), outcome)
        if left(self.crawler, request) <= 0:
            return None
        unreached = request.meta.get("unreached", 0) + (outcome == "failed" and kind(way) == "proxy")
        following = await chooser.following(self._ask(request, unreached=unreached), way, wanted)
        if following is None:
            if outcome != "unread":
                await chooser.remembered.forget(_site(request))
            return None
        again = request.replace(dont_filter=True, priority=request.priority + 1)
        again.meta.update(tried=(*request.meta.get("tried", ()), way), unreached=unreached)
        self._take(again, following)
        self.crawler.stats.inc_value(f"homefeed/ways/again/{outcome}")
        return again

    def _take(self, request: Request, way: str) -> None:
        for name in LEFT_BEHIND:
            request.meta.pop(name, None)
        request.headers.pop("Proxy-Authorization", None)
        request.meta.update(way=way, way_of=_tries(request))
        self.crawler.stats.inc_value(f"homefeed/ways/{kind(way)}")
        if "cookiejar" in request.meta and proxy_of(way):
            self._sticky[_site(request), request.meta["cookiejar"]] = proxy_of(way) or ""
            while len(self._sticky) > SESSIONS:
                self._sticky.popitem(last=False)

    def _ask(self, request: Request, avoid: str = "", unreached: int = 0) -> Ask:
        sticky = self._sticky.get((_site(request), request.meta.get("cookiejar")))
        tried = tuple(request.meta.get("tried", ()))
        return Ask(_site(request), self._browsable(request), tried, unreached, avoid or None, sticky)

    def _browsable(self, request: Request) -> bool:
        """May a browser fetch it: is it a page that will be read, of a spider that allows one?"""
        accepts = request.headers.get("Accept") or b"text/html"
        return bool(
            getattr(self.crawler.spider, "browser", False) and request.method == "GET" and b"html" in accepts
            and not request.meta.get("glance") and urlsplit(request.url).path != "/robots.txt"
        )  # fmt: skip

    async def _choosing(self) -> Chooser:
        if self._chooser is None:
            common, settings = shared(self.crawler), self._config
            allowed = [way for way in settings.names("ways") if way != "browser" or usable(settings.browser)]
            health, remembered = await common.proxy_health(), await common.ways()
            fallback = settings.proxy_fallback == "direct"
            self._chooser = Chooser(allowed, settings.proxies_by_name(), fallback, health, remembered)
        return self._chooser


def _by_itself(request: Request) -> bool:
    """No web page, or its spider chose a proxy for it."""
    return urlsplit(request.url).scheme not in ("http", "https") or (
        "proxy" in request.meta and "way" not in request.meta
    )


def _chosen(request: Request) -> bool:
    """Has this very try its way? A redirect keeps it; a retry chooses again."""
    return "way" in request.meta and request.meta.get("way_of") == _tries(request)


def _tries(request: Request) -> int:
    return int(request.meta.get("retry_times", 0))


def _site(request: Request) -> str:
    return urlsplit(request.url).netloc
