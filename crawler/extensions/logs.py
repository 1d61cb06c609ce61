"""A log line per page instead of one per item: building a record of forty products costs more than storing them."""

from typing import Any

from scrapy import logformatter


class QuietLogFormatter(logformatter.LogFormatter):
    def scraped(self, item: Any, response: Any, spider: Any) -> None:
        return None
