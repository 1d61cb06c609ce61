"""`make demo`: the demo world is served, crawled, stored and shown; run again, it shows what changed since."""

import asyncio
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from crawler.core.config import config, preset
from crawler.core.errors import ConfigError, HomefeedError
from crawler.demo import world

QUERY = "sofa"
PAGES = 4


@contextmanager
def served(clock: Path):
    """The demo sites in a process of their own; yields the port by site name. Ends with its standard input, not with
    the terminal's Ctrl-C: the crawl still needs it while it closes."""
    command = [sys.executable, "-m", "crawler.demo.server", "--clock", str(clock)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             start_new_session=True)  # fmt: skip
    try:
        line = child.stdout.readline()
        if not line:
            raise HomefeedError("the demo sites did not start; see the message above")
        yield json.loads(line)["ports"]
    finally:
        child.stdin.close()
        child.wait(timeout=10)


def point_at(ports: dict[str, int]) -> None:
    """Let this process's spiders find the demo sites, and pass its guard."""
    urls = {f"HOMEFEED_{name.upper()}_BASE_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    preset(
        HOMEFEED_EXTRA_SPIDERS="crawler.demo.spiders",
        HOMEFEED_GUARD_ALLOW=",".join(f"127.0.0.1:{port}" for port in ports.values()),
        HOMEFEED_LOG_LEVEL="WARNING",
        **urls,
    )


def crawl() -> None:
    """Every demo spider in this one process, until all have finished."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    process = AsyncCrawlerProcess(get_project_settings())
    for name in (*world.SHOPS, *world.SOURCES):
        process.crawl(name, query=QUERY, pages=str(PAGES))
    process.start()


def own_folder(folder: Path) -> Path:
    """The demo's data folder, made and set apart from the real one. Raises ConfigError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError("HOMEFEED_DATA_DIR", f"can't write to {folder}: {error.strerror}") from error
    preset(HOMEFEED_DATA_DIR=str(folder))
    return folder


def main() -> int:
    console = Console()
    started = time.time()
    try:
        with served(own_folder(config().data_dir / "demo") / "clock.json") as ports:
            point_at(ports)
            crawl()
        from crawler.demo import show

        return asyncio.run(show.show(console, QUERY, started))
    except HomefeedError as error:
        console.print(f"[red]{error}")
        return 1
    except KeyboardInterrupt:  # between the crawls, which end by themselves
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
