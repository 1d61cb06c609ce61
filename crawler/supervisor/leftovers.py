"""Who of this data folder lives: one parent at most, and what an earlier, killed parent left behind.

The parent holds `up/parent` locked. Each child inherits its own lock file locked, with its pid inside: while nobody
else can lock it, that pid is surely ours.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.core.errors import ConfigError, HomefeedError
from crawler.core.valkey import flocks

STEP_S = 0.05
DRAIN_S = 10.0  # what the children of a killed parent may take to end by themselves
KILLED_S = 3.0


@contextmanager
def sole_parent(data_dir: Path, drain_s: float = DRAIN_S) -> Iterator[Path]:
    """The folder of the locks, for as long as this is the one parent of `data_dir`; first the children of a killed one
    are waited for, then killed. Blocks. Raises HomefeedError naming the other parent or a child that can't be stopped,
    ConfigError for a folder that can't be written."""
    folder = (data_dir / "up").absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = flocks.open_lock(folder / "parent")
    except OSError as error:
        raise ConfigError("HOMEFEED_DATA_DIR", f"can't write to {folder}: {error.strerror}") from error
    try:
        if not flocks.take(fd):
            raise HomefeedError(f"already running on {data_dir} (pid {_pid(fd)}); stop it, or set HOMEFEED_DATA_DIR")
        note_pid(fd, os.getpid())
        _clear(folder, drain_s)
        yield folder
    finally:
        os.close(fd)


def open_child(folder: Path, name: str) -> int:
    """A locked descriptor for a child to inherit; the caller closes its own after the start."""
    fd = flocks.open_lock(folder / f"{name}.child")
    flocks.take(fd)
    note_pid(fd, 0)
    return fd


def _clear(folder: Path, drain_s: float) -> None:
    for pid in filter(None, _still_alive(folder, drain_s)):
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    if _still_alive(folder, KILLED_S):
        raise HomefeedError(f"a process of an earlier start still holds a lock in {folder}; stop it")


def _still_alive(folder: Path, within: float) -> list[int]:
    until = time.monotonic() + within
    while (alive := _alive(folder)) and time.monotonic() < until:
        time.sleep(STEP_S)
    return alive


def _alive(folder: Path) -> list[int]:
    """Pids of the children that hold their lock; 0 for one that did not live to be noted."""
    found = []
    for path in folder.glob("*.child"):
        fd = flocks.open_lock(path)
        try:
            if not flocks.take(fd):
                found.append(_pid(fd))
        finally:
            os.close(fd)
    return found


def note_pid(fd: int, pid: int) -> None:
    os.truncate(fd, 0)
    os.pwrite(fd, str(pid).encode(), 0)


def _pid(fd: int) -> int:
    return int(os.pread(fd, 20, 0) or 0)
