"""`scrapy crawl`, its arguments checked before anything starts: a wrong one is a line that names it, exit code 2."""

from typing import Any

from scrapy.commands import crawl
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from crawler.core.errors import InputError


class Command(crawl.Command):
    def run(self, args: list[str], opts: Any) -> None:
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        if len(args) == 1 and args[0] in loader.list():
            try:
                loader.load(args[0])(**opts.spargs).check()
            except InputError as error:
                raise UsageError(str(error), print_help=False) from error
        super().run(args, opts)
