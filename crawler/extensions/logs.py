"""No log line per item, and none built that nobody sees: a record of forty products costs more than storing them."""

import logging
from typing import Any, Self

from scrapy import logformatter
from scrapy.crawler import Crawler


class QuietLogFormatter(logformatter.LogFormatter):
    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # LOG_LEVEL alone only filters at the handler, after the record was made.
        logging.getLogger("scrapy").setLevel(crawler.settings["LOG_LEVEL"])
        return cls()

    def scraped(self, item: Any, response: Any, spider: Any) -> None:
        return None
