"""Who we say we are. By default the truth with a contact; a browser's name, and all that goes with it, only when the
operator asks for it: then one and the same for a site, a session and a proxy, until that is turned away."""

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_fake_useragent.middleware import RandomUserAgentBase

from crawler.core.config import config
from crawler.core.verdicts import Verdict
from crawler.core.ways import proxy_of, refused
from crawler.middlewares.profiles import headers, is_mobile

HONEST = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "en"}
OURS = "agent_headers"  # in a request's meta: the headers set here
MOST = 10_000  # pairs of site and session; beyond that all begin anew
DRAWS = 100


class UserAgentMiddleware:
    """Comes after the way is chosen. A spider's own header is kept (an API may demand a form of its own). A spider may
    declare `device`: desktop (default), mobile or any, since a shop's pages differ by it."""

    def __init__(self, agent: str, provider: Any, crawler: Crawler):
        self.agent, self._provider, self.crawler = agent, provider, crawler
        self._given: dict[tuple[str, Any, str | None], str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "UserAgentMiddleware":
        provider = RandomUserAgentBase(crawler)._ua_provider if config().user_agents == "rotate" else None
        return cls(crawler.settings["USER_AGENT"], provider, crawler)

    def process_request(self, request: Request) -> Any:
        for name in request.meta.pop(OURS, ()):  # of an earlier try
            request.headers.pop(name, None)
        if self._provider is None or b"User-Agent" in request.headers or _robots(request):
            wanted = {"User-Agent": self.agent, **HONEST}
        else:
            accept, referer = request.headers.get("Accept"), request.headers.get("Referer")
            wanted = headers(
                self._agent(request), request.url, accept and accept.decode(), referer and referer.decode()
            )
        ours = [name for name in wanted if name not in request.headers]
        request.headers.update({name: wanted[name] for name in ours})
        request.meta[OURS] = ours

    def process_response(self, request: Request, response: Response) -> Response:
        verdict, reason = request.meta.get("verdict", (Verdict.ok, ""))
        if refused(verdict, reason, response.status):
            self._given.pop(_who(request), None)
        return response

    def _agent(self, request: Request) -> str:
        if len(self._given) > MOST:
            self._given.clear()
        return self._given.setdefault(_who(request), self._draw())

    def _draw(self) -> str:
        """A name for the spider's device, where the provider has one."""
        device = getattr(self.crawler.spider, "device", "desktop")
        for _ in range(DRAWS):
            agent = str(self._provider.get_random_ua())
            if device == "any" or is_mobile(agent) == (device == "mobile"):
                break
        return agent


def _who(request: Request) -> tuple[str, Any, str | None]:
    """Site, session and proxy."""
    return urlsplit(request.url).netloc, request.meta.get("cookiejar"), proxy_of(request.meta.get("way", ""))


def _robots(request: Request) -> bool:
    return urlsplit(request.url).path == "/robots.txt"
