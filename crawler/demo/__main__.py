"""`make demo`: the demo world is served, searched, watched and shown at an address; Ctrl-C stops all of it. What it
stored is there at the next start."""

import asyncio
import sys
from pathlib import Path

from rich.console import Console

from crawler.cli.up import tell
from crawler.core.config import config, preset
from crawler.core.errors import ConfigError, HomefeedError
from crawler.demo.first import first_steps
from crawler.demo.sites import point_at, served
from crawler.supervisor.leftovers import sole_parent
from crawler.supervisor.up import up

RECHECK_S = "5"


def own_folder(folder: Path) -> Path:
    """The demo's data folder, made and set apart from the real one, as is all else it uses. Raises ConfigError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError("HOMEFEED_DATA_DIR", f"can't write to {folder}: {error.strerror}") from error
    preset(
        HOMEFEED_DATA_DIR=str(folder), HOMEFEED_STORE_URL="", HOMEFEED_REDIS_URL="", HOMEFEED_API_KEYS="",
        HOMEFEED_HOST="127.0.0.1", HOMEFEED_CURRENCY="INR", HOMEFEED_CRONS="", HOMEFEED_PROXIES="",
        HOMEFEED_RECHECK_S=RECHECK_S,
    )  # fmt: skip
    return folder


def main() -> int:
    console = Console()
    try:
        folder = own_folder(config().data_dir / "demo")
        with sole_parent(folder) as locks, served(folder / "clock.json", locks) as ports:
            point_at(ports)
            return asyncio.run(up(locks, tell, lambda url: first_steps(url, console), any_port=True))
    except HomefeedError as error:
        sys.stderr.write(f"homefeed: {error}\n")
        return 2 if isinstance(error, ConfigError) else 1
    except KeyboardInterrupt:  # before anything was started
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
