"""Scrapy's settings of homefeed wherever the process stands: an installed package has no scrapy.cfg beside it."""

from scrapy.settings import Settings

MODULE = "crawler.settings"


def project_settings() -> Settings:
    settings = Settings()
    settings.setmodule(MODULE, priority="project")
    return settings
