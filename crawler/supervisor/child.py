"""One child process: started, watched, started again when it dies, told to end."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from crawler.core.config import child_environ
from crawler.core.errors import ConfigError
from crawler.supervisor import leftovers
from crawler.supervisor.backoff import Backoff
from crawler.supervisor.words import Words

WRONG_SETTING = 2  # exit code of a process that can never start as it is configured
PATIENCE = 5  # starts in a row


@dataclass(frozen=True)
class Spec:
    """What to run: `arguments` follow the Python interpreter; `grace_s` is how long it may take to drain."""

    name: str
    arguments: tuple[str, ...]
    grace_s: float


@dataclass
class Child:
    """`say` is told each line it writes to standard error and what becomes of it."""

    spec: Spec
    folder: Path
    say: Callable[[str], None]
    backoff: Backoff = field(default_factory=Backoff)
    killed: bool = False
    pid: int | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until `stop`, and then until it is gone. Raises ConfigError with the child's words when a wrong setting
        keeps it from starting: at once, or after PATIENCE starts in a row when it did work before."""
        wrong, patience = 0, 1
        while not self._stopping.is_set():
            started, words = time.monotonic(), Words(self.say)
            code = await self._once(words)
            wrong = wrong + 1 if code == WRONG_SETTING else 0
            if self._stopping.is_set():
                return
            if wrong >= patience:
                raise _complaint(self.spec.name, words)
            lived_s = time.monotonic() - started
            patience = PATIENCE if lived_s > self.backoff.young_s else patience
            await self._pause(code, lived_s)

    def stop(self) -> None:
        """Tell it to end; whoever awaits `run` sees it gone, soon after `grace_s` at the latest."""
        self._stopping.set()

    def kill(self) -> None:
        """At once, with what it started in its session."""
        if self.pid:
            self.killed = True
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    async def _once(self, words: Words) -> int:
        process = await self._start()
        self.pid = process.pid
        listening = asyncio.create_task(words.listen(process.stderr))
        try:
            return await self._watch(process)
        finally:
            self.pid = None
            await asyncio.wait([listening], timeout=1)  # a grandchild may keep its end of the pipe open
            listening.cancel()

    async def _start(self) -> asyncio.subprocess.Process:
        lock = leftovers.open_child(self.folder, self.spec.name)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *self.spec.arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE, start_new_session=True, pass_fds=(lock,), env=child_environ(),
            )  # fmt: skip
            leftovers.note_pid(lock, process.pid)
        finally:
            os.close(lock)
        return process

    async def _watch(self, process: asyncio.subprocess.Process) -> int:
        """Its exit code, once it died by itself or was told to end."""
        ended, stopping = asyncio.create_task(process.wait()), asyncio.create_task(self._stopping.wait())
        await asyncio.wait([ended, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not ended.done():
            _hang_up(process)
            await asyncio.wait([ended], timeout=self.spec.grace_s)
        if not ended.done():
            self.say(f"did not end within {self.spec.grace_s:.0f} s and is killed")
            self.kill()
        return await ended

    async def _pause(self, code: int, lived_s: float) -> None:
        pause = self.backoff.after(code, lived_s)
        if code:
            how = f"signal {-code}" if code < 0 else f"code {code}"
            self.say(f"ended with {how} after {lived_s:.0f} s; starts again in {pause:.0f} s")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), pause)


def _hang_up(process: asyncio.subprocess.Process) -> None:
    """As a service manager would, and as the end of the parent would."""
    assert process.stdin
    process.stdin.close()
    with suppress(ProcessLookupError):
        process.terminate()


def _complaint(name: str, words: Words) -> ConfigError:
    """What it said last ("homefeed: HOMEFEED_X: …") as an error of ours."""
    said = next((w for w in reversed(words.last) if w.startswith("homefeed: ")), "")
    setting, _, message = said.removeprefix("homefeed: ").partition(": ")
    return ConfigError(setting or name, message or "it can't start as it is configured")
