"""What serves: who may come in, which workers live, whether the page answers."""

from crawler.cli.checks import Finding
from crawler.core.config import Config
from crawler.core.queue import Queue
from crawler.core.valkey import embedded
from crawler.supervisor.address import address, not_ready


async def access(settings: Config) -> Finding:
    """Where the API listens and who may use it. Raises ConfigError for a key that is none."""
    from api.front.clients import Keys
    from api.front.hosts import LOOPBACK

    if not Keys(settings.names("api_keys")) and settings.host.encode() not in LOOPBACK | {b"::1"}:
        return Finding("access", "broken", f"HOMEFEED_API_KEYS: needs a key when HOMEFEED_HOST is {settings.host}")
    names = [entry.partition(":")[0] for entry in settings.names("api_keys")]
    who = f"keys of {', '.join(names)}" if names else "no keys: everybody on this machine, nobody else"
    also = ", ".join((*settings.names("hosts"), *settings.names("origins")))
    says = f"{settings.host}:{settings.port}, {who}" + (f"; also for {also}" if also else "")
    return Finding("access", "ok", says)


async def workers(settings: Config) -> Finding:
    async with embedded(settings) as url:
        queue = Queue(url)
        await queue.open()
        try:
            alive, waiting = await queue.workers(), await queue.waiting()
        finally:
            await queue.close()
    if not alive:
        return Finding("workers", "missing", f"none alive, {waiting} jobs wait: homefeed up, or homefeed worker")
    return Finding("workers", "ok", f"{len(alive)} alive, {waiting} jobs wait")


async def page(settings: Config) -> Finding:
    url = address(settings.host, settings.port)
    why = await not_ready(url, 0.5)
    if why is None:
        return Finding("page", "ok", url)
    return Finding("page", "missing", f"{url} is not served ({why}): homefeed up, or homefeed api")
