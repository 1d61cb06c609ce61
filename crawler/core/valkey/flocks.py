"""File locks of the kernel: they vanish with the process that held them, so nothing here can go stale."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.core.errors import BusAway

STEP_S = 0.01


def open_lock(path: Path) -> int:
    """A descriptor of its own on a lock file; raises OSError where the folder can't be written."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take(fd: int, *, shared: bool = False) -> bool:
    """Take or convert the lock without waiting. A failed conversion loses what was held."""
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def drop(fd: int) -> None:
    fcntl.flock(fd, fcntl.LOCK_UN)


@contextmanager
def exclusive(fd: int, within: float) -> Iterator[None]:
    """Held for the block, or BusAway when another process keeps it longer than `within` seconds."""
    until = time.monotonic() + within
    while not take(fd):
        if time.monotonic() > until:
            raise BusAway(f"another process has held the embedded Valkey's lock for {within:.0f} s")
        time.sleep(STEP_S)
    try:
        yield
    finally:
        drop(fd)
