"""What this machine gives homefeed: Python, a folder, a store, Redis, a browser, the way out."""

import asyncio
import os
import sys
from urllib.parse import urlsplit

from crawler.browser import chromium, installed
from crawler.cli.checks import Finding
from crawler.core.bus import Bus
from crawler.core.config import Config
from crawler.core.errors import BusAway
from crawler.core.shared import Shared
from crawler.core.store import SCHEMA_VERSION, open_store
from crawler.core.valkey import embedded

REACH_S = 3.0  # seconds a proxy may take to be reached


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


async def browser(settings: Config) -> Finding:
    if settings.browser == "off" or "browser" not in settings.names("ways"):
        return Finding("browser", "ok", "off: no page is fetched by one")
    path = chromium(settings.browser)
    if settings.browser != "auto" and not path:
        return Finding("browser", "broken", f"HOMEFEED_BROWSER: there is no {settings.browser}")
    if path and installed():
        return Finding("browser", "ok", path)
    lacks = "no Chromium" if installed() else "homefeed[playwright] is not installed"
    return Finding("browser", "missing", f"{lacks}: pages that need a browser stay unread")


async def contact(settings: Config) -> Finding:
    if settings.contact:
        return Finding("contact", "ok", settings.contact)
    return Finding(
        "contact", "missing", "set HOMEFEED_CONTACT (a URL or address): some sources refuse crawlers without one"
    )


async def proxies(settings: Config) -> Finding:
    """Whether each takes a connection, and which rest after failures; none is asked for a page."""
    known = settings.proxies_by_name()
    if not known:
        return Finding("proxies", "missing", "none: requests go out directly")
    reached = await asyncio.gather(*map(_reached, known.values()))
    silent = [name for name, here in zip(known, reached, strict=True) if not here]
    says = f"{len(known)} configured, {len(known) - len(silent)} reached; ways: {settings.ways}"
    state = "broken" if len(silent) == len(known) else "missing" if silent else "ok"
    says += f"; silent: {', '.join(silent[:5])}" if silent else ""
    return Finding("proxies", state, says + await _resting(settings, list(known)))


async def _resting(settings: Config, names: list[str]) -> str:
    """What workers found of them, in words."""
    shared = Shared(settings)
    await shared.enter()
    try:
        rests = await (await shared.proxy_health()).rests(names)
    except BusAway:
        return ""  # the check of Redis says so
    finally:
        await shared.leave()
    resting = [f"{name} ({rest.everywhere_s:.0f} s)" for name, rest in rests.items() if rest.everywhere_s]
    failed = [f"{name} (sites: {rest.sites})" for name, rest in rests.items() if rest.sites and not rest.everywhere_s]
    said = (("resting", resting), ("failed lately", failed))
    return "".join(f"; {words}: {', '.join(found[:5])}" for words, found in said if found)


async def _reached(url: str) -> bool:
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(REACH_S):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
            )
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def without_secrets(url: str) -> str:
    """A URL fit to be shown: user and password replaced."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc="***@" + parts.netloc.rpartition("@")[2]).geturl()
