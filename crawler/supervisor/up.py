"""Everything of one machine, from free port to last process gone."""

import asyncio
import math
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.core.config import Config, config, preset
from crawler.core.errors import ConfigError
from crawler.core.valkey import embedded
from crawler.supervisor.address import address, free_port, not_ready
from crawler.supervisor.child import Spec
from crawler.supervisor.group import Supervisor

UP = "up"  # who speaks for all
READY_S = 60.0
SAME_S = 1.0  # `timeout` and service managers may signal a process and its group: that is meant once
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str, str], None]
Then = Callable[[str], Awaitable[None]]


async def up(folder: Path, say: Say, then: Then | None = None, *, any_port: bool = False) -> int:
    """Runs until a signal; the exit code: 0 when all ended in order, 1 when something had to be killed. `folder` is
    that of `sole_parent`; `say(who, line)` is told what happens; `then(url)` runs once the API is ready. Raises
    HomefeedError."""
    settings = config()
    supervisor = Supervisor(specs(settings), folder, say)
    with _signals(supervisor) as stop:
        port = _port(settings, say, any_port)
        preset(HOMEFEED_PORT=str(port), HOMEFEED_LOG_LEVEL=_quiet(settings))
        async with embedded(settings):
            await _supervise(supervisor, stop, _greet(address(settings.host, port), say, then))
    return 1 if supervisor.killed else 0


def specs(settings: Config) -> list[Spec]:
    """In the order they stop: nobody asks, nothing new is planned, what runs is finished."""
    workers = [_spec("worker", f"worker {n + 1}", 30.0) for n in range(settings.workers)]
    return [_spec("api", "api", 15.0), _spec("scheduler", "scheduler", 10.0), *workers]


def _spec(command: str, name: str, grace_s: float) -> Spec:
    return Spec(name, ("-m", "crawler.cli", command, "--attached"), grace_s)


def _port(settings: Config, say: Say, any_port: bool) -> int:
    try:
        return free_port(settings.host, settings.port)
    except ConfigError as error:
        if not any_port or error.field != "HOMEFEED_PORT":
            raise
        say(UP, f"port {settings.port} is in use; another is taken")
        return free_port(settings.host, 0)


def _quiet(settings: Config) -> str:
    """Several processes share one terminal: warnings only, unless the operator asked for more."""
    return settings.environ.get("HOMEFEED_LOG_LEVEL") or "WARNING"


async def _supervise(supervisor: Supervisor, stop: asyncio.Event, greet: Coroutine[None, None, None]) -> None:
    greeting = asyncio.create_task(greet)
    greeting.add_done_callback(lambda task: stop.set() if not task.cancelled() and task.exception() else None)
    try:
        await supervisor.run(stop)
    finally:
        greeting.cancel()
        with suppress(asyncio.CancelledError):
            await greeting


async def _greet(url: str, say: Say, then: Then | None) -> None:
    while why := await not_ready(url, READY_S):
        say(UP, f"{url} is not ready: {why}")
    say(UP, f"homefeed is at {url} (Ctrl-C stops it)")
    if then:
        await then(url)


@contextmanager
def _signals(supervisor: Supervisor) -> Iterator[asyncio.Event]:
    """An event that the first signal sets; another one kills what is still there."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    patient_till = math.inf

    def handle() -> None:
        nonlocal patient_till
        if not stop.is_set():
            patient_till = loop.time() + SAME_S
            stop.set()
        elif loop.time() > patient_till:
            supervisor.kill()

    for number in SIGNALS:
        loop.add_signal_handler(number, handle)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
