"""One pool of connections for everything a queue asks, every call bounded in time."""

from collections.abc import Sequence
from typing import Any

from redis.commands.core import AsyncScript

from crawler.core.redis_client import away, connect


class Connection:
    """`most` is how many jobs may wait in line."""

    def __init__(self, url: str, most: int = 1000):
        self._redis = connect(url)
        self._most = most
        self._scripts: dict[str, AsyncScript] = {}

    async def open(self) -> None:
        with away():
            await self._redis.ping()

    async def close(self) -> None:
        await self._redis.aclose()

    async def _run(self, script: str, *args: str | bytes | int | float) -> Any:
        """The script's answer. Scripts know their keys by themselves, so they need a Redis that is no cluster."""
        if script not in self._scripts:
            self._scripts[script] = self._redis.register_script(script)
        with away():
            return await self._scripts[script](keys=[], args=args)

    async def _ask(self, command: str, *args: Any, **options: Any) -> Any:
        """One plain command, by its redis-py name."""
        with away():
            return await getattr(self._redis, command)(*args, **options)


def text(values: Sequence[bytes]) -> list[str]:
    return [value.decode() for value in values]
