"""`homefeed scheduler`: starts what is due until told to end."""

import asyncio
import logging
import signal
from typing import Annotated

import typer

from crawler.core.config import Config, config
from crawler.core.shared import Shared
from crawler.core.tasks import cancelled, input_ended
from crawler.jobs.crons import Cron, parse
from crawler.jobs.schedule import Scheduler

FORMAT = "%(asctime)s [%(name)s] %(levelname)s: %(message)s"


def command(attached: Annotated[bool, typer.Option("--attached", help="end with standard input")] = False) -> None:
    """Start scheduled crawls and rechecks of what is watched, until SIGTERM; any number of schedulers may run."""
    logging.basicConfig(level=config().log_level, format=FORMAT, datefmt="%Y-%m-%d %H:%M:%S")
    asyncio.run(schedule(config(), crons(config()), attached))


def crons(settings: Config) -> list[Cron]:
    """The scheduled crawls of HOMEFEED_CRONS. Raises ConfigError naming the line that is wrong."""
    if not settings.crons:
        return []
    from crawler.jobs.sources import ARGUMENTS, spiders
    from crawler.project import project_settings

    return parse(settings.crons, spiders(project_settings()).keys(), ARGUMENTS)


async def schedule(settings: Config, planned: list[Cron], attached: bool) -> None:
    stop, shared = asyncio.Event(), Shared(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    parent = asyncio.create_task(_parent_ended(stop)) if attached else None
    await shared.enter()
    try:
        await Scheduler(shared, planned, settings.recheck_s).run(stop)
    finally:
        await cancelled(parent)
        await shared.leave()


async def _parent_ended(stop: asyncio.Event) -> None:
    await input_ended()
    stop.set()
