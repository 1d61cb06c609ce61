"""Tasks that end when they are told to."""

import asyncio
import sys
from typing import Any

AGAIN_S = 0.1


async def cancelled(*tasks: "asyncio.Task[Any] | None") -> None:
    """Cancels them and returns when they are over, however they ended. Asks more than once: a cancellation that comes
    just as `asyncio.wait_for` has its result is lost in Python 3.11, and redis-py sends through it. Whoever is
    cancelled while waiting here is so once they are over: what follows relies on that."""
    interrupted: asyncio.CancelledError | None = None
    while running := {task for task in tasks if task is not None and not task.done()}:
        for task in running:
            task.cancel()
        try:
            await asyncio.wait(running, timeout=AGAIN_S)
        except asyncio.CancelledError as error:
            interrupted = error
    if interrupted:
        raise interrupted


async def input_ended() -> None:
    """Returns when standard input closes. It is the parent's pipe, which closes however the parent ends."""
    reader, loop = asyncio.StreamReader(), asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(4096):
        pass
