"""No log line per item, and none built that nobody sees: a record of forty products costs more than storing them.
No password of a proxy either: rotating_proxies logs whole addresses."""

import logging
import re
from typing import Any, Self

from scrapy import logformatter
from scrapy.crawler import Crawler

_USER = re.compile(r"//[^/\s]*@")


class QuietLogFormatter(logformatter.LogFormatter):
    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # LOG_LEVEL alone only filters at the handler, after the record was made.
        logging.getLogger("scrapy").setLevel(crawler.settings["LOG_LEVEL"])
        logging.getLogger("rotating_proxies.expire").addFilter(without_passwords)
        return cls()

    def scraped(self, item: Any, response: Any, spider: Any) -> None:
        return None


def without_passwords(record: logging.LogRecord) -> bool:
    """Lets every record pass, its addresses without user and password."""
    record.msg, record.args = _USER.sub("//***@", record.getMessage()), ()
    return True
