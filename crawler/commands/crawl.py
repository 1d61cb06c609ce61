"""`scrapy crawl`, its arguments and its store checked before anything starts: a wrong argument is a line that names it,
exit code 2; a store that can't be used a line that names its setting, exit code 1."""

import asyncio
from typing import Any

from scrapy.commands import crawl
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from crawler.core.config import config
from crawler.core.errors import ConfigError, InputError, StoreError
from crawler.core.store import open_store


class Command(crawl.Command):
    def run(self, args: list[str], opts: Any) -> None:
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        if len(args) == 1 and args[0] in loader.list():
            try:
                loader.load(args[0])(**opts.spargs).check()
            except InputError as error:
                raise UsageError(str(error), print_help=False) from error
            check_store()
        super().run(args, opts)


def check_store() -> None:
    """Opens the store once, on a loop of its own: the reactor's is not running yet."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_open_and_close())
    except (ConfigError, StoreError) as error:
        raise SystemExit(f"homefeed: {error}") from None
    finally:
        loop.close()


async def _open_and_close() -> None:
    store = open_store(config().store)
    await store.open()
    await store.close()
