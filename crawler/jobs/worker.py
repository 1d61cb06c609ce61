"""The process of `homefeed worker`: Twisted's asyncio reactor, and a crew of jobs on its loop until told to end."""

import asyncio
import logging
import signal

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor

from crawler.core.config import Config, config
from crawler.core.errors import BusAway
from crawler.core.shared import Shared, adopt
from crawler.core.tasks import input_ended
from crawler.extensions.memory import settle
from crawler.jobs.chores import RETRY_S
from crawler.jobs.crew import Crew
from crawler.jobs.job_run import House
from crawler.jobs.settings import crawl_settings
from crawler.jobs.sources import describe, spiders

log = logging.getLogger(__name__)


def run(attached: bool = False) -> None:
    """Until SIGTERM or SIGINT, its own recycling, or, when attached, the end of standard input. Raises HomefeedError
    when the store or a setting can't be used."""
    settings = crawl_settings()
    logging.basicConfig(level=config().log_level, format=settings["LOG_FORMAT"], datefmt=settings["LOG_DATEFORMAT"])
    configure_logging(settings)
    for name in ("scrapy", "streaq", "coredis"):
        logging.getLogger(name).setLevel(settings["LOG_LEVEL"])
    install_reactor(settings["TWISTED_REACTOR"], settings["ASYNCIO_EVENT_LOOP"])
    from twisted.internet import reactor

    work: list[asyncio.Task[None]] = []

    def start() -> None:
        work.append(asyncio.ensure_future(_work(config(), settings, attached)))
        work[0].add_done_callback(lambda _: reactor.stop())

    reactor.callWhenRunning(start)
    reactor.run(installSignalHandlers=False)
    work[0].result()


async def _work(settings: Config, scrapy_settings: Settings, attached: bool) -> None:
    shared = Shared(settings, warm=True)
    await shared.enter()
    try:
        crew = Crew(await _house(settings, scrapy_settings, shared))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, crew.drain, number.name)
        watching = asyncio.create_task(_parent_ended(crew)) if attached else None
        try:
            await crew.run()
        finally:
            if watching:
                watching.cancel()
    finally:
        await shared.leave()


async def _house(settings: Config, scrapy_settings: Settings, shared: Shared) -> House:
    """Everything opened and imported before the first job comes."""
    await shared.store()
    await _reach(shared)
    runner = AsyncCrawlerRunner(scrapy_settings)
    found = spiders(scrapy_settings)
    house = House(settings, shared, runner, found, {name: describe(spider) for name, spider in found.items()})
    await _warm_up(house)
    settle()
    return house


async def _reach(shared: Shared) -> None:
    """Redis may start after its workers."""
    while True:
        try:
            await asyncio.gather(shared.queue(), shared.bus(), shared.pace())
        except BusAway as error:
            log.warning("waits for Redis: %s", error)
            await asyncio.sleep(RETRY_S)
        else:
            return


class _WarmUp(Spider):
    name = "warm_up"
    start_urls: list[str] = []


async def _warm_up(house: House) -> None:
    """One crawl of nothing, so that the first job imports and builds nothing for the first time."""
    crawler = house.runner.create_crawler(_WarmUp)
    adopt(crawler, house.shared)
    await house.runner.crawl(crawler)


async def _parent_ended(crew: Crew) -> None:
    await input_ended()
    crew.drain("its parent ended")
