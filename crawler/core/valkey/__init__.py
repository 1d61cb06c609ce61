"""The bus server nobody had to install: HOMEFEED_REDIS_URL, or one embedded Valkey per data dir.

Every process on a data dir shares its server. Each user holds a shared lock on `seats`; start, reuse and stop are
decided under the exclusive lock `gate`; whoever leaves last shuts the server down. A killed process leaves its seat by
dying, and the next user finds the server still running (`valkey_server.py`).
"""

import asyncio
import atexit
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from crawler.core.config import Config
from crawler.core.errors import ConfigError
from crawler.core.valkey import flocks
from crawler.core.valkey import server as valkey_server

GATE_S = 60.0


class Lease:
    """One user's hold on the server at `url`; `release` when done, from any thread, once or more."""

    def __init__(self, url: str):
        self.url = url

    def release(self) -> None:
        """Nothing to do for a server that is not ours."""

    def revive(self) -> str:
        """The url, after making sure the server is there: an embedded one that died is started again."""
        return self.url


class EmbeddedLease(Lease):
    def __init__(self, folder: Path):
        self._folder = folder
        self._gate, self._seat = flocks.open_lock(folder / "gate"), flocks.open_lock(folder / "seats")
        self._held = True
        try:
            super().__init__(self.revive())
        except BaseException:
            self._leave()
            raise
        atexit.register(self.release)

    def revive(self) -> str:
        with flocks.exclusive(self._gate, GATE_S):
            flocks.take(self._seat, shared=True)
            self.url = valkey_server.find(self._folder) or valkey_server.start(self._folder)
        return self.url

    def release(self) -> None:
        if not self._held:
            return
        self._held = False
        atexit.unregister(self.release)
        try:
            with flocks.exclusive(self._gate, GATE_S):
                if flocks.take(self._seat):
                    valkey_server.stop(self._folder, self.url)
        finally:
            self._leave()

    def _leave(self) -> None:
        os.close(self._seat)
        os.close(self._gate)


def acquire(config: Config) -> Lease:
    """Blocks for 0.1 s when a server must be started. Raises ConfigError or BusAway with the way out."""
    if config.redis_url:
        return Lease(config.redis_url)
    folder = (config.data_dir / "valkey").absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return EmbeddedLease(folder)
    except OSError as error:
        raise ConfigError("HOMEFEED_DATA_DIR", f"can't keep the embedded Valkey in {folder}: {error}") from error


@asynccontextmanager
async def embedded(config: Config) -> AsyncIterator[str]:
    """The url for as long as the block runs."""
    lease = await lease_in_thread(config)
    try:
        yield lease.url
    finally:
        await asyncio.to_thread(lease.release)


async def lease_in_thread(config: Config) -> Lease:
    """`acquire` off the loop; a caller that is cancelled meanwhile leaves no seat behind."""
    work = asyncio.ensure_future(asyncio.to_thread(acquire, config))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        work.add_done_callback(_give_back)
        raise


def _give_back(work: "asyncio.Future[Lease]") -> None:
    if work.exception() is None:
        work.result().release()
