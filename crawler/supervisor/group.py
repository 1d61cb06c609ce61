"""The children of one `homefeed up` as a whole."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

from crawler.supervisor.child import Child, Spec


class Supervisor:
    """`specs` in the order they are stopped; those whose names begin with the same word are stopped together.
    `say` is told a child's name and what it said."""

    def __init__(self, specs: Sequence[Spec], folder: Path, say: Callable[[str, str], None]):
        self.children = [self._child(spec, folder, say) for spec in specs]
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self, until: asyncio.Event) -> None:
        """Children run until `until` is set, then all are stopped. Raises ConfigError when one can't start as it is
        configured; no child is left in either case."""
        self._running = {child.spec.name: asyncio.create_task(child.run()) for child in self.children}
        asked = asyncio.create_task(until.wait())
        try:
            await asyncio.wait([asked, *self._running.values()], return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
            await self._stop()
        await asyncio.gather(*self._running.values())

    def kill(self) -> None:
        """All at once, without waiting for any."""
        for child in self.children:
            child.stop()
            child.kill()

    @property
    def killed(self) -> list[str]:
        """Names of those that did not end by themselves."""
        return [child.spec.name for child in self.children if child.killed]

    async def _stop(self) -> None:
        for _, together in groupby(self.children, key=lambda child: child.spec.name.split()[0]):
            leaving = list(together)
            for child in leaving:
                child.stop()
            await asyncio.wait([self._running[child.spec.name] for child in leaving])

    @staticmethod
    def _child(spec: Spec, folder: Path, say: Callable[[str, str], None]) -> Child:
        return Child(spec, folder, lambda text: say(spec.name, text))
