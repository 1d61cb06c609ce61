import asyncio
import sys
import time

import pytest

from crawler.supervisor.backoff import Backoff
from crawler.supervisor.child import Spec
from crawler.supervisor.group import Supervisor

DEAF = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], 'a').write('start\\n')
"""
DRAINS = DEAF + "sys.stdin.read(); open(sys.argv[1], 'a').write('end\\n')"


class Stage:
    """A supervisor of stand-ins, each a line of Python; `said` is what they and the supervisor told."""

    def __init__(self, folder):
        self.folder, self.said = folder, []
        self.stop = asyncio.Event()

    def play(self, grace_s=5.0, **programs):
        """`programs`: source by name, an underscore stands for a space; each gets a file of its own as an argument."""
        specs = [
            Spec(name.replace("_", " "), ("-c", source, str(self.file(name))), grace_s)
            for name, source in programs.items()
        ]
        self.group = Supervisor(specs, self.folder, lambda who, line: self.said.append((who, line)))
        for child in self.group.children:
            child.backoff = Backoff(0.01, 0.05)
        self.running = asyncio.create_task(self.group.run(self.stop))
        return self.group

    def file(self, name):
        return self.folder / f"{name}.log"

    def lines(self, name):
        return self.file(name).read_text().split() if self.file(name).exists() else []

    async def until(self, condition, within=20.0):
        end = time.monotonic() + within
        while not condition():
            assert time.monotonic() < end, self.said
            assert not self.running.done() or self.stop.is_set(), self.said
            await asyncio.sleep(0.01)

    async def finish(self):
        self.stop.set()
        await asyncio.wait_for(self.running, 20)


@pytest.fixture
async def stage(tmp_path):
    stage = Stage(tmp_path)
    yield stage
    stage.stop.set()
    await asyncio.wait([stage.running], timeout=20)


def python(source, *arguments):
    return [sys.executable, "-c", source, *map(str, arguments)]
