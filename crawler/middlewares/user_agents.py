"""Who we say we are. By default the truth with a contact; browsers' names only when the operator asks for them."""

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy_fake_useragent.middleware import RandomUserAgentMiddleware

from crawler.core.config import config


class UserAgentMiddleware:
    """Sets `User-Agent` once per request; a spider's own header is kept (an API may demand a form of its own)."""

    def __init__(self, agent: str, rotating: RandomUserAgentMiddleware | None, crawler: Crawler):
        self.agent, self.rotating, self.crawler = agent, rotating, crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "UserAgentMiddleware":
        rotate = config().user_agents == "rotate"
        return cls(crawler.settings["USER_AGENT"], RandomUserAgentMiddleware(crawler) if rotate else None, crawler)

    def process_request(self, request: Request) -> Any:
        if b"User-Agent" in request.headers:
            return None
        if self.rotating and not request.url.endswith("/robots.txt"):
            request.meta["rotates"] = True
            return self.rotating.process_request(request, self.crawler.spider)
        request.headers["User-Agent"] = self.agent
        return None
