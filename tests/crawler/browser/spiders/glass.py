"""A shop of glass that shows its goods to browsers only; no site, no terms: it is invented for these tests alone."""

from typing import Any

from crawler.bases.source import SourceSpider


class GlassSpider(SourceSpider):
    name = "glass"
    base_url = "https://glass.test"
    browser = True

    def __init__(self, urls: str = "", **kwargs: Any):
        super().__init__(**kwargs)
        self.start_urls = urls.split()

    def check(self) -> None: ...

    def parse(self, response: Any) -> Any:
        yield {
            "url": response.url, "way": response.meta["way"], "verdict": response.meta["verdict"][0],
            "status": response.status, "said": response.css("#said::text").get(),
        }  # fmt: skip
