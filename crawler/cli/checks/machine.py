"""What this machine gives homefeed: Python, a folder, a store, Redis, a browser, the way out."""

import os
import shutil
import sys
from urllib.parse import urlsplit

from crawler.cli.checks import Finding
from crawler.core.bus import Bus
from crawler.core.config import Config
from crawler.core.store import SCHEMA_VERSION, open_store
from crawler.core.valkey import embedded


async def python(_: Config) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "ok" if sys.version_info >= (3, 11) else "broken", version)


async def data_dir(settings: Config) -> Finding:
    folder = settings.data_dir
    at = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if os.access(at, os.W_OK):
        return Finding("data folder", "ok", str(folder))
    return Finding("data folder", "broken", f"can't write to {at}; set HOMEFEED_DATA_DIR to a folder of yours")


async def store(settings: Config) -> Finding:
    store = open_store(settings.store)
    await store.open()
    try:
        counts = ", ".join(f"{n} {name}" for name, n in (await store.counts()).items())
    finally:
        await store.close()
    return Finding("store", "ok", f"{without_secrets(settings.store)}, schema {SCHEMA_VERSION}: {counts}")


async def redis(settings: Config) -> Finding:
    async with embedded(settings) as url:
        bus = Bus(url)
        try:
            await bus.open()
        finally:
            await bus.close()
        kind = "HOMEFEED_REDIS_URL" if settings.redis_url else "embedded Valkey"
        return Finding("redis", "ok", f"{kind} at {without_secrets(url)}")


async def browser(_: Config) -> Finding:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path:
        return Finding("browser", "ok", path)
    return Finding("browser", "missing", "no Chromium: spiders that need a browser are skipped")


async def contact(settings: Config) -> Finding:
    if settings.contact:
        return Finding("contact", "ok", settings.contact)
    return Finding(
        "contact", "missing", "set HOMEFEED_CONTACT (a URL or address): some sources refuse crawlers without one"
    )


async def proxies(settings: Config) -> Finding:
    count = len(settings.names("proxies"))
    return Finding(
        "proxies", "ok" if count else "missing", f"{count} configured" if count else "none: requests go out directly"
    )


def without_secrets(url: str) -> str:
    """A URL fit to be shown: user and password replaced."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc="***@" + parts.netloc.rpartition("@")[2]).geturl()
