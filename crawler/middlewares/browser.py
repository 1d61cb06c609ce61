"""A browser for pages that only a browser gets."""

from crawler.core.config import Config


def usable(settings: Config) -> bool:
    return False
