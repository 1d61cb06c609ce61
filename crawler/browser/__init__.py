"""A browser for pages that only a browser gets: optional (homefeed[playwright] and a Chromium), one per process."""

import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium(browser: str) -> str | None:
    """Where it is, by HOMEFEED_BROWSER: auto, off or a path."""
    if browser == "off":
        return None
    if browser != "auto":
        return browser if Path(browser).is_file() else None
    return next(filter(None, map(shutil.which, NAMES)), None)


def installed() -> bool:
    """Is there a scrapy-playwright?"""
    return find_spec("scrapy_playwright") is not None


@cache  # each crawl asks, and nothing is installed while a process runs
def usable(browser: str) -> bool:
    return installed() and chromium(browser) is not None
