"""Scrapy's settings for crawls of a warm process: cheap to copy, and without what only a process of its own needs."""

from typing import Self, TypeVar

from scrapy.settings import BaseSettings, Settings, SettingsAttribute

from crawler.project import project_settings

_EXTENSIONS = "scrapy.extensions"
WARM = {
    "LOG_INSTALL_ROOT_HANDLER": False,
    "STATS_DUMP": False,  # a worker's log is not the diary of each crawl
    "EXTENSIONS": {
        f"{_EXTENSIONS}.logstats.LogStats": None,
        f"{_EXTENSIONS}.memusage.MemoryUsage": None,
        f"{_EXTENSIONS}.memdebug.MemoryDebugger": None,
        f"{_EXTENSIONS}.spiderstate.SpiderState": None,
        f"{_EXTENSIONS}.periodic_log.PeriodicLog": None,
        "crawler.extensions.singles.FeedExporter": None,
        "crawler.extensions.singles.CloseSpider": None,
    },
    "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
    "WARN_ON_GENERATOR_RETURN_VALUE": False,  # it parses the source of every callback of every crawl
}

S = TypeVar("S", bound=BaseSettings)


class WarmSettings(Settings):
    """Each crawl gets a copy in which it may set what it likes; the values themselves, which nobody changes, are
    shared. Scrapy's own copy of everything costs a crawl 3 ms."""

    def copy(self) -> Self:
        return _copy(self)


def _copy(settings: S) -> S:
    twin = settings.__class__.__new__(settings.__class__)
    twin.frozen, twin.attributes = False, {}
    for name, attribute in settings.attributes.items():
        value = attribute.value
        copied = twin.attributes[name] = SettingsAttribute.__new__(SettingsAttribute)
        copied.value = _copy(value) if isinstance(value, BaseSettings) else value
        copied.priority = attribute.priority
    return twin


def crawl_settings() -> WarmSettings:
    """The project's settings with WARM over them."""
    settings = WarmSettings()
    settings.attributes = _copy(project_settings()).attributes
    for name, value in WARM.items():
        whole = {**settings.getdict(name), **value} if isinstance(value, dict) else value
        settings.set(name, whole, priority="cmdline")
    if settings["LOG_LEVEL"] == "INFO":
        settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
    return settings
