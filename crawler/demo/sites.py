"""The demo sites beside whoever crawls them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.core.config import preset
from crawler.core.errors import HomefeedError
from crawler.supervisor import leftovers

END_S = 10.0


@contextmanager
def served(clock: Path, locks: Path) -> Iterator[dict[str, int]]:
    """The demo sites in a process of their own; yields the port by site name. Ends with its standard input, not with
    the terminal's Ctrl-C: crawls still need it while they close. `locks` is the folder of `sole_parent`."""
    child = _start(clock, locks)
    try:
        assert child.stdout
        line = child.stdout.readline()
        if not line:
            raise HomefeedError("the demo sites did not start; see the message above")
        yield json.loads(line)["ports"]
    finally:
        child.communicate(timeout=END_S)


def _start(clock: Path, locks: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "crawler.demo.server", "--clock", str(clock)]
    lock = leftovers.open_child(locks, "demo sites")
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True, pass_fds=(lock,)
        )
        leftovers.note_pid(lock, child.pid)
    finally:
        os.close(lock)
    return child


def point_at(ports: dict[str, int]) -> None:
    """Let the spiders of this process and of those it starts find the demo sites, and nothing else."""
    urls = {f"HOMEFEED_{name.upper()}_BASE_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    preset(
        HOMEFEED_SPIDERS="crawler.demo.spiders",
        HOMEFEED_GUARD_ALLOW=",".join(f"127.0.0.1:{port}" for port in ports.values()),
        HOMEFEED_RETRY_S="0.2",
        HOMEFEED_BREAKER_S="5",
        **urls,
    )
